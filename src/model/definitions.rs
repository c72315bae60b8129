//! All definitions of one business in one revision, resolved: what the engine, the scripts and the API read.

use super::form::Form;
use super::mapping::Mapping;
use super::pack::Pack;
use super::plugin::Plugin;
use super::process::Process;
use super::record_type::RecordType;
use super::scenario::Scenario;
use super::stage::StageList;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The resolved definitions.
#[derive(Debug, Clone)]
pub struct Definitions {
    /// The pack, overlay applied.
    pub pack: Pack,
    /// Processes by key.
    pub processes: BTreeMap<String, Arc<Process>>,
    /// Record types by name.
    pub records: BTreeMap<String, Arc<RecordType>>,
    /// Stage lists by name.
    pub stages: BTreeMap<String, Arc<StageList>>,
    /// Forms by name.
    pub forms: BTreeMap<String, Arc<Form>>,
    /// Mappings of files by name.
    pub mappings: BTreeMap<String, Arc<Mapping>>,
    /// Scenarios by name.
    pub scenarios: BTreeMap<String, Arc<Scenario>>,
    /// Plugins by id.
    pub plugins: BTreeMap<String, Arc<Plugin>>,
}
