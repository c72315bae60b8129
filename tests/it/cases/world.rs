//! The revision that a case runs on, and the people who work in it.

use kamflow::definitions;
use kamflow::engine::Revision;
use kamflow::model::actor::Actor;
use kamflow::model::definitions::Definitions;
use kamflow::model::ids::BusinessId;
use kamflow::model::revision::Files;
use kamflow::model::task_change::Person;
use kamflow::scripts::{self, Scripts};

/// People and their roles. Whoever else acts has none.
const PEOPLE: [(&str, &[&str]); 4] =
    [("alice", &["sales"]), ("bob", &["sales"]), ("carol", &["manager"]), ("dave", &[])];

/// The pack around all cases.
pub const PACK: &str = "
pack: case
title: {en: Case, zh: 案例}
version: 1.0.0
roles:
  sales: {en: Sales, zh: 销售}
  manager: {en: Manager, zh: 经理}
";

/// A compiled revision.
pub struct World {
    pub definitions: Definitions,
    pub scripts: Scripts,
    /// The active revision, when it is another one.
    pub latest: Option<Box<World>>,
}

impl World {
    /// What the engine knows of it.
    pub fn revision(&self, number: i64) -> Revision<'_> {
        let roles = &self.definitions.pack.roles;
        Revision { number, processes: &self.definitions.processes, scripts: &self.scripts, roles }
    }
}

/// Parses and compiles the files with a minimal pack around them.
pub fn build(files: &Files) -> Result<World, String> {
    let mut files = files.clone();
    files.insert("workflows/case/pack.yaml".to_owned(), PACK.as_bytes().to_vec());
    let parsed = definitions::parse(&files);
    let wrong = |findings: &[kamflow::model::finding::Finding]| {
        let sentences: Vec<String> = findings.iter().map(ToString::to_string).collect();
        format!("the definitions are refused:\n  {}", sentences.join("\n  "))
    };
    let Some(definitions) = parsed.definitions else { return Err(wrong(&parsed.findings)) };
    let compiled = scripts::compile(&definitions);
    match compiled.scripts {
        Some(scripts) => Ok(World { definitions, scripts, latest: None }),
        None => Err(wrong(&compiled.findings)),
    }
}

/// A person with the roles of the cases.
pub fn person(user: &str) -> Actor {
    let roles = PEOPLE.iter().find(|(name, _)| *name == user).map_or(&[][..], |(_, roles)| roles);
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Actor { roles, ..Actor::of(business(), user.into()) }
}

/// A person as the directory knows them.
pub fn directory(user: &str) -> Person {
    Person { user: user.into(), roles: person(user).roles }
}

/// The one business of all cases.
pub fn business() -> BusinessId {
    BusinessId::from("main")
}
