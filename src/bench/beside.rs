//! Requests beside statements that a person wrote for the same question: one of each in turn, so that whatever the machine
//! does meanwhile, it does to both.

use super::Run;
use super::client::Client;
use super::drive::Driven;
use super::figures::{Figures, rounded};
use super::workload::{Sql, Step};
use crate::server::{Failed, demo};
use crate::store::{connect_read_only, databases};
use std::time::{Duration, Instant};

impl Run<'_> {
    /// A line of figures for each request.
    pub(super) fn beside(&self, size: u64) -> Result<(), Failed> {
        let served = self.serve()?;
        let client = Client::new(&served.url, &self.token)?;
        let mut conn = connect_read_only(&self.place.url).map_err(Failed::because)?;
        for step in &self.project.workload.each {
            let Step::Post { path, body, name, sql: Some(sql) } = step else { continue };
            let sql = self.written(sql);
            let send = || client.post(path, body)?.done().map(drop);
            let ask = || databases::texts(&mut conn, &sql).map(drop).map_err(Failed::because);
            let used = served.usage();
            let (sent, asked) = in_turn(self.bench.lasts, send, ask)?;
            let mut figures = Figures { step: name.clone(), clients: 1, ..self.figures(size) };
            figures.start_s = Some(rounded(served.came_up.as_secs_f64()));
            figures.take(&sent);
            figures.use_of(used, served.usage(), sent.took.len());
            figures.limit_per_second = Some(rounded(asked.per_second()));
            let (ours, theirs) = (half(&sent), half(&asked));
            figures.limit_p50_ms = Some(rounded(theirs));
            figures.ratio_to_limit = Some(rounded(theirs / ours));
            figures.say(self.bench.as_json);
        }
        Ok(())
    }

    /// The statement for this database and this caller.
    fn written(&self, sql: &Sql) -> String {
        let text = if self.place.store() == "sqlite" { &sql.sqlite } else { &sql.postgres };
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let now = jiff::Timestamp::now().as_millisecond().to_string();
        let text = text.replace("{user}", &quoted(&self.user)).replace("{business}", &quoted(demo::BUSINESS));
        text.replace("{now}", &now)
    }
}

/// One and the other until the time is up; the first of both does not count.
fn in_turn(
    lasts: Duration,
    mut one: impl FnMut() -> Result<(), Failed>,
    mut other: impl FnMut() -> Result<(), Failed>,
) -> Result<(Driven, Driven), Failed> {
    one()?;
    other()?;
    let (mut ones, mut others) = (Driven::default(), Driven::default());
    let until = Instant::now() + lasts;
    loop {
        timed(&mut one, &mut ones)?;
        timed(&mut other, &mut others)?;
        if Instant::now() >= until {
            break;
        }
    }
    ones.took.sort_unstable();
    others.took.sort_unstable();
    Ok((ones, others))
}

fn timed(work: &mut impl FnMut() -> Result<(), Failed>, driven: &mut Driven) -> Result<(), Failed> {
    let begun = Instant::now();
    work()?;
    let took = begun.elapsed();
    driven.took.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    driven.lasted += took;
    Ok(())
}

/// What half of them took at most, in milliseconds.
fn half(driven: &Driven) -> f64 {
    driven.quantile(0.5).map_or(0.0, |took| f64::from(took) / 1_000.0)
}
