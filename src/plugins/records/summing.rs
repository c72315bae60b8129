//! Rows of a summary, from figures of the database or from the records themselves: the same rows either way.

use super::aggregate::Plan;
use super::facts::{Facts, sorted};
use super::figures::{self, Figure, Total};
use super::places::{Place, values_at};
use super::sortable;
use crate::model::aggregate::{Calendar, GROUPS_MOST, Measure, Summary};
use crate::model::field::FieldKind;
use crate::model::json::Json;
use crate::model::money::Money;
use crate::model::record::Record;
use crate::model::refusal::Refusal;
use crate::model::stage::StageList;
use crate::model::time::Timestamp;
use crate::plugins::desk::Stop;
use crate::store::Connection;
use crate::store::records::{self, AggregateQuery, Asked, Figure as Column, Group, Slot};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A row with what it is ordered by.
#[derive(Debug)]
pub struct Row {
    /// The values of the groups.
    pub groups: Vec<Figure>,
    /// The currency, when amounts are measured.
    pub currency: Option<String>,
    /// The measures.
    pub figures: Vec<Figure>,
}

impl Row {
    /// The row as it is shown.
    pub fn summary(self, plan: &Plan) -> Summary {
        let named = |(name, figure): (&str, Figure)| (name.to_owned(), figure.shown);
        let groups = plan.groups.iter().map(|(place, _)| place.path).zip(self.groups).map(named);
        let measures = plan.measures.iter().map(|(name, ..)| *name).zip(self.figures).map(named);
        Summary {
            group: groups.collect(),
            currency: plan.money.as_ref().map(|_| self.currency.map_or(Json::Null, Json::from)),
            measures: measures.collect(),
        }
    }
}

/// One statement over columns; one row more than are allowed at most.
pub fn by_database(conn: &mut Connection, asked: &Asked, plan: &Plan, at: Option<Timestamp>) -> Result<Vec<Row>, Stop> {
    let slot = |place: &Place| place.column.clone().unwrap_or(Slot::Id);
    let clock = |place: &Place| if place.kind == FieldKind::Datetime { CLOCK } else { 0 };
    let mut groups: Vec<Group> = plan
        .groups
        .iter()
        .map(|(place, group)| Group { slot: slot(place), by: group.by, clock: clock(place) })
        .collect();
    groups.extend(plan.money.as_ref().map(|_| Group { slot: Slot::Currency, by: None, clock: 0 }));
    let columns = plan.measures.iter().flat_map(|(_, measure, place)| match (measure, place) {
        (Measure::Sum(_) | Measure::Average(_), Some(place)) => {
            vec![Column::Values(slot(place)), Column::High(slot(place)), Column::Low(slot(place))]
        }
        (Measure::Min(_), Some(place)) => vec![Column::Min(slot(place))],
        (Measure::Max(_), Some(place)) => vec![Column::Max(slot(place))],
        _ => vec![Column::Count],
    });
    let most = i64::try_from(GROUPS_MOST).unwrap_or(i64::MAX) + 1;
    let query = AggregateQuery { asked: asked.clone(), at, groups, figures: columns.collect(), most };
    records::aggregate(conn, &query)?.into_iter().map(|values| row(values, plan).map_err(Stop::from)).collect()
}

/// Characters behind the date in the text of an instant.
const CLOCK: usize = "T00:00:00.000Z".len();

fn row(values: Vec<Json>, plan: &Plan) -> Result<Row, Refusal> {
    let mut values = values.into_iter();
    let mut next = || values.next().unwrap_or(Json::Null);
    let groups = plan.groups.iter().map(|(place, group)| of_column(place, group.by, next())).collect();
    let currency = plan.money.as_ref().and_then(|_| next().as_str().map(str::to_owned));
    let mut figures = Vec::new();
    for (_, measure, place) in &plan.measures {
        figures.push(match (measure, place) {
            (Measure::Sum(_) | Measure::Average(_), Some(_)) => {
                let (number, high, low) = (whole(&next()), whole(&next()), whole(&next()));
                let total = Total::of((high << 32) + low, i64::try_from(number).unwrap_or(i64::MAX));
                finished(total, measure, currency.as_deref())?
            }
            (Measure::Min(_) | Measure::Max(_), Some(place)) => match (next(), &currency) {
                (Json::Null, _) => Figure::none(),
                (value, Some(currency)) if place.kind == FieldKind::Money => {
                    figures::money(whole(&value), currency).ok_or_else(too_large)?
                }
                (value, _) => of_column(place, None, value),
            },
            _ => figures::decimal(Decimal::try_from_i128_with_scale(whole(&next()), 0).map_err(|_| too_large())?),
        });
    }
    Ok(Row { groups, currency, figures })
}

