//! The files that every record can have: the field `attachments`, also when its type says nothing of it.

use super::spot::At;
use crate::model::field::{Field, FieldKind, FileRule};
use crate::model::finding::Finding;
use crate::model::record_type::ATTACHMENTS;
use crate::model::text::Text;

/// Adds the field when the type does not declare it; one that is declared is a list of files.
pub fn attachments(fields: &mut Vec<Field>, at: At, findings: &mut Vec<Finding>) {
    let Some(declared) = fields.iter().find(|field| field.name == ATTACHMENTS) else {
        fields.push(Field {
            name: ATTACHMENTS.to_owned(),
            title: Some(Text { en: "Attachments".to_owned(), zh: "附件".to_owned() }),
            kind: FieldKind::List(Box::new(FieldKind::File(FileRule { max_bytes: u64::MAX, accept: Vec::new() }))),
            required: false,
            search: false,
            default: None,
            was: None,
            reason: false,
            personal: false,
            at: at.key("fields").key_place(),
        });
        return;
    };
    if !matches!(&declared.kind, FieldKind::List(of) if matches!(**of, FieldKind::File(_))) {
        let sentence =
            "\"attachments\" is the list of files that every record has; declare {type: list, of: {type: file}}";
        findings.push(Finding::error(declared.at.clone(), sentence));
    }
}
