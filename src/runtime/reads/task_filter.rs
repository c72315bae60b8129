//! A filter of tasks to conditions that the store knows: which field lies where, and what it compares with.

use super::filter::{self, person};
use super::masks::Masks;
use super::reading::Reading;
use super::records::asking;
use crate::model::actor::Actor;
use crate::model::filter::{Condition, Filter, Operator};
use crate::model::json::Json;
use crate::model::nearest::hint;
use crate::model::process::Process;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::sortable;
use crate::model::task::TaskState;
use crate::model::time::Timestamp;
use crate::model::words;
use crate::plugins::Stop;
use crate::plugins::records::lookup;
use crate::runtime::library::Library;
use crate::runtime::shared::Shared;
use crate::store::task_list::{Bounds, Column, FEW, Term, Value};
use crate::store::{Connection, slots};
use std::sync::Arc;

/// What tasks can be filtered by.
const FIELDS: [&str; 19] = [
    "actionable",
    "state",
    "assignee",
    "candidateGroup",
    "process",
    "node",
    "instance",
    "parent",
    "businessKey",
    "outcome",
    "completedBy",
    "priority",
    "due",
    "createdAt",
    "endedAt",
    "followUp",
    "subject",
    "subject.<field>",
    "variables.<name>",
];
/// Words of one `$text` at most.
const WORDS_MOST: usize = 32;

/// What a filter came to.
pub(super) struct Asked {
    /// All of these must be met.
    pub terms: Vec<Term>,
    /// Only what the caller can work on now.
    pub actionable: bool,
}

/// Reads a filter for somebody.
pub(super) fn read(conn: &mut Connection, shared: &Shared, actor: &Actor, filter: &[Filter]) -> Result<Asked, Stop> {
    let is_actionable = |part: &&Filter| matches!(part, Filter::Where(condition) if condition.field == "actionable");
    let mut reader = Reader { conn, shared, actor };
    let mut actionable = false;
    for part in filter.iter().filter(is_actionable) {
        let Filter::Where(condition) = part else { continue };
        match filter::text(condition)?.as_str() {
            "true" => actionable = true,
            _ => return Err(wrong(condition, "is true or not said").into()),
        }
    }
    let rest: Vec<&Filter> = filter.iter().filter(|part| !is_actionable(part)).collect();
    Ok(Asked { terms: reader.all(&rest, &[])?, actionable })
}

struct Reader<'a, 'c> {
    conn: &'c mut Connection,
    shared: &'a Shared,
    actor: &'a Actor,
}

impl Reader<'_, '_> {
    /// All parts must hold. Which processes they are of, those around them say, too.
    fn all(&mut self, filter: &[&Filter], around: &[String]) -> Result<Vec<Term>, Stop> {
        let mut processes = around.to_vec();
        for part in filter {
            if let Filter::Where(condition) = part
                && condition.field == "process"
                && matches!(condition.operator, Operator::Eq | Operator::In)
            {
                processes = texts(condition)?;
            }
        }
        let (mut terms, mut of_subject) = (Vec::new(), Vec::new());
        for part in filter {
            match part {
                Filter::Where(condition) => match condition.field.strip_prefix("subject.") {
                    Some(field) => of_subject.push((field.to_owned(), condition)),
                    None => terms.push(self.one(condition, &processes)?),
                },
                Filter::Any(branches) => {
                    let branches = branches
                        .iter()
                        .map(|branch| Ok(Term::All(self.all(&branch.iter().collect::<Vec<_>>(), &processes)?)));
                    terms.push(Term::Any(branches.collect::<Result<_, Stop>>()?));
                }
                Filter::Text { words, at } => terms.extend(text(words, at)?),
            }
        }
        if !of_subject.is_empty() {
            terms.push(self.subject(&of_subject, &processes)?);
        }
        Ok(terms)
    }

