//! One connection of HTTP/1.1 to the server, kept open, in somebody's name.

use crate::server::Failed;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take before a measurement is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where a server listens, and in whose name it is spoken to.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// `127.0.0.1:41234`.
    pub host: String,
    /// `Bearer …`.
    pub authorization: HeaderValue,
}

/// A connection.
pub struct Connection {
    endpoint: Endpoint,
    sender: SendRequest<Full<Bytes>>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The body, as it came.
    pub body: Bytes,
}

impl Connection {
    /// Connects.
    pub async fn open(endpoint: &Endpoint) -> Result<Connection, Failed> {
        let stream = TcpStream::connect(&endpoint.host).await.map_err(silent)?;
        stream.set_nodelay(true).map_err(silent)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(silent)?;
        // What goes wrong with the connection is told to whoever waits for an answer.
        tokio::spawn(connection);
        Ok(Connection { endpoint: endpoint.clone(), sender })
    }

    /// Sends a request and reads the whole answer. `path` is on the server; with a body it is a POST of JSON.
    pub async fn send(&mut self, path: &str, body: Option<Bytes>) -> Result<Answer, Failed> {
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.endpoint.host)
            .header(AUTHORIZATION, &self.endpoint.authorization)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body.unwrap_or_default()))
            .map_err(Failed::because)?;
        let answered = async {
            let answer = self.sender.send_request(request).await?;
            let status = answer.status().as_u16();
            Ok(Answer { status, body: answer.into_body().collect().await?.to_bytes() })
        };
        timeout(PATIENCE, answered).await.map_err(silent)?.map_err(|error: hyper::Error| silent(error))
    }
}

fn silent(error: impl std::fmt::Display) -> Failed {
    Failed(format!("the server did not answer: {error}"))
}

impl Answer {
    /// The body, when the request was carried out.
    pub fn done(&self) -> Result<&Bytes, Failed> {
        match self.status {
            200..300 => Ok(&self.body),
            status => Err(Failed(format!("a request was answered {status}: {}", String::from_utf8_lossy(&self.body)))),
        }
    }
}
