//! Events: what they wait for or set off, written with the same keys at every place.

use super::scalar::{Source, Sources, Targets};
use crate::model::event_definition::Missed;
use schemars::JsonSchema;
use serde::Deserialize;

/// The keys of an event, whatever it stands on.
#[derive(Debug, Clone, Copy)]
pub struct EventKeys<'a> {
    /// A point in time.
    pub timer: Option<&'a TimerShape>,
    /// The name of a message.
    pub message: Option<&'a str>,
    /// The key of the message.
    pub correlate: Option<&'a Source>,
    /// How long the message is kept.
    pub ttl: Option<&'a str>,
    /// The name of a signal.
    pub signal: Option<&'a str>,
    /// What a message or signal brings.
    pub input: &'a Sources,
    /// Variables from what it brought.
    pub output: &'a Sources,
    /// The code of an error.
    pub error: Option<&'a str>,
    /// The code of an escalation.
    pub escalation: Option<&'a str>,
    /// What becomes true.
    pub condition: Option<&'a Source>,
    /// The name of a link.
    pub link: Option<&'a str>,
    /// The activity that is undone, or `all`.
    pub compensate: Option<&'a str>,
    /// The end of its level.
    pub terminate: bool,
    /// The end of the transaction.
    pub cancel: bool,
    /// Several: one is enough.
    pub any: Option<&'a [EventShape]>,
    /// Several: all must have happened.
    pub all: Option<&'a [EventShape]>,
}

/// A struct with the keys of an event beside its own.
macro_rules! with_event {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Debug, Deserialize, JsonSchema)]
        $(#[$doc])*
        #[serde(deny_unknown_fields, rename_all = "camelCase")]
        pub struct $name {
            $($(#[$attribute])* pub $field: $type,)*
            /// A point in time.
            pub timer: Option<$crate::definitions::shape::event::TimerShape>,
            /// The name of a message.
            pub message: Option<String>,
            /// Gives the key of the message. A message that is waited for must have this key.
            pub correlate: Option<$crate::definitions::shape::scalar::Source>,
            /// How long a message that is sent is kept while nobody waits for it: PT1H.
            pub ttl: Option<String>,
            /// The name of a signal.
            pub signal: Option<String>,
            /// What a message or signal that is sent brings: name, expression over the variables.
            #[serde(default, rename = "in")]
            pub input: $crate::definitions::shape::scalar::Sources,
            /// Variable: expression over `result`, what the message or signal brought.
            #[serde(default, rename = "out")]
            pub output: $crate::definitions::shape::scalar::Sources,
            /// The code of a BPMN error; `any` catches each.
            pub error: Option<String>,
            /// The code of an escalation; `any` catches each.
            pub escalation: Option<String>,
            /// Happens when this becomes true.
            pub condition: Option<$crate::definitions::shape::scalar::Source>,
            /// The name of a link: the throw event flows to the catch event of the same name in its list.
            pub link: Option<String>,
            /// What is undone: the id of an activity, or `all` that was done in this list.
            pub compensate: Option<String>,
            /// Ends everything in its level at once.
            #[serde(default)]
            pub terminate: bool,
            /// Ends the transaction and undoes what was done in it; at its edge: that this has happened.
            #[serde(default)]
            pub cancel: bool,
            /// Several events, of which one is enough; of a throw event: all of them.
            pub any: Option<Vec<$crate::definitions::shape::event::EventShape>>,
            /// Several events that all must have happened.
            pub all: Option<Vec<$crate::definitions::shape::event::EventShape>>,
        }

        impl $name {
            /// The keys of the event.
            pub fn event(&self) -> $crate::definitions::shape::event::EventKeys<'_> {
                $crate::definitions::shape::event::EventKeys {
                    timer: self.timer.as_ref(),
                    message: self.message.as_deref(),
                    correlate: self.correlate.as_ref(),
                    ttl: self.ttl.as_deref(),
                    signal: self.signal.as_deref(),
                    input: &self.input,
                    output: &self.output,
                    error: self.error.as_deref(),
                    escalation: self.escalation.as_deref(),
                    condition: self.condition.as_ref(),
                    link: self.link.as_deref(),
                    compensate: self.compensate.as_deref(),
                    terminate: self.terminate,
                    cancel: self.cancel,
                    any: self.any.as_deref(),
                    all: self.all.as_deref(),
                }
            }
        }
    };
}
pub(super) use with_event;

with_event!(
    /// One of several events.
    #[schemars(rename = "EventDefinition")]
    EventShape {}
);
with_event!(
    /// An event at the edge of an activity.
    #[schemars(rename = "BoundaryEvent")]
    BoundaryShape {
        /// Its id; `<node>.boundary1` when not said.
        id: Option<String>,
        /// The node that follows, or a list of them; `end` ends the path.
        to: Targets,
        /// Whether it cancels the activity; true when not said.
        interrupting: Option<bool>,
    }
);

/// When a timer fires: `duration`, `date`, or again and again by `cycle` or `cron`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Timer")]
pub struct TimerShape {
    /// This long after it was set: P1D, PT4H.
    pub duration: Option<String>,
    /// At the instant that the expression gives, RFC 3339 text.
    pub date: Option<Source>,
    /// Again and again: R4/PT10S four times, R/P1D without end.
    pub cycle: Option<String>,
    /// Again and again by the calendar: minute, hour, day of the month, month, day of the week. 0 9 * * 1-5 is nine
    /// o'clock from Monday to Friday.
    pub cron: Option<String>,
    /// The time zone of `cron`, by its IANA name such as Asia/Shanghai; that of the business when not said.
    pub zone: Option<String>,
    /// What becomes of those that were due while nothing ran: of a counted cycle `all`, else `once`, when not said.
    pub missed: Option<Missed>,
}
