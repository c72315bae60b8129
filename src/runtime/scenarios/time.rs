//! Time in a story: it passes only when a step says so, and at each instant at which something is due, that happens. What is
//! on its way arrives before the next step.

use super::stage::Scene;
use crate::model::actor::Actor;
use crate::model::ids::{DeliveryId, SubscriptionId, TimerId};
use crate::model::refusal::Refusal;
use crate::model::schedule::Schedule;
use crate::model::time::{Duration, Timestamp};
use crate::runtime::clock::Clock;
use crate::runtime::exchange::Exchange;
use crate::runtime::request::Change;
use crate::store::{deliveries, schedules, timers};

/// Read in one go.
const BATCH: i64 = 200;
/// Things that happen one after the other at one instant, at most: a story ends.
const AT_ONCE: usize = 10_000;

/// Something that is due.
enum Due {
    Timer(TimerId),
    Delivery(DeliveryId, Option<SubscriptionId>),
    Begin(Schedule),
}

impl Scene<'_> {
    /// Time passes.
    pub fn wait(&mut self, duration: &Duration) -> Result<(), Refusal> {
        let until = duration.after(self.clock.now());
        self.until(until)?;
        self.clock.set(until);
        Ok(())
    }

    /// What is on its way arrives, without any time passing.
    pub fn bring(&self) -> Result<(), Refusal> {
        for _ in 0..AT_ONCE {
            let Some((_, Due::Delivery(delivery, to))) = self.delivery(self.clock.now())? else { return Ok(()) };
            self.happen(Due::Delivery(delivery, to))?;
        }
        Err(Refusal::conflict("without_end", "messages and signals go on without end"))
    }

    fn until(&self, until: Timestamp) -> Result<(), Refusal> {
        let (mut at, mut count) = (self.clock.now(), 0);
        loop {
            let due = [self.timer(until)?, self.delivery(until)?, self.schedule(until)?];
            // of what is due at the same time: timers, then what is on its way, then what begins
            let Some((due, what)) = due.into_iter().flatten().min_by_key(|(due, _)| *due) else { return Ok(()) };
            let due = due.max(self.clock.now());
            count = if due == at { count + 1 } else { 0 };
            at = due;
            if count > AT_ONCE {
                return Err(Refusal::conflict("without_end", "what is due goes on without end"));
            }
            self.clock.set(due);
            self.happen(what)?;
        }
    }

    fn happen(&self, due: Due) -> Result<(), Refusal> {
        let change = match due {
            Due::Timer(timer) => Change::FireTimer(timer),
            Due::Delivery(delivery, to) => Change::Exchange(Box::new(Exchange::Bring { delivery, to })),
            Due::Begin(schedule) => Change::Exchange(Box::new(Exchange::Begin(schedule))),
        };
        self.execute(Actor::engine(self.business.clone()), change).map(|_| ())
    }

    fn timer(&self, until: Timestamp) -> Result<Option<(Timestamp, Due)>, Refusal> {
        self.look(|conn| {
            let mut last = None;
            loop {
                let page = timers::due(conn, until, last.as_ref(), BATCH)?;
                if let Some(own) = page.iter().find(|timer| timer.business == self.business) {
                    return Ok(Some((own.due, Due::Timer(own.id.clone()))));
                }
                match page.last() {
                    Some(end) => last = Some(end.clone()),
                    None => return Ok(None),
                }
            }
        })
    }

    fn delivery(&self, until: Timestamp) -> Result<Option<(Timestamp, Due)>, Refusal> {
        self.look(|conn| {
            let mut last = None;
            loop {
                let page = deliveries::due(conn, until, last.as_ref(), BATCH)?;
                if let Some(own) = page.iter().find(|due| due.business == self.business) {
                    return Ok(Some((own.due, Due::Delivery(own.id.clone(), own.to.clone()))));
                }
                match page.last() {
                    Some(end) => last = Some(end.clone()),
                    None => return Ok(None),
                }
            }
        })
    }

    fn schedule(&self, until: Timestamp) -> Result<Option<(Timestamp, Due)>, Refusal> {
        let all = self.look(|conn| schedules::list(conn, &self.business))?;
        let due = all.into_iter().filter_map(|schedule| Some((schedule.due.filter(|due| *due <= until)?, schedule)));
        Ok(due.min_by_key(|(due, _)| *due).map(|(due, schedule)| (due, Due::Begin(schedule))))
    }
}
