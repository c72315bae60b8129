//! Absences and substitutions.

use super::text::TextView;
use crate::api::authority;
use crate::model::absence::{Absence, Substitution};
use crate::model::json::JsonMap;
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::runtime::request::Odd;
use serde::Serialize;
use utoipa::ToSchema;

/// A time in which somebody is away.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Absence)]
pub(in crate::api) struct AbsenceView {
    /// Its id.
    id: String,
    /// Who is away.
    user: String,
    /// Away from this instant on.
    from: String,
    /// Back at this instant; none: not known.
    to: Option<String>,
    /// What there is to say of it.
    note: Option<String>,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// A time in which somebody acts for somebody else.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Substitution)]
pub(in crate::api) struct SubstitutionView {
    /// Its id.
    id: String,
    /// Who acts.
    user: String,
    /// For whom.
    for_user: String,
    /// From this instant on.
    from: String,
    /// Until before this instant.
    to: Option<String>,
    /// How far at most, by name, where less than the person who is stood in for: a number, or money.
    #[schema(value_type = Object)]
    limits: JsonMap,
    /// In which processes only; none: in all.
    processes: Option<Vec<String>>,
    /// What is odd about it, told when it is made or changed.
    warnings: Vec<WarningView>,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// Something that is allowed, and still odd.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warning)]
pub(in crate::api) struct WarningView {
    /// A stable word.
    code: &'static str,
    /// A sentence.
    text: TextView,
}

/// Shows an absence.
pub(in crate::api) fn absence(absence: Absence) -> AbsenceView {
    let Absence { id, user, window, note, version } = absence;
    let Window { from, .. } = window;
    AbsenceView { id, user: user.0, from: from.rfc3339(), to: window.ends().map(Timestamp::rfc3339), note, version }
}

/// Shows a substitution.
pub(in crate::api) fn substitution(substitution: Substitution, odd: &[Odd]) -> SubstitutionView {
    let Substitution { id, user, for_user, window, limits, processes, version } = substitution;
    SubstitutionView {
        id,
        user: user.0,
        for_user: for_user.0,
        from: window.from.rfc3339(),
        to: window.ends().map(Timestamp::rfc3339),
        limits: authority::shown(limits),
        processes,
        warnings: odd.iter().copied().map(warning).collect(),
        version,
    }
}

fn warning(odd: Odd) -> WarningView {
    let (code, en, zh) = match odd {
        Odd::SubstituteAbsent => (
            "substitute_absent",
            "the substitute is away for all of that time; nobody will act",
            "代理人在此期间全程缺勤，将无人代理",
        ),
    };
    WarningView { code, text: TextView::from(&Text { en: en.to_owned(), zh: zh.to_owned() }) }
}