fn whole(value: &Json) -> i128 {
    value.as_number().and_then(|number| number.to_string().parse().ok()).unwrap_or(0)
}

/// What a column holds, as it is shown.
fn of_column(place: &Place, by: Option<Calendar>, value: Json) -> Figure {
    match (value, by, &place.kind) {
        (Json::Null, ..) => Figure::none(),
        (Json::Number(number), ..) => {
            let at = Timestamp(number.as_i64().unwrap_or_default());
            Figure::text(at.rfc3339().into(), sortable::instant(at).unwrap_or_default())
        }
        (Json::String(code), _, FieldKind::Stage(list)) => stage(list, code),
        (Json::String(text), None, FieldKind::Datetime) => {
            let shown = Timestamp::parse(&text).map_or_else(|| text.clone(), Timestamp::rfc3339);
            Figure::text(shown.into(), text)
        }
        (Json::String(text), ..) => Figure::text(text.clone().into(), text),
        (other, ..) => Figure::text(other.clone(), other.to_string()),
    }
}

/// A stage stands where its list has it; a code that the list has no more comes behind.
fn stage(list: &StageList, code: String) -> Figure {
    let key = list.position(&code).map_or_else(|| format!("~{code}"), |position| format!("{position:05}"));
    Figure::text(code.into(), key)
}

/// What is gathered of one measure.
enum Gathered {
    Count(i64),
    Total(Total),
    End(Option<Figure>),
}

/// Sums records up one by one; one row more than are allowed at most.
pub fn from_records(records: &[(Record, Facts)], plan: &Plan) -> Result<Vec<Row>, Refusal> {
    type Key = (Vec<Option<String>>, Option<String>);
    let mut rows: BTreeMap<Key, (Vec<Figure>, Vec<Gathered>)> = BTreeMap::new();
    if plan.groups.is_empty() && plan.money.is_none() {
        rows.insert((Vec::new(), None), (Vec::new(), begun(plan)));
    }
    for (record, _) in records {
        let groups: Vec<Figure> = plan.groups.iter().map(|(place, group)| value(place, group.by, record)).collect();
        let currency = plan.money.as_ref().and_then(|place| Some(amount(place, record)?.currency));
        let keys = groups.iter().map(|group| group.key.clone()).collect();
        let (_, gathered) = rows.entry((keys, currency)).or_insert_with(|| (groups, begun(plan)));
        for ((_, measure, place), gathered) in plan.measures.iter().zip(gathered) {
            gather(gathered, measure, place.as_ref(), record)?;
        }
        if rows.len() > GROUPS_MOST {
            break;
        }
    }
    let row = |((_, currency), (groups, gathered)): (Key, (Vec<Figure>, Vec<Gathered>))| {
        let figures = plan.measures.iter().zip(gathered).map(|((_, measure, _), gathered)| match gathered {
            Gathered::Count(number) => Ok(figures::decimal(number.into())),
            Gathered::Total(total) => finished(total, measure, currency.as_deref()),
            Gathered::End(end) => Ok(end.unwrap_or_else(Figure::none)),
        });
        let figures = figures.collect::<Result<_, _>>()?;
        Ok(Row { groups, currency, figures })
    };
    rows.into_iter().map(row).collect()
}

fn begun(plan: &Plan) -> Vec<Gathered> {
    let begin = |measure: &Measure| match measure {
        Measure::Count => Gathered::Count(0),
        Measure::Sum(_) | Measure::Average(_) => Gathered::Total(Total::default()),
        Measure::Min(_) | Measure::Max(_) => Gathered::End(None),
    };
    plan.measures.iter().map(|(_, measure, _)| begin(measure)).collect()
}

