//! A row by a statement of its own: what SQLite gets. The type says which statement it is, so that it is prepared once and
//! found again without its text being put together.

use super::error::StoreError;
use super::schema::{Cell, Row};
use super::set::Taken;
use super::statement::has_nul;
use diesel::connection::Connection;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use std::marker::PhantomData;

/// Inserts a row; whether it went in or was replaced.
pub(super) fn insert<R: Row>(file: &mut SqliteConnection, row: &R, taken: Taken) -> Result<bool, StoreError> {
    match taken {
        Taken::Fail => carry_out::<R, Insert>(file, row),
        Taken::Skip => carry_out::<R, InsertOrSkip>(file, row),
        Taken::Replace => carry_out::<R, InsertOrReplace>(file, row),
    }
}

/// Changes a row that is there.
pub(super) fn update<R: Row>(file: &mut SqliteConnection, row: &R) -> Result<bool, StoreError> {
    carry_out::<R, Update>(file, row)
}

/// Changes a row when it is at the version before; whether it was.
pub(super) fn update_guarded<R: Row>(file: &mut SqliteConnection, row: &R) -> Result<bool, StoreError> {
    carry_out::<R, UpdateGuarded>(file, row)
}

/// Deletes the row with the key of this one.
pub(super) fn delete<R: Row>(file: &mut SqliteConnection, row: &R) -> Result<bool, StoreError> {
    carry_out::<R, Delete>(file, row)
}

fn carry_out<R: Row, V: Verb>(file: &mut SqliteConnection, row: &R) -> Result<bool, StoreError> {
    let cells = row.cells();
    if cells.iter().any(|cell| matches!(cell, Cell::Text(Some(text)) if has_nul(text))) {
        return Err(StoreError::Nul);
    }
    let single = Single::<R, V> { cells, types: PhantomData };
    Ok(file.execute_returning_count(&single)? > 0)
}

/// A statement for one row of `R` that does `V`.
struct Single<'a, R, V> {
    cells: Vec<Cell<'a>>,
    types: PhantomData<(R, V)>,
}

impl<R: Row, V: Verb> QueryId for Single<'_, R, V> {
    type QueryId = Single<'static, R, V>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R: Row, V: Verb> QueryFragment<Sqlite> for Single<'_, R, V> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let mut writing = Writing { out, columns: PhantomData::<R>, cells: &self.cells };
        V::write(&mut writing)
    }
}

/// What a statement does with its row.
trait Verb: 'static {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()>;
}

struct Insert;
struct InsertOrSkip;
struct InsertOrReplace;
struct Update;
struct UpdateGuarded;
struct Delete;

impl Verb for Insert {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()> {
        to.sql("INSERT INTO ").sql(R::TABLE).sql(" (");
        for (at, column) in R::COLUMNS.iter().enumerate() {
            to.between(at, ", ").name(column.name);
        }
        to.sql(") VALUES (");
        for at in 0..R::COLUMNS.len() {
            to.between(at, ", ").value(at)?;
        }
        to.sql(")");
        Ok(())
    }
}

impl Verb for InsertOrSkip {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()> {
        Insert::write(to)?;
        to.sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl Verb for InsertOrReplace {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()> {
        Insert::write(to)?;
        to.sql(" ON CONFLICT (");
        for (at, key) in R::KEY.iter().enumerate() {
            to.between(at, ", ").name(key);
        }
        to.sql(") DO UPDATE SET ");
        for (at, (_, name)) in free::<R>().enumerate() {
            to.between(at, ", ").name(name).sql(" = excluded.").name(name);
        }
        Ok(())
    }
}

impl Verb for Update {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()> {
        to.sql("UPDATE ").sql(R::TABLE).sql(" SET ");
        for (at, (place, name)) in free::<R>().enumerate() {
            to.between(at, ", ").name(name).sql(" = ").value(place)?;
        }
        to.by_key()
    }
}

impl Verb for UpdateGuarded {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()> {
        Update::write(to)?;
        for (place, _) in free::<R>().filter(|(_, name)| *name == "version") {
            to.sql(" AND version = ").value(place)?;
            to.sql(" - 1");
        }
        Ok(())
    }
}

impl Verb for Delete {
    fn write<R: Row>(to: &mut Writing<'_, '_, R>) -> QueryResult<()> {
        to.sql("DELETE FROM ").sql(R::TABLE);
        to.by_key()
    }
}

/// The columns outside of the key, and where they stand.
fn free<R: Row>() -> impl Iterator<Item = (usize, &'static str)> {
    let all = R::COLUMNS.iter().map(|column| column.name).enumerate();
    all.filter(|(_, name)| !R::KEY.contains(name))
}

/// Writes a statement from texts that stand there already: Diesel walks through it for its text once, and for its values
/// each time.
struct Writing<'w, 'b, R> {
    out: AstPass<'w, 'b, Sqlite>,
    columns: PhantomData<R>,
    cells: &'b [Cell<'b>],
}

impl<R: Row> Writing<'_, '_, R> {
    fn sql(&mut self, sql: &str) -> &mut Self {
        self.out.push_sql(sql);
        self
    }

    fn name(&mut self, name: &str) -> &mut Self {
        self.sql("\"").sql(name).sql("\"")
    }

    /// Nothing before the first.
    fn between(&mut self, at: usize, text: &str) -> &mut Self {
        if at > 0 { self.sql(text) } else { self }
    }

    fn value(&mut self, place: usize) -> QueryResult<()> {
        match &self.cells[place] {
            Cell::Text(text) => self.out.push_bind_param::<Nullable<Text>, _>(text),
            Cell::BigInt(number) => self.out.push_bind_param::<Nullable<BigInt>, _>(number),
            Cell::Bool(value) => self.out.push_bind_param::<Nullable<Bool>, _>(value),
        }
    }

    fn by_key(&mut self) -> QueryResult<()> {
        let all = R::COLUMNS.iter().map(|column| column.name).enumerate();
        for (at, (place, name)) in all.filter(|(_, name)| R::KEY.contains(name)).enumerate() {
            self.sql(if at == 0 { " WHERE " } else { " AND " }).name(name).sql(" = ").value(place)?;
        }
        Ok(())
    }
}
