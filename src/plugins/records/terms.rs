//! A filter to conditions on columns and index entries: fields found, values checked by their kinds, and what no index
//! answers told apart.

use super::operand::{self, Range, equal, operand, range};
use super::places::{Place, place};
use super::{entries, sortable, words};
use crate::model::definitions::Definitions;
use crate::model::field::FieldKind;
use crate::model::filter::{Condition, Filter, Operator};
use crate::model::ids::RecordId;
use crate::model::json::Json;
use crate::model::nearest::hint;
use crate::model::record_type::{Column, RecordType};
use crate::model::refusal::{FieldError, Refusal};
use crate::store::records::{Slot, Term, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Words of one `$text` at most.
const WORDS_MOST: usize = 32;

/// Who asks, and of what.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// All definitions of the revision.
    pub definitions: &'a Definitions,
    /// The type of the records.
    pub record_type: &'a RecordType,
    /// Whether the caller may read this field on every record that the caller sees.
    pub readable: &'a dyn Fn(&str) -> bool,
    /// Whom `me` stands for; none where it stands for nobody.
    pub me: Option<&'a str>,
    /// Whether only columns may be asked for, since only their past is kept.
    pub past: bool,
    /// Records that are looked through at most for what no index answers.
    pub few: i64,
}

/// What a filter came to.
#[derive(Debug, Default)]
pub struct Terms {
    /// What the database answers.
    pub indexed: Vec<Term>,
    /// What only the records themselves answer.
    pub scanned: Vec<Term>,
    /// The fields without an index, those of one list of conditions together; first those of the filter itself.
    pub missing: Vec<Vec<String>>,
    /// The fields that are compared with exactly one value, for an index of several fields.
    pub equal: BTreeMap<String, Json>,
}

/// Reads a filter.
pub fn terms(asking: Asking, filter: &[Filter]) -> Result<Terms, Refusal> {
    let mut reader = Reader { asking, missing: Vec::new() };
    let (made, equal) = reader.all(filter)?;
    let (indexed, scanned): (Vec<Made>, Vec<Made>) = made.into_iter().partition(|made| made.indexed);
    let bare = |made: Vec<Made>| made.into_iter().map(|made| made.term).collect();
    Ok(Terms { indexed: bare(indexed), scanned: bare(scanned), missing: reader.missing, equal })
}

/// The field of this name, when there is one and the caller may use it.
pub fn found<'a>(asking: Asking, field: &'a str, wrong: &str, at: &str) -> Result<Place<'a>, Refusal> {
    let Some(place) = place(asking.record_type, field) else {
        let hint = hint(field, asking.record_type.fields.iter().map(|field| field.name.as_str()));
        let sentence = format!("\"{field}\" is not a field of {}{hint}", asking.record_type.name);
        return Err(refused(wrong, sentence, at));
    };
    let whole = field.split('.').next().unwrap_or(field);
    if place.declared && !((asking.readable)(field) && (asking.readable)(whole)) {
        let sentence = format!("\"{field}\" cannot be used here: it may not be read by you on every record");
        return Err(refused("field_not_readable", sentence, at));
    }
    if asking.past && !place.column.as_ref().is_some_and(keeps_past) {
        let kept = [Column::Status, Column::Stage, Column::Owner, Column::Parent, Column::Due, Column::Amount];
        let kept: Vec<&str> =
            kept.iter().filter_map(|column| asking.record_type.columns.get(column)).map(String::as_str).collect();
        let sentence = format!("the past of \"{field}\" is not kept for summaries; kept are {}", kept.join(", "));
        return Err(refused("past_not_kept", sentence, at));
    }
    Ok(place)
}

/// A refusal at one place of the request.
pub fn refused(code: &str, sentence: impl Into<String>, at: &str) -> Refusal {
    let detail = sentence.into();
    let error = FieldError { pointer: at.to_owned(), code: code.to_owned(), detail: detail.clone() };
    Refusal::invalid(code, detail).with_errors(vec![error])
}

fn keeps_past(slot: &Slot) -> bool {
    matches!(slot, Slot::Status | Slot::Stage | Slot::Owner | Slot::Parent | Slot::Due | Slot::Amount)
}

