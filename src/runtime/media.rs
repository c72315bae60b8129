//! What a file is: what it was declared to be and what its first bytes say must not contradict one another.

use crate::model::refusal::{FieldError, Refusal};

/// What is not known.
const UNKNOWN: &str = "application/octet-stream";

/// Other words for the same type.
const ALIASES: [(&str, &str); 6] = [
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("application/x-pdf", "application/pdf"),
    ("application/x-zip-compressed", "application/zip"),
    ("application/x-gzip", "application/gzip"),
    ("text/rtf", "application/rtf"),
];

/// Types whose first bytes are always known: a file that is declared as one of them and does not begin like it is none.
const SIGNED: [&str; 14] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/tiff",
    "image/bmp",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "video/mp4",
];

/// The media type of a file that begins with these bytes. One that was not declared is what its bytes say.
///
/// ```
/// use kamflow::runtime::media::settle;
/// assert_eq!(settle(Some("application/PDF; version=1"), b"%PDF-1.7").unwrap(), "application/pdf");
/// assert_eq!(settle(None, b"\x89PNG\r\n\x1a\n").unwrap(), "image/png");
/// assert_eq!(settle(Some("application/pdf"), b"MZ\x90").unwrap_err().code, "media_type_mismatch");
/// ```
pub fn settle(declared: Option<&str>, head: &[u8]) -> Result<String, Refusal> {
    let declared = declared.map(read).transpose()?.filter(|declared| declared != UNKNOWN);
    let found = infer::get(head).map(|found| found.mime_type());
    match (declared, found) {
        (None, found) => Ok(found.unwrap_or(UNKNOWN).to_owned()),
        (Some(declared), Some(found)) if agree(&declared, found) => Ok(declared),
        (Some(declared), Some(found)) => Err(mismatch(format!("the content is {found}, not {declared}"))),
        (Some(declared), None) if is_signed(&declared) || is_no_text(&declared, head) => {
            Err(mismatch(format!("the content does not begin like {declared}")))
        }
        (Some(declared), None) => Ok(declared),
    }
}

/// The type alone, in small letters, without its parameters.
fn read(text: &str) -> Result<String, Refusal> {
    let bare = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = ALIASES.iter().find(|(other, _)| *other == bare).map(|(_, name)| (*name).to_owned());
    let media_type = known.unwrap_or(bare);
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let fits = media_type.split_once('/').is_some_and(|(kind, name)| word(kind) && word(name));
    if fits && media_type.len() <= 150 {
        return Ok(media_type);
    }
    let sentence = "the content type of a file is one such as application/pdf";
    Err(Refusal::invalid("invalid_media_type", sentence))
}

/// Whether a file that begins like the one can be the other. Many formats are archives or documents of a wider one.
fn agree(declared: &str, found: &str) -> bool {
    let office = |name: &str| {
        name.starts_with("application/vnd.openxmlformats-officedocument.")
            || name.starts_with("application/vnd.oasis.opendocument.")
    };
    let of_microsoft = |name: &str| name == "application/msword" || name.starts_with("application/vnd.ms-");
    declared == found
        || match found {
            "application/zip" => office(declared) || declared.ends_with("+zip"),
            "application/msword" | "application/x-ole-storage" => of_microsoft(declared),
            "text/xml" => declared == "application/xml" || declared.ends_with("+xml"),
            "text/html" => declared == "application/xhtml+xml",
            "video/mp4" => declared == "audio/mp4" || declared == "video/quicktime",
            found => office(found) && declared == "application/zip",
        }
}

fn is_signed(declared: &str) -> bool {
    SIGNED.contains(&declared) || declared.starts_with("application/vnd.openxmlformats-officedocument.")
}

/// A text has no U+0000, but for one in UTF-16, which says so at its beginning.
fn is_no_text(declared: &str, head: &[u8]) -> bool {
    let text = declared.starts_with("text/") || matches!(declared, "application/json" | "application/xml");
    let wide = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    text && !wide && head.contains(&0)
}

fn mismatch(sentence: String) -> Refusal {
    let error = FieldError { pointer: String::new(), code: "media_type_mismatch".into(), detail: sentence.clone() };
    Refusal::invalid("media_type_mismatch", sentence).with_errors(vec![error])
}
