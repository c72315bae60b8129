//! PostgreSQL without libpq: diesel-async on tokio-postgres, made synchronous and fit for `MultiConnection`.
//!
//! `AsyncConnectionWrapper` alone lacks what the derive asks for; this newtype hands everything on and adds it. Only
//! built-in types are used, so a type is never looked up by name. Diesel is pinned exactly: parts of these traits are
//! not covered by its promise of stability.

use diesel::connection::*;
use diesel::expression::QueryMetadata;
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::prelude::*;
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::sql_types::TypeMetadata;
use diesel_async::{AsyncPgConnection, async_connection_wrapper::AsyncConnectionWrapper};
use std::any::Any;

type Inner = AsyncConnectionWrapper<AsyncPgConnection>;
type InnerManager = <Inner as Connection>::TransactionManager;

/// A synchronous connection to PostgreSQL.
pub struct PgSync(Box<Inner>);

impl SimpleConnection for PgSync {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.0.batch_execute(query)
    }
}

impl ConnectionSealed for PgSync {}

impl Connection for PgSync {
    type Backend = Pg;
    type TransactionManager = Manager;

    fn establish(url: &str) -> ConnectionResult<Self> {
        Inner::establish(url).map(|inner| PgSync(Box::new(inner)))
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        self.0.execute_returning_count(source)
    }

    fn transaction_state(&mut self) -> &mut <Manager as TransactionManager<Self>>::TransactionStateData {
        self.0.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.0.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.0.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.0.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for PgSync {
    type Cursor<'conn, 'query> = <Inner as LoadConnection>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Inner as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        self.0.load(source)
    }
}

/// The transaction manager of the inner connection.
pub struct Manager;

impl TransactionManager<PgSync> for Manager {
    type TransactionStateData = <InnerManager as TransactionManager<Inner>>::TransactionStateData;

    fn begin_transaction(conn: &mut PgSync) -> QueryResult<()> {
        InnerManager::begin_transaction(&mut *conn.0)
    }

    fn rollback_transaction(conn: &mut PgSync) -> QueryResult<()> {
        InnerManager::rollback_transaction(&mut *conn.0)
    }

    fn commit_transaction(conn: &mut PgSync) -> QueryResult<()> {
        InnerManager::commit_transaction(&mut *conn.0)
    }

    fn transaction_manager_status_mut(conn: &mut PgSync) -> &mut TransactionManagerStatus {
        InnerManager::transaction_manager_status_mut(&mut *conn.0)
    }
}

impl diesel::migration::MigrationConnection for PgSync {
    fn setup(&mut self) -> QueryResult<usize> {
        self.0.setup()
    }
}

/// Stands in for the look-up of types by name, which built-in types never ask for.
struct NoLookup;

impl PgMetadataLookup for NoLookup {
    fn lookup_type(&mut self, _name: &str, _schema: Option<&str>) -> PgTypeMetadata {
        unreachable!("only built-in types are used")
    }

    fn as_any<'a>(&mut self) -> &mut (dyn Any + 'a)
    where
        Self: 'a,
    {
        unreachable!("only built-in types are used")
    }
}

impl MultiConnectionHelper for PgSync {
    fn to_any<'a>(_lookup: &mut <Pg as TypeMetadata>::MetadataLookup) -> &mut (dyn Any + 'a) {
        // The reference must outlive what it is made from, and NoLookup has no size: nothing is leaked.
        Box::leak(Box::new(NoLookup))
    }

    fn from_any(lookup: &mut dyn Any) -> Option<&mut (dyn PgMetadataLookup + 'static)> {
        lookup.downcast_mut::<NoLookup>().map(|lookup| lookup as &mut dyn PgMetadataLookup)
    }
}
