//! A whole kamflow for one test: real store, real writers, real HTTP on a port of its own, and a clock that the test moves.

use super::TestDatabase;
use actix_web::{App, HttpServer};
use kamflow::api::{self, ApiState, Limits};
use kamflow::model::directory::{Unit, UnitKind, User};
use kamflow::model::ids::{BusinessId, UserId};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::revision::Files;
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::runtime::clock::{Clock, ManualClock};
use kamflow::runtime::request::{Answer as Done, Change, Request};
use kamflow::runtime::{Options, Runtime, operator};
use kamflow::server::config::{self, Config, Settings};
use kamflow::server::{demo, first_run, folders};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::mpsc;
use std::sync::{Arc, OnceLock};
use ureq::http;

/// The time at which every test begins: 2026-03-02 08:00 in Shanghai, a Monday.
pub const MONDAY: &str = "2026-03-02T00:00:00Z";
/// The business of tests that need no other.
pub const BUSINESS: &str = "main";
/// The content type of a JSON body.
pub const JSON: (&str, &str) = ("Content-Type", "application/json");
/// Somebody who reads Chinese.
pub const CHINESE: (&str, &str) = ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5");

/// A running kamflow.
pub struct TestApp {
    pub runtime: Runtime,
    pub clock: Arc<ManualClock>,
    pub url: String,
    agent: ureq::Agent,
    handle: actix_web::dev::ServerHandle,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    /// The body; what is no text is made one as well as it goes.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

/// Somebody who calls the API with a token.
pub struct Caller<'a> {
    app: &'a TestApp,
    authorization: String,
}

impl TestApp {
    /// On a fresh database: business `main` with nothing deployed and `alice`, who has every role.
    pub fn start(database: &TestDatabase) -> TestApp {
        let app = TestApp::open(database, Limits::default());
        let business = BusinessId::from(BUSINESS);
        app.wait(first_run::create_business(&app.runtime, &business, Text::same("Main"))).unwrap();
        app.user("alice", &["admin", "process_admin", "operator"]);
        app
    }

    /// With the sales definitions, people and client of the demonstration in business `demo`, without customers.
    pub fn sales(database: &TestDatabase) -> TestApp {
        let app = TestApp::start(database);
        app.wait(demo::people(&app.runtime, &project())).unwrap();
        app
    }

    /// Another node, or the same one after a restart, on a database that is set up.
    pub fn open(database: &TestDatabase, limits: Limits) -> TestApp {
        TestApp::open_at(database, limits, Timestamp::parse(MONDAY).unwrap())
    }

    /// The same at another time.
    pub fn open_at(database: &TestDatabase, limits: Limits, now: Timestamp) -> TestApp {
        TestApp::open_with(database, limits, now, 1_000)
    }

    /// The same with queues of this length before the writers.
    pub fn open_with(database: &TestDatabase, limits: Limits, now: Timestamp, queue: usize) -> TestApp {
        TestApp::open_as(database, limits, now, |options| options.queue = queue)
    }

    /// The same, set up otherwise.
    pub fn open_as(
        database: &TestDatabase,
        limits: Limits,
        now: Timestamp,
        set_up: impl FnOnce(&mut Options),
    ) -> TestApp {
        let clock = Arc::new(ManualClock::at(now));
        let mut options = Options {
            database: database.parsed_url(),
            clock: clock.clone(),
            readers: 3,
            writers: 2,
            queue: 1_000,
            token_seconds: 3_600,
            issuers: Vec::new(),
            group_roles: Default::default(),
            key_encryption: None,
        };
        set_up(&mut options);
        let runtime = Runtime::open(options).unwrap();
        let state = ApiState::new(runtime.clone(), metrics(), limits);
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
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
        TestApp { runtime, clock, url: format!("http://{address}"), agent, handle }
    }

    /// A new user of business `main` with these roles.
    pub fn user(&self, login: &str, roles: &[&str]) {
        self.user_of(BUSINESS, login, roles);
    }

    /// A new user of a business.
    pub fn user_of(&self, business: &str, login: &str, roles: &[&str]) {
        let user = User {
            id: UserId::from(login),
            name: login.to_owned(),
            active: true,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            attributes: JsonMap::new(),
            created_at: Timestamp::default(),
            version: 0,
        };
        self.change(business, Change::PutUser { user, password: None });
    }

    /// A position for each of these people of business `main`, below that of another: (person, superior).
    pub fn hierarchy(&self, people: &[(&str, Option<&str>)]) {
        let title = Text::same("Company");
        let unit = Unit { id: "company".to_owned(), parent: None, title, kind: UnitKind::Company, version: 0 };
        self.change(BUSINESS, Change::PutUnit(unit));
        for (person, superior) in people {
            let body = serde_json::json!({
                "unit": "company", "title": "Position", "user": person, "manager": superior.map(|above| format!("p-{above}")),
            });
            self.by("alice").send("PUT", &format!("/api/v1/positions/p-{person}"), &[JSON], &body.to_string()).ok(200);
        }
    }

