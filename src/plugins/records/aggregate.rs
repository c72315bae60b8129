//! `records.aggregate` and the same for requests: groups and measures, checked; summed up by the database where columns
//! hold them, else from the records that remain, when they are few.

use super::lookup::lookup;
use super::pinned;
use super::places::{Place, can_be_indexed};
use super::select;
use super::summing::{Row, by_database, from_records};
use super::terms::{Asking, found, refused};
use crate::model::aggregate::{Aggregate, AsOf, GROUPS_MOST, Grouping, Measure, Summary};
use crate::model::field::FieldKind;
use crate::model::ids::BusinessId;
use crate::model::json::{Json, JsonMap};
use crate::model::page;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{Sight, Slot};
use crate::store::{Connection, businesses};
use serde::Deserialize;
use serde_json::json;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Measures of one summary at most.
const MEASURES_MOST: usize = 20;
/// Groups inside one another at most.
const LEVELS_MOST: usize = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Arguments {
    r#type: String,
    #[serde(default)]
    group: Vec<Grouping>,
    measures: BTreeMap<String, Measure>,
    #[serde(default)]
    filter: JsonMap,
    #[serde(default)]
    sort: Vec<String>,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    as_of: Option<String>,
}

/// `records.aggregate`: `{rows: [{group, currency, measures}]}`.
pub fn aggregate(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let record_type = desk.record_type(&arguments.r#type)?;
    let sort = arguments.sort.iter().map(|sort| {
        page::order(sort).ok_or_else(|| Refusal::invalid("wrong_sort", "sort takes the name of a field, such as -due"))
    });
    let lens = pinned::lens(desk, &record_type)?;
    let now = |field: &str| pinned::path(&lens, field);
    let sort = sort.collect::<Result<Vec<_>, _>>()?;
    let is_measure = |name: &String| arguments.measures.contains_key(name);
    let sort = sort.into_iter().map(|(name, down)| (if is_measure(&name) { name } else { now(&name) }, down));
    let asked = Aggregate {
        sort: sort.collect(),
        group: arguments.group.into_iter().map(|group| Grouping { field: now(&group.field), ..group }).collect(),
        measures: arguments.measures.into_iter().map(|(name, measure)| (name, measure.renamed(now))).collect(),
        filter: select::read(pinned::asked(&lens, arguments.filter), "/filter")?,
        limit: arguments.limit.unwrap_or(GROUPS_MOST).clamp(1, GROUPS_MOST),
        as_of: arguments
            .as_of
            .map(|text| text.parse::<AsOf>())
            .transpose()
            .map_err(|wrong| refused("wrong_as_of", wrong, "/asOf"))?,
    };
    let asking = select::of_process(desk.definitions, &record_type);
    let rows = summaries(desk.conn, asking, desk.business, Sight::All, &asked)?;
    let rows = rows.into_iter().map(
        |Summary { group, currency, measures }| json!({ "group": lens.told(&group), "currency": currency, "measures": measures }),
    );
    Ok(json!({ "rows": rows.collect::<Vec<_>>() }))
}

/// Sums up the records that are seen.
pub fn summaries(
    conn: &mut Connection,
    asking: Asking,
    business: &BusinessId,
    sight: Sight,
    asked: &Aggregate,
) -> Result<Vec<Summary>, Stop> {
    let at = match &asked.as_of {
        Some(_) if !asking.record_type.history => {
            let sentence = format!("{} keeps no history, so its past cannot be summed up", asking.record_type.name);
            return Err(refused("no_history", sentence, "/asOf").into());
        }
        Some(as_of) => Some(instant(conn, business, as_of)?),
        None => None,
    };
    let asking = Asking { past: at.is_some(), ..asking };
    let plan = plan(asking, asked)?;
    let lookup = lookup(asking, business, sight, &asked.filter, None)?;
    let mut rows = match lookup.is_indexed() && plan.of_columns() {
        true => by_database(conn, lookup.asked(), &plan, at)?,
        false => from_records(&lookup.scan_for(conn, &plan.unindexed())?, &plan)?,
    };
    if rows.len() > GROUPS_MOST {
        let sentence = format!("these are more than {GROUPS_MOST} groups: group by less, or narrow the filter");
        return Err(refused("too_many_groups", sentence, "/group").into());
    }
    let by = by(&plan, asked)?;
    rows.sort_by(|one, other| compare(one, other, &by));
    rows.truncate(asked.limit);
    Ok(rows.into_iter().map(|row| row.summary(&plan)).collect())
}

/// What is summed up how.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The groups.
    pub groups: Vec<(Place<'a>, &'a Grouping)>,
    /// The measures: name, what, and of which field.
    pub measures: Vec<(&'a str, &'a Measure, Option<Place<'a>>)>,
    /// The field whose amounts are measured: every row is of one currency then.
    pub money: Option<Place<'a>>,
}

impl Plan<'_> {
    fn of_columns(&self) -> bool {
        let adds = |measure: &Measure| matches!(measure, Measure::Sum(_) | Measure::Average(_));
        let measured = self.measures.iter().all(|(_, measure, place)| match place {
            None => true,
            Some(place) if adds(measure) => place.column == Some(Slot::Amount),
            Some(place) => place.column.is_some(),
        });
        measured && self.groups.iter().all(|(place, _)| place.column.is_some())
    }

    /// The fields without a column.
    fn unindexed(&self) -> Vec<String> {
        let measured = self.measures.iter().filter_map(|(.., place)| place.as_ref());
        let all = self.groups.iter().map(|(place, _)| place).chain(measured);
        all.filter(|place| place.column.is_none()).map(|place| place.path.to_owned()).collect()
    }
}

