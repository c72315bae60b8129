//! The program itself, run as a person runs it: in a folder of its own, with nothing of the caller's environment.

use super::app::Answer;
use kamflow::model::json::Json;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use ureq::http;

/// How long a condition may take to come true before a test gives up; nothing depends on it while all is well.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder to run the program in.
pub struct Home {
    folder: TempDir,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A command that reads its standard input.
pub struct Fed(Child);

/// A program that serves. Killed when it is dropped.
pub struct Served {
    child: Child,
    said: Arc<(Mutex<String>, Condvar)>,
    pub url: String,
}

/// One client of a server: keeps its connection, and survives that the server dies.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    url: String,
    token: String,
}

impl Home {
    /// An empty folder.
    pub fn empty() -> Home {
        Home { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with the project's own workflows and plugins; without the scenarios, which every deployment would play.
    pub fn with_project() -> Home {
        let home = Home::empty();
        for folder in ["workflows", "plugins"] {
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &home.path(folder));
        }
        fs::remove_dir_all(home.path("workflows/sales/scenarios")).unwrap();
        home
    }

    /// Another folder with the same in it. Nothing may run in this one meanwhile.
    pub fn copied(&self) -> Home {
        let home = Home::empty();
        copy(self.folder.path(), home.folder.path());
        home
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    pub fn write(&self, inside: &str, text: &str) {
        let path = self.path(inside);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, inside: &str) -> String {
        fs::read_to_string(self.path(inside)).unwrap()
    }

    /// Replaces what stands once in a file.
    pub fn edit(&self, inside: &str, from: &str, to: &str) {
        let text = self.read(inside);
        assert_eq!(text.matches(from).count(), 1, "{inside} holds \"{from}\" once");
        self.write(inside, &text.replace(from, to));
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.run_with(&[], arguments)
    }

    /// The same with environment variables.
    pub fn run_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        Said::of(command.envs(environment.iter().copied()).output().unwrap())
    }

    /// Starts a command that reads what is written to it. Killed when it is dropped.
    pub fn fed(&self, arguments: &[&str]) -> Fed {
        let mut command = self.command(arguments);
        Fed(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Runs a command that must succeed; what it said on standard output.
    pub fn done(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
        said.out
    }

    /// Runs a command that must fail with one sentence, and without a panic; the sentence.
    pub fn fails(&self, arguments: &[&str]) -> String {
        self.run(arguments).sentence()
    }

    /// Starts serving on a free port and waits until it listens.
    pub fn serve(&self, arguments: &[&str]) -> Served {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new((Mutex::new(String::new()), Condvar::new()));
        collect(child.stdout.take().unwrap(), &said);
        collect(child.stderr.take().unwrap(), &said);
        let mut served = Served { child, said, url: String::new() };
        served.url = match served.wait_for("kamflow listens on http://") {
            Some(line) => line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned(),
            None => panic!("the server did not come up: {}", served.said()),
        };
        served
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_kamflow"));
        command.args(arguments);
        command
    }

    /// Any program, in this folder.
    pub fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("KAMFLOW_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }
}

impl Fed {
    /// Writes to its standard input.
    pub fn feed(&mut self, text: &str) {
        self.0.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Ends its input; what it said.
    pub fn ended(mut self) -> Said {
        drop(self.0.stdin.take());
        let (mut out, mut err) = (String::new(), String::new());
        self.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        Said { code: self.0.wait().unwrap().code(), out, err }
    }
}

impl Drop for Fed {
    fn drop(&mut self) {
        // One that ended already cannot be killed, which is well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Said {
    fn of(output: Output) -> Said {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The one sentence of a failure.
    pub fn sentence(&self) -> String {
        assert!(self.code.is_some_and(|code| code != 0), "this should fail: {self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        let lines: Vec<&str> = self.err.lines().filter(|line| !line.trim().is_empty()).collect();
        assert!(!lines.is_empty(), "a failure says why: {self:?}");
        self.err.clone()
    }
}

impl Served {
    /// Everything said so far, on both outputs.
    pub fn said(&self) -> String {
        self.said.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a line with this was said; the line. None when the program ended first or patience did.
    pub fn wait_for(&mut self, what: &str) -> Option<String> {
        let until = Instant::now() + PATIENCE;
        let (text, news) = (&self.said.0, &self.said.1);
        let mut said = text.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(line) = said.lines().find(|line| line.contains(what)) {
                return Some(line.to_owned());
            }
            if Instant::now() > until || self.child.try_wait().unwrap().is_some() && !said.contains(what) {
                return None;
            }
            said = news.wait_timeout(said, Duration::from_millis(200)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A client with a token; with an empty one, without.
    pub fn client(&self, token: &str) -> Client {
        let agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into();
        Client { agent, url: self.url.clone(), token: token.to_owned() }
    }

    /// Ends the program as a power cut would: it hears nothing.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the program to end, as an init system does.
    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits for the end of a program that was asked to; its code and everything that it said.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let code = eventually("the program ends", || self.child.try_wait().unwrap()).code();
        // The outputs are closed now; their readers have said all when they let go.
        eventually("its output is read", || (Arc::strong_count(&self.said) == 1).then_some(()));
        (code, self.said())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that ended already cannot be killed, which is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Client {
    /// Sends a request; the error when no whole answer came back.
    pub fn send(&self, method: &str, path: &str, body: Option<&Json>) -> Result<Answer, String> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("Content-Type", "application/json");
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        let answer = match body {
            Some(body) => self.agent.run(request.body(body.to_string()).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut answer = answer.map_err(|error| error.to_string())?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        Ok(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            bytes: text.clone().into_bytes(),
            text,
        })
    }

    pub fn get(&self, path: &str) -> Json {
        self.send("GET", path, None).unwrap().ok(200)
    }

    pub fn post(&self, path: &str, body: Json) -> Answer {
        self.send("POST", path, Some(&body)).unwrap()
    }
}

/// Looks again and again until something is there.
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "this did not come true: {what}");
        std::thread::park_timeout(Duration::from_millis(25));
    }
}

fn collect(from: impl Read + Send + 'static, into: &Arc<(Mutex<String>, Condvar)>) {
    let into = into.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.0.lock().unwrap_or_else(PoisonError::into_inner).push_str(&format!("{line}\n"));
            into.1.notify_all();
        }
    });
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
