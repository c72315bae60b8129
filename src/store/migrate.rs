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
        let known = migrations(conn)?;
        let applied = conn.applied_migrations().map_err(failed)?;
        if let Some(newer) =
            applied.iter().find(|version| known.iter().all(|known| known.name().version() != **version))
        {
            return Err(StoreError::Newer { version: newer.to_string() });
        }
        let mut done = Vec::new();
        for migration in known.iter().filter(|known| !applied.contains(&known.name().version())) {
            conn.run_migration(migration.as_ref()).map_err(failed)?;
            done.push(migration.name().to_string());
        }
        if matches!(conn, Connection::Postgres(_)) && !done.is_empty() {
            conn.batch_execute(COLLATE)?;
        }
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
    let applied = Statement::new("SELECT version FROM __diesel_schema_migrations ORDER BY version");
    let applied: Vec<String> = applied.load::<Text, String>(conn)?;
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

type Migrations = Vec<Box<dyn Migration<<Connection as diesel::Connection>::Backend>>>;

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
