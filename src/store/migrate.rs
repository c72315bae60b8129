//! Brings a database to the present schema: the shared migrations and those of its back end, in the order of their
//! versions, in one transaction.

use super::businesses;
use super::connection::Connection;
use super::error::StoreError;
use super::statement::Statement;
use super::superiors;
use super::task_list;
use super::transaction::transaction;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SHARED: EmbeddedMigrations = embed_migrations!("migrations/shared");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Applies the migrations that are missing and names them. Servers that start together wait for one another.
///
/// ```no_run
/// # fn main() -> Result<(), kamflow::store::StoreError> {
/// use kamflow::store;
/// let mut connection = store::connect(&store::Url::parse("sqlite:kamflow.db")?)?;
/// for name in store::migrate(&mut connection)? {
///     tracing::info!(name, "migrated");
/// }
/// # Ok(())
/// # }
/// ```
pub fn migrate(conn: &mut Connection) -> Result<Vec<String>, StoreError> {
    if is_current(conn)? {
        return Ok(Vec::new());
    }
    transaction(conn, |conn| {
        if matches!(conn, Connection::Postgres(_)) {
            conn.batch_execute(LOCK)?;
        }
        let applied = conn.applied_migrations().map_err(failed)?;
        let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
        let known = migrations(conn)?;
        all_known(&known, &applied)?;
        let done = run(conn, known.iter().filter(|known| !applied.contains(&known.name().version().to_string())))?;
        if done.iter().any(|name| name.contains(SORTED_SLOTS)) {
            task_list::renew(conn)?;
        }
        if !done.is_empty() {
            // What is computed from other rows is computed anew by the rules of now.
            for business in businesses::list(conn)? {
                superiors::rebuild(conn, &business.id)?;
            }
        }
        Ok(done)
    })
}

/// Brings an empty database to these migrations and no further: those of a backup.
pub(super) fn migrate_to(conn: &mut Connection, versions: &[String]) -> Result<(), StoreError> {
    let known = migrations(conn)?;
    all_known(&known, versions)?;
    // Makes the table that they are noted in.
    conn.applied_migrations().map_err(failed)?;
    run(conn, known.iter().filter(|known| versions.contains(&known.name().version().to_string()))).map(drop)
}

/// The versions of the migrations that were applied, in their order.
pub(super) fn applied(conn: &mut Connection) -> Result<Vec<String>, StoreError> {
    Statement::new("SELECT version FROM __diesel_schema_migrations ORDER BY version").load::<Text, String>(conn)
}

fn all_known(known: &Migrations, versions: &[String]) -> Result<(), StoreError> {
    match versions.iter().find(|version| known.iter().all(|known| known.name().version().to_string() != **version)) {
        Some(newer) => Err(StoreError::Newer { version: newer.clone() }),
        None => Ok(()),
    }
}

fn run<'a>(
    conn: &mut Connection,
    missing: impl Iterator<Item = &'a Box<AnyMigration>>,
) -> Result<Vec<String>, StoreError> {
    let mut done = Vec::new();
    for migration in missing {
        conn.run_migration(migration.as_ref()).map_err(failed)?;
        done.push(migration.name().to_string());
    }
    if matches!(conn, Connection::Postgres(_)) && !done.is_empty() {
        conn.batch_execute(COLLATE)?;
    }
    Ok(done)
}

/// Whether every migration was applied and no other one. Only reads: whoever looks at a database waits for nobody who
/// writes.
fn is_current(conn: &mut Connection) -> Result<bool, StoreError> {
    let there = Statement::new(match conn {
        Connection::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
        Connection::Postgres(_) => "SELECT 'there' WHERE to_regclass('__diesel_schema_migrations') IS NOT NULL",
    });
    if there.load::<Text, String>(conn)?.is_empty() {
        return Ok(false);
    }
    let applied = applied(conn)?;
    let known = migrations(conn)?;
    Ok(known.iter().map(|known| known.name().version().to_string()).eq(applied))
}

/// Since then search variables are kept as text that sorts.
const SORTED_SLOTS: &str = "000150";

/// Only one migrates; the others wait as long as it takes and then find nothing to do.
const LOCK: &str = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
                    SELECT pg_advisory_xact_lock(7237970109966541);";

/// The order of code points, as SQLite has it, whatever the locale of the server.
const COLLATE: &str = r#"
DO $$
DECLARE found RECORD;
BEGIN
    FOR found IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
          AND table_name <> '__diesel_schema_migrations'
        ORDER BY table_name, ordinal_position
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE TEXT COLLATE "C"', found.table_name, found.column_name);
    END LOOP;
END $$;
"#;

type AnyMigration = dyn Migration<<Connection as diesel::Connection>::Backend>;
type Migrations = Vec<Box<AnyMigration>>;

/// All migrations of this back end, by version.
fn migrations(conn: &Connection) -> Result<Migrations, StoreError> {
    let own = match conn {
        Connection::Sqlite(_) => SQLITE,
        Connection::Postgres(_) => POSTGRES,
    };
    let mut all: Migrations = SHARED.migrations().map_err(failed)?;
    all.extend(MigrationSource::<<Connection as diesel::Connection>::Backend>::migrations(&own).map_err(failed)?);
    all.sort_by(|one, other| one.name().version().cmp(&other.name().version()));
    Ok(all)
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Migration(error.to_string())
}
