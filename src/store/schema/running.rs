//! Instances and what is inside them: tasks, timers, incidents, decisions, history.

use super::{Cell, Column, Kind, Row, row};

row!(
    /// An instance, root or called, without the document of a root.
    InstanceRow, instances = "instances", (business, id), {
        business: String,
        id: String,
        root: String,
        parent: Option<String>,
        process: String,
        revision: i64,
        state: String,
        error: Option<String>,
        business_key: Option<String>,
        starter: String,
        started_at: i64,
        ended_at: Option<i64>,
        search: String,
        s1: Option<String>,
        s2: Option<String>,
        s3: Option<String>,
        s4: Option<String>,
        s5: Option<String>,
        s6: Option<String>,
        s7: Option<String>,
        s8: Option<String>,
        version: i64,
    }
);

/// A root instance with its document: what the engine reads and the batch writer writes.
#[derive(Debug)]
pub(in crate::store) struct RootRow {
    pub row: InstanceRow,
    pub document: String,
}

impl Row for RootRow {
    type Types = (<InstanceRow as Row>::Types, diesel::sql_types::Text);
    const TABLE: &'static str = InstanceRow::TABLE;
    const KEY: &'static [&'static str] = InstanceRow::KEY;
    const COLUMNS: &'static [Column] = &with_document();

    fn cells(&self) -> Vec<Cell<'_>> {
        let mut cells = self.row.cells();
        cells.push((&self.document).into());
        cells
    }
}

const fn with_document() -> [Column; InstanceRow::COLUMNS.len() + 1] {
    let mut columns = [Column { name: "document", kind: Kind::Text }; InstanceRow::COLUMNS.len() + 1];
    let mut at = 0;
    while at < InstanceRow::COLUMNS.len() {
        columns[at] = InstanceRow::COLUMNS[at];
        at += 1;
    }
    columns
}

row!(
    /// A business key that an instance holds.
    InstanceKeyRow, instance_keys = "instance_keys", (business, process, business_key), {
        business: String,
        process: String,
        business_key: String,
        instance: String,
    }
);

row!(
    /// A user task.
    TaskRow, user_tasks = "user_tasks", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        process: String,
        token: i64,
        node: String,
        title: String,
        state: String,
        assignee: Option<String>,
        candidate_users: String,
        candidate_groups: String,
        form: Option<String>,
        outcomes: String,
        priority: i64,
        due: Option<i64>,
        search: String,
        s1: Option<String>,
        s2: Option<String>,
        s3: Option<String>,
        s4: Option<String>,
        s5: Option<String>,
        s6: Option<String>,
        s7: Option<String>,
        s8: Option<String>,
        created_at: i64,
        ended_at: Option<i64>,
        completed_by: Option<String>,
        outcome: Option<String>,
        version: i64,
        starter: String,
        owner: Option<String>,
        delegation: Option<String>,
        acting_for: Option<String>,
        completed_for: Option<String>,
        helpers: String,
        follow_up: Option<i64>,
        parent: Option<String>,
        raised: Option<String>,
        escalated: bool,
        subject: Option<String>,
        business_key: Option<String>,
        words: String,
        seat: Option<i64>,
        description: Option<String>,
    }
);

row!(
    /// A candidate of an open task, a `user` or a `group`, with what lists of tasks are ordered by; whom it was escalated to is
    /// a `raised_user` or `raised_group` as well.
    CandidateRow, task_candidates = "task_candidates", (business, kind, value, task), {
        business: String,
        kind: String,
        value: String,
        task: String,
        state: String,
        due: i64,
        created_at: i64,
        priority: i64,
        process: String,
    }
);

row!(
    /// A timer that waits.
    TimerRow, timers = "timers", (business, id), {
        business: String,
        id: String,
        root: String,
        holder: i64,
        node: String,
        due: i64,
    }
);

row!(
    /// An incident, open or resolved.
    IncidentRow, incidents = "incidents", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        process: String,
        token: i64,
        node: String,
        code: String,
        message: String,
        input: String,
        state: String,
        created_at: i64,
        resolved_at: Option<i64>,
        resolved_by: Option<String>,
        resolution: Option<String>,
    }
);

row!(
    /// How an incident ended: the columns that resolving it sets.
    ResolvedRow, resolved_incidents = "incidents", (business, id), {
        business: String,
        id: String,
        state: String,
        resolved_at: Option<i64>,
        resolved_by: Option<String>,
        resolution: Option<String>,
    }
);

row!(
    /// A decision record.
    DecisionRow, decisions = "decisions", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        node: String,
        plugin: String,
        function: String,
        revision: i64,
        script_hash: String,
        input: String,
        output: String,
        at: i64,
    }
);

row!(
    /// An entry of the history of a root.
    HistoryRow, history = "history", (business, root, sequence), {
        business: String,
        root: String,
        sequence: i64,
        at: i64,
        instance: String,
        kind: String,
        node: Option<String>,
        actor: String,
        data: String,
    }
);

row!(
    /// The search variables of a task, and the words of its title.
    RenewedTaskRow, renewed_tasks = "user_tasks", (business, id), {
        business: String,
        id: String,
        s1: Option<String>,
        s2: Option<String>,
        s3: Option<String>,
        s4: Option<String>,
        s5: Option<String>,
        s6: Option<String>,
        s7: Option<String>,
        s8: Option<String>,
        words: String,
    }
);

row!(
    /// The search variables of an instance.
    RenewedInstanceRow, renewed_instances = "instances", (business, id), {
        business: String,
        id: String,
        s1: Option<String>,
        s2: Option<String>,
        s3: Option<String>,
        s4: Option<String>,
        s5: Option<String>,
        s6: Option<String>,
        s7: Option<String>,
        s8: Option<String>,
    }
);
