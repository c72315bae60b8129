//! The same random commands on the real runtime: on every database, and with everything dropped from memory in between,
//! each leads to the same state, the same history and the same refusals.

use super::commands;
use super::generate::Generator;
use super::votes;
use crate::cases::world::{self, PACK};
use crate::support::TestDatabase;
use crate::support::app::{BUSINESS, MONDAY, TestApp};
use crate::support::random::{Random, seeds};
use crate::support::{databases, sqlite};
use kamflow::api::Limits;
use kamflow::model::actor::Actor;
use kamflow::model::command::Command;
use kamflow::model::ids::{BusinessId, InstanceId, UserId, token_name};
use kamflow::model::instance::Instance;
use kamflow::model::time::Timestamp;
use kamflow::runtime::clock::Clock;
use kamflow::runtime::operator;
use kamflow::runtime::request::{Change, Outcome, Request, TaskRequest};
use kamflow::store::{self, history, instances};

/// Graphs that are played.
const GRAPHS: usize = 4;
/// Commands that each is given.
const COMMANDS: usize = 16;
/// How the root is called in what is compared.
const ROOT: &str = "ROOT";

/// A project with its seed.
type Grown = (u64, Vec<(&'static str, String)>);

/// What was done in one graph: the commands, and what could be seen after each.
#[derive(Default)]
struct Story {
    commands: Vec<String>,
    seen: Vec<String>,
}

#[test]
fn random_graphs_run_alike_on_every_database() {
    let grown = || seeds(0..1_000).map(|seed| (seed, Generator::new(seed).project()));
    // Something is done in each, and in the last one somebody votes.
    let does = |(seed, project): &Grown, votes: usize| {
        let world = world::build(&super::files(project));
        let played = world.and_then(|world| super::play(&world, *seed, &mut Vec::new()));
        played.is_ok_and(|played| played.moves > 7 && played.voted >= votes)
    };
    let voted = grown().filter(|grown| does(grown, 1)).take(1);
    let projects: Vec<Grown> = grown().filter(|grown| does(grown, 0)).take(GRAPHS - 1).chain(voted).collect();
    let first = sqlite();
    store::migrate(&mut first.connect()).unwrap();
    let told: Vec<Story> = projects.iter().map(|(seed, project)| story(&first, *seed, project, None)).collect();
    assert!(told.iter().map(|story| story.seen.len()).sum::<usize>() > GRAPHS * 4, "something is played");
    assert!(told.iter().any(|story| story.seen.iter().any(|seen| seen.contains("approval_closed"))), "somebody votes");
    for database in databases() {
        for ((seed, project), told) in projects.iter().zip(&told) {
            let again = story(&database, *seed, project, Some(&told.commands));
            for (step, (one, other)) in told.seen.iter().zip(&again.seen).enumerate() {
                assert_eq!(
                    one,
                    other,
                    "on {} after step {step} of graph {seed}: {}",
                    database.name(),
                    told.commands[..step].join("\n")
                );
            }
            assert_eq!(told.seen.len(), again.seen.len());
        }
    }
}

/// Plays a graph: by chance, or the very commands of before, and then with restarts between them.
fn story(database: &TestDatabase, seed: u64, project: &[(&'static str, String)], again: Option<&[String]>) -> Story {
    let mut app = match store_is_new(database) {
        true => {
            let app = TestApp::start(database);
            votes::VOTERS.iter().for_each(|(login, role)| app.user(login, &[*role]));
            app
        }
        false => TestApp::open_at(database, Limits::default(), monday()),
    };
    let paths: Vec<String> = project.iter().map(|(name, _)| format!("workflows/case/processes/{name}.yaml")).collect();
    let mut files = vec![("workflows/case/pack.yaml", PACK)];
    files.extend(paths.iter().zip(project).map(|(path, (_, text))| (path.as_str(), text.as_str())));
    app.deploy(&files);
    let start = Change::Start { process: "main".to_owned(), variables: super::variables(seed) };
    let Outcome::Started(started) = execute(&app, alice(), start).unwrap() else { panic!("it is started anew") };
    let root = started.id;
    let mut random = Random::new(!seed);
    let processes = world::build(&super::files(project)).unwrap().definitions.processes;
    let (mut story, mut given) = (Story::default(), Vec::new());
    story.seen.push(seen(database, &root));
    for step in 0..again.map_or(COMMANDS, <[String]>::len) {
        let state = state(database, &root);
        let command = match again {
            Some(commands) => serde_json::from_str(&commands[step].replace(ROOT, root.as_str())).unwrap(),
            None if state.state.has_ended() => break,
            None => commands::next(&mut random, &state, &processes, &given),
        };
        let told = serde_json::to_string(&command).unwrap().replace(root.as_str(), ROOT);
        let said = match change(&app, &state, command.clone()) {
            None => "no change of its own".to_owned(),
            Some((actor, change)) => match execute(&app, actor, change) {
                Ok(_) => "done".to_owned(),
                Err(refusal) => format!("{refusal:?}").replace(root.as_str(), ROOT),
            },
        };
        app.deliver();
        given.push(command);
        story.commands.push(told);
        story.seen.push(format!("{said}\n{}", seen(database, &root)));
        if again.is_some() && step % 4 == 3 {
            let now = app.clock.now();
            drop(app);
            app = TestApp::open_at(database, Limits::default(), now);
        }
    }
    story
}

fn store_is_new(database: &TestDatabase) -> bool {
    store::businesses::list(&mut database.connect()).unwrap().is_empty()
}

fn monday() -> Timestamp {
    Timestamp::parse(MONDAY).unwrap()
}

/// Somebody who votes, or tries to.
fn voter(user: UserId) -> Actor {
    Actor { roles: ["sales".to_owned()].into(), ..Actor::of(BusinessId::from(BUSINESS), user) }
}

fn alice() -> Actor {
    voter("alice".into())
}

/// Who asks for what; a timer that is to fire becomes due first. None for jobs, whose leases are by chance.
fn change(app: &TestApp, state: &Instance, command: Command) -> Option<(Actor, Change)> {
    let admin = operator(BusinessId::from(BUSINESS));
    Some(match command {
        Command::ClaimTask { task } => (alice(), Change::ClaimTask(task)),
        Command::UnclaimTask { task } => (alice(), Change::UnclaimTask(task)),
        Command::CompleteTask { task, outcome, variables } => {
            (alice(), Change::CompleteTask { task, outcome, variables })
        }
        Command::FireTimer { timer } => {
            let due = state.timers.get(&timer).map_or(app.clock.now(), |timer| timer.due);
            app.clock.set(app.clock.now().max(due));
            (admin, Change::FireTimer(timer))
        }
        Command::Deliver { subscription, payload } => (admin, Change::Deliver { subscription, payload }),
        Command::Decide { task, decide } => {
            (voter(votes::assignee(state, &task)), Change::Task(task, TaskRequest::Decide(decide)))
        }
        Command::DelegateTask { task, to, comment } => {
            let request = TaskRequest::Delegate { to: to.user, comment };
            (voter(votes::assignee(state, &task)), Change::Task(task, request))
        }
        Command::AddApprover { approval, person, reason } => {
            let asked = state.tasks.values().find(|task| task.token == approval).map(|task| task.id.clone());
            let by = asked.map_or_else(|| voter("alice".into()), |task| voter(votes::assignee(state, &task)));
            (by, Change::AddApprover(token_name(&state.id, approval), person.user, reason))
        }
        Command::Withdraw { approval, reason } => {
            (alice(), Change::WithdrawApproval(token_name(&state.id, approval), reason))
        }
        Command::Activate { instance, node } => (admin, Change::BeginActivity { instance, node }),
        Command::AddInstance { instance, node, item } => (admin, Change::AddInstance { instance, node, item }),
        Command::RetryIncident(retry) => (admin, Change::RetryIncident(retry)),
        Command::SkipIncident(skip) => (admin, Change::SkipIncident(skip)),
        Command::Intervene(intervene) => (admin, Change::Intervene(intervene)),
        _ => return None,
    })
}

fn execute(app: &TestApp, actor: Actor, change: Change) -> Result<Outcome, kamflow::model::refusal::Refusal> {
    let request = Request { actor, change, idempotency: None, if_match: None };
    app.wait(app.runtime.execute(request)).map(|answer| answer.outcome)
}

fn state(database: &TestDatabase, root: &InstanceId) -> Instance {
    let key = (BusinessId::from(BUSINESS), root.clone());
    instances::load(&mut database.connect(), &[key]).unwrap().remove(0).0
}

/// State, version and history as they are stored, whatever the root is called.
fn seen(database: &TestDatabase, root: &InstanceId) -> String {
    let (business, conn) = (BusinessId::from(BUSINESS), &mut database.connect());
    let loaded = instances::load(conn, &[(business.clone(), root.clone())]).unwrap();
    let (mut instance, version) = loaded.into_iter().next().unwrap();
    // Counted by deployments, of which another database has had others.
    instance.revision = 0;
    let entries = history::list(conn, &business, root, 0, 20_000).unwrap();
    let entries = serde_json::to_string_pretty(&entries).unwrap();
    let text = format!("{version}\n{}\n{entries}", serde_json::to_string_pretty(&instance).unwrap());
    text.replace(root.as_str(), ROOT)
}
