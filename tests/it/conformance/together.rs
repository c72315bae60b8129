//! Steps that are sent at once.

use super::act::Command;
use super::drive::{self, Stop};
use super::play::Wrong;
use super::player::Player;
use super::steps::{Concurrently, Verb};
use kamflow::model::task::UserTask;

impl Player<'_> {
    /// Sends the steps at once and counts the answers.
    pub fn concurrently(&mut self, together: &Concurrently) -> Result<(), Wrong> {
        let mut commands: Vec<Command> = Vec::new();
        for step in &together.concurrently {
            let hand = self.hand(None);
            commands.push(match &step.verb {
                Verb::Complete(done) => {
                    let node = self.rendered.names.node(&done.complete);
                    self.completion(&|task| task.node.as_str() == node, &done.complete, done.by.as_deref(), &done.vars)
                }
                Verb::CompleteName(done) => {
                    let wanted = |task: &UserTask| task.title.en == done.complete;
                    self.completion(&wanted, &done.complete, done.by.as_deref(), &done.vars)
                }
                Verb::Claim(claim) => self.claiming(claim, false),
                Verb::Release(claim) => self.claiming(claim, true),
                Verb::Delegate(delegate) => self.delegation(delegate),
                Verb::Message(message) => self.sending(message),
                Verb::Signal(name) => {
                    let name = name.clone();
                    Box::new(move || drive::signal(&hand, &name))
                }
                Verb::Start(start) => {
                    let (process, vars) = (self.rendered.names.process(&start.process), self.named(&start.vars));
                    Box::new(move || drive::start(&hand, &process, vars).map(drop))
                }
                Verb::Cancel(_) => {
                    let main = self.main.clone();
                    Box::new(move || main.map_or(Ok(()), |main| drive::cancel(&hand, &main)))
                }
                _ => return Err(Wrong::Runner(format!("this cannot be done at once with others: {}", step.written))),
            });
        }
        let answers: Vec<Result<(), Stop>> = std::thread::scope(|threads| {
            let sent: Vec<_> = commands.into_iter().map(|command| threads.spawn(command)).collect();
            sent.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        let refused: Vec<Wrong> =
            answers.into_iter().filter_map(Result::err).map(|stop| Wrong::stopped("at once", stop)).collect();
        let (ok, conflict) = (together.concurrently.len() - refused.len(), refused.len());
        match refused.into_iter().find(|wrong| matches!(wrong, Wrong::Engine(_))) {
            Some(missing) => Err(missing),
            None if (ok, conflict) == (together.expect.ok, together.expect.conflict) => Ok(()),
            None => Err(Wrong::Trace(format!("{ok} went well and {conflict} were refused"))),
        }
    }
}