fn gather(gathered: &mut Gathered, measure: &Measure, place: Option<&Place>, record: &Record) -> Result<(), Refusal> {
    match gathered {
        Gathered::Count(number) => *number += 1,
        Gathered::Total(total) => {
            let number = place.and_then(|place| match amount(place, record) {
                Some(money) => Some(money.minor.into()),
                None => values_at(&record.fields, place.path).first().and_then(|value| sortable::number(value)),
            });
            if let Some(number) = number {
                *total = total.add(number).ok_or_else(too_large)?;
            }
        }
        Gathered::End(end) => {
            let found = place.map_or_else(Figure::none, |place| value(place, None, record));
            let better = match (&found.key, end.as_ref().and_then(|end| end.key.as_ref())) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(new), Some(old)) if matches!(measure, Measure::Min(_)) => new < old,
                (Some(new), Some(old)) => new > old,
            };
            if better {
                *end = Some(found);
            }
        }
    }
    Ok(())
}

/// The value of a field as it is shown and as it sorts.
fn value(place: &Place, by: Option<Calendar>, record: &Record) -> Figure {
    if !place.declared {
        let at = |at: Timestamp| Figure::text(at.rfc3339().into(), sortable::instant(at).unwrap_or_default());
        let text = |text: &str| Figure::text(text.into(), text.to_owned());
        let made = match place.column {
            Some(Slot::CreatedAt) => at(record.created_at),
            Some(Slot::UpdatedAt) => at(record.updated_at),
            Some(Slot::CreatedBy) => text(record.created_by.as_str()),
            _ => text(record.id.as_str()),
        };
        return part(made, by, FieldKind::Datetime);
    }
    let Some(given) = values_at(&record.fields, place.path).into_iter().next() else { return Figure::none() };
    if let (FieldKind::Stage(list), Some(code)) = (&place.kind, given.as_str()) {
        return stage(list, code.to_owned());
    }
    if let Some(money) = amount(place, record) {
        return figures::money(money.minor.into(), &money.currency).unwrap_or_else(Figure::none);
    }
    let Some(key) = sorted(place, record) else { return Figure::none() };
    let shown = match &place.kind {
        FieldKind::Decimal | FieldKind::Percent => {
            sortable::number(given).map_or(Json::Null, |number| figures::decimal(number).shown)
        }
        // What stands in a column is shown as the column has it.
        _ if place.column.is_some() && place.kind != FieldKind::Datetime => key.clone().into(),
        _ => given.clone(),
    };
    part(Figure::text(shown, key), by, place.kind.clone())
}

/// The part of a date that counts.
fn part(figure: Figure, by: Option<Calendar>, kind: FieldKind) -> Figure {
    let (Some(by), Some(text)) = (by, &figure.key) else { return figure };
    let date = if kind == FieldKind::Datetime { &text[..text.len().saturating_sub(CLOCK)] } else { text };
    let without = |end: usize| date[..date.len().saturating_sub(end)].to_owned();
    let part = match by {
        Calendar::Day => without(0),
        Calendar::Month => without(3),
        Calendar::Year => without(6),
        Calendar::Quarter => {
            let month = date.get(date.len().saturating_sub(5)..date.len().saturating_sub(3));
            let month: usize = month.and_then(|month| month.parse().ok()).unwrap_or(1);
            format!("{}-Q{}", without(6), month.div_ceil(3))
        }
    };
    Figure::text(part.clone().into(), part)
}

fn amount(place: &Place, record: &Record) -> Option<Money> {
    values_at(&record.fields, place.path).into_iter().next().and_then(Money::from_json)?.ok()
}

fn finished(total: Total, measure: &Measure, currency: Option<&str>) -> Result<Figure, Refusal> {
    let figure = if matches!(measure, Measure::Average(_)) { total.average(currency) } else { total.sum(currency) };
    figure.ok_or_else(too_large)
}

fn too_large() -> Refusal {
    Refusal::invalid("too_large", "a sum has more than 28 digits, which cannot be told exactly")
}
