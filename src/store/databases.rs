//! Databases as a whole: made beside one that is there, measured, removed. For `kamflow bench`, which never writes into
//! the database that it was pointed to.

use super::connection::{Connection, connect};
use super::error::StoreError;
use super::statement::Statement;
use super::url::Url;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};

/// A database beside this one: `kamflow.db` and `w1` give `kamflow-bench-w1.db`, the database `sales` of a server gives
/// `sales_bench_w1` on the same server.
///
/// # Errors
/// The address names no database.
pub fn beside(url: &Url, name: &str) -> Result<Url, StoreError> {
    match url {
        Url::Sqlite(path) => {
            let stem = path.strip_suffix(".db").unwrap_or(path);
            Url::parse(&format!("sqlite:{stem}-bench-{name}.db"))
        }
        Url::Postgres(text) => {
            let (place, options) =
                text.split_once('?').map_or((text.as_str(), ""), |(place, options)| (place, options));
            let (server, database) =
                place.rsplit_once('/').filter(|(server, _)| !server.ends_with('/')).ok_or_else(|| {
                    StoreError::Url("the database address names a server and no database on it; add /NAME".to_owned())
                })?;
            let options = if options.is_empty() { String::new() } else { format!("?{options}") };
            Url::parse(&format!("{server}/{}{options}", of_server(database, name)))
        }
    }
}

fn of_server(database: &str, name: &str) -> String {
    format!("{database}_bench_{name}")
}

/// Has PostgreSQL look at what the tables hold, as it does by itself after a while.
pub fn analyze(conn: &mut Connection) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(server) => Ok(server.batch_execute("ANALYZE")?),
    }
}

/// Makes it on the server of `url`; a file comes to be when it is opened. Whether it was there before.
pub fn make(url: &Url, new: &Url) -> Result<bool, StoreError> {
    let Some(name) = name(new) else { return Ok(false) };
    let mut conn = connect(url)?;
    let mut asked = Statement::new("SELECT COUNT(*) FROM pg_database WHERE datname = ");
    asked.text(name);
    let there: Vec<i64> = asked.load::<BigInt, i64>(&mut conn)?;
    if there.first().is_some_and(|count| *count > 0) {
        return Ok(true);
    }
    Statement::new(format!("CREATE DATABASE {}", quoted(name))).execute(&mut conn)?;
    Ok(false)
}

/// Removes one from the server of `url`; files are the caller's.
pub fn remove(url: &Url, old: &Url) -> Result<(), StoreError> {
    let Some(name) = name(old) else { return Ok(()) };
    Statement::new(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))).execute(&mut connect(url)?)?;
    Ok(())
}

/// Bytes that the tables and their indexes take.
pub fn bytes(conn: &mut Connection) -> Result<i64, StoreError> {
    let asked = match conn {
        Connection::Sqlite(_) => "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        Connection::Postgres(_) => "SELECT pg_database_size(current_database())",
    };
    Ok(Statement::new(asked).load::<BigInt, i64>(conn)?.first().copied().unwrap_or_default())
}

/// Carries out a statement that somebody wrote, whose rows are one text each.
pub fn texts(conn: &mut Connection, sql: &str) -> Result<Vec<String>, StoreError> {
    Statement::new(sql).load::<Text, String>(conn)
}

/// How often PostgreSQL has forced its log to disk since it counts; SQLite does not tell.
pub fn syncs(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    match conn {
        Connection::Sqlite(_) => Ok(None),
        Connection::Postgres(_) => {
            let asked = Statement::new("SELECT wal_sync FROM pg_stat_wal");
            Ok(asked.load::<BigInt, i64>(conn)?.first().copied())
        }
    }
}

/// Gives the disk back what deleted rows took, and counts anew what the tables hold. Writers of SQLite wait meanwhile, and
/// are told to come again when it takes longer than they wait; those of PostgreSQL do not.
pub fn compact(conn: &mut Connection) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(_) => conn.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?,
        Connection::Postgres(_) => {
            Statement::new("SET statement_timeout = 0").execute(conn)?;
            Statement::new("VACUUM (ANALYZE)").execute(conn)?;
        }
    }
    Ok(())
}

/// The name of the database on its server.
fn name(url: &Url) -> Option<&str> {
    match url {
        Url::Sqlite(_) => None,
        Url::Postgres(text) => {
            let place = text.split_once('?').map_or(text.as_str(), |(place, _)| place);
            place.rsplit_once('/').map(|(_, name)| name)
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
