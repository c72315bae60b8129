//! A client for what is arranged before a measurement and read after it: one request after the other.

use super::connection::{Answer, Connection, Endpoint};
use crate::model::json::Json;
use crate::server::Failed;
use hyper::header::HeaderValue;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// What stands before the paths of the API.
pub const API: &str = "/api/v1";

/// A client of one server.
pub struct Client {
    /// Where the server is, for those who drive it.
    pub endpoint: Endpoint,
    tokio: Runtime,
    connection: RefCell<Connection>,
    /// When it was last used: the server closes what is idle for long.
    used: Cell<Instant>,
}

/// How long a connection is taken to stay open when it is not used.
const OPEN: Duration = Duration::from_secs(2);

impl Client {
    /// Of the server at `url`, in the name of whoever the token is of.
    pub fn new(url: &str, token: &str) -> Result<Client, Failed> {
        let host = url.trim_start_matches("http://").to_owned();
        let authorization = HeaderValue::try_from(format!("Bearer {token}")).map_err(Failed::because)?;
        let endpoint = Endpoint { host, authorization };
        let tokio = Builder::new_current_thread().enable_all().build().map_err(Failed::because)?;
        let connection = RefCell::new(tokio.block_on(Connection::open(&endpoint))?);
        Ok(Client { endpoint, tokio, connection, used: Cell::new(Instant::now()) })
    }

    /// A counter of the server's metrics; 0 before it counted.
    pub fn metric(&self, name: &str) -> Result<i64, Failed> {
        let answer = self.send("/metrics", None)?;
        let text = String::from_utf8_lossy(&answer.body);
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        Ok(value.unwrap_or_default())
    }

    /// Sends a body to a path of the API.
    pub fn post(&self, path: &str, body: &Json) -> Result<Answer, Failed> {
        self.send(&format!("{API}{path}"), Some(body))
    }

    /// Sends to a path of the server; with a body it is a POST.
    pub fn send(&self, path: &str, body: Option<&Json>) -> Result<Answer, Failed> {
        let body = body.map(|body| body.to_string().into());
        let mut connection = self.connection.borrow_mut();
        let answer = self.tokio.block_on(async {
            if self.used.get().elapsed() > OPEN {
                *connection = Connection::open(&self.endpoint).await?;
            }
            connection.send(path, body).await
        });
        self.used.set(Instant::now());
        answer
    }
}

impl Answer {
    /// What was answered, when the request was carried out.
    pub fn json(&self) -> Result<Json, Failed> {
        serde_json::from_slice(self.done()?).map_err(Failed::because)
    }
}
