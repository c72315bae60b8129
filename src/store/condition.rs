//! Filters of an outside directory as SQL, the same on both databases: letters A to Z are compared in any case, and
//! what is not there is never like anything. The row is `t`, the profile of a user `s`, an address `e`.

use super::statement::Statement;
use crate::model::ids::BusinessId;
use crate::model::scim::condition::{Condition, Field, Like};

/// Adds a condition, in parentheses.
pub(super) fn push<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, condition: &'a Condition) {
    match condition {
        Condition::All(parts) => joined(statement, business, parts, " AND ", "TRUE"),
        Condition::Any(parts) => joined(statement, business, parts, " OR ", "FALSE"),
        Condition::Not(part) => {
            statement.sql("NOT ");
            push(statement, business, part);
        }
        Condition::Text { field, like, value } => {
            let value = if is_exact(*field) { value.clone() } else { value.to_ascii_lowercase() };
            compare(statement, column(*field), *like, value);
        }
        Condition::Has(field) => {
            statement.sql(format!("({} IS NOT NULL)", column(*field)));
        }
        Condition::Is(field, true) => {
            statement.sql(format!("({})", column(*field)));
        }
        Condition::Is(field, false) => {
            statement.sql(format!("(NOT {})", column(*field)));
        }
        Condition::Email(inside) => {
            statement.sql("EXISTS (SELECT 1 FROM user_emails AS e WHERE e.business = ").text(business.as_str());
            statement.sql(" AND e.user_id = t.id AND ");
            push(statement, business, inside);
            statement.sql(")");
        }
        Condition::Member(user) => {
            statement.sql("EXISTS (SELECT 1 FROM directory_members AS m WHERE m.business = ").text(business.as_str());
            statement.sql(" AND m.group_id = t.id AND m.user_id = ").text(user.as_str()).sql(")");
        }
    }
}

fn joined<'a>(
    statement: &mut Statement<'a>,
    business: &'a BusinessId,
    parts: &'a [Condition],
    word: &'static str,
    none: &'static str,
) {
    statement.sql("(");
    if parts.is_empty() {
        statement.sql(none);
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            statement.sql(word);
        }
        push(statement, business, part);
    }
    statement.sql(")");
}

/// Without LIKE: on SQLite it knows no difference between `a` and `A`, and in both it has signs of its own.
fn compare(statement: &mut Statement<'_>, column: &'static str, like: Like, value: String) {
    statement.sql(format!("({column} IS NOT NULL AND "));
    match like {
        Like::Equal => statement.sql(format!("{column} = ")).text(value),
        // Nothing is taken out of a text that does not contain it; the empty text is everywhere.
        Like::Contains if value.is_empty() => statement.sql("TRUE"),
        Like::Contains => statement.sql(format!("REPLACE({column}, ")).text(value).sql(format!(", '') <> {column}")),
        Like::Begins => {
            let length = length(&value);
            statement.sql(format!("SUBSTR({column}, 1, {length}) = ")).text(value)
        }
        Like::Ends => {
            let length = length(&value);
            let least = format!("LENGTH({column}) >= {length}");
            statement.sql(format!("{least} AND SUBSTR({column}, LENGTH({column}) - {length} + 1) = ")).text(value)
        }
    };
    statement.sql(")");
}

/// Characters, as both databases count them.
fn length(value: &str) -> usize {
    value.chars().count()
}

fn is_exact(field: Field) -> bool {
    matches!(field, Field::Id | Field::ExternalId)
}

fn column(field: Field) -> &'static str {
    match field {
        Field::Id => "t.id",
        Field::UserName => "LOWER(t.id)",
        // Of users it stands in their profile, of groups in themselves; nothing else has this name.
        Field::ExternalId => "external_id",
        Field::DisplayName => "LOWER(t.name)",
        Field::Active => "t.active",
        Field::EmailValue => "e.value",
        Field::EmailType => "e.kind",
        Field::EmailPrimary => "e.main",
    }
}
