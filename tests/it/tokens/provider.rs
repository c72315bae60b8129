//! An OpenID provider for tests: a real HTTP server with keys of its own, which can be told to misbehave.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kamflow::model::ids::BusinessId;
use kamflow::model::json::Json;
use kamflow::model::time::Timestamp;
use kamflow::runtime::identity::issuer::{Business, Issuer, Keys};
use kamflow::runtime::identity::jws;
use kamflow::runtime::identity::keys;
use p256::pkcs8::EncodePrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex};

/// What `aud` of the provider's tokens is.
pub const AUDIENCE: &str = "kamflow-of-tests";

/// A key of a provider.
#[derive(Clone)]
pub struct ProviderKey {
    pub id: String,
    pub algorithm: Algorithm,
    pub signing: EncodingKey,
    /// The public part.
    pub jwk: Json,
    /// The public part in the forms that somebody may take for a secret.
    pub public: Vec<Vec<u8>>,
}

/// A provider that listens.
pub struct Provider {
    /// Its address, which is its `iss`.
    pub url: String,
    says: Arc<Mutex<Says>>,
}

/// What it says to whom asks for its keys.
struct Says {
    keys: Vec<Json>,
    head: String,
    body: Option<String>,
    asked: usize,
}

impl Provider {
    /// With these keys.
    pub fn start(keys: &[&ProviderKey]) -> Provider {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let keys = keys.iter().map(|key| key.jwk.clone()).collect();
        let says = Arc::new(Mutex::new(Says { keys, head: OK.to_owned(), body: None, asked: 0 }));
        let (its, address) = (says.clone(), url.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Who hangs up early is no concern of the provider.
                let _ = answer(stream, &address, &its);
            }
        });
        Provider { url, says }
    }

    /// Has these keys from now on.
    pub fn has(&self, keys: &[&ProviderKey]) {
        self.says.lock().unwrap().keys = keys.iter().map(|key| key.jwk.clone()).collect();
    }

    /// Has these JWKs from now on, whatever they are.
    pub fn shows(&self, keys: Vec<Json>) {
        self.says.lock().unwrap().keys = keys;
    }

    /// Answers with this status line and headers from now on, and with this body when there is one.
    pub fn answers(&self, head: &str, body: Option<&str>) {
        let mut says = self.says.lock().unwrap();
        says.head = head.to_owned();
        says.body = body.map(str::to_owned);
    }

    /// Answers as it should.
    pub fn recovers(&self) {
        self.answers(OK, None);
    }

    /// How often somebody asked for its keys.
    pub fn asked(&self) -> usize {
        self.says.lock().unwrap().asked
    }

    /// As a configuration trusts it: by discovery, for business `main`.
    pub fn issuer(&self) -> Issuer {
        Issuer {
            issuer: self.url.clone(),
            keys: Keys::Discovery,
            audiences: vec![AUDIENCE.to_owned()],
            algorithms: vec![jws::Algorithm::EdDsa, jws::Algorithm::Es256, jws::Algorithm::Rs256],
            business: Business::Fixed(BusinessId::from("main")),
            user: "preferred_username".to_owned(),
            name: "name".to_owned(),
            scope_claims: vec!["scope".to_owned(), "scp".to_owned()],
            scopes: None,
            roles: None,
            create_users: true,
            allow_http: false,
            authorities: None,
        }
    }

    /// The claims of a token for this login, issued at this time.
    pub fn claims(&self, login: &str, now: Timestamp) -> Json {
        let seconds = now.0 / 1_000;
        json!({
            "iss": self.url, "aud": AUDIENCE, "sub": format!("id-of-{login}"), "preferred_username": login,
            "name": "Somebody Outside", "scope": "openid tasks:read tasks:write processes:write directory:read",
            "iat": seconds, "exp": seconds + 600
        })
    }

    /// A token for this login.
    pub fn token(&self, key: &ProviderKey, login: &str, now: Timestamp) -> String {
        key.sign(&self.claims(login, now))
    }
}

