//! A file: what it is called, what it is, and whose it is. Its bytes are elsewhere.

use super::ids::{BusinessId, FileId, UserId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Characters of a name at most.
const LONGEST_NAME: usize = 200;

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// Its business.
    pub business: BusinessId,
    /// Its id.
    pub id: FileId,
    /// What it is called, without any path.
    pub name: String,
    /// What it is, `application/pdf`.
    pub media_type: String,
    /// How long it is.
    pub bytes: i64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// By whom.
    pub uploaded_by: UserId,
    /// When a record or a task held it first; none while it is only its uploader's.
    pub attached_at: Option<Timestamp>,
    /// Whether only tasks held it so far: it goes with the last of them.
    #[serde(default)]
    pub of_tasks: bool,
}

/// A file whose bytes are all there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// What it is called; see [`clean_name`].
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// How long it is.
    pub bytes: i64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

/// A name as it is kept: the last step of a path, in one writing, without what cannot be seen or would turn the reading
/// around.
///
/// ```
/// use kamflow::model::file::clean_name;
/// assert_eq!(clean_name("C:\\Users\\me\\报价 2026.pdf"), "报价 2026.pdf");
/// assert_eq!(clean_name("../../etc/passwd"), "passwd");
/// assert_eq!(clean_name("\u{202e}fdp.exe\r\n"), "fdp.exe");
/// assert_eq!(clean_name(" .. "), "file");
/// ```
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.nfc().filter(|c| !c.is_control() && !is_mark(*c)).collect();
    let name = seen.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let name = shortened(name);
    if name.is_empty() { "file".to_owned() } else { name }
}

/// The beginning of a long name, with its ending.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| format!(".{ending}"));
    let ending = ending.filter(|ending| ending.chars().count() <= 20).unwrap_or_default();
    name.chars().take(LONGEST_NAME - ending.chars().count()).chain(ending.chars()).collect()
}

/// Marks of direction and other characters without a width, which hide what a name is.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether a media type is one of those accepted, `application/pdf` or `image/*`; an empty list accepts any.
pub fn accepts(accept: &[String], media_type: &str) -> bool {
    let fits = |pattern: &String| match pattern.strip_suffix("/*") {
        Some(kind) => media_type.split('/').next().is_some_and(|found| found.eq_ignore_ascii_case(kind)),
        None => pattern.eq_ignore_ascii_case(media_type) || pattern == "*",
    };
    accept.is_empty() || accept.iter().any(fits)
}
