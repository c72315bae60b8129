//! The rows of the table by which the outside speaks to instances: messages, signals, and activities that wait for
//! somebody to begin them or let them go on.

use super::activities::{self, AtNode, FurtherInstance};
use super::messages::{self, SendMessage, SendSignal};
use super::route::{Route, row};
use super::routes::POST;
use super::view::instance::InstanceView;
use super::view::message::{MessageView, SignalView};
use crate::model::scope::Scope::{MessagesSend, ProcessesWrite};
use crate::runtime::access::PROCESS_ADMIN;

#[rustfmt::skip] // a table reads in rows
pub(super) fn messages() -> Vec<Route> {
    vec![
        row(POST, "/messages", "sendMessage", MessagesSend, messages::send, "Send a message to the one who waits for it, or is begun by it; with `ttl` it is kept (202) when nobody does")
            .takes::<SendMessage>().gives::<MessageView>(200).or(202),
        row(POST, "/signals", "sendSignal", MessagesSend, messages::broadcast, "Send a signal to everybody who waits for it now, and to the processes that it begins")
            .takes::<SendSignal>().gives::<SignalView>(202),
        row(POST, "/process-instances/{id}/trigger", "triggerActivity", ProcessesWrite, activities::trigger, "Let a receive task go on that waits for somebody to say so")
            .takes::<AtNode>().gives::<InstanceView>(200).tagged().role(PROCESS_ADMIN),
        row(POST, "/process-instances/{id}/activities", "beginActivity", ProcessesWrite, activities::begin, "Begin an activity of an ad-hoc sub-process that is at work")
            .takes::<AtNode>().gives::<InstanceView>(200).tagged().role(PROCESS_ADMIN),
        row(POST, "/process-instances/{id}/activities/{node}/instances", "addActivityInstance", ProcessesWrite, activities::add, "One more instance of an activity that is done for each, and says `mayAdd`")
            .takes::<FurtherInstance>().gives::<InstanceView>(200).tagged().role(PROCESS_ADMIN),
    ]
}
