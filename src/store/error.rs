//! What can go wrong in the store, as sentences, and what kind of trouble it is. HTTP status is decided in `api`.

use diesel::result::{DatabaseErrorKind, Error};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address of the database makes no sense.
    #[error("{0}")]
    Url(String),
    /// The database cannot be opened.
    #[error("cannot open the database {url}: {reason}")]
    Connect {
        /// Its address, without the password.
        url: String,
        /// What the database or the network said.
        reason: String,
    },
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(Error),
    /// A text holds U+0000, which PostgreSQL cannot store.
    #[error("a text holds the character U+0000, which cannot be stored; remove it")]
    Nul,
    /// A backup that cannot be made or restored.
    #[error("{0}")]
    Archive(String),
    /// A file of a revision is not text.
    #[error("{path} is not UTF-8 text; a revision holds text files only")]
    NotText {
        /// Its path inside the revision.
        path: String,
    },
    /// The disk did not take what was written; nothing is durable any more.
    #[error("the disk did not take what was written: {0}")]
    Disk(String),
    /// A row cannot be read back.
    #[error("{what} cannot be read back from the database: {reason}")]
    Unreadable {
        /// The row.
        what: String,
        /// Why.
        reason: String,
    },
    /// A migration failed; nothing was changed.
    #[error("the database could not be migrated and was left as it was: {0}")]
    Migration(String),
    /// The database was migrated by a newer kamflow.
    #[error(
        "the database has migration {version}, which this kamflow does not know; start the newer kamflow that made it"
    )]
    Newer {
        /// The first unknown migration.
        version: String,
    },
    /// A savepoint was asked for outside of a transaction.
    #[error("a savepoint needs an open transaction; begin one with store::transaction")]
    NoTransaction,
    /// A savepoint was still open when the transaction was to be committed.
    #[error("a savepoint was left open inside the transaction; nothing was changed")]
    OpenSavepoint,
    /// The readers were closed, or a read panicked.
    #[error("the read was not answered: the readers are closed or the read failed inside")]
    Closed,
    /// The work inside a transaction panicked; the transaction was taken back.
    #[error("the work inside the transaction panicked; nothing was changed")]
    Panicked,
}

/// The kind of trouble, for whoever decides what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A unique key is taken.
    Unique,
    /// The connection is gone; open another one. What was not committed did not happen; a commit that was under way
    /// may have.
    Lost,
    /// Somebody else was in the way (busy, deadlock, serialization, lock timeout): the same transaction can succeed
    /// when it is run again.
    Busy,
    /// Anything else.
    Other,
}

impl StoreError {
    /// What kind of trouble this is.
    pub fn trouble(&self) -> Trouble {
        match self {
            StoreError::Database(error) => trouble(error),
            StoreError::Connect { .. } => Trouble::Lost,
            _ => Trouble::Other,
        }
    }

    /// Whether a unique key is taken.
    pub fn is_unique_violation(&self) -> bool {
        self.trouble() == Trouble::Unique
    }

    /// Whether the connection is gone.
    pub fn is_lost(&self) -> bool {
        self.trouble() == Trouble::Lost
    }

    /// Whether the same transaction can succeed when it is run again on this connection.
    pub fn is_busy(&self) -> bool {
        self.trouble() == Trouble::Busy
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> StoreError {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::Unknown, info) if info.message().contains("0x00") => {
                StoreError::Nul
            }
            _ => StoreError::Database(error),
        }
    }
}

/// Diesel does not hand on SQLSTATE, so what it has no kind for is known by its message; connections ask the server
/// for English ones.
const BUSY: [&str; 6] = [
    "database is locked",
    "database table is locked",
    "deadlock detected",
    "could not serialize",
    "canceling statement due to lock timeout",
    "canceling statement due to statement timeout",
];

const LOST: [&str; 4] =
    ["terminating connection", "the database system is", "connection closed", "server closed the connection"];

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Trouble::Unique,
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Trouble::Busy,
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _) => {
            Trouble::Lost
        }
        Error::DatabaseError(_, info) if BUSY.iter().any(|words| info.message().contains(words)) => Trouble::Busy,
        Error::DatabaseError(_, info) if LOST.iter().any(|words| info.message().contains(words)) => Trouble::Lost,
        Error::RollbackErrorOnCommit { .. } | Error::BrokenTransactionManager => Trouble::Lost,
        _ => Trouble::Other,
    }
}
