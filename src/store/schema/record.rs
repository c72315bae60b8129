//! Business records, their keys, their index and their history.

use super::row;

row!(
    /// A record.
    RecordRow, records = "records", (business, record_type, id), {
        business: String,
        record_type: String,
        id: String,
        fields: String,
        version: i64,
        created_at: i64,
        created_by: String,
        updated_at: i64,
        updated_by: String,
        owner: Option<String>,
        status: Option<String>,
        parent: Option<String>,
        due: Option<String>,
        name: Option<String>,
        stage: Option<String>,
        amount: Option<i64>,
        currency: Option<String>,
        derived: Option<String>,
        merged_into: Option<String>,
    }
);

row!(
    /// A value that a unique rule lets one record hold.
    RecordKeyRow, record_keys = "record_keys", (business, record_type, rule, value), {
        business: String,
        record_type: String,
        rule: String,
        value: String,
        record: String,
    }
);

row!(
    /// A value that a record is found by.
    RecordIndexRow, record_index = "record_index", (business, record_type, field, value, record), {
        business: String,
        record_type: String,
        field: String,
        value: String,
        record: String,
    }
);

row!(
    /// A change of a field.
    ChangeRow, record_history = "record_history", (business, record_type, record, version, field), {
        business: String,
        record_type: String,
        record: String,
        version: i64,
        field: String,
        old: String,
        new: String,
        actor: String,
        at: i64,
        reason: Option<String>,
        instance: Option<String>,
        through: Option<String>,
    }
);

row!(
    /// The last number that a type gave out.
    RecordNumberRow, record_numbers = "record_numbers", (business, record_type, pattern), {
        business: String,
        record_type: String,
        pattern: String,
        last: i64,
    }
);

row!(
    /// What the columns of a record were for a time.
    PeriodRow, record_periods = "record_periods", (business, record_type, id, valid_from), {
        business: String,
        record_type: String,
        id: String,
        valid_from: i64,
        valid_to: i64,
        status: Option<String>,
        stage: Option<String>,
        owner: Option<String>,
        parent: Option<String>,
        due: Option<String>,
        amount: Option<i64>,
        currency: Option<String>,
    }
);

row!(
    /// How records of a stamp read now.
    LensRow, record_lenses = "record_lenses", (business, record_type, stamp), {
        business: String,
        record_type: String,
        stamp: String,
        lens: String,
    }
);

row!(
    /// A name under which keys or index entries of records with an earlier stamp stand.
    AliasRow, record_aliases = "record_aliases", (business, record_type, kind, stored), {
        business: String,
        record_type: String,
        kind: String,
        stored: String,
        name: String,
    }
);

row!(
    /// What became of a field.
    RenameRow, record_renames = "record_renames", (business, record_type, sequence, field), {
        business: String,
        record_type: String,
        sequence: i64,
        field: String,
        name: Option<String>,
        hidden: bool,
        filled: Option<String>,
        at: i64,
    }
);

row!(
    /// How far the records of a type are brought to the rules of a revision.
    DerivationRow, record_derivations = "record_derivations", (business, record_type), {
        business: String,
        record_type: String,
        revision: i64,
        stamp: String,
        total: i64,
        done: i64,
        reached_stamp: Option<String>,
        reached: Option<String>,
        started_at: i64,
        finished_at: Option<i64>,
    }
);

row!(
    /// Why a record could not be brought to the rules of a revision.
    TroubleRow, record_troubles = "record_troubles", (business, record_type, record, code, field), {
        business: String,
        record_type: String,
        record: String,
        code: String,
        field: String,
        sentence: String,
        revision: i64,
        version: i64,
        at: i64,
    }
);

row!(
    /// How far a look at all records of a type for those that are there twice has come.
    RescanRow, record_rescans = "record_rescans", (business, record_type), {
        business: String,
        record_type: String,
        rules: String,
        reached: Option<String>,
        looked: i64,
        suspected: i64,
        known: i64,
        started_at: i64,
        finished_at: Option<i64>,
    }
);
