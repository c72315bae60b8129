//! The tables, each said once: its columns with their Rust types make the struct of a row, Diesel's table, and the
//! description that set-based writes are built from.

pub(super) mod approval;
pub(super) mod break_glass;
pub(super) mod business;
pub(super) mod file;
pub(super) mod job;
pub(super) mod merge;
pub(super) mod messages;
pub(super) mod organisation;
pub(super) mod people;
pub(super) mod provisioning;
pub(super) mod record;
pub(super) mod running;
pub(super) mod service;
pub(super) mod task_paper;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    BigInt,
    Bool,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

/// A value on its way into a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Text(Option<&'a str>),
    BigInt(Option<i64>),
    Bool(Option<bool>),
}

/// A row of a table.
pub(super) trait Row: 'static {
    /// Its SQL types, in the order of the fields.
    type Types;
    /// The table.
    const TABLE: &'static str;
    /// The columns of the primary key.
    const KEY: &'static [&'static str];
    /// All columns that the row has, in the order of the fields.
    const COLUMNS: &'static [Column];

    /// The values, in the order of the columns.
    fn cells(&self) -> Vec<Cell<'_>>;

    /// The columns as SQL, each behind `prefix` (`t.`).
    fn list(prefix: &str) -> String {
        let names: Vec<String> = Self::COLUMNS.iter().map(|column| format!("{prefix}\"{}\"", column.name)).collect();
        names.join(", ")
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Cell<'a> {
        Cell::Text(Some(text))
    }
}

impl<'a> From<&'a Option<String>> for Cell<'a> {
    fn from(text: &'a Option<String>) -> Cell<'a> {
        Cell::Text(text.as_deref())
    }
}

impl From<&i64> for Cell<'_> {
    fn from(number: &i64) -> Self {
        Cell::BigInt(Some(*number))
    }
}

impl From<&Option<i64>> for Cell<'_> {
    fn from(number: &Option<i64>) -> Self {
        Cell::BigInt(*number)
    }
}

impl From<&bool> for Cell<'_> {
    fn from(value: &bool) -> Self {
        Cell::Bool(Some(*value))
    }
}

/// `row!(NameOfRow, module = "table", (key, columns), { column: RustType, … })` with the types `String`, `i64`,
/// `Option` of these, and `bool`.
macro_rules! row {
    ($(#[$doc:meta])* $row:ident, $table:ident = $sql:literal, ($($key:ident),+), { $($columns:tt)* }) => {
        row!(@next [$(#[$doc])* $row $table $sql ($($key)+)] [] $($columns)*);
    };
    (@next $head:tt [$($done:tt)*] $column:ident: String, $($rest:tt)*) => {
        row!(@next $head [$($done)* {$column (String) (Text) Text}] $($rest)*);
    };
    (@next $head:tt [$($done:tt)*] $column:ident: Option<String>, $($rest:tt)*) => {
        row!(@next $head [$($done)* {$column (Option<String>) (Nullable<Text>) Text}] $($rest)*);
    };
    (@next $head:tt [$($done:tt)*] $column:ident: i64, $($rest:tt)*) => {
        row!(@next $head [$($done)* {$column (i64) (BigInt) BigInt}] $($rest)*);
    };
    (@next $head:tt [$($done:tt)*] $column:ident: Option<i64>, $($rest:tt)*) => {
        row!(@next $head [$($done)* {$column (Option<i64>) (Nullable<BigInt>) BigInt}] $($rest)*);
    };
    (@next $head:tt [$($done:tt)*] $column:ident: bool, $($rest:tt)*) => {
        row!(@next $head [$($done)* {$column (bool) (Bool) Bool}] $($rest)*);
    };
    (@next [$(#[$doc:meta])* $row:ident $table:ident $sql:literal ($($key:ident)+)]
        [$({$column:ident ($($rust:tt)+) ($($types:tt)+) $kind:ident})+]) => {
        diesel::table! {
            #[sql_name = $sql]
            $table ($($key),+) { $($column -> $($types)+,)+ }
        }

        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, diesel::Queryable)]
        pub(in crate::store) struct $row { $(pub $column: $($rust)+,)+ }

        impl crate::store::schema::Row for $row {
            type Types = diesel::dsl::SqlTypeOf<<$table::table as diesel::Table>::AllColumns>;
            const TABLE: &'static str = $sql;
            const KEY: &'static [&'static str] = &[$(stringify!($key)),+];
            const COLUMNS: &'static [crate::store::schema::Column] = &[$(crate::store::schema::Column {
                name: stringify!($column),
                kind: crate::store::schema::Kind::$kind,
            }),+];

            fn cells(&self) -> Vec<crate::store::schema::Cell<'_>> {
                vec![$((&self.$column).into()),+]
            }
        }
    };
}
pub(in crate::store) use row;
