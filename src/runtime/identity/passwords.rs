//! Passwords and client secrets: Argon2id with the library's current parameters; only the hash is kept.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Characters of a password at least.
pub const LEAST: usize = 8;
/// Bytes of a password at most, so that hashing a huge one cannot be used to keep us busy.
pub const MOST: usize = 1_024;

/// The hash of a password of this login or client, in PHC text form. Takes tens of milliseconds by design: keep it off
/// the async threads.
pub fn hash(password: &str, login: &str) -> Result<String, String> {
    if password.chars().count() < LEAST || password.len() > MOST {
        return Err(format!("a password has at least {LEAST} characters and at most {MOST} bytes"));
    }
    if password.to_lowercase() == login.to_lowercase() {
        return Err("a password is not the login itself".to_owned());
    }
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|error| format!("the password could not be hashed: {error}"))
}

/// Whether a password fits its hash. Without a hash it takes as long and is never right, so that an unknown login
/// cannot be told from a wrong password.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$a2FtZmxvd25vYm9keQ$HkOE7AhgEwZ6PJpO5S0gEJqOFJ5O7mOyfxbf5tFY7GU";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let fits = password.len() <= MOST && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}
