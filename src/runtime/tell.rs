//! How an event reads in the history: its kind, its place and what is to say about it.

use crate::model::beginning::Begun;
use crate::model::compensation::Compensation;
use crate::model::event::Event;
use crate::model::ids::{InstanceId, JobId, NodeId, TaskId, UserId, token_name};
use crate::model::instance::{HolderId, Instance, ScopeId, TokenId};
use crate::model::intervention::{Intervention, Step};
use crate::model::job::JobState;
use crate::model::json::{Json, JsonMap};
use crate::model::voting::VotingEvent;
use crate::runtime::tell_task::{self, for_whom, proven};
use serde_json::json;
use std::collections::BTreeMap;

/// An event, told.
pub struct Told {
    /// `task_completed`.
    pub kind: &'static str,
    /// Where it happened.
    pub instance: InstanceId,
    /// At which node.
    pub node: Option<NodeId>,
    /// What else.
    pub data: Json,
}

/// Where tokens, scopes and tasks are, as far as the events have gone.
#[derive(Default)]
pub struct Places {
    scopes: BTreeMap<ScopeId, InstanceId>,
    tokens: BTreeMap<TokenId, (ScopeId, NodeId)>,
    tasks: BTreeMap<TaskId, TokenId>,
    jobs: BTreeMap<JobId, TokenId>,
}

impl Places {
    /// The places of a state.
    pub fn of(before: Option<&Instance>) -> Places {
        let Some(before) = before else { return Places::default() };
        Places {
            scopes: before.scopes.values().map(|scope| (scope.id, scope.instance.clone())).collect(),
            tokens: before.tokens.values().map(|token| (token.id, (token.scope, token.node.clone()))).collect(),
            tasks: before.tasks.values().map(|task| (task.id.clone(), task.token)).collect(),
            jobs: before.jobs.values().map(|job| (job.id.clone(), job.token)).collect(),
        }
    }

    /// Where a token is or was: its level and its node.
    pub fn token(&self, token: TokenId) -> Option<(&ScopeId, &NodeId)> {
        self.tokens.get(&token).map(|(scope, node)| (scope, node))
    }

