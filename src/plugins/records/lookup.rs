//! Looking records up: what indexes answer is left to the database, the rest is asked of the records that remain, when
//! they are few.

use super::facts::{Facts, compare};
use super::places::can_be_indexed;
use super::sort::order;
use super::terms::{Asking, refused, terms};
use crate::model::filter::Filter;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::Stop;
use crate::store::Connection;
use crate::store::page::{Count, MOST_COUNTED};
use crate::store::records::{self, After, Asked, By, Order, RecordPage, RecordQuery, Sight, Slot, Term, Value};

/// A search that was understood.
#[derive(Debug)]
pub struct Lookup<'a> {
    record_type: &'a RecordType,
    asked: Asked,
    order: Order,
    scanned: Vec<Term>,
    /// Whether the order is one that only the records tell.
    sorted: bool,
    /// The fields without an index, those that one index would serve together.
    missing: Vec<Vec<String>>,
    /// The fields without a column that are summed up.
    summed: Vec<String>,
}

/// Reads filter and order.
pub fn lookup<'a>(
    asking: Asking<'a>,
    business: &BusinessId,
    sight: Sight,
    filter: &[Filter],
    sort: Option<&(String, bool)>,
) -> Result<Lookup<'a>, Refusal> {
    let mut terms = terms(asking, filter)?;
    let (order, known) = order(asking, sort, &terms)?;
    if let (false, Some((field, _))) = (known, sort) {
        match terms.missing.first_mut() {
            Some(missing) if missing.contains(field) => {}
            Some(missing) => missing.push(field.clone()),
            None => terms.missing.push(vec![field.clone()]),
        }
    }
    terms.missing.retain(|fields| !fields.is_empty());
    let record_type = asking.record_type;
    let asked = Asked {
        business: business.clone(),
        record_type: record_type.name.clone(),
        sight,
        terms: terms.indexed,
        few: asking.few,
    };
    Ok(Lookup {
        record_type,
        asked,
        order,
        scanned: terms.scanned,
        sorted: !known,
        missing: terms.missing,
        summed: Vec::new(),
    })
}

