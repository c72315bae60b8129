//! The history in few words: a completed node is its id, everything else says what happened.

use kamflow::model::event::{Event, Resolution};
use kamflow::model::ids::{IncidentId, JobId, NodeId, TaskId, TimerId};
use kamflow::model::instance::TokenId;
use kamflow::model::intervention::Intervention;
use kamflow::model::task_change::{TaskChange, TaskChanged};
use kamflow::model::voting::VotingEvent;
use std::collections::BTreeMap;

/// What the words need to know of earlier events.
#[derive(Debug, Default, Clone)]
pub struct Names {
    tokens: BTreeMap<TokenId, NodeId>,
    timers: BTreeMap<TimerId, NodeId>,
    jobs: BTreeMap<JobId, NodeId>,
    tasks: BTreeMap<TaskId, NodeId>,
    incidents: BTreeMap<IncidentId, NodeId>,
    instances: BTreeMap<String, String>,
}

impl Names {
    /// How an event reads; none for those that a case tells in another way.
    pub fn word(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::InstanceStarted { instance, parent, process, .. } => {
                self.instances.insert(instance.0.clone(), process.clone());
                parent.as_ref().map(|_| format!("{process} started"))
            }
            Event::InstanceEnded { instance, state, .. } => {
                let process = self.instances.get(instance.as_str())?;
                Some(format!("{process} {}", state.name()))
            }
            Event::TokenCreated { token, node, .. } => {
                self.tokens.insert(*token, node.clone());
                None
            }
            Event::NodeCompleted { node, .. } => Some(node.to_string()),
            Event::NodeCancelled { node, .. } => Some(format!("cancelled {node}")),
            Event::RepetitionPassed { token, .. } => Some(format!("passed {}", self.tokens.get(token)?)),
            Event::RepetitionEnded { token } => Some(format!("repeated {}", self.tokens.get(token)?)),
            Event::TimerSet { timer } => {
                self.timers.insert(timer.id.clone(), timer.node.clone());
                None
            }
            Event::TaskCreated { task } => {
                self.tasks.insert(task.id.clone(), task.node.clone());
                None
            }
            Event::TaskChanged(TaskChanged { task, change, .. }) => {
                let what = match change {
                    TaskChange::Reminded { .. } => "reminded",
                    TaskChange::Escalated { .. } => "escalated",
                    _ => return None,
                };
                Some(format!("{what} {}", self.tasks.get(task)?))
            }
            Event::JobCreated { job } => {
                self.jobs.insert(job.id.clone(), job.node.clone());
                None
            }
            Event::JobFailed { job, .. } => Some(format!("job again {}", self.jobs.get(job)?)),
            Event::JobEnded { job, state, .. } => Some(format!("job {} {}", state.name(), self.jobs.get(job)?)),
            Event::TimerFired { timer, missed: 1.. } => Some(format!("fired {}, some missed", self.timers.get(timer)?)),
            Event::TimerFired { timer, .. } => Some(format!("fired {}", self.timers.get(timer)?)),
            Event::EventHappened { node, .. } => Some(format!("happened {node}")),
            Event::MessageThrown { message, .. } => Some(match &message.key {
                Some(key) => format!("sent {} {key}", message.name),
                None => format!("sent {}", message.name),
            }),
            Event::SignalThrown { name, .. } => Some(format!("signalled {name}")),
            Event::EscalationThrown { token, code } => {
                Some(format!("escalation {code} from {}", self.tokens.get(token)?))
            }
            Event::Voting(_, event) => voted(event),
            Event::GatewayPassed { token } => Some(format!("passed {}", self.tokens.get(token)?)),
            Event::DecisionMade { decision } => Some(format!("decided {}", decision.node)),
            Event::ActionPerformed { action, .. } => Some(format!("performed {action}")),
            Event::ProcessBegun(begun) if begun.existing => Some(format!("found {}", begun.process)),
            Event::ProcessBegun(begun) => Some(format!("begun {}", begun.process)),
            Event::ErrorThrown { token, code } => Some(format!("error {code} from {}", self.tokens.get(token)?)),
            Event::IncidentRaised { incident } => {
                self.incidents.insert(incident.id.clone(), incident.node.clone());
                Some(format!("incident {}", incident.node))
            }
            Event::IncidentResolved { incident, how: Resolution::Retried, .. } => {
                Some(format!("retried {}", self.incidents.get(incident)?))
            }
            Event::IncidentResolved { incident, how: Resolution::Skipped, .. } => {
                Some(format!("skipped {}", self.incidents.get(incident)?))
            }
            Event::Intervened { what, .. } => Some(told(what).to_owned()),
            Event::IncidentResolved { how: Resolution::Cancelled, .. }
            | Event::ScopeOpened { .. }
            | Event::ScopeClosed { .. }
            | Event::TokenJoining { .. }
            | Event::TokenRemoved { .. }
            | Event::NodeEntered { .. }
            | Event::RepetitionStarted { .. }
            | Event::RoundCompleted { .. }
            | Event::VariablesSet { .. }
            | Event::TaskClaimed { .. }
            | Event::TaskCompleted { .. }
            | Event::TaskCancelled { .. }
            | Event::TimerCancelled { .. }
            | Event::SubscriptionOpened { .. }
            | Event::SubscriptionClosed { .. }
            | Event::ConditionTurned { .. }
            | Event::ScopeListening { .. }
            | Event::TokenBlocked { .. }
            | Event::TokenUnblocked { .. }
            | Event::Compensation(_)
            | Event::RepetitionExtended { .. }
            | Event::NodeSkipped { .. } => None,
        }
    }
}

fn voted(event: &VotingEvent) -> Option<String> {
    match event {
        VotingEvent::Opened(_) => None,
        VotingEvent::Seated { seats, .. } => {
            let asked = seats.iter().filter(|seat| seat.decision.is_none()).map(|seat| seat.user.as_str());
            Some(format!("asked {}", asked.collect::<Vec<_>>().join(" ")).trim_end().to_owned())
        }
        VotingEvent::ApproverAdded { added, .. } => Some(format!("{} added {}", added.by, added.user)),
        VotingEvent::Voted { vote, .. } => Some(format!("{} {}", vote.for_user, vote.choice.name())),
        VotingEvent::LevelPassed => Some("level agreed".to_owned()),
        VotingEvent::Reopened { .. } => Some("asked anew".to_owned()),
        VotingEvent::SubjectChanged | VotingEvent::SubjectRead(_) => None,
        VotingEvent::Voided { .. } => Some("approved no more".to_owned()),
        VotingEvent::Closed(ended) => Some(ended.outcome.clone().unwrap_or_else(|| "given up".to_owned())),
    }
}

fn told(what: &Intervention) -> &'static str {
    match what {
        Intervention::Cancel => "cancelled by hand",
        Intervention::Suspend => "suspended",
        Intervention::Resume => "resumed",
        Intervention::SetVariables { .. } => "variables set",
        Intervention::Modify { .. } => "modified",
    }
}