    fn one(&mut self, condition: &Condition, processes: &[String]) -> Result<Term, Stop> {
        let column = match condition.field.as_str() {
            "state" => {
                let known = |name: &String| TaskState::parse(name).is_some();
                if !texts(condition)?.iter().all(known) {
                    return Err(wrong(condition, "is one of created, claimed, completed, cancelled").into());
                }
                return Ok(Term::In(Column::State, texts(condition)?.into_iter().map(Value::Text).collect()));
            }
            "candidateGroup" => return Ok(Term::Group(texts(condition)?)),
            "assignee" => Column::Assignee,
            "completedBy" => Column::CompletedBy,
            "process" => Column::Process,
            "node" => Column::Node,
            "instance" => Column::Instance,
            "parent" => Column::Parent,
            "businessKey" => Column::BusinessKey,
            "subject" => Column::Subject,
            "outcome" => Column::Outcome,
            "priority" => return Ok(number(condition, Column::Priority, priority)?),
            "due" => return Ok(number(condition, Column::Due, instant)?),
            "createdAt" => return Ok(number(condition, Column::CreatedAt, instant)?),
            "endedAt" => return Ok(number(condition, Column::EndedAt, instant)?),
            "followUp" => return Ok(number(condition, Column::FollowUp, instant)?),
            field => match field.strip_prefix("variables.") {
                Some(name) => return self.variable(condition, name, processes),
                None if field == "actionable" => {
                    return Err(wrong(condition, "stands beside \"$or\", not inside").into());
                }
                None => {
                    let near = hint(field, FIELDS);
                    let sentence = format!("is not filterable here; filterable are {}{near}", FIELDS.join(", "));
                    return Err(wrong(condition, &sentence).into());
                }
            },
        };
        let named = |texts: Vec<String>| -> Vec<Value> {
            let people = matches!(column, Column::Assignee | Column::CompletedBy);
            let name = |text| if people { person(self.actor, text).0 } else { text };
            texts.into_iter().map(|text| Value::Text(name(text))).collect()
        };
        Ok(match condition.operator {
            Operator::Eq | Operator::In => Term::In(column.clone(), named(texts(condition)?)),
            Operator::Neq | Operator::Nin => not(Term::In(column.clone(), named(texts(condition)?))),
            Operator::Exists => exists(condition, column),
            Operator::Like if column == Column::BusinessKey => like(condition, column)?,
            _ => return Err(wrong(condition, "knows $eq, $neq, $in, $nin and $exists").into()),
        })
    }

    /// A search variable: of one process, since its slots are that process's own.
    fn variable(&mut self, condition: &Condition, name: &str, processes: &[String]) -> Result<Term, Stop> {
        let [process] = processes else {
            let sentence = "can be filtered by only together with one \"process\"";
            return Err(wrong(condition, sentence).into());
        };
        let library = self.shared.libraries.active(self.conn, &self.actor.business)?;
        let declared = declared(&library, process)?;
        let Some(place) = declared.search.iter().position(|known| known == name) else {
            let sentence = format!("is not in the search list of {process}; it has {}", declared.search.join(", "));
            return Err(wrong(condition, &sentence).into());
        };
        if Masks::new(self.shared, self.actor).of(self.conn, library.number)?.contains(name) {
            let sentence = format!("\"{name}\" is masked for you, so it cannot be used here");
            return Err(refused("field_not_readable", sentence, &condition.at).into());
        }
        let column = Column::Slot { process: process.clone(), place };
        let values = |value: &Json| slots::meant(value).into_iter().map(Value::Text).collect::<Vec<_>>();
        let many = || condition.value.as_array().into_iter().flatten().flat_map(values).collect();
        Ok(match condition.operator {
            Operator::Eq => Term::In(column, values(&condition.value)),
            Operator::Neq => not(Term::In(column, values(&condition.value))),
            Operator::In => Term::In(column, many()),
            Operator::Nin => not(Term::In(column, many())),
            Operator::Exists => exists(condition, column),
            Operator::Like => like(condition, column)?,
            Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => {
                let Some((place, least, behind)) = slots::ranged(&condition.value) else {
                    return Err(wrong(condition, "is compared with a number, an amount, a text or an instant").into());
                };
                let (least, behind) = ((Value::Text(least), true), behind.map(|behind| (Value::Text(behind), false)));
                let place = Value::Text(place);
                Term::Between(
                    column,
                    match condition.operator {
                        Operator::Gt => Bounds { least: Some((place, false)), most: behind },
                        Operator::Gte => Bounds { least: Some((place, true)), most: behind },
                        Operator::Lt => Bounds { least: Some(least), most: Some((place, false)) },
                        _ => Bounds { least: Some(least), most: Some((place, true)) },
                    },
                )
            }
            Operator::Under => return Err(wrong(condition, "knows no $under").into()),
        })
    }

    /// Fields of the record that the processes are about: found as records are, among those that the caller reads.
    fn subject(&mut self, conditions: &[(String, &Condition)], processes: &[String]) -> Result<Term, Stop> {
        let first = conditions[0].1;
        let library = self.shared.libraries.active(self.conn, &self.actor.business)?;
        let mut types = Vec::new();
        for process in processes {
            let declared = declared(&library, process)?;
            match (&declared.subject, &declared.subject_id) {
                (Some(subject), Some(_)) => types.push(subject.as_str()),
                _ => {
                    let sentence = format!("needs \"subject\" and \"subjectId\" in process {process}");
                    return Err(wrong(first, &sentence).into());
                }
            }
        }
        types.dedup();
        let [record_type] = types[..] else {
            let sentence = "can be filtered by only together with \"process\", one or several about the same type";
            return Err(wrong(first, sentence).into());
        };
        let reading = Reading::of(&library, self.actor, record_type, self.shared.clock.now())?;
        let rights = reading.fields();
        let readable = |field: &str| rights.readable_everywhere(field);
        let of = |(field, condition): &(String, &Condition)| {
            Filter::Where(Condition { field: field.clone(), ..Condition::clone(condition) })
        };
        let filter: Vec<Filter> = conditions.iter().map(of).collect();
        let lookup = lookup(asking(&reading, &readable), &self.actor.business, reading.sight(), &filter, None)?;
        let ids = lookup.ids(self.conn, FEW + 1)?;
        if i64::try_from(ids.len()).unwrap_or(i64::MAX) > FEW {
            let sentence =
                format!("more than {FEW} {record_type} records meet this; narrow them by more of their fields");
            return Err(refused("no_index", sentence, &first.at).into());
        }
        Ok(Term::In(Column::Subject, ids.into_iter().map(|id| Value::Text(id.0)).collect()))
    }
}