    /// Carries out a change on behalf of whoever runs the machine.
    pub fn change(&self, business: &str, change: Change) -> Done {
        let actor = operator(BusinessId::from(business));
        self.wait(self.runtime.execute(Request { actor, change, idempotency: None, if_match: None })).unwrap()
    }

    /// Deploys files (path inside the project, text) for business `main`.
    pub fn deploy(&self, files: &[(&str, &str)]) {
        let files: Files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        self.wait(folders::deploy(&self.runtime, &BusinessId::from(BUSINESS), files, "test")).unwrap();
    }

    /// A user of business `main` with every scope.
    pub fn by(&self, login: &str) -> Caller<'_> {
        self.by_of(BUSINESS, login)
    }

    /// A user of a business with every scope.
    pub fn by_of(&self, business: &str, login: &str) -> Caller<'_> {
        Caller { app: self, authorization: format!("Bearer {}", self.token(business, login, None)) }
    }

    /// Somebody with this very `Authorization` header.
    pub fn with_authorization(&self, authorization: &str) -> Caller<'_> {
        Caller { app: self, authorization: authorization.to_owned() }
    }

    /// A token of a user, narrowed to these scopes.
    pub fn token(&self, business: &str, login: &str, scopes: Option<&[&str]>) -> String {
        let scopes = scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect());
        let (business, login) = (BusinessId::from(business), UserId::from(login));
        self.wait(self.runtime.issue_for(&business, &login, scopes)).unwrap().token
    }

    /// Moves the clock and fires what became due, as the worker would; how many timers fired.
    pub fn advance(&self, duration: &str) -> usize {
        let duration: kamflow::model::time::Duration = duration.parse().unwrap();
        let now = self.clock.now();
        self.clock.advance(duration.after(now).0 - now.0);
        self.wait(self.runtime.run_due_timers()).unwrap()
    }

    /// Brings every message and signal that is on its way, as the worker would; how many were looked at.
    pub fn deliver(&self) -> usize {
        self.wait(self.runtime.run_due_deliveries()).unwrap()
    }

    /// Runs asynchronous work on this thread.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
    }

    /// Sends anything.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_bytes(method, path, headers, body.as_bytes())
    }

    /// Sends bytes.
    pub fn send_bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if body.is_empty() {
            self.agent.run(request.body(()).unwrap())
        } else {
            self.agent.run(request.body(body).unwrap())
        };
        let mut answer = answer.unwrap();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), text, bytes }
    }
}

impl Caller<'_> {
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, body: Json) -> Answer {
        self.send("POST", path, &[JSON], &body.to_string())
    }

    pub fn put(&self, path: &str, body: Json) -> Answer {
        self.send("PUT", path, &[JSON], &body.to_string())
    }

    /// With more headers, under the caller's token.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_bytes(method, path, headers, body.as_bytes())
    }

    /// The same with bytes.
    pub fn send_bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut all = vec![("Authorization", self.authorization.as_str())];
        all.extend(headers);
        self.app.send_bytes(method, path, &all, body)
    }

    /// Starts a process; its id.
    pub fn start(&self, process: &str, variables: Json) -> String {
        let body = serde_json::json!({ "process": process, "variables": variables });
        let answer = self.post("/api/v1/process-instances", body);
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    /// The body as JSON, when the status is this one.
    pub fn ok(&self, status: u16) -> Json {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
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

impl Answer {
    /// The body of an error of SCIM, with its status and, where there is one, its word.
    pub fn scim_error(&self, status: u16, word: &str) -> Json {
        assert_eq!((self.status, self.header("content-type")), (status, "application/scim+json"), "{}", self.text);
        let error = self.json();
        assert_eq!(error["schemas"], serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{error}");
        assert_eq!(
            (&error["status"], error["scimType"].as_str().unwrap_or_default()),
            (&status.to_string().into(), word)
        );
        assert!(error["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{error}");
        error
    }

    /// The body of a refusal, in the words of the path it was asked at: a problem, or an error of SCIM.
    pub fn refused(&self, path: &str, status: u16, code: &str) -> Json {
        match path.starts_with("/scim/") {
            true => self.scim_error(status, ""),
            false => self.problem(status, code),
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Told, not awaited: the thread of the server ends by itself.
        drop(self.handle.stop(false));
    }
}

/// The metrics of this test run: counted together for all tests, as one process has one recorder.
fn metrics() -> PrometheusHandle {
    static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().unwrap()).clone()
}

/// The files of the project but its scenarios: with every line that a test changes they would be played anew, and some
/// of them tell of that very line. One test plays them all.
pub fn shipped() -> Files {
    let mut files = folders::read(&project()).unwrap();
    files.retain(|path, _| !path.contains("/scenarios/"));
    files
}

/// The configuration of the project folder.
pub fn project() -> Config {
    let folder = Some(env!("CARGO_MANIFEST_DIR").into());
    config::read(Settings { folder, ..Settings::default() }, None).unwrap()
}
