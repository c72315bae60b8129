//! Plays one case: deploys it, carries out its steps, and says what came of it.

use super::drive::{self, Hand, Stop};
use super::engine::Engine;
use super::format::{Case, EndState};
use super::player::Player;
use super::render::{self, Rendered};
use super::steps::{Deployed, Main, Step, Verb};
use super::{expect, look};
use kamflow::model::ids::InstanceId;
use kamflow::model::refusal::RefusalKind;
use kamflow::model::time::Duration;
use kamflow::runtime::clock::Clock;

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    /// The deployment was refused, with a message that names the element.
    Unsupported(String),
    /// It does not run, and everybody can see that: an incident, a command that is not there.
    Fail(String),
    /// It was deployed and runs otherwise than it must, and nobody is told.
    SilentWrong(String),
}

/// A case that was played.
pub struct Played {
    pub verdict: Verdict,
    /// Everything that happened, to compare two plays of one case.
    pub trace: Vec<String>,
}

/// Why a step is not as it must be.
#[derive(Debug)]
pub enum Wrong {
    /// Something else happened.
    Trace(String),
    /// The engine cannot do it, and says so.
    Engine(String),
    /// The runner cannot do it.
    Runner(String),
}

impl Wrong {
    /// A command that was stopped.
    pub fn stopped(told: &str, stop: Stop) -> Wrong {
        match stop {
            Stop::Refused(refusal) => {
                let fields: Vec<String> = refusal.errors.iter().map(|error| error.detail.clone()).collect();
                let sentence = format!("{told}: {} [{}] {}", refusal.detail, refusal.code, fields.join("; "));
                match refusal.kind {
                    RefusalKind::Internal | RefusalKind::Busy => Wrong::Engine(sentence),
                    _ => Wrong::Trace(sentence.trim_end().to_owned()),
                }
            }
        }
    }
}

/// Plays a case, with a restart of the engine after every step or without.
pub fn case(engine: &mut Engine, case: &Case, restarts: bool) -> Played {
    let over = |verdict| Played { verdict, trace: Vec::new() };
    let rendered = match render::case(case) {
        Ok(rendered) => rendered,
        Err(sentence) => return over(Verdict::Fail(format!("cannot be rendered: {sentence}"))),
    };
    let business = engine.business();
    if let Err(sentences) = engine.deploy(&business, rendered.files.clone()) {
        return over(refused(case, &rendered, &sentences));
    }
    let mut player = Player::new(engine, business, &rendered);
    let wrong = player.run(case, restarts).err();
    let verdict = match wrong {
        None => Verdict::Pass,
        Some((at, Wrong::Engine(sentence) | Wrong::Runner(sentence))) => Verdict::Fail(format!("{at}: {sentence}")),
        Some((at, Wrong::Trace(sentence))) => match look::incidents(&player.look()).first() {
            Some(incident) => Verdict::Fail(format!("{at}: {sentence} (incident at {incident})")),
            None => Verdict::SilentWrong(format!("{at}: {sentence}")),
        },
    };
    Played { verdict, trace: player.trace() }
}

/// What a refused deployment means: what the case wants, or that the language lacks something.
fn refused(case: &Case, rendered: &Rendered, sentences: &[String]) -> Verdict {
    let told = sentences.first().cloned().unwrap_or_default();
    let is_unknown = sentences.iter().any(|sentence| {
        ["unknown node type", "unknown key", "unknown value", "is not built yet"]
            .iter()
            .any(|word| sentence.contains(word))
    });
    let in_step = case.run.iter().any(|step| match &step.verb {
        Verb::Deploy(deploy) => deploy.expect == Some(Deployed::Rejected),
        _ => false,
    });
    let at_end = case.expect.as_ref().is_some_and(|expect| expect.state == Some(EndState::RejectedOrFailed));
    if (in_step || at_end) && !is_unknown {
        return Verdict::Pass;
    }
    // Every second piece between quotation marks is a name: of a node, a type, a key.
    let written: String = rendered.files.values().map(|file| String::from_utf8_lossy(file)).collect();
    let names = |sentence: &String| {
        sentence.split('"').skip(1).step_by(2).any(|name| !name.is_empty() && written.contains(&format!("\"{name}\"")))
    };
    match sentences.iter().find(|sentence| names(sentence)) {
        Some(sentence) => Verdict::Unsupported(sentence.clone()),
        None => Verdict::Fail(format!("deployment: refused without naming the element: {told}")),
    }
}

impl Player<'_> {
    fn run(&mut self, case: &Case, restarts: bool) -> Result<(), (String, Wrong)> {
        for (number, step) in case.run.iter().enumerate() {
            let place = || format!("step {} {}", number + 1, step.written);
            self.step(step).map_err(|wrong| (place(), wrong))?;
            self.settle();
            self.newest(step);
            if restarts {
                self.engine.restart();
            }
        }
        let end = |wrong| ("at the end".to_owned(), wrong);
        if let Some(expected) = &case.expect {
            expect::at_end(self, expected).map_err(end)?;
        }
        match look::incidents(&self.look()).first() {
            Some(incident) if !self.failure_is_meant => {
                Err(end(Wrong::Engine(format!("nothing is to fail: incident at {incident}"))))
            }
            _ => Ok(()),
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), Wrong> {
        match &step.verb {
            Verb::Start(start) => self.start(start),
            Verb::Complete(done) => self.complete(done),
            Verb::CompleteName(done) => self.complete_name(done),
            Verb::CompleteAny(done) => self.complete_any(done),
            Verb::CompleteAnyOrder(done) => self.complete_any_order(done),
            Verb::Claim(claim) => self.claim(claim, false),
            Verb::Release(claim) => self.claim(claim, true),
            Verb::Delegate(delegate) => self.delegate(delegate),
            Verb::Message(message) => self.message(message),
            Verb::Signal(name) => self.signal(name),
            Verb::Trigger(node) => self.trigger(node),
            Verb::Activate(activate) => self.activate(activate),
            Verb::AddInstance(add) => self.add_instance(add),
            Verb::Concurrently(together) => self.concurrently(together),
            Verb::Advance(duration) => {
                let duration = duration.parse::<Duration>().map_err(Wrong::Runner)?;
                let until = duration.after(self.engine.clock.now());
                self.advance_to(until);
                Ok(())
            }
            Verb::Now(instant) => self.set_clock(instant),
            Verb::Cancel(Main::Main) => self.on_main("the cancellation", drive::cancel),
            Verb::Suspend(Main::Main) => self.on_main("the suspension", drive::suspend),
            Verb::Resume(Main::Main) => self.on_main("the resumption", drive::resume),
            Verb::RestartEngine(down) => {
                if let Some(duration) = &down.down_for {
                    let duration = duration.parse::<Duration>().map_err(Wrong::Runner)?;
                    self.engine.clock.set(duration.after(self.engine.clock.now()));
                }
                self.engine.restart();
                Ok(())
            }
            Verb::Deploy(deploy) => match deploy.expect {
                Some(Deployed::Rejected) => Err(Wrong::Trace("it was deployed".to_owned())),
                _ => Ok(()),
            },
            look => expect::holds(self, look),
        }
    }

    fn on_main(&mut self, told: &str, command: fn(&Hand, &InstanceId) -> Result<(), Stop>) -> Result<(), Wrong> {
        let main = self.main.clone().ok_or_else(|| Wrong::Runner("nothing was started yet".to_owned()))?;
        command(&self.hand(None), &main).map_err(|stop| Wrong::stopped(told, stop))
    }
}
