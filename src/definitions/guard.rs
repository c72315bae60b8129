//! The first look at the bytes of a file: what is no text, or text that no reader should have to guess at, stops here.

use crate::model::expression::Place;
use crate::model::finding::Finding;
use std::sync::Arc;

/// The most bytes that one file may have.
pub const FILE_LIMIT: usize = 1024 * 1024;

/// The text of a file without its byte order mark, or the one reason why it cannot be read.
pub fn text<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Finding> {
    let at = |line, column| Place { file: Arc::clone(file), line, column };
    if bytes.len() > FILE_LIMIT {
        let sentence = format!("the file has {} bytes; at most {FILE_LIMIT} are read, split it", bytes.len());
        return Err(Finding::error(at(1, 1), sentence));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Finding::error(at(1, 1), "the file is UTF-16; save it as UTF-8"));
    }
    let text = std::str::from_utf8(bytes).map_err(|wrong| {
        let good = String::from_utf8_lossy(&bytes[..wrong.valid_up_to()]);
        let (line, column) = position(&good, good.len());
        let byte = bytes[wrong.valid_up_to()];
        Finding::error(at(line, column), format!("the byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some((offset, character)) = text.char_indices().find(|(_, c)| c.is_control() && !"\t\n\r".contains(*c)) {
        let (line, column) = position(text, offset);
        let sentence = format!("the character U+{:04X} is not text; remove it", u32::from(character));
        return Err(Finding::error(at(line, column), sentence));
    }
    Ok(text)
}

/// The first tab that indents a line of a YAML file.
pub fn tab(file: &Arc<str>, text: &str) -> Option<Finding> {
    let (line, column) = text.lines().enumerate().find_map(|(number, line)| {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let tab = indent.find('\t').filter(|_| indent.len() < line.trim_end().len())?;
        Some((number + 1, tab + 1))
    })?;
    let at = Place { file: Arc::clone(file), line: line as u32, column: column as u32 };
    Some(Finding::error(at, "a tab in the indentation; write spaces"))
}

/// Line and column, from 1, of a byte offset; columns count characters.
fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
    (line as u32, column as u32)
}
