//! Rows of the route table: what a person does with an instance from outside, and where its tokens are.

use super::incidents::{self, SkipIncident};
use super::interventions::{self, Modify, Reasoned, Resume, SetVariables};
use super::process_instances;
use super::route::{Route, row};
use super::routes::{GET, PATCH, POST};
use super::view::instance::InstanceView;
use super::view::token::TokenView;
use crate::model::scope::Scope::*;
use crate::runtime::access::PROCESS_ADMIN;

#[rustfmt::skip] // a table reads in rows
pub(super) fn interventions() -> Vec<Route> {
    vec![
        row(GET, "/process-instances/{id}/tokens", "listProcessInstanceTokens", ProcessesRead, process_instances::list_tokens, "Where an instance stands: its tokens, and what each waits for")
            .gives_page::<TokenView>().lists(&[]),
        row(POST, "/process-instances/{id}/suspend", "suspendProcessInstance", ProcessesWrite, interventions::suspend, "Stop a root instance: nothing in it moves until it is resumed")
            .takes::<Reasoned>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
        row(POST, "/process-instances/{id}/resume", "resumeProcessInstance", ProcessesWrite, interventions::resume, "Let a suspended instance go on; timers that are due fire at once")
            .takes_perhaps::<Resume>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
        row(PATCH, "/process-instances/{id}/variables", "setProcessInstanceVariables", ProcessesWrite, interventions::set_variables, "Set variables of an instance; the answer is its root")
            .takes::<SetVariables>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
        row(POST, "/process-instances/{id}/modify", "modifyProcessInstance", ProcessesWrite, interventions::modify, "Place tokens before and after nodes and take tokens away, all or nothing; the answer is the root")
            .takes::<Modify>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
        row(POST, "/process-instances/{id}/cancel", "cancelProcessInstance", ProcessesWrite, interventions::cancel, "End a root instance with everything inside it")
            .takes::<Reasoned>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
        row(POST, "/incidents/{id}/skip", "skipIncident", IncidentsWrite, incidents::skip, "Count the failed node as done, with variables of your own")
            .takes::<SkipIncident>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
    ]
}