fn plan<'a>(asking: Asking, asked: &'a Aggregate) -> Result<Plan<'a>, Refusal> {
    let wrong = |sentence: String, at: &str| Err(refused("wrong_aggregate", sentence, at));
    if asked.measures.is_empty() || asked.measures.len() > MEASURES_MOST {
        return wrong(format!("a summary has 1 to {MEASURES_MOST} measures"), "/measures");
    }
    if asked.group.len() > LEVELS_MOST {
        return wrong(format!("a summary has at most {LEVELS_MOST} groups inside one another"), "/group");
    }
    let mut groups: Vec<(Place, &Grouping)> = Vec::new();
    for (position, group) in asked.group.iter().enumerate() {
        let at = format!("/group/{position}");
        let place = found(asking, &group.field, "wrong_aggregate", &at)?;
        let dated = matches!(place.kind, FieldKind::Date | FieldKind::Datetime);
        if place.many || matches!(place.kind, FieldKind::Money) || !can_be_indexed(&place.kind) {
            return wrong(format!("records cannot be grouped by \"{}\"", place.path), &at);
        }
        if group.by.is_some() && !dated {
            return wrong(format!("\"{}\" is no date; it has no day, month, quarter or year", place.path), &at);
        }
        if groups.iter().any(|(other, _)| other.path == place.path) {
            return wrong(format!("records are grouped by \"{}\" twice", place.path), &at);
        }
        groups.push((place, group));
    }
    let (mut measures, mut money) = (Vec::new(), None::<Place>);
    for (name, measure) in &asked.measures {
        let at = format!("/measures/{}", name.replace('~', "~0").replace('/', "~1"));
        let place = measure.field().map(|field| found(asking, field, "wrong_aggregate", &at)).transpose()?;
        if let Some(place) = &place {
            let adds = matches!(measure, Measure::Sum(_) | Measure::Average(_));
            let number =
                matches!(place.kind, FieldKind::Int | FieldKind::Decimal | FieldKind::Percent | FieldKind::Money);
            let counted = matches!(place.kind, FieldKind::Stage(_));
            if place.many || counted || !can_be_indexed(&place.kind) || adds && !number {
                let what = if adds { "added up" } else { "measured" };
                return wrong(format!("\"{}\" cannot be {what}", place.path), &at);
            }
            if place.kind == FieldKind::Money {
                if money.as_ref().is_some_and(|other| other.path != place.path) {
                    return wrong("one summary measures the amounts of one field".to_owned(), &at);
                }
                money = Some(place.clone());
            }
        }
        measures.push((name.as_str(), measure, place));
    }
    Ok(Plan { groups, measures, money })
}

/// A measure, or else a group, by its place; and whether descending.
type By = (Result<usize, usize>, bool);

/// The orders that are asked for.
fn by(plan: &Plan, asked: &Aggregate) -> Result<Vec<By>, Refusal> {
    let orders = asked.sort.iter().enumerate().map(|(position, (name, descending))| {
        let measure = plan.measures.iter().position(|(known, ..)| known == name).map(Ok);
        let group = || plan.groups.iter().position(|(place, _)| place.path == name).map(Err);
        let place = measure.or_else(group).ok_or_else(|| {
            let sentence = format!("\"{name}\" is no group and no measure of this summary");
            refused("wrong_sort", sentence, &format!("/sort/{position}"))
        })?;
        Ok((place, *descending))
    });
    orders.collect()
}

/// What has no value comes last, whatever the direction; ties by the groups and the currency.
fn compare(one: &Row, other: &Row, by: &[By]) -> Ordering {
    let last = |one: Option<&String>, other: Option<&String>, descending: bool| match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(one),
        (Some(one), Some(other)) => one.cmp(other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    };
    for (place, descending) in by {
        let key = |row: &'_ Row| match place {
            Ok(measure) => row.figures[*measure].key.clone(),
            Err(group) => row.groups[*group].key.clone(),
        };
        let ordering = last(key(one).as_ref(), key(other).as_ref(), *descending);
        if ordering.is_ne() {
            return ordering;
        }
    }
    let mut groups =
        one.groups.iter().zip(&other.groups).map(|(one, other)| last(one.key.as_ref(), other.key.as_ref(), false));
    let ordering = groups.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal);
    ordering.then_with(|| last(one.currency.as_ref(), other.currency.as_ref(), false))
}

/// The instant that is meant; of a day its end, in the time zone of the business.
fn instant(conn: &mut Connection, business: &BusinessId, as_of: &AsOf) -> Result<Timestamp, Stop> {
    let zone = businesses::time_zone(conn, business)?;
    Ok(as_of.instant(&zone))
}