    /// How this event reads; none for bookkeeping that nobody reads.
    pub fn tell(&mut self, event: &Event, root: &InstanceId) -> Option<Told> {
        let at_root = |kind, data| Some(Told { kind, instance: root.clone(), node: None, data });
        match event {
            Event::InstanceStarted { instance, parent, process, variables } => Some(Told {
                kind: "instance_started",
                instance: instance.clone(),
                node: None,
                data: json!({ "process": process, "parent": parent, "variables": variables }),
            }),
            Event::InstanceEnded { instance, state, error, .. } => Some(Told {
                kind: "instance_ended",
                instance: instance.clone(),
                node: None,
                data: json!({ "state": state, "error": error }),
            }),
            Event::ScopeOpened { scope } => {
                self.scopes.insert(scope.id, scope.instance.clone());
                None
            }
            Event::TokenCreated { token, scope, node, .. } => {
                self.tokens.insert(*token, (*scope, node.clone()));
                None
            }
            Event::ScopeClosed { .. }
            | Event::TokenJoining { .. }
            | Event::TokenRemoved { .. }
            | Event::TokenBlocked { .. }
            | Event::TokenUnblocked { .. }
            | Event::ScopeListening { .. }
            | Event::ConditionTurned { .. }
            | Event::Compensation(Compensation::Kept { .. })
            | Event::Compensation(Compensation::Step { .. })
            | Event::RoundCompleted { .. } => None,
            Event::GatewayPassed { token } => self.at("gateway_passed", *token, JsonMap::new().into()),
            Event::NodeEntered { token, .. } => self.at("node_entered", *token, JsonMap::new().into()),
            Event::NodeCompleted { token, .. } => self.at("node_completed", *token, JsonMap::new().into()),
            Event::NodeCancelled { token, .. } => self.at("node_cancelled", *token, JsonMap::new().into()),
            Event::RepetitionStarted { token } => self.at("repetition_started", *token, JsonMap::new().into()),
            Event::RepetitionPassed { token, .. } => self.at("repetition_passed", *token, JsonMap::new().into()),
            Event::RepetitionEnded { token } => self.at("repetition_ended", *token, JsonMap::new().into()),
            Event::RepetitionExtended { scope, item } => {
                self.in_scope("repetition_extended", *scope, None, json!({ "item": item }))
            }
            Event::VariablesSet { scope, values } => {
                self.in_scope("variables_set", *scope, None, json!({ "values": values }))
            }
            Event::TaskCreated { task } => {
                self.tasks.insert(task.id.clone(), task.token);
                let data = tell_task::created(task);
                self.at("task_created", task.token, data)
            }
            Event::TaskClaimed { task, acting_for, .. } => {
                self.of_task("task_claimed", task, for_whom(json!({ "task": task }), acting_for))
            }
            Event::TaskChanged(changed) => {
                let (kind, data) = tell_task::changed(changed);
                self.of_task(kind, &changed.task, data)
            }
            Event::TaskCompleted { task, outcome, acting_for, duties, .. } => {
                let data = json!({ "task": task, "outcome": outcome });
                self.of_task("task_completed", task, proven(for_whom(data, acting_for), duties))
            }
            Event::TaskCancelled { task } => self.of_task("task_cancelled", task, json!({ "task": task })),
            Event::JobCreated { job } => {
                self.jobs.insert(job.id.clone(), job.token);
                self.at("job_created", job.token, json!({ "job": job.id, "type": job.job_type, "input": job.input }))
            }
            Event::JobFailed { job, message, retries, due } => {
                let data = json!({ "job": job, "message": message, "retries": retries, "due": due.rfc3339() });
                self.at("job_failed", *self.jobs.get(job)?, data)
            }
            Event::JobEnded { job, state, message } => {
                let kind = match state {
                    JobState::Open | JobState::Failed => "job_failed",
                    JobState::Completed => "job_completed",
                    JobState::TimedOut => "job_timed_out",
                    JobState::Error => "job_ended_with_error",
                    JobState::Cancelled => "job_cancelled",
                };
                let data = match message {
                    Some(message) => json!({ "job": job, "message": message }),
                    None => json!({ "job": job }),
                };
                self.at(kind, *self.jobs.get(job)?, data)
            }
            Event::TimerSet { timer } => {
                let data = json!({ "timer": timer.id, "event": timer.node, "due": timer.due.rfc3339() });
                self.held("timer_set", timer.holder, data)
            }
            Event::TimerFired { timer, missed: 0 } => at_root("timer_fired", json!({ "timer": timer })),
            Event::TimerFired { timer, missed } => at_root("timer_fired", json!({ "timer": timer, "missed": missed })),
            Event::TimerCancelled { timer } => at_root("timer_cancelled", json!({ "timer": timer })),
            Event::SubscriptionOpened { subscription } => {
                let data = json!({ "subscription": subscription.id, "event": subscription.node,
                    "awaits": subscription.awaits });
                self.held("subscription_opened", subscription.holder, data)
            }
            Event::SubscriptionClosed { subscription } => {
                at_root("subscription_closed", json!({ "subscription": subscription }))
            }
            Event::EventHappened { node, scope, subscription, payload, .. } => {
                let data = json!({ "subscription": subscription, "payload": payload });
                self.in_scope("event_happened", *scope, Some(node), data)
            }
            Event::MessageThrown { token, message } => self.at("message_thrown", *token, json!({ "message": message })),
            Event::SignalThrown { token, name, payload } => {
                self.at("signal_thrown", *token, json!({ "name": name, "payload": payload }))
            }
            Event::EscalationThrown { token, code } => self.at("escalation_thrown", *token, json!({ "code": code })),
            Event::Compensation(Compensation::Begun { scope, node }) => {
                self.in_scope("compensation_begun", *scope, node.as_ref(), JsonMap::new().into())
            }
            Event::Voting(token, VotingEvent::Voided { instance, node, .. }) => Some(Told {
                kind: "approval_voided",
                instance: instance.clone(),
                node: Some(node.clone()),
                data: json!({ "approval": token_name(root, *token) }),
            }),
            Event::Voting(token, event) => {
                let (kind, data) = voted(root, *token, event)?;
                self.at(kind, *token, data)
            }
            Event::DecisionMade { decision } => Some(Told {
                kind: "decision_made",
                instance: decision.instance.clone(),
                node: Some(decision.node.clone()),
                data: json!({ "decision": decision.id, "function": decision.function }),
            }),
            Event::ActionPerformed { token, action, input, .. } => {
                self.at("action_performed", *token, json!({ "action": action, "input": input }))
            }
            Event::ProcessBegun(Begun { token, process, instance, existing }) => {
                let data = json!({ "process": process, "instance": instance, "existing": existing });
                self.at("process_begun", *token, data)
            }
            Event::ErrorThrown { token, code } => self.at("error_thrown", *token, json!({ "code": code })),
            Event::IncidentRaised { incident } => {
                let failure = json!({ "incident": incident.id, "code": incident.failure.code, "message": incident.failure.message });
                self.at("incident_raised", incident.token, failure)
            }
            Event::IncidentResolved { incident, how, reason, .. } => {
                at_root("incident_resolved", json!({ "incident": incident, "how": how, "reason": reason }))
            }
            Event::Intervened { instance, what, reason, .. } => Some(told_of(root, instance, what, reason.as_deref())),
            Event::NodeSkipped { token, outcome, .. } => self.at("node_skipped", *token, json!({ "outcome": outcome })),
        }
    }

