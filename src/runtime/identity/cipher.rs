//! Signing keys at rest: enciphered with a key of the configuration, so that a copy of the database alone signs nothing.

use crate::model::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// What an enciphered key begins with; a key in the clear is plain base64, which has no colon.
const MARK: &str = "chacha20-poly1305:";

/// Enciphers and deciphers (RFC 8439). The id of a key is sealed with it, so that rows cannot be exchanged.
pub struct Cipher(LessSafeKey);

impl Cipher {
    /// From 32 bytes in base64.
    pub fn new(key: &Secret) -> Result<Cipher, String> {
        let bytes = STANDARD.decode(key.reveal().trim()).ok();
        let key = bytes.and_then(|bytes| UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok());
        let key =
            key.ok_or("the key encryption key is not 32 bytes in base64; make one with: openssl rand -base64 32")?;
        Ok(Cipher(LessSafeKey::new(key)))
    }

    /// Enciphers the key with this id.
    pub fn seal(&self, id: &str, plain: &str) -> Result<String, String> {
        let mut nonce = [0_u8; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| format!("the system gave no random bytes: {error}"))?;
        let mut bytes = plain.as_bytes().to_vec();
        let sealed = self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(id), &mut bytes);
        sealed.map_err(|_| "the key could not be enciphered")?;
        Ok(format!("{MARK}{}", STANDARD.encode([&nonce[..], &bytes].concat())))
    }

    /// Gives back the key with this id, enciphered or in the clear.
    pub fn open(cipher: Option<&Cipher>, id: &str, kept: &str) -> Result<String, String> {
        let Some(sealed) = kept.strip_prefix(MARK) else { return Ok(kept.to_owned()) };
        let cipher =
            cipher.ok_or("it is enciphered; set KAMFLOW_KEY_ENCRYPTION_KEY to the key that it was made with")?;
        let wrong = "it was enciphered with another KAMFLOW_KEY_ENCRYPTION_KEY, or changed";
        let mut bytes = STANDARD.decode(sealed).map_err(|_| wrong)?;
        let (nonce, bytes) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong)?;
        let plain = cipher.0.open_in_place(nonce, Aad::from(id), bytes).map_err(|_| wrong)?;
        String::from_utf8(plain.to_vec()).map_err(|_| wrong.to_owned())
    }
}
