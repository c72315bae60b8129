//! A client: one connection, one token, JSON both ways, as an integrator would write it.

use crate::model::json::Json;
use crate::server::Failed;
use std::time::Duration;

/// How long an answer may take before a measurement is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client of one server.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    authorization: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// The body, as it came.
    pub text: String,
}

impl Client {
    /// Of the server at `url`, in the name of whoever the token is of.
    pub fn new(url: &str, token: &str) -> Client {
        // A limit for everything together would have a thread made for each request, to find out the address.
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_recv_response(Some(PATIENCE)).build();
        Client { agent: config.into(), base: format!("{url}/api/v1"), authorization: format!("Bearer {token}") }
    }

    /// A client with a connection of its own.
    pub fn another(&self) -> Client {
        Client { agent: self.agent.config().clone().into(), ..self.clone() }
    }

    /// Reads what is at a path.
    pub fn get(&self, path: &str) -> Result<Answer, Failed> {
        let asked = self.agent.get(format!("{}{path}", self.base)).header("Authorization", &self.authorization);
        answer(asked.call())
    }

    /// A counter of the server's metrics; 0 before it counted.
    pub fn metric(&self, name: &str) -> Result<i64, Failed> {
        let place = self.base.trim_end_matches("/api/v1");
        let text = answer(self.agent.get(format!("{place}/metrics")).call())?.text;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
        Ok(value.unwrap_or_default())
    }

    /// Sends a body to a path.
    pub fn post(&self, path: &str, body: &Json) -> Result<Answer, Failed> {
        let asked = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("Authorization", &self.authorization)
            .content_type("application/json");
        answer(asked.send(body.to_string()))
    }
}

fn answer(answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, Failed> {
    let mut response = answered.map_err(|error| Failed(format!("the server did not answer: {error}")))?;
    let text = response.body_mut().read_to_string().map_err(Failed::because)?;
    Ok(Answer { status: response.status().as_u16(), text })
}

impl Answer {
    /// The body, when the request was carried out.
    pub fn done(&self) -> Result<Json, Failed> {
        match self.status {
            200..300 => serde_json::from_str(&self.text).map_err(Failed::because),
            status => Err(Failed(format!("a request was answered {status}: {}", self.text))),
        }
    }
}