    /// Of something that a token holds, or a scope.
    fn held(&self, kind: &'static str, holder: HolderId, data: Json) -> Option<Told> {
        match self.tokens.contains_key(&holder) {
            true => self.at(kind, holder, data),
            false => self.in_scope(kind, holder, None, data),
        }
    }

    fn in_scope(&self, kind: &'static str, scope: ScopeId, node: Option<&NodeId>, data: Json) -> Option<Told> {
        Some(Told { kind, instance: self.scopes.get(&scope)?.clone(), node: node.cloned(), data })
    }

    fn of_task(&self, kind: &'static str, task: &TaskId, data: Json) -> Option<Told> {
        self.at(kind, *self.tasks.get(task)?, data)
    }

    fn at(&self, kind: &'static str, token: TokenId, data: Json) -> Option<Told> {
        let (scope, node) = self.tokens.get(&token)?;
        let instance = self.scopes.get(scope)?.clone();
        Some(Told { kind, instance, node: Some(node.clone()), data })
    }
}

/// How an approval reads; it is called as it is outside. That a record was read says nothing of the approval.
fn voted(root: &InstanceId, token: TokenId, event: &VotingEvent) -> Option<(&'static str, Json)> {
    let approval = token_name(root, token);
    Some(match event {
        // That it counts no more is told where it was.
        VotingEvent::SubjectChanged | VotingEvent::SubjectRead(_) | VotingEvent::Voided { .. } => return None,
        VotingEvent::Opened(voting) => {
            let levels = voting.levels.len();
            let data = json!({ "approval": approval, "submitter": voting.submitter, "digest": voting.digest, "levels": levels });
            ("approval_opened", data)
        }
        VotingEvent::Seated { seats, votes } => {
            let asked = |counted: bool| -> Vec<&UserId> {
                seats.iter().filter(|seat| seat.decision.is_some() == counted).map(|seat| &seat.user).collect()
            };
            let digests: Vec<&str> = votes.iter().map(|vote| vote.digest.as_str()).collect();
            let data =
                json!({ "approval": approval, "asked": asked(false), "agreedBefore": asked(true), "digests": digests });
            ("approvers_asked", data)
        }
        VotingEvent::ApproverAdded { added, .. } => {
            let data = json!({ "approval": approval, "level": added.level + 1, "user": added.user, "by": added.by,
                "reason": added.reason });
            ("approver_added", data)
        }
        VotingEvent::Voted { vote, .. } => {
            let data = json!({ "approval": approval, "level": vote.level + 1, "by": vote.by, "for": vote.for_user,
                "decision": vote.choice, "to": vote.to, "reason": vote.reason, "digest": vote.digest });
            ("voted", data)
        }
        VotingEvent::LevelPassed => ("approval_level_agreed", json!({ "approval": approval })),
        VotingEvent::Reopened { digest, levels, .. } => {
            ("approval_reopened", json!({ "approval": approval, "digest": digest, "levels": levels.len() }))
        }
        VotingEvent::Closed(ended) => {
            let data = json!({ "approval": approval, "outcome": ended.outcome, "reason": ended.reason });
            ("approval_closed", data)
        }
    })
}

/// How an intervention reads. Tokens are told as they are called outside.
fn told_of(root: &InstanceId, instance: &InstanceId, what: &Intervention, reason: Option<&str>) -> Told {
    let name = |token: &TokenId| token_name(root, *token);
    let (kind, data) = match what {
        Intervention::Cancel => ("instance_cancelled", json!({ "reason": reason })),
        Intervention::Suspend => ("instance_suspended", json!({ "reason": reason })),
        Intervention::Resume => ("instance_resumed", json!({ "reason": reason })),
        Intervention::SetVariables { token, .. } => {
            ("variables_changed", json!({ "reason": reason, "token": token.as_ref().map(name) }))
        }
        Intervention::Modify { steps } => {
            let steps = steps.iter().map(|step| match step {
                Step::StartBefore { node } => json!({ "startBefore": { "node": node } }),
                Step::StartAfter { node, outcome } => json!({ "startAfter": { "node": node, "outcome": outcome } }),
                Step::Cancel { token } => json!({ "cancel": { "token": name(token) } }),
            });
            ("instance_modified", json!({ "reason": reason, "steps": steps.collect::<Vec<_>>() }))
        }
    };
    Told { kind, instance: instance.clone(), node: None, data }
}
