//! The part of the table that is about files.

use super::attachments::AttachFile;
use super::route::{Route, row};
use super::routes::{DELETE, GET, POST};
use super::view::file::FileView;
use super::view::record::RecordView;
use super::{attachments, files};
use crate::model::scope::Scope::{RecordsRead, RecordsWrite};

/// Files, and those that records have beside their fields.
#[rustfmt::skip] // a table reads in rows
pub(super) fn files() -> Vec<Route> {
    vec![
        row(POST, "/files", "uploadFile", RecordsWrite, files::upload, "Upload a file: its bytes as the body, its name as ?name= or in Content-Disposition")
            .takes_bytes().gives::<FileView>(201).knows(&[("name", "What the file is called; goes before Content-Disposition")]),
        row(GET, "/files/{id}", "getFile", RecordsRead, files::get, "What a file is")
            .gives::<FileView>(200),
        row(GET, "/files/{id}/content", "getFileContent", RecordsRead, files::get_content, "The bytes of a file, to be saved")
            .gives_text("*/*").tagged(),
        row(GET, "/records/{type}/{id}/attachments", "listAttachments", RecordsRead, attachments::list, "The files that a record has beside its fields")
            .gives_list::<FileView>(),
        row(POST, "/records/{type}/{id}/attachments", "attachFile", RecordsWrite, attachments::attach, "Add an uploaded file to a record")
            .takes::<AttachFile>().gives::<FileView>(201).versioned(),
        row(DELETE, "/records/{type}/{id}/attachments/{file}", "detachFile", RecordsWrite, attachments::detach, "Take a file off a record; gives the record")
            .takes_nothing().gives::<RecordView>(200).versioned().asks(&["reason"]),
    ]
}
