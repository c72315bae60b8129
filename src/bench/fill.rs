//! Filling a database up to a size: one thing after the other, as the workload lists them.

use super::prepare::Filling;
use super::workload::{Instances, Prepare};
use super::{Run, copies, people};
use crate::model::actor::Actor;
use crate::model::ids::BusinessId;
use crate::runtime::operator;
use crate::server::say::complain;
use crate::server::{Failed, demo};
use crate::store::{connect, replay};
use std::ops::Range;
use std::time::Instant;

impl Run<'_> {
    /// Makes what is missing between two sizes; before the first one there is nothing.
    pub(super) fn fill(&self, before: Option<u64>, size: u64) -> Result<(), Failed> {
        let begun = Instant::now();
        let mut is_new = false;
        for what in &self.project.workload.prepare {
            let numbers = before.map_or(0, |before| what.number(before))..what.number(size);
            if !numbers.is_empty() {
                is_new = true;
                self.make(what, numbers, size)?;
            }
        }
        if is_new {
            complain(format_args!(
                "{}: {size} prepared in {} s",
                self.project.workload.bench,
                begun.elapsed().as_secs()
            ));
        }
        Ok(())
    }

    fn make(&self, what: &Prepare, numbers: Range<u64>, size: u64) -> Result<(), Failed> {
        let operator = operator(BusinessId::from(demo::BUSINESS));
        if let Some(people) = &what.people {
            return self.with_runtime(|runtime, tokio| {
                tokio.block_on(people::take_in(runtime, &operator, people, &self.project.data, numbers.end))
            });
        }
        let imported = match &what.instances {
            Some(_) => numbers.start..numbers.end.min(copies::STARTED),
            None => numbers.clone(),
        };
        if !imported.is_empty() {
            let known = self.known(what, size)?;
            self.with_runtime(|runtime, tokio| {
                let filling = tokio.block_on(async {
                    let library = runtime.definitions(&operator).await?;
                    let roles = library.definitions.pack.roles.keys().cloned().collect();
                    let actor = Actor { roles, ..operator.clone() };
                    Filling::new(runtime, &actor, what, (&self.project.data, known), imported).await
                })?;
                filling.run()
            })?;
        }
        match &what.instances {
            Some(Instances { process, .. }) => {
                copies::make(&self.place.url, process, &operator, numbers.start.max(copies::STARTED)..numbers.end)
            }
            None => Ok(()),
        }
    }

    /// The ids of the records that those of this element are made of, by type.
    fn known(&self, what: &Prepare, size: u64) -> Result<Vec<(String, Vec<String>)>, Failed> {
        let all = &self.project.workload.prepare;
        let mut conn = connect(&self.place.url).map_err(Failed::because)?;
        let business = BusinessId::from(demo::BUSINESS);
        let of = what.records.iter().flat_map(|records| &records.of);
        let known = of.map(|name| {
            let is_it = |other: &&Prepare| other.records.as_ref().is_some_and(|records| records.r#type == *name);
            let number = all.iter().find(is_it).map_or(0, |other| other.number(size));
            let ids = replay::first(&mut conn, &business, name, number).map_err(Failed::because)?;
            match ids.is_empty() {
                true => Err(Failed(format!("records are made of {name}, but none of these is prepared before"))),
                false => Ok((name.clone(), ids)),
            }
        });
        known.collect()
    }
}
