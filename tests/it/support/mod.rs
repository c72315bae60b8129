//! A server for tests: a port of its own, one thread, stopped when the test is over.

use actix_web::{App, HttpServer};
use kamflow::api::{self, ApiState, Limits};
use kamflow::model::json::Json;
use kamflow::model::scope::Scope;
use kamflow::runtime::Runtime;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::sync::mpsc;
use ureq::http;

/// A running server.
pub struct TestApp {
    pub url: String,
    alice: String,
    agent: ureq::Agent,
    handle: actix_web::dev::ServerHandle,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
}

impl TestApp {
    /// Starts one.
    pub fn start() -> TestApp {
        TestApp::with(Limits::default())
    }

    /// Starts one with these limits.
    pub fn with(limits: Limits) -> TestApp {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let state = ApiState::new(Runtime::default(), metrics, limits);
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let make = move || App::new().configure(|config| api::configure(config, state.clone()));
                let server = HttpServer::new(make).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
                let address = server.addrs()[0];
                let server = server.run();
                send.send((address, server.handle())).unwrap();
                server.await.unwrap();
            });
        });
        let (address, handle) = receive.recv().unwrap();
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let alice = TestApp::bearer("alice", &["admin", "process_admin", "operator"], &Scope::all().map(Scope::name));
        TestApp { url: format!("http://{address}"), alice, agent, handle }
    }

    /// The header of alice, who has every scope and the roles of an administrator.
    pub fn alice(&self) -> (&'static str, &str) {
        ("Authorization", &self.alice)
    }

    /// The value of the `Authorization` header of somebody with these roles and scopes.
    pub fn bearer(user: &str, roles: &[&str], scopes: &[&str]) -> String {
        format!("Bearer {user}/{}/{}", roles.join(","), scopes.join(","))
    }

    /// GET as alice.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[self.alice()], "")
    }

    /// POST JSON as alice.
    pub fn post(&self, path: &str, body: Json) -> Answer {
        self.send("POST", path, &[self.alice(), JSON], &body.to_string())
    }

    /// Sends text as JSON, exactly as it stands.
    pub fn post_text(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[self.alice(), JSON], body)
    }

    /// Sends anything.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body.to_owned()).unwrap())
        };
        let mut answer = answer.unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), text }
    }
}

/// The business of everybody here.
pub const BUSINESS: &str = "acme";
/// The password of alice.
pub const PASSWORD: &str = "correct horse";
/// The content type of a JSON body.
pub const JSON: (&str, &str) = ("Content-Type", "application/json");
/// Somebody who reads Chinese.
pub const CHINESE: (&str, &str) = ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5");

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body of a problem, which must be one.
    pub fn problem(&self, status: u16, code: &str) -> Json {
        assert_eq!((self.status, self.header("content-type")), (status, "application/problem+json"), "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["traceId"], self.header("trace-id"));
        problem
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Told, not awaited: the thread of the server ends by itself.
        drop(self.handle.stop(false));
    }
}
