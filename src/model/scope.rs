//! Scopes: what a token allows at all. What its holder may do beyond that, roles and relations decide.

use std::fmt;

/// One scope, written `tasks:write` in tokens and in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// See process instances and their history.
    ProcessesRead,
    /// Start processes.
    ProcessesWrite,
    /// Send messages and signals to instances.
    MessagesSend,
    /// See user tasks and their forms.
    TasksRead,
    /// Claim, give back and complete user tasks.
    TasksWrite,
    /// See business records and their history.
    RecordsRead,
    /// Create and change business records.
    RecordsWrite,
    /// See decision records with their explanation.
    DecisionsRead,
    /// See incidents.
    IncidentsRead,
    /// Try incidents again.
    IncidentsWrite,
    /// See jobs of workers.
    JobsRead,
    /// Take jobs, and report on them.
    JobsWork,
    /// See deployments, process definitions, plugins, scripts and settings.
    DefinitionsRead,
    /// Deploy and activate revisions.
    DefinitionsWrite,
    /// See users and the business.
    DirectoryRead,
    /// Change users and positions.
    DirectoryWrite,
    /// Provision users and groups from an outside directory.
    Scim,
    /// Ask for access beyond the rules, and agree to it.
    BreakGlass,
    /// Create businesses and service accounts.
    Admin,
}

impl Scope {
    /// All scopes, in the order of the documentation.
    pub fn all() -> [Scope; 19] {
        use Scope::*;
        [
            ProcessesRead,
            ProcessesWrite,
            MessagesSend,
            TasksRead,
            TasksWrite,
            RecordsRead,
            RecordsWrite,
            DecisionsRead,
            IncidentsRead,
            IncidentsWrite,
            JobsRead,
            JobsWork,
            DefinitionsRead,
            DefinitionsWrite,
            DirectoryRead,
            DirectoryWrite,
            Scim,
            BreakGlass,
            Admin,
        ]
    }

    /// The word in tokens.
    pub fn name(self) -> &'static str {
        match self {
            Scope::ProcessesRead => "processes:read",
            Scope::ProcessesWrite => "processes:write",
            Scope::MessagesSend => "messages:send",
            Scope::TasksRead => "tasks:read",
            Scope::TasksWrite => "tasks:write",
            Scope::RecordsRead => "records:read",
            Scope::RecordsWrite => "records:write",
            Scope::DecisionsRead => "decisions:read",
            Scope::IncidentsRead => "incidents:read",
            Scope::IncidentsWrite => "incidents:write",
            Scope::JobsRead => "jobs:read",
            Scope::JobsWork => "jobs:work",
            Scope::DefinitionsRead => "definitions:read",
            Scope::DefinitionsWrite => "definitions:write",
            Scope::DirectoryRead => "directory:read",
            Scope::DirectoryWrite => "directory:write",
            Scope::Scim => "scim",
            Scope::BreakGlass => "break-glass",
            Scope::Admin => "admin",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Scope> {
        Scope::all().into_iter().find(|scope| scope.name() == word)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