impl Lookup<'_> {
    /// A page.
    pub fn page(&self, conn: &mut Connection, after: Option<After>, limit: i64) -> Result<RecordPage, Stop> {
        match self.is_indexed() {
            true => Ok(records::search(conn, &self.query(after, limit)?)?),
            false => Ok(self.scanned(conn, after, limit)?.0),
        }
    }

    /// A page, and how many there are.
    pub fn page_and_count(
        &self,
        conn: &mut Connection,
        after: Option<After>,
        limit: i64,
    ) -> Result<(RecordPage, Count), Stop> {
        match self.is_indexed() {
            true => Ok(records::search_and_count(conn, &self.query(after, limit)?)?),
            false => self.scanned(conn, after, limit),
        }
    }

    fn query(&self, after: Option<After>, limit: i64) -> Result<RecordQuery, Refusal> {
        if after.as_ref().is_some_and(|after| !self.has_place(after)) {
            return Err(refused("wrong_cursor", "the cursor is of another search; begin without one", "/page/cursor"));
        }
        Ok(RecordQuery { asked: self.asked.clone(), order: self.order.clone(), after, limit })
    }

    fn scanned(&self, conn: &mut Connection, after: Option<After>, limit: i64) -> Result<(RecordPage, Count), Stop> {
        let mut found: Vec<(After, Record)> =
            self.scan(conn)?.into_iter().map(|(record, facts)| (facts.place(&self.order, &record), record)).collect();
        let count = counted(found.len());
        found.sort_by(|(one, _), (other, _)| compare(one, other, &self.order));
        if let Some(after) = after {
            found.retain(|(place, _)| compare(place, &after, &self.order).is_gt());
        }
        let most = usize::try_from(limit).unwrap_or(0);
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().map(|(place, _)| place.clone()).filter(|_| more);
        Ok((RecordPage { items: found.into_iter().map(|(_, record)| record).collect(), next }, count))
    }

    /// Whether a place is one in this order.
    fn has_place(&self, after: &After) -> bool {
        let number = |value: &Value| matches!(value, Value::Number(_));
        let fits = match &self.order.by {
            By::Id => false,
            By::Columns(slots) => {
                let kinds = slots.iter().map(Slot::is_number);
                kinds.eq(after.key.iter().map(number))
            }
            By::Entries { .. } => after.key.iter().map(number).eq([false]),
        };
        fits || after.key.is_empty() && (self.order.by == By::Id || self.order.lacking.is_some())
    }

    /// How many there are.
    pub fn count(&self, conn: &mut Connection) -> Result<Count, Stop> {
        if self.scanned.is_empty() {
            return Ok(records::count(conn, &self.asked)?);
        }
        Ok(counted(self.scan(conn)?.len()))
    }

    /// The ids of at most so many of them.
    pub fn ids(&self, conn: &mut Connection, most: i64) -> Result<Vec<RecordId>, Stop> {
        if self.scanned.is_empty() {
            return Ok(records::ids(conn, &self.asked, most)?);
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(self.scan(conn)?.into_iter().map(|(record, _)| record.id).take(most).collect())
    }

    /// In which order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// What is asked of the database.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Whether indexes answer all of it.
    pub fn is_indexed(&self) -> bool {
        self.scanned.is_empty() && !self.sorted
    }

    /// The same for something that needs the records themselves because of these fields.
    pub fn scan_for(mut self, conn: &mut Connection, fields: &[String]) -> Result<Vec<(Record, Facts)>, Stop> {
        let known: Vec<&String> = self.missing.iter().flatten().collect();
        let mut more: Vec<String> = fields.iter().filter(|field| !known.contains(field)).cloned().collect();
        more.dedup();
        self.summed = more;
        self.scan(conn)
    }

    /// Reads the records that indexes leave, and keeps those that meet the rest; refused when they are many.
    fn scan(&self, conn: &mut Connection) -> Result<Vec<(Record, Facts)>, Stop> {
        let scanned = self.scanned.iter().map(|term| self.flat(conn, term)).collect::<Result<Vec<_>, _>>()?;
        let query = RecordQuery { asked: self.asked.clone(), order: Order::made(), after: None, limit: self.asked.few };
        let page = records::search(conn, &query)?;
        if page.next.is_some() {
            return Err(self.no_index().into());
        }
        let missing: Vec<String> = self.missing.iter().flatten().cloned().collect();
        let facts = page.items.into_iter().map(|record| {
            let facts = Facts::of(self.record_type, &record, &missing);
            (record, facts)
        });
        Ok(facts.filter(|(_, facts)| scanned.iter().all(|term| facts.meet(term))).collect())
    }

    /// The same term with the records below another one by their ids.
    fn flat(&self, conn: &mut Connection, term: &Term) -> Result<Term, Stop> {
        let mut flat = |terms: &[Term]| terms.iter().map(|term| self.flat(conn, term)).collect::<Result<Vec<_>, _>>();
        Ok(match term {
            Term::Below { slot, record_type, root } => {
                let found = records::subtree(conn, &self.asked.business, record_type, root, self.asked.few)?;
                if found.cut {
                    return Err(self.no_index().into());
                }
                let ids = found.ids.into_iter().map(|RecordId(id)| Value::Text(id)).collect();
                Term::In(slot.clone(), ids)
            }
            Term::Not(term) => Term::Not(Box::new(self.flat(conn, term)?)),
            Term::All(terms) => Term::All(flat(terms)?),
            Term::Any(terms) => Term::Any(flat(terms)?),
            term => term.clone(),
        })
    }

    /// Says which index is missing.
    fn no_index(&self) -> Refusal {
        let (name, few) = (&self.record_type.name, self.asked.few);
        let all: Vec<&String> = self.missing.iter().flatten().chain(&self.summed).collect();
        let quoted: Vec<String> = all.iter().map(|field| format!("\"{field}\"")).collect();
        let can = |field: &String| {
            let declared = self.record_type.fields.iter().find(|known| known.name == *field);
            declared.is_some_and(|field| can_be_indexed(&field.kind))
        };
        let without = self.missing.iter().flatten().find(|field| !can(field));
        let advice = match (without, self.summed.first()) {
            (Some(field), _) => format!("\"{field}\" can have no index: narrow the search by a field that has one"),
            (None, Some(field)) => {
                format!("\"{field}\" has no column: narrow the filter, or give it one under \"columns\"")
            }
            (None, None) => {
                let lists: Vec<String> = self.missing.iter().map(|list| format!("[{}]", list.join(", "))).collect();
                format!("add \"indexes: [{}]\" to its type, or narrow the search", lists.join(", "))
            }
        };
        let sentence =
            format!("more than {few} of {name} are left to look through for {}: {advice}", quoted.join(", "));
        let at = match (self.missing.iter().flatten().next(), self.scanned.is_empty()) {
            (Some(field), false) => format!("/filter/{field}"),
            (Some(_), true) => "/sort/0".to_owned(),
            (None, _) => "/group".to_owned(),
        };
        refused("no_index", sentence, &at)
    }
}

/// A count of what is in memory.
fn counted(number: usize) -> Count {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    Count { number: number.min(MOST_COUNTED), more: number > MOST_COUNTED }
}