fn declared<'l>(library: &'l Library, process: &str) -> Result<&'l Arc<Process>, Refusal> {
    library.definitions.processes.get(process).ok_or_else(|| Refusal::not_found("process", process))
}

fn text(text: &str, at: &str) -> Result<Vec<Term>, Refusal> {
    let words = words::wanted(text);
    if words.is_empty() || words.len() > WORDS_MOST {
        let sentence = format!("$text takes 1 to {WORDS_MOST} words, or signs of a script without spaces");
        return Err(refused("wrong_filter", sentence, at));
    }
    Ok(words.into_iter().map(Term::Word).collect())
}

/// A condition on a column of numbers.
fn number(
    condition: &Condition,
    column: Column,
    read: impl Fn(&Condition, &Json) -> Result<i64, Refusal>,
) -> Result<Term, Refusal> {
    let one = || read(condition, &condition.value).map(Value::Number);
    let many = || {
        let values = condition.value.as_array().into_iter().flatten();
        values.map(|value| read(condition, value).map(Value::Number)).collect::<Result<Vec<_>, _>>()
    };
    let end = |with: bool| one().map(|value| Some((value, with)));
    Ok(match condition.operator {
        Operator::Eq => Term::In(column, vec![one()?]),
        Operator::Neq => not(Term::In(column, vec![one()?])),
        Operator::In => Term::In(column, many()?),
        Operator::Nin => not(Term::In(column, many()?)),
        Operator::Gt => Term::Between(column, Bounds { least: end(false)?, most: None }),
        Operator::Gte => Term::Between(column, Bounds { least: end(true)?, most: None }),
        Operator::Lt => Term::Between(column, Bounds { least: None, most: end(false)? }),
        Operator::Lte => Term::Between(column, Bounds { least: None, most: end(true)? }),
        Operator::Exists => exists(condition, column),
        Operator::Like | Operator::Under => return Err(wrong(condition, "knows no $like and no $under")),
    })
}

fn instant(condition: &Condition, value: &Json) -> Result<i64, Refusal> {
    let at = value.as_str().and_then(Timestamp::parse);
    at.map(|at| at.0).ok_or_else(|| wrong(condition, "is an instant such as 2026-01-31T08:00:00Z"))
}

fn priority(condition: &Condition, value: &Json) -> Result<i64, Refusal> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    number.ok_or_else(|| wrong(condition, "is a whole number"))
}

fn like(condition: &Condition, column: Column) -> Result<Term, Refusal> {
    let prefix = condition.value.as_str().and_then(|text| text.strip_suffix('%'));
    let prefix = prefix.filter(|prefix| !prefix.contains('%') && prefix.len() <= 100 && !prefix.is_empty());
    let prefix = prefix.ok_or_else(|| wrong(condition, "takes a prefix such as \"Huaxin%\""))?;
    let most = sortable::behind(prefix).map(|end| (Value::Text(end), false));
    Ok(Term::Between(column, Bounds { least: Some((Value::Text(prefix.to_owned()), true)), most }))
}

fn exists(condition: &Condition, column: Column) -> Term {
    let has = Term::Has(column);
    if condition.value == Json::Bool(true) { has } else { not(has) }
}

fn not(term: Term) -> Term {
    Term::Not(Box::new(term))
}

/// The texts that a condition compares with.
fn texts(condition: &Condition) -> Result<Vec<String>, Refusal> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let texts = match condition.operator {
        Operator::Eq | Operator::Neq => text(&condition.value).map(|text| vec![text]),
        Operator::In | Operator::Nin => condition.value.as_array().and_then(|all| all.iter().map(text).collect()),
        _ => None,
    };
    texts.ok_or_else(|| wrong(condition, "takes texts, compared with $eq or $in"))
}

fn wrong(condition: &Condition, sentence: &str) -> Refusal {
    refused("wrong_filter", format!("\"{}\" {sentence}", condition.field), &condition.at)
}

fn refused(code: &str, sentence: String, at: &str) -> Refusal {
    let error = FieldError { pointer: at.to_owned(), code: code.to_owned(), detail: sentence.clone() };
    Refusal::invalid(code, sentence).with_errors(vec![error])
}
