//! Who may do what with the records of a type: the words of `access:`.

use super::break_glass;
use super::known::{Known, known as check};
use super::shape::record::AccessShape;
use super::spot::At;
use crate::model::break_glass::Right;
use crate::model::field::{Field, FieldKind};
use crate::model::finding::Finding;
use crate::model::record_access::{Access, FieldAccess, Relation};
use crate::model::record_type::Column;
use std::collections::BTreeMap;

/// The rights that `access:` gives.
pub fn access(
    shape: &AccessShape,
    at: At,
    fields: &[Field],
    columns: &BTreeMap<Column, String>,
    known: &Known,
    findings: &mut Vec<Finding>,
) -> Access {
    let mut words = Words { fields, columns, known, findings };
    let mut rights = BTreeMap::new();
    for (name, shape) in &shape.fields {
        let at = at.key("fields").key(name);
        check("field", name, fields.iter().map(|field| field.name.as_str()), "", at, words.findings);
        let read = shape.read.as_ref().map(|list| let_in(words.relations(list, at.key("read")), Right::Read));
        let create = shape.create.as_ref().map(|list| words.relations(list, at.key("create")));
        let update = shape.update.as_ref().map(|list| let_in(words.relations(list, at.key("update")), Right::Update));
        rights.insert(name.clone(), FieldAccess { read, create, update });
    }
    Access {
        read: let_in(words.relations(&shape.read, at.key("read")), Right::Read),
        create: words.relations(&shape.create, at.key("create")),
        update: let_in(words.relations(&shape.update, at.key("update")), Right::Update),
        delete: words.relations(&shape.delete, at.key("delete")),
        merge: shape.merge.as_ref().map(|list| words.relations(list, at.key("merge"))),
        break_glass: shape
            .break_glass
            .as_ref()
            .map(|shape| break_glass::rule(shape, at.key("break_glass"), known, words.findings)),
        fields: rights,
        limits: Vec::new(),
    }
}

/// Whoever is let in beyond the rules may do it, too; what only somebody above a person may change, only while nobody
/// stands there (000.60).
fn let_in(mut relations: Vec<Relation>, right: Right) -> Vec<Relation> {
    let above = relations.iter().find_map(|relation| match relation {
        Relation::Superior(field) | Relation::DirectSuperior(field) => Some(field.clone()),
        _ => None,
    });
    relations.push(match (right, above) {
        (Right::Update, Some(field)) => Relation::LetInFor(field),
        (right, _) => Relation::LetIn(right),
    });
    relations
}

struct Words<'a> {
    fields: &'a [Field],
    columns: &'a BTreeMap<Column, String>,
    known: &'a Known,
    findings: &'a mut Vec<Finding>,
}

impl Words<'_> {
    fn relations(&mut self, words: &[String], at: At) -> Vec<Relation> {
        words.iter().enumerate().filter_map(|(position, word)| self.relation(word, at.item(position))).collect()
    }

    fn relation(&mut self, word: &str, at: At) -> Option<Relation> {
        if let Some(role) = word.strip_prefix("role:") {
            self.known.role(role, at, self.findings);
            return Some(Relation::Role(role.to_owned()));
        }
        if word == "anyone" {
            return Some(Relation::Anyone);
        }
        let (relation, inside) = match word.strip_suffix(')').and_then(|word| word.split_once('(')) {
            Some((relation, field)) => (relation, field.trim()),
            None => ("", word),
        };
        let field = self.field(inside);
        let named = field.clone();
        let kind = self.fields.iter().find(|known| known.name == named).map(|field| &field.kind);
        let (found, needs) = match relation {
            "" => (Relation::Person(field), "a field of type user"),
            "superior" => (Relation::Superior(field), "a field of type user"),
            "direct_superior" => (Relation::DirectSuperior(field), "a field of type user"),
            "member" => (Relation::Member(field), "a list of users, or of maps with a field \"user\""),
            "reader" => (Relation::Reader(field), "a field of type ref"),
            _ => return self.nobody(word, at),
        };
        let fits = match (&found, kind) {
            (Relation::Person(_), None) if inside == word => return self.nobody(word, at),
            (_, None) => {
                check("field", inside, self.fields.iter().map(|f| f.name.as_str()), "", at, self.findings);
                return None;
            }
            (Relation::Member(_), Some(kind)) => holds_people(kind),
            (Relation::Reader(_), Some(kind)) => matches!(kind, FieldKind::Ref(_)),
            (_, Some(kind)) => matches!(kind, FieldKind::User),
        };
        if !fits {
            let sentence = format!("\"{word}\" needs {needs}; \"{named}\" is another");
            self.findings.push(Finding::error(at.place(), sentence));
            return None;
        }
        Some(found)
    }

    /// `owner` is whatever field has that meaning.
    fn field(&self, name: &str) -> String {
        let owner = self.columns.get(&Column::Owner).filter(|_| name == "owner");
        owner.cloned().unwrap_or_else(|| name.to_owned())
    }

    fn nobody(&mut self, word: &str, at: At) -> Option<Relation> {
        if word == "owner" {
            let sentence = "\"owner\" needs the column that says who that is; add \"columns: {owner: …}\"";
            self.findings.push(Finding::error(at.place(), sentence));
            return None;
        }
        let sentence = format!(
            "\"{word}\" says nobody; write anyone, role:NAME, a user field, superior(FIELD), direct_superior(FIELD), \
             member(FIELD) or reader(FIELD)"
        );
        self.findings.push(Finding::error(at.place(), sentence));
        None
    }
}

/// Whether a list says who belongs to a record.
fn holds_people(kind: &FieldKind) -> bool {
    let FieldKind::List(of) = kind else { return false };
    match &**of {
        FieldKind::User => true,
        FieldKind::Map(fields) => {
            fields.iter().any(|field| field.name == "user" && matches!(field.kind, FieldKind::User))
        }
        _ => false,
    }
}
