//! What comes into a story from outside: messages and signals, and what workers report of jobs.

use super::stage::Scene;
use crate::model::actor::Actor;
use crate::model::delivery::{NewMessage, NewSignal, Received};
use crate::model::ids::root_of;
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::model::scenario::Reported;
use crate::model::time::Duration;
use crate::runtime::exchange::Exchange;
use crate::runtime::internal;
use crate::runtime::request::{Change, JobChange, Outcome, Report};

/// What the worker of a story calls itself.
const WORKER: &str = "scenario";
/// How long it has a job: it reports at once.
const LEASE: &str = "PT1S";

impl Scene<'_> {
    /// Sends a message; who has it then is spoken of from here on.
    pub fn message(
        &mut self,
        actor: Actor,
        message: &NewMessage,
        answer: Option<&str>,
        name: Option<&String>,
    ) -> Result<(), Refusal> {
        let message = NewMessage { payload: self.names.filled(&message.payload), ..message.clone() };
        let sent = self.execute(actor, Change::Exchange(Box::new(Exchange::Message(message))))?;
        let Outcome::Message(received) = sent else { return Err(internal(&format!("the message answered {sent:?}"))) };
        let (word, instance) = match received {
            Received::Delivered { instance } => ("delivered", Some(instance)),
            Received::Started { instance } => ("started", Some(instance)),
            Received::Existing { instance } => ("existing", Some(instance)),
            Received::Kept { .. } => ("kept", None),
        };
        if let Some(instance) = instance {
            self.call(root_of(instance.as_str()), name);
        }
        match answer.filter(|answer| *answer != word) {
            Some(answer) => {
                Err(Refusal::conflict("other_answer", format!("the message should be {answer}, and was {word}")))
            }
            None => Ok(()),
        }
    }

    /// Sends a signal.
    pub fn signal(&self, actor: Actor, signal: &NewSignal) -> Result<(), Refusal> {
        let signal = NewSignal { payload: self.names.filled(&signal.payload), ..signal.clone() };
        self.execute(actor, Change::Exchange(Box::new(Exchange::Signal(signal)))).map(|_| ())
    }

    /// Takes the next job of a type as a worker does, and reports on it.
    pub fn work(&self, actor: Actor, job_type: &str, report: &Reported) -> Result<(), Refusal> {
        let lease: Duration = LEASE.parse().map_err(|sentence: String| internal(&sentence))?;
        let (types, worker) = (vec![job_type.to_owned()], WORKER.to_owned());
        let taken = self.execute(actor.clone(), Change::Job(JobChange::Take { types, worker, most: 1, lease }))?;
        let Outcome::Jobs(jobs) = taken else { return Err(internal(&format!("taking a job answered {taken:?}"))) };
        let job = jobs.into_iter().next().ok_or_else(|| Refusal::not_found("job to be done now of type", job_type))?;
        let report = match report {
            Reported::Done(result) => Report::Done(Json::Object(self.names.filled(result))),
            Reported::Failed(message) => Report::Failed { message: message.clone(), retry_after: None },
            Reported::Error { code, variables } => {
                Report::Error { code: code.clone(), variables: self.names.filled(variables) }
            }
        };
        let lease = job.lease.map(|lease| lease.token).unwrap_or_default();
        self.execute(actor, Change::Job(JobChange::Report { job: job.job.id, lease, report })).map(|_| ())
    }
}
