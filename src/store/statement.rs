//! A statement put together from SQL and typed values, prepared once and cached by its text.
//!
//! For what Diesel's query language cannot say on both databases: set-based writes, lists of values, searches whose
//! filters come and go. (`diesel::sql_query` would prepare anew at every call.)

use super::connection::Connection;
use super::error::StoreError;
use super::postgres::PgSync;
use super::schema::Cell;
use diesel::RunQueryDsl;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LoadQuery;
use diesel::result::{Error, QueryResult};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use std::borrow::Cow;
use std::marker::PhantomData;

/// SQL with its values in place.
#[derive(Debug, Default)]
pub(super) struct Statement<'a> {
    pieces: Vec<Piece<'a>>,
}

/// A piece of SQL or a value.
#[derive(Debug)]
enum Piece<'a> {
    Sql(Cow<'a, str>),
    Text(Cow<'a, str>),
    Int(i64),
    Texts(Vec<Option<&'a str>>),
    Ints(Vec<Option<i64>>),
    Bools(Vec<Option<bool>>),
    AnyOf { texts: Vec<&'a str>, json: String },
    Items { column: &'static str, inside: Option<&'static str> },
    Bytes(&'a [u8]),
    Cell(Cell<'a>),
}

impl<'a> Statement<'a> {
    /// Begins with this SQL.
    pub fn new(sql: impl Into<Cow<'a, str>>) -> Statement<'a> {
        Statement { pieces: vec![Piece::Sql(sql.into())] }
    }

    /// Goes on with this SQL.
    pub fn sql(&mut self, sql: impl Into<Cow<'a, str>>) -> &mut Self {
        self.push(Piece::Sql(sql.into()))
    }

    /// A text.
    pub fn text(&mut self, value: impl Into<Cow<'a, str>>) -> &mut Self {
        self.push(Piece::Text(value.into()))
    }

    /// A number.
    pub fn int(&mut self, value: i64) -> &mut Self {
        self.push(Piece::Int(value))
    }

    /// A value of a column, also none.
    pub fn cell(&mut self, value: Cell<'a>) -> &mut Self {
        self.push(Piece::Cell(value))
    }

    /// Bytes.
    pub fn bytes(&mut self, value: &'a [u8]) -> &mut Self {
        self.push(Piece::Bytes(value))
    }

    /// A column of texts, on PostgreSQL.
    pub fn texts(&mut self, values: Vec<Option<&'a str>>) -> &mut Self {
        self.push(Piece::Texts(values))
    }

    /// A column of numbers, on PostgreSQL.
    pub fn ints(&mut self, values: Vec<Option<i64>>) -> &mut Self {
        self.push(Piece::Ints(values))
    }

    /// A column of truth values, on PostgreSQL.
    pub fn bools(&mut self, values: Vec<Option<bool>>) -> &mut Self {
        self.push(Piece::Bools(values))
    }

    /// `= any of these texts`: one statement text for every length of the list.
    pub fn any_of<T: AsRef<str> + 'a>(&mut self, values: impl IntoIterator<Item = &'a T>) -> &mut Self {
        let texts: Vec<&str> = values.into_iter().map(AsRef::as_ref).collect();
        let json = serde_json::json!(texts).to_string();
        self.push(Piece::AnyOf { texts, json })
    }

    /// A table `e` of what a column with a JSON list of texts holds, `e.value`; or of the list that has this name inside of it.
    pub fn items(&mut self, column: &'static str, inside: Option<&'static str>) -> &mut Self {
        self.push(Piece::Items { column, inside })
    }

    /// Runs it; how many rows it touched.
    pub fn execute(&self, conn: &mut Connection) -> Result<usize, StoreError> {
        self.check()?;
        Ok(match conn {
            Connection::Sqlite(file) => self.execute_on(file)?,
            Connection::Postgres(server) => self.execute_on(server)?,
        })
    }

    /// Runs it and reads rows of the SQL types `S` as `T`.
    pub fn load<'q, S, T>(&'q self, conn: &mut Connection) -> Result<Vec<T>, StoreError>
    where
        Typed<'q, S>: LoadQuery<'q, SqliteConnection, T> + LoadQuery<'q, PgSync, T>,
    {
        self.check()?;
        let typed = Typed { statement: self, types: PhantomData };
        Ok(match conn {
            Connection::Sqlite(file) => RunQueryDsl::load(typed, file)?,
            Connection::Postgres(server) => RunQueryDsl::load(typed, server)?,
        })
    }

    fn execute_on<C>(&self, conn: &mut C) -> QueryResult<usize>
    where
        C: diesel::Connection,
        Self: QueryFragment<C::Backend>,
    {
        conn.execute_returning_count(self)
    }

    fn push(&mut self, piece: Piece<'a>) -> &mut Self {
        self.pieces.push(piece);
        self
    }

    /// Refuses U+0000 before the database does it in its own words, or, on SQLite, does not.
    fn check(&self) -> Result<(), StoreError> {
        let bad = self.pieces.iter().any(|piece| match piece {
            Piece::Text(text) => has_nul(text),
            Piece::Texts(texts) => texts.iter().flatten().any(|text| has_nul(text)),
            Piece::AnyOf { texts, .. } => texts.iter().any(|text| has_nul(text)),
            Piece::Cell(Cell::Text(text)) => text.is_some_and(has_nul),
            Piece::Sql(_) | Piece::Items { .. } | Piece::Cell(_) => false,
            Piece::Int(_) | Piece::Ints(_) | Piece::Bools(_) | Piece::Bytes(_) => false,
        });
        if bad { Err(StoreError::Nul) } else { Ok(()) }
    }
}

/// Whether a text holds U+0000.
pub(super) fn has_nul(text: &str) -> bool {
    text.as_bytes().contains(&0)
}

impl QueryFragment<Pg> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for piece in &self.pieces {
            match piece {
                Piece::Sql(sql) => out.push_sql(sql),
                Piece::Text(text) => out.push_bind_param::<Text, str>(text.as_ref())?,
                Piece::Int(number) => out.push_bind_param::<BigInt, i64>(number)?,
                Piece::Bytes(bytes) => out.push_bind_param::<Binary, [u8]>(bytes)?,
                Piece::Cell(Cell::Text(text)) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Piece::Cell(Cell::BigInt(number)) => out.push_bind_param::<Nullable<BigInt>, _>(number)?,
                Piece::Cell(Cell::Bool(value)) => out.push_bind_param::<Nullable<Bool>, _>(value)?,
                Piece::Texts(texts) => out.push_bind_param::<Array<Nullable<Text>>, _>(texts)?,
                Piece::Ints(numbers) => out.push_bind_param::<Array<Nullable<BigInt>>, _>(numbers)?,
                Piece::Bools(values) => out.push_bind_param::<Array<Nullable<Bool>>, _>(values)?,
                Piece::Items { column, inside } => {
                    out.push_sql("jsonb_array_elements_text(");
                    out.push_sql(column);
                    out.push_sql("::jsonb");
                    if let Some(inside) = inside {
                        out.push_sql(" -> '");
                        out.push_sql(inside);
                        out.push_sql("'");
                    }
                    out.push_sql(") AS e(value)");
                }
                Piece::AnyOf { texts, .. } => {
                    out.push_sql(" = ANY(");
                    out.push_bind_param::<Array<Text>, _>(texts)?;
                    out.push_sql(")");
                }
            }
        }
        Ok(())
    }
}

impl QueryFragment<Sqlite> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        for piece in &self.pieces {
            match piece {
                Piece::Sql(sql) => out.push_sql(sql),
                Piece::Text(text) => out.push_bind_param::<Text, str>(text.as_ref())?,
                Piece::Int(number) => out.push_bind_param::<BigInt, i64>(number)?,
                Piece::Bytes(bytes) => out.push_bind_param::<Binary, [u8]>(bytes)?,
                Piece::Cell(Cell::Text(text)) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Piece::Cell(Cell::BigInt(number)) => out.push_bind_param::<Nullable<BigInt>, _>(number)?,
                Piece::Cell(Cell::Bool(value)) => out.push_bind_param::<Nullable<Bool>, _>(value)?,
                Piece::Texts(_) | Piece::Ints(_) | Piece::Bools(_) => {
                    return Err(Error::QueryBuilderError("SQLite has no arrays; send JSON".into()));
                }
                Piece::Items { column, inside } => {
                    out.push_sql("json_each(");
                    out.push_sql(column);
                    if let Some(inside) = inside {
                        out.push_sql(", '$.");
                        out.push_sql(inside);
                        out.push_sql("'");
                    }
                    out.push_sql(") AS e");
                }
                Piece::AnyOf { json, .. } => {
                    out.push_sql(" IN (SELECT value FROM json_each(");
                    out.push_bind_param::<Text, str>(json.as_str())?;
                    out.push_sql("))");
                }
            }
        }
        Ok(())
    }
}

/// Cached by text and types of values, since no Rust type says which statement it is.
impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

/// A statement whose rows have the SQL types `S`.
pub(super) struct Typed<'q, S> {
    statement: &'q Statement<'q>,
    types: PhantomData<S>,
}

impl<DB: diesel::backend::Backend, S> QueryFragment<DB> for Typed<'_, S>
where
    for<'a> Statement<'a>: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(out)
    }
}

impl<S> QueryId for Typed<'_, S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<S> Query for Typed<'_, S> {
    type SqlType = S;
}

impl<S, C> RunQueryDsl<C> for Typed<'_, S> {}