impl ProviderKey {
    /// A token with these claims.
    pub fn sign(&self, claims: &Json) -> String {
        self.sign_as(Header { kid: Some(self.id.clone()), ..Header::new(self.algorithm) }, claims)
    }

    /// The same with another header.
    pub fn sign_as(&self, header: Header, claims: &Json) -> String {
        jsonwebtoken::encode(&header, claims, &self.signing).unwrap()
    }

    /// The same key under another id.
    pub fn named(&self, id: &str) -> ProviderKey {
        let mut jwk = self.jwk.clone();
        jwk["kid"] = json!(id);
        ProviderKey { id: id.to_owned(), jwk, ..self.clone() }
    }
}

/// An RSA key; made once, since it takes a while.
pub fn rsa() -> ProviderKey {
    static KEY: LazyLock<rsa::RsaPrivateKey> =
        LazyLock::new(|| rsa::RsaPrivateKey::new(&mut rand::thread_rng(), 2_048).unwrap());
    rsa_of(&KEY, "rsa")
}

/// An RSA key that is too small to be trusted.
pub fn small_rsa() -> ProviderKey {
    rsa_of(&rsa::RsaPrivateKey::new(&mut rand::thread_rng(), 1_024).unwrap(), "small")
}

fn rsa_of(key: &rsa::RsaPrivateKey, id: &str) -> ProviderKey {
    let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
    let encoded = (URL_SAFE_NO_PAD.encode(&n), URL_SAFE_NO_PAD.encode(&e));
    let jwk = json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": encoded.0, "e": encoded.1});
    let public = rsa::pkcs1::EncodeRsaPublicKey::to_pkcs1_der(&key.to_public_key()).unwrap();
    let pem = format!(
        "-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n",
        STANDARD.encode(public.as_bytes())
    );
    ProviderKey {
        id: id.to_owned(),
        algorithm: Algorithm::RS256,
        signing: EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes()),
        public: vec![
            n,
            encoded.0.into_bytes(),
            public.as_bytes().to_vec(),
            pem.into_bytes(),
            jwk.to_string().into_bytes(),
        ],
        jwk,
    }
}

/// A key on the curve P-256.
pub fn ec() -> ProviderKey {
    let key = p256::ecdsa::SigningKey::random(&mut rand::thread_rng());
    let point = key.verifying_key().to_encoded_point(false);
    let (x, y) = (URL_SAFE_NO_PAD.encode(point.x().unwrap()), URL_SAFE_NO_PAD.encode(point.y().unwrap()));
    ProviderKey {
        id: "ec".to_owned(),
        algorithm: Algorithm::ES256,
        signing: EncodingKey::from_ec_der(key.to_pkcs8_der().unwrap().as_bytes()),
        jwk: json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "ec", "x": x, "y": y}),
        public: vec![point.as_bytes().to_vec()],
    }
}

/// An Ed25519 key.
pub fn ed() -> ProviderKey {
    let private = keys::generate().unwrap();
    let x = super::craft::public_of(&private);
    ProviderKey {
        id: "ed".to_owned(),
        algorithm: Algorithm::EdDSA,
        signing: EncodingKey::from_ed_der(&STANDARD.decode(private).unwrap()),
        public: vec![x.as_bytes().to_vec()],
        jwk: json!({"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": x}),
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

fn answer(mut stream: TcpStream, address: &str, says: &Mutex<Says>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let (head, body) = {
        let mut says = says.lock().unwrap();
        let json = if first.contains("/.well-known/openid-configuration") {
            json!({"issuer": address, "jwks_uri": format!("{address}/jwks")})
        } else {
            says.asked += 1;
            json!({"keys": says.keys})
        };
        (says.head.clone(), says.body.clone().unwrap_or_else(|| json.to_string()))
    };
    write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}
