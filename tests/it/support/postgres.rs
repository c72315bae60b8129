//! A private PostgreSQL server for this test run, in a temporary folder, on a free port of the loopback interface.
//!
//! It ends with the test process, however that ends: a shell watches over it and reads from a pipe that only the test
//! process holds open. When the pipe closes the shell stops the server and removes the folder.

use diesel::connection::SimpleConnection;
use kamflow::store::{self, Url};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The server of this test run.
pub struct Server {
    port: u16,
    /// Held open for as long as the server shall live.
    _alive: Mutex<ChildStdin>,
    /// One database is made at a time: making one locks the template.
    making: Mutex<()>,
}

/// The server of this test run, started by whoever asks first; or why there is none.
pub fn server() -> Result<&'static Server, &'static str> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref().map_err(String::as_str)
}

/// Removes a database of the server.
pub fn drop_database(name: &str) {
    if let Ok(server) = server() {
        // A database that cannot be removed goes with the server.
        let _ = server.administer(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

impl Server {
    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://kamflow@127.0.0.1:{}/{database}", self.port)
    }

    /// A new database, migrated or empty.
    pub fn create_database(&self, migrated: bool) -> String {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let template = if migrated { TEMPLATE } else { "template0" };
        let _one_at_a_time = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        self.administer(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        name
    }

    fn administer(&self, sql: &str) -> Result<(), String> {
        let (url, sql) = (self.url("postgres"), sql.to_owned());
        on_plain_thread(move || connect(&url).batch_execute(&sql).map_err(|error| error.to_string()))
    }
}

/// Migrated once, copied for each test.
const TEMPLATE: &str = "kamflow_template";

const INITDB: [&str; 5] = ["--username=kamflow", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C"];

/// A dictionary order as the server's own, where it can have one: a forgotten COLLATE then shows.
const DICTIONARY: [&str; 2] = ["--locale-provider=icu", "--icu-locale=en"];

/// What the shell does: start the server, wait for the pipe to close, stop it, tidy up. It and the server ignore an
/// interrupt of the terminal, which would otherwise end the shell before it has tidied up. What tests kill is kamflow,
/// so the server need not be ready for a loss of power.
const WATCH: &str = r#"
trap '' INT TERM HUP
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories='' \
    -c max_connections=300 -c lc_messages=C -c log_min_messages=log \
    -c fsync=off -c full_page_writes=off 2>&1 >/dev/null &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$2"
"#;

fn start() -> Result<Server, String> {
    let programs =
        programs().ok_or("no PostgreSQL programs (initdb, postgres) in /usr/lib/postgresql/*/bin or PATH")?;
    let account = account()?;
    let folder = fs::canonicalize(std::env::temp_dir())
        .map_err(|error| error.to_string())?
        .join(format!("kamflow-postgres-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    if let Some((uid, gid)) = account {
        std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).map_err(|error| error.to_string())?;
    }
    if let Err(reason) =
        make(&programs, &folder, account, &DICTIONARY).or_else(|_| make(&programs, &folder, account, &[]))
    {
        let _ = fs::remove_dir_all(&folder);
        return Err(reason);
    }
    // A port that is free now may be taken a moment later.
    let mut reason = String::new();
    for _ in 0..5 {
        match run(&programs, &folder, account) {
            Ok((port, alive)) => {
                return with_template(Server { port, _alive: Mutex::new(alive), making: Mutex::new(()) });
            }
            Err(why) => reason = why,
        }
    }
    let _ = fs::remove_dir_all(&folder);
    Err(format!("the server does not start: {reason}"))
}

fn make(programs: &Path, folder: &Path, account: Option<(u32, u32)>, more: &[&str]) -> Result<(), String> {
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.args(INITDB).args(more).arg("-D").arg(folder.join("data"));
    let made = as_account(&mut initdb, account).output().map_err(|error| format!("initdb does not start: {error}"))?;
    if made.status.success() {
        Ok(())
    } else {
        Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr)))
    }
}

fn with_template(server: Server) -> Result<Server, String> {
    server.administer(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"))?;
    let url = server.url(TEMPLATE);
    on_plain_thread(move || store::migrate(&mut connect(&url)).map_err(|error| error.to_string()))?;
    Ok(server)
}

/// Starts the server and waits until it says that it is ready; its port and the pipe that keeps it alive.
fn run(programs: &Path, folder: &Path, account: Option<(u32, u32)>) -> Result<(u16, ChildStdin), String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(|e| e.to_string())?.port();
    let mut shell = Command::new("sh");
    shell.args(["-c", WATCH, "kamflow-postgres"]).arg(programs).arg(folder).arg(port.to_string());
    // A process group of its own: an interrupt of the terminal ends the tests, and the closed pipe then the server.
    let mut watcher: Child = as_account(&mut shell, account)
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("sh does not start: {error}"))?;
    let alive = watcher.stdin.take().expect("stdin is a pipe");
    let mut lines = BufReader::new(watcher.stdout.take().expect("stdout is a pipe")).lines();
    let mut said = Vec::new();
    for line in lines.by_ref().map_while(Result::ok) {
        if line.contains("ready to accept connections") {
            // Nobody reads on: keep the pipe empty, or the server would wait for room in it.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((port, alive));
        }
        said.push(line);
    }
    Err(said.join("\n"))
}

/// The folder with the newest installed server, or the one on the PATH.
fn programs() -> Option<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let newest = installed
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| complete(folder))
        .max();
    newest
        .map(|(_, folder)| folder)
        .or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| complete(folder)))
}

fn complete(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

/// The account that the server runs under when the tests run as root, which PostgreSQL refuses.
fn account() -> Result<Option<(u32, u32)>, String> {
    let probe = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let mine = std::os::unix::fs::MetadataExt::uid(&probe.as_file().metadata().map_err(|error| error.to_string())?);
    if mine != 0 {
        return Ok(None);
    }
    let accounts = fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let ids = |name: &str| {
        let fields: Vec<&str> = accounts
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then(|| fields.collect()))?;
        Some((fields.get(1)?.parse().ok()?, fields.get(2)?.parse().ok()?))
    };
    let found = ids("postgres").or_else(|| ids("nobody"));
    found.map(Some).ok_or_else(|| "the tests run as root and there is no account postgres or nobody".to_owned())
}

fn as_account(command: &mut Command, account: Option<(u32, u32)>) -> &mut Command {
    // An account without a home may not enter the present folder.
    command.current_dir("/").env("LC_ALL", "C").env_remove("PGDATA");
    match account {
        Some((uid, gid)) => command.uid(uid).gid(gid),
        None => command,
    }
}

fn connect(url: &str) -> store::Connection {
    store::connect(&Url::parse(url).unwrap()).unwrap()
}

/// Connections to PostgreSQL live outside tokio; a test may be inside.
fn on_plain_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(work).join().unwrap()
}
