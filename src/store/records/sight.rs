//! Who sees which records of a type, as one SQL predicate for get, search, count, aggregate and every right alike.
//!
//! What a type grants to whom is decided above; here stands how people and records hang together in the tables.

use super::lenses::stands_as;
use super::{load, reading};
use crate::model::break_glass::Right;
use crate::model::ids::{BusinessId, RecordId, UserId};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::store::break_glass;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::Text;

/// Which records of a type somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Every one.
    All,
    /// Those with one of these ties; without any: none.
    Any(Vec<Tie>),
}

/// How a record hangs together with somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// The field that counts.
    pub place: Place,
    /// Whom or what it holds.
    pub of: Of,
}

/// Where a person or a record is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the column of the owner.
    Owner,
    /// In the column of the parent.
    Parent,
    /// As the record's own id.
    Id,
    /// In the index under this name; every person and record that a record names stands there.
    Indexed(String),
}

/// Who or what is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// This person.
    Person(UserId),
    /// Somebody below this person at an instant.
    Below {
        /// The person above.
        superior: UserId,
        /// When.
        at: Timestamp,
        /// Only those next below.
        direct: bool,
    },
    /// A record to which this person was let in beyond the rules.
    LetIn {
        /// The person.
        user: UserId,
        /// To do this.
        right: Right,
        /// When.
        at: Timestamp,
        /// Not while somebody stands above the person who is named there.
        unless_above: Option<Box<Place>>,
    },
    /// A record of this type that is seen.
    Seen {
        /// The type.
        record_type: String,
        /// Which of them are seen.
        sight: Box<Sight>,
    },
}

impl Sight {
    /// None at all.
    pub fn nothing() -> Sight {
        Sight::Any(Vec::new())
    }

    /// Whether nothing can be seen, whatever there is.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Sight::Any(ties) if ties.is_empty())
    }

    /// Whether all that `other` sees is seen, whatever there is. A doubtful case is none.
    pub fn covers(&self, other: &Sight) -> bool {
        match (self, other) {
            (Sight::All, _) => true,
            (Sight::Any(_), Sight::All) => false,
            (Sight::Any(wide), Sight::Any(narrow)) => narrow
                .iter()
                .all(|narrow| wide.iter().any(|wide| wide.place == narrow.place && covers(&wide.of, &narrow.of))),
        }
    }
}

fn covers(wide: &Of, narrow: &Of) -> bool {
    match (wide, narrow) {
        (Of::Below { superior, at, direct: false }, Of::Below { superior: below, at: then, .. }) => {
            superior == below && at == then
        }
        (Of::Seen { record_type, sight }, Of::Seen { record_type: other, sight: narrow }) => {
            record_type == other && sight.covers(narrow)
        }
        (wide, narrow) => wide == narrow,
    }
}

/// A record, when it is seen.
pub fn find_seen(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
    sight: &Sight,
) -> Result<Option<Record>, StoreError> {
    let mut statement = reading();
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id = ").text(id.as_str());
    seen_only(&mut statement, "t", business, record_type, sight);
    Ok(load(conn, &statement)?.into_iter().next())
}

/// Those of these records that are seen, by id.
pub fn seen(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
    sight: &Sight,
) -> Result<Vec<RecordId>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
    let mut statement = Statement::new("SELECT t.id FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id").any_of(&ids);
    seen_only(&mut statement, "t", business, record_type, sight);
    statement.sql(" ORDER BY t.id");
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect())
}

/// `AND …` for the records `alias` of this type: those that are there, and not merged into another one.
pub(super) fn seen_only<'a>(
    statement: &mut Statement<'a>,
    alias: &str,
    business: &'a BusinessId,
    record_type: &'a str,
    sight: &'a Sight,
) {
    statement.sql(format!(" AND {alias}.merged_into IS NULL"));
    let Sight::Any(ties) = sight else { return };
    if ties.is_empty() {
        statement.sql(" AND FALSE");
        return;
    }
    for (position, tie) in ties.iter().enumerate() {
        statement.sql(if position == 0 { " AND (" } else { " OR " });
        match &tie.place {
            Place::Id => of(statement.sql(format!("{alias}.id")), alias, business, record_type, &tie.of),
            Place::Owner => of(statement.sql(format!("{alias}.owner")), alias, business, record_type, &tie.of),
            Place::Parent => of(statement.sql(format!("{alias}.parent")), alias, business, record_type, &tie.of),
            Place::Indexed(field) => {
                let index = format!("{alias}x");
                statement.sql(format!("{alias}.id IN (SELECT {index}.record FROM record_index AS {index}"));
                statement.sql(format!(" WHERE {index}.business = ")).text(business.as_str());
                statement.sql(format!(" AND {index}.record_type = ")).text(record_type);
                stands_as(statement.sql(format!(" AND {index}.field = ")), business.as_str(), record_type, field);
                of(statement.sql(format!(" AND {index}.value")), alias, business, record_type, &tie.of);
                statement.sql(")");
            }
        }
    }
    statement.sql(")");
}

