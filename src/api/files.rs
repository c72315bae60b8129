//! Files: uploaded as they are, part by part; shown; and given back to be saved, never to be opened in place.

use super::answer::{self, ApiResult, created, expect, shown};
use super::file_body::{self, FileBody};
use super::problem::Problem;
use super::requires::By;
use super::search::parameter;
use super::sent::Terms;
use super::state::App;
use super::view::file::file as view;
use super::{body, idempotency};
use crate::model::file::{NewFile, clean_name};
use crate::model::ids::FileId;
use crate::runtime::request::Change;
use crate::runtime::{self, media};
use actix_web::body::BodyStream;
use actix_web::http::header::{self, ContentDisposition};
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes of a part: what one upload holds in memory, and what one row of the store holds.
const PART: usize = 256 * 1024;
/// What a file that is opened in place could do: nothing.
const HARMLESS: &str = "default-src 'none'; sandbox";

pub(super) async fn upload(by: By, request: HttpRequest, payload: Payload, app: App) -> ApiResult {
    body::announced(&request, app.limits.file)?;
    let name = clean_name(&name(&request)?);
    let mut coming =
        Coming { by: &by, app: &app, upload: runtime::new_upload(), parts: 0, bytes: 0, hash: Sha256::new() };
    let media_type = match coming.receive(&request, payload).await {
        Ok(media_type) => media_type,
        Err(problem) => {
            coming.give_up().await;
            return Err(problem);
        }
    };
    let sha256 = hex(&coming.hash.clone().finalize());
    // The key counts for this content under this name, as for the body of any other request.
    let terms = Terms {
        idempotency: idempotency::key(&request, format!("{sha256}\n{media_type}\n{name}").as_bytes())?,
        if_match: None,
    };
    let file = NewFile { name, media_type, bytes: i64::try_from(coming.bytes).unwrap_or(i64::MAX), sha256 };
    let change = Change::FinishUpload { upload: coming.upload.clone(), file };
    match app.execute(&by, terms, change).await {
        Ok(answer) => {
            if answer.replayed {
                coming.give_up().await;
            }
            let (new, answered) = expect(answer, answer::file)?;
            created(answered, Some(format!("/api/v1/files/{}", new.id)), None, view(new))
        }
        Err(problem) => {
            coming.give_up().await;
            Err(problem)
        }
    }
}

pub(super) async fn get(by: By, id: Path<FileId>, app: App) -> ApiResult {
    shown(view(app.runtime.file(&by.0, &id).await?))
}

pub(super) async fn get_content(by: By, id: Path<FileId>, app: App) -> ApiResult {
    let file = app.runtime.file(&by.0, &id).await?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type.as_str())
        .insert_header((header::CONTENT_DISPOSITION, saved_as(&file.name)))
        .insert_header((header::ETAG, format!("\"{}\"", file.sha256)))
        .insert_header((header::CONTENT_SECURITY_POLICY, HARMLESS))
        .body(FileBody::new(app.runtime.clone(), file)))
}

/// An upload that is under way.
struct Coming<'a> {
    by: &'a By,
    app: &'a App,
    upload: String,
    parts: i64,
    bytes: usize,
    hash: Sha256,
}

impl Coming<'_> {
    /// Takes all of the body, and says what it is.
    async fn receive(&mut self, request: &HttpRequest, payload: Payload) -> Result<String, Problem> {
        let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let (most, mut part, mut media_type) = (self.app.limits.file, Vec::with_capacity(PART), None);
        let mut payload = std::pin::pin!(BodyStream::new(payload));
        while let Some(bytes) = file_body::next(payload.as_mut()).await {
            let mut bytes = &bytes.map_err(body::broken)?[..];
            self.bytes += bytes.len();
            if self.bytes > most {
                return Err(body::too_large(most));
            }
            self.hash.update(bytes);
            while !bytes.is_empty() {
                let (fits, rest) = bytes.split_at(bytes.len().min(PART - part.len()));
                part.extend_from_slice(fits);
                bytes = rest;
                if part.len() == PART {
                    self.store(std::mem::take(&mut part), declared, &mut media_type).await?;
                }
            }
        }
        if !part.is_empty() {
            self.store(part, declared, &mut media_type).await?;
        }
        Ok(match media_type {
            Some(media_type) => media_type,
            None => media::settle(declared, &[])?,
        })
    }

    async fn store(
        &mut self,
        content: Vec<u8>,
        declared: Option<&str>,
        media_type: &mut Option<String>,
    ) -> Result<(), Problem> {
        if media_type.is_none() {
            *media_type = Some(media::settle(declared, &content)?);
        }
        let change = Change::StorePart { upload: self.upload.clone(), part: self.parts, content };
        self.app.execute(self.by, Terms::default(), change).await?;
        self.parts += 1;
        Ok(())
    }

    /// What came so far is of no use; if this fails, it is forgotten within a day.
    async fn give_up(&self) {
        if self.parts > 0 {
            let change = Change::DropUpload { upload: self.upload.clone() };
            let _ = self.app.execute(self.by, Terms::default(), change).await;
        }
    }
}

/// What the file is called: by the query, or by the header.
fn name(request: &HttpRequest) -> Result<String, Problem> {
    if let Some(name) = parameter(request, "name")? {
        return Ok(name);
    }
    let header = request.headers().get(header::CONTENT_DISPOSITION);
    let read = header.and_then(|value| ContentDisposition::from_raw(value).ok());
    let named = read.as_ref().and_then(|read| match read.get_filename_ext() {
        Some(extended) => Some(String::from_utf8_lossy(&extended.value).into_owned()),
        None => read.get_filename().map(str::to_owned),
    });
    Ok(named.unwrap_or_default())
}

/// `attachment` with the name twice: for old programs in ASCII, and as it is (RFC 5987, RFC 6266).
fn saved_as(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' }).collect();
    let mut header = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            header.push(char::from(byte));
        } else {
            let _ = write!(header, "%{byte:02X}"); // writing to a String cannot fail
        }
    }
    header
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
        hex
    })
}
