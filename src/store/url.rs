//! The address of a database: which back end, and where. Never tried out, always read off the scheme.

use super::error::StoreError;
use std::fmt;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum Url {
    /// A file.
    Sqlite(String),
    /// A server: the whole `postgres://` address.
    Postgres(String),
}

impl Url {
    /// Reads `sqlite:kamflow.db`, `sqlite:///absolute/path.db` or `postgres://user:password@host:5432/database`.
    pub fn parse(text: &str) -> Result<Url, StoreError> {
        let refuse = |reason: &str| Err(StoreError::Url(format!("the database address {}: {reason}", hide(text))));
        if text.contains('\0') {
            return refuse("holds the character U+0000");
        }
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return match rest.strip_prefix("//").unwrap_or(rest) {
                "" => refuse("names no file; write sqlite:kamflow.db"),
                ":memory:" => refuse("every connection would see a database of its own; name a file"),
                path if path.contains('?') => refuse("takes no options; write sqlite:kamflow.db"),
                path => Ok(Url::Sqlite(path.to_owned())),
            };
        }
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return refuse(
                "has no known scheme; write sqlite:kamflow.db or postgres://user:password@host:5432/database",
            );
        }
        let options = text.split_once('?').map_or("", |(_, options)| options);
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=').unwrap_or((option, "")) {
                ("sslmode", "disable" | "prefer") => {}
                ("sslmode", mode) => {
                    return refuse(&format!(
                        "asks for sslmode={mode}, and TLS to PostgreSQL is not built yet; use a local socket, a private \
                         network or a tunnel, and write sslmode=disable"
                    ));
                }
                ("sslrootcert" | "sslcert" | "sslkey" | "channel_binding", _) => {
                    return refuse("asks for TLS, which is not built yet; leave the ssl options out");
                }
                _ => {}
            }
        }
        Ok(Url::Postgres(text.to_owned()))
    }

    /// The address as it was written, with its password: for the command line of a program of our own.
    pub fn with_secrets(&self) -> String {
        match self {
            Url::Sqlite(path) => format!("sqlite:{path}"),
            Url::Postgres(url) => url.clone(),
        }
    }

    /// What the driver is given.
    pub(super) fn driver_text(&self) -> &str {
        match self {
            Url::Sqlite(path) => path,
            Url::Postgres(url) => url,
        }
    }
}

/// The address without its password.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Url::Sqlite(path) => write!(f, "sqlite:{path}"),
            Url::Postgres(url) => f.write_str(&hide(url)),
        }
    }
}

/// As for people: secrets never reach a log.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Replaces the password, in `user:password@` and in `?password=`, by `***`.
fn hide(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (place, options) = rest.split_once('?').map_or((rest, None), |(place, options)| (place, Some(options)));
    let place = match place.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or(login);
            let secret = if login.contains(':') { ":***" } else { "" };
            format!("{user}{secret}@{host}")
        }
        None => place.to_owned(),
    };
    let options = options.map(|options| {
        let shown = options.split('&').map(|o| if o.starts_with("password=") { "password=***" } else { o });
        format!("?{}", shown.collect::<Vec<_>>().join("&"))
    });
    format!("{scheme}://{place}{}", options.unwrap_or_default())
}