struct Reader<'a> {
    asking: Asking<'a>,
    missing: Vec<Vec<String>>,
}

/// A term, whether the database answers it, and the field that it alone is about.
struct Made {
    term: Term,
    indexed: bool,
    field: Option<String>,
}

impl Reader<'_> {
    /// All parts must hold; beside the terms, the fields that are compared with one value.
    fn all(&mut self, filter: &[Filter]) -> Result<(Vec<Made>, BTreeMap<String, Json>), Refusal> {
        let own_missing = self.missing.len();
        self.missing.push(Vec::new());
        let (mut made, mut fields) = (Vec::new(), BTreeMap::<&str, Vec<&Condition>>::new());
        for part in filter {
            match part {
                Filter::Where(condition) => fields.entry(&condition.field).or_default().push(condition),
                Filter::Any(branches) => made.push(self.any(branches)?),
                Filter::Text { words, at } => made.extend(self.text(words, at)?),
            }
        }
        let (mut equal, mut ranges) = (BTreeMap::new(), BTreeMap::new());
        for (field, conditions) in &fields {
            let place = found(self.asking, field, "wrong_filter", &conditions[0].at)?;
            let mut spans: Vec<Range> = Vec::new();
            let mut own = Vec::new();
            for condition in conditions {
                match condition.operator {
                    Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => {
                        range(self.asking, &place, condition, &mut spans)?;
                    }
                    _ => own.push(self.one(&place, condition)?),
                }
                if let ([Condition { operator: Operator::Eq, value, .. }], false) = (&conditions[..], place.many) {
                    equal.insert((*field).to_owned(), operand(self.asking, &place, condition, value)?);
                }
            }
            own.extend(spans.iter().map(|span| operand::within(&place, span)));
            if let ([_], [span]) = (&own[..], &spans[..]) {
                ranges.insert((*field).to_owned(), span.clone());
            }
            if own.iter().any(|(_, indexed)| !indexed) {
                self.missing[own_missing].push((*field).to_owned());
            }
            made.extend(own.into_iter().map(|(term, indexed)| Made {
                term,
                indexed,
                field: Some((*field).to_owned()),
            }));
        }
        self.together(&mut made, &equal, &ranges);
        Ok((made, equal))
    }

    fn any(&mut self, branches: &[Vec<Filter>]) -> Result<Made, Refusal> {
        let (mut terms, mut indexed) = (Vec::new(), true);
        for branch in branches {
            let (made, _) = self.all(branch)?;
            indexed &= made.iter().all(|made| made.indexed);
            terms.push(Term::All(made.into_iter().map(|made| made.term).collect()));
        }
        Ok(Made { term: Term::Any(terms), indexed, field: None })
    }

    fn text(&mut self, text: &str, at: &str) -> Result<Vec<Made>, Refusal> {
        let Asking { record_type, readable, past, .. } = self.asking;
        let mut searched = record_type.fields.iter().filter(|field| field.search).peekable();
        if searched.peek().is_none() || past {
            let sentence =
                format!("{} has no text search: add \"search: true\" to a field of its type", record_type.name);
            return Err(refused("no_index", sentence, at));
        }
        let entries: Vec<String> =
            searched.filter(|field| readable(&field.name)).map(|field| entries::word_name(&field.name)).collect();
        let words: BTreeSet<String> = words::wanted(text);
        if words.is_empty() || words.len() > WORDS_MOST {
            let sentence = format!("$text takes 1 to {WORDS_MOST} words, or signs of a script without spaces");
            return Err(refused("wrong_filter", sentence, at));
        }
        let made = |word| Made { term: Term::Word { entries: entries.clone(), word }, indexed: true, field: None };
        Ok(words.into_iter().map(made).collect())
    }

    /// A condition that is no range; whether the database answers it.
    fn one(&mut self, place: &Place, condition: &Condition) -> Result<(Term, bool), Refusal> {
        let asking = self.asking;
        let wrong = |sentence: String| Err(refused("wrong_filter", sentence, &condition.at));
        let all = |values: &Json| -> Result<Vec<Json>, Refusal> {
            let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
            values.iter().map(|value| operand(asking, place, condition, value)).collect()
        };
        let not = |(term, indexed)| (Term::Not(Box::new(term)), indexed);
        Ok(match condition.operator {
            Operator::Eq => equal(place, &[operand(asking, place, condition, &condition.value)?]),
            Operator::Neq => not(equal(place, &[operand(asking, place, condition, &condition.value)?])),
            Operator::In => equal(place, &all(&condition.value)?),
            Operator::Nin => not(equal(place, &all(&condition.value)?)),
            Operator::Like => operand::like(place, condition)?,
            Operator::Exists => operand::exists(place, condition.value == Json::Bool(true)),
            Operator::Under => match (&place.kind, &place.column) {
                (FieldKind::Ref(reference), Some(Slot::Parent)) => {
                    let value = operand(asking, place, condition, &condition.value)?;
                    let root = RecordId(value.as_str().unwrap_or_default().to_owned());
                    (below(asking, &reference.record, root), true)
                }
                _ => return wrong(format!("\"{}\" is not the parent of the type; only that takes $under", place.path)),
            },
            Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => (Term::All(Vec::new()), true),
        })
    }

    /// Puts one condition on an index of several fields in the place of those on its fields.
    fn together(&self, made: &mut Vec<Made>, equal: &BTreeMap<String, Json>, ranges: &BTreeMap<String, Range>) {
        if self.asking.past {
            return;
        }
        let record_type = self.asking.record_type;
        let mut indexes: Vec<&Vec<String>> = record_type.indexes.iter().filter(|index| index.len() > 1).collect();
        indexes.sort_by_key(|index| std::cmp::Reverse(index.len()));
        for index in indexes {
            let free = |name: &String| made.iter().any(|made| made.field.as_ref() == Some(name));
            let Some((last, first)) = index.split_last().filter(|_| index.iter().all(free)) else { continue };
            let Some(mut texts) = in_order(record_type, first, index.len(), equal) else { continue };
            let names: Vec<&str> = index.iter().map(String::as_str).collect();
            let slot = Slot::Entry(entries::sorted_name(&names));
            let value = in_order(record_type, std::slice::from_ref(last), index.len(), equal);
            let term = match (value, ranges.get(last), place(record_type, last)) {
                (Some(value), ..) => {
                    texts.extend(value);
                    Term::In(slot, vec![Value::Text(sortable::several(&texts))])
                }
                // Stages are ordered by their list, not by the codes that stand in the index.
                (None, Some(range), Some(place)) if !matches!(place.kind, FieldKind::Stage(_)) => {
                    Term::Between(slot, operand::behind(&texts, &place.kind, range, sortable::room(index.len())))
                }
                _ => continue,
            };
            made.retain(|made| !made.field.as_ref().is_some_and(|field| index.contains(field)));
            made.push(Made { term, indexed: true, field: None });
        }
    }
}

/// The texts of the first values of an index of so many fields, when each is compared with one value.
pub fn in_order(
    record_type: &RecordType,
    fields: &[String],
    of: usize,
    equal: &BTreeMap<String, Json>,
) -> Option<Vec<String>> {
    let text = |name: &String| {
        let kind = &record_type.fields.iter().find(|field| field.name == *name)?.kind;
        sortable::text(kind, equal.get(name)?, sortable::room(of))
    };
    fields.iter().map(text).collect()
}

/// A record and everything below it. Records of another type stand below one another when their type has parents.
fn below(asking: Asking, above: &str, root: RecordId) -> Term {
    let parents = asking.definitions.records.get(above).and_then(|above| {
        let field = above.columns.get(&Column::Parent)?;
        above.fields.iter().find(|known| known.name == *field)
    });
    let among_themselves =
        parents.is_some_and(|field| matches!(&field.kind, FieldKind::Ref(reference) if reference.record == above));
    let record_type = above.to_owned();
    if above == asking.record_type.name {
        Term::Below { slot: Slot::Id, record_type, root }
    } else if among_themselves {
        Term::Below { slot: Slot::Parent, record_type, root }
    } else {
        Term::In(Slot::Parent, vec![Value::Text(root.0)])
    }
}