/// `SELECT` of the ids of the records of this type that are seen by these ties, at most so many a tie; one may come
/// several times.
pub(super) fn seen_ids<'a>(
    statement: &mut Statement<'a>,
    business: &'a BusinessId,
    record_type: &'a str,
    ties: &'a [Tie],
    most: i64,
) {
    if ties.is_empty() {
        statement.sql("SELECT '' AS id WHERE FALSE");
    }
    for (position, tie) in ties.iter().enumerate() {
        statement.sql(if position == 0 { "SELECT q.id FROM (" } else { " UNION ALL SELECT q.id FROM (" });
        let (id, table, column) = match &tie.place {
            Place::Id => ("id", "records", "id"),
            Place::Owner => ("id", "records", "owner"),
            Place::Parent => ("id", "records", "parent"),
            Place::Indexed(_) => ("record", "record_index", "value"),
        };
        statement.sql(format!("SELECT i.{id} AS id FROM {table} AS i WHERE i.business = ")).text(business.as_str());
        statement.sql(" AND i.record_type = ").text(record_type);
        if let Place::Indexed(field) = &tie.place {
            stands_as(statement.sql(" AND i.field = "), business.as_str(), record_type, field);
        }
        of(statement.sql(format!(" AND i.{column}")), "i", business, record_type, &tie.of);
        statement.sql(format!(" LIMIT {most}) AS q"));
    }
}

/// Goes on after an expression with whom or what it must be.
fn of<'a>(statement: &mut Statement<'a>, alias: &str, business: &'a BusinessId, record_type: &'a str, of: &'a Of) {
    match of {
        Of::Person(user) => {
            statement.sql(" = ").text(user.as_str());
        }
        Of::Below { superior, at, direct } => {
            statement.sql(" IN (SELECT s.user_id FROM superiors AS s WHERE s.business = ").text(business.as_str());
            statement.sql(" AND s.superior = ").text(superior.as_str());
            statement.sql(" AND s.valid_from <= ").int(at.0).sql(" AND s.valid_to > ").int(at.0);
            statement.sql(if *direct { " AND s.depth = 1)" } else { ")" });
        }
        Of::LetIn { user, right, at, unless_above } => {
            statement.sql(" IN (");
            break_glass::open(statement, business, Some(record_type), user, *right, *at);
            statement.sql(")");
            if let Some(place) = unless_above {
                nobody_above(statement, alias, business, record_type, place, *at);
            }
        }
        Of::Seen { record_type, sight } => {
            let inner = format!("{alias}r");
            statement.sql(format!(" IN (SELECT {inner}.id FROM records AS {inner} WHERE {inner}.business = "));
            statement.text(business.as_str()).sql(format!(" AND {inner}.record_type = ")).text(record_type.as_str());
            seen_only(statement, &inner, business, record_type, sight);
            statement.sql(")");
        }
    }
}

/// `AND …`: nobody stands above the person who is named at this place.
fn nobody_above<'a>(
    statement: &mut Statement<'a>,
    alias: &str,
    business: &'a BusinessId,
    record_type: &'a str,
    place: &'a Place,
    at: Timestamp,
) {
    statement.sql(" AND NOT EXISTS (SELECT 1 FROM superiors AS h");
    match place {
        Place::Indexed(field) => {
            statement.sql(" JOIN record_index AS n ON n.business = h.business AND n.value = h.user_id");
            statement.sql(format!(" WHERE n.record = {alias}.id AND n.record_type = ")).text(record_type);
            stands_as(statement.sql(" AND n.field = "), business.as_str(), record_type, field);
        }
        Place::Owner => {
            statement.sql(format!(" WHERE h.user_id = {alias}.owner"));
        }
        Place::Parent => {
            statement.sql(format!(" WHERE h.user_id = {alias}.parent"));
        }
        Place::Id => {
            statement.sql(format!(" WHERE h.user_id = {alias}.id"));
        }
    }
    statement.sql(" AND h.business = ").text(business.as_str());
    statement.sql(" AND h.valid_from <= ").int(at.0).sql(" AND h.valid_to > ").int(at.0).sql(")");
}
