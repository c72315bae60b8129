//! A deployment: a revision of the files of a business, and what checking files found.

use super::impact::{ImpactView, impact};
use crate::model::finding::{Finding, Severity};
use crate::model::impact::Report;
use crate::model::revision::Revision;
use serde::Serialize;
use utoipa::ToSchema;

/// A revision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Deployment)]
pub(in crate::api) struct RevisionView {
    /// Counts from 1 in the business.
    number: i64,
    /// SHA-256 of its files.
    hash: String,
    /// Who deployed it.
    created_by: String,
    /// When.
    created_at: String,
    /// What its author said of it.
    note: String,
    /// Whether new instances use it.
    active: bool,
}

/// Shows a revision.
pub(in crate::api) fn revision(revision: Revision, active: bool) -> RevisionView {
    RevisionView {
        number: revision.number,
        hash: revision.hash,
        created_by: revision.created_by.0,
        created_at: revision.created_at.rfc3339(),
        note: revision.note,
        active,
    }
}

/// What checking files found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Validation)]
pub(in crate::api) struct ValidationView {
    /// Whether the files could be deployed.
    valid: bool,
    /// Everything that was found.
    findings: Vec<FindingView>,
    /// What the files would break or do to the records that are there.
    impacts: Vec<ImpactView>,
}

/// One finding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(in crate::api) struct FindingView {
    /// The file.
    file: String,
    /// The line, from 1.
    line: u32,
    /// The column, from 1.
    column: u32,
    /// `error` or `warning`.
    severity: &'static str,
    /// What is wrong and how to mend it.
    sentence: String,
}

/// Shows findings and impacts.
pub(in crate::api) fn validation((findings, report): (Vec<Finding>, Report)) -> ValidationView {
    ValidationView {
        valid: !findings.iter().any(Finding::is_error) && !report.is_breaking(),
        findings: findings.into_iter().map(finding).collect(),
        impacts: report.impacts.into_iter().map(impact).collect(),
    }
}

fn finding(finding: Finding) -> FindingView {
    FindingView {
        file: finding.at.file.to_string(),
        line: finding.at.line,
        column: finding.at.column,
        severity: severity(finding.severity),
        sentence: finding.sentence,
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
