//! Reading users.csv, units.csv and positions.csv: the words of their first lines, and every row that cannot be read told
//! with its file and line.

use crate::model::authority::Limits;
use crate::model::directory::{Period, Unit, UnitKind};
use crate::model::ids::UserId;
use crate::model::json::{Json, JsonMap};
use crate::model::nearest::hint;
use crate::model::org_import::{Line, OrgImport, Person};
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::server::Failed;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// What the files say.
#[derive(Default)]
pub(super) struct Files {
    /// What could be read.
    pub import: OrgImport,
    /// What could not: where, and why.
    pub wrong: Vec<(String, String)>,
}

/// The files and their columns; those with a question mark may be left out.
const USERS: &[&str] = &["login", "name", "active?", "roles?", "attributes?"];
const UNITS: &[&str] = &["id", "title", "title_zh?", "kind?", "parent?"];
const POSITIONS: &[&str] = &["id", "unit", "title", "user?", "manager?", "valid_from?", "valid_to?"];

/// Reads the files, or those of the folders. Dates are days of the time zone.
pub(super) fn read(paths: &[PathBuf], time_zone: &str, dry_run: bool) -> Result<Files, Failed> {
    let mut files = Files::default();
    files.import.dry_run = dry_run;
    for path in named(paths)? {
        let bytes = fs::read(&path).map_err(|error| Failed(format!("{}: {error}", path.display())))?;
        let name = path.display().to_string();
        let Files { import, wrong } = &mut files;
        match path.file_name().and_then(|name| name.to_str()) {
            Some("users.csv") => import.users.extend(rows(&name, &bytes, USERS, wrong, person)),
            Some("units.csv") => import.units.extend(rows(&name, &bytes, UNITS, wrong, unit)),
            Some("positions.csv") => {
                let position = |cells: &Cells| position(cells, time_zone);
                import.positions.extend(rows(&name, &bytes, POSITIONS, wrong, position));
            }
            _ => return Err(Failed(format!("{name}: only users.csv, units.csv and positions.csv are read"))),
        }
    }
    Ok(files)
}

fn named(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failed> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = ["users.csv", "units.csv", "positions.csv"].map(|name| path.join(name));
        let there: Vec<PathBuf> = inside.into_iter().filter(|file| file.is_file()).collect();
        if there.is_empty() {
            let sentence = "there is no users.csv, units.csv or positions.csv in it";
            return Err(Failed(format!("{}: {sentence}", path.display())));
        }
        files.extend(there);
    }
    Ok(files)
}

/// The cells of a row by the word over them; empty ones are not there.
type Cells = BTreeMap<String, String>;

fn rows<T>(
    file: &str,
    bytes: &[u8],
    columns: &[&str],
    wrong: &mut Vec<(String, String)>,
    make: impl Fn(&Cells) -> Result<T, String>,
) -> Vec<Line<T>> {
    // Spreadsheets put a mark before UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        wrong.push((format!("{file}:{line}"), "this is not UTF-8; save it as \"CSV UTF-8\"".to_owned()));
        return Vec::new();
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().cloned().unwrap_or_default();
    let before = wrong.len();
    heads(&header, columns, |sentence| wrong.push((format!("{file}:1"), sentence)));
    if wrong.len() > before {
        return Vec::new();
    }
    let mut all = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                wrong.push((format!("{file}:{line}"), format!("this cannot be read: {error}")));
                continue;
            }
        };
        let at = format!("{file}:{}", record.position().map_or(1, csv::Position::line));
        if record.len() != header.len() {
            let sentence = format!("this row has {} cells, and the first line {}", record.len(), header.len());
            wrong.push((at, sentence));
            continue;
        }
        let pairs = header.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        let cells: Cells = pairs.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect();
        match make(&cells) {
            Ok(value) => all.push(Line { at, value }),
            Err(sentence) => wrong.push((at, sentence)),
        }
    }
    all
}

fn heads(header: &csv::StringRecord, columns: &[&str], mut wrong: impl FnMut(String)) {
    let known = || columns.iter().map(|column| column.trim_end_matches('?'));
    for (index, name) in header.iter().enumerate() {
        if name.contains([';', '\t']) {
            return wrong("columns are separated by commas".to_owned());
        }
        if !known().any(|known| known == name) {
            wrong(format!("unknown column \"{name}\"{}", hint(name, known())));
        }
        if header.iter().take(index).any(|before| before == name) {
            wrong(format!("the column \"{name}\" is there twice"));
        }
    }
    for needed in columns.iter().filter(|column| !column.ends_with('?')) {
        if !header.iter().any(|name| name == *needed) {
            wrong(format!("the column \"{needed}\" is missing"));
        }
    }
}

fn person(cells: &Cells) -> Result<Person, String> {
    let active = match cells.get("active").map(String::as_str) {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => return Err(format!("active is true or false, not \"{other}\"")),
    };
    let roles = |text: &String| {
        let roles = text.split(';').map(str::trim).filter(|role| !role.is_empty());
        roles.map(str::to_owned).collect()
    };
    let attributes = |text: &String| -> Result<JsonMap, String> {
        match serde_json::from_str(text) {
            Ok(Json::Object(attributes)) => Ok(attributes),
            _ => Err("attributes are a JSON object such as {\"capacity\": 40}".to_owned()),
        }
    };
    Ok(Person {
        id: UserId(needed(cells, "login")?),
        name: needed(cells, "name")?,
        active,
        roles: cells.get("roles").map(roles),
        attributes: cells.get("attributes").map(attributes).transpose()?,
    })
}

fn unit(cells: &Cells) -> Result<Unit, String> {
    let en = needed(cells, "title")?;
    let kind = match cells.get("kind") {
        None => UnitKind::Other,
        Some(word) => UnitKind::parse(word).ok_or_else(|| {
            format!("unknown kind \"{word}\"{}", hint(word, UnitKind::ALL.into_iter().map(UnitKind::name)))
        })?,
    };
    Ok(Unit {
        id: needed(cells, "id")?,
        parent: cells.get("parent").cloned(),
        title: Text { zh: cells.get("title_zh").cloned().unwrap_or_else(|| en.clone()), en },
        kind,
        version: 0,
    })
}

fn position(cells: &Cells, time_zone: &str) -> Result<(String, Period), String> {
    let bound = |name: &str| -> Result<Option<Timestamp>, String> {
        let read = |text: &String| {
            Timestamp::parse_in(text, time_zone)
                .ok_or_else(|| format!("{name} is a day such as 2026-07-01 or an instant, not \"{text}\""))
        };
        cells.get(name).map(read).transpose()
    };
    let period = Period {
        window: Window::between(bound("valid_from")?, bound("valid_to")?),
        unit: needed(cells, "unit")?,
        title: needed(cells, "title")?,
        user: cells.get("user").cloned().map(UserId),
        manager: cells.get("manager").cloned(),
        limits: Limits::new(),
    };
    Ok((needed(cells, "id")?, period))
}

fn needed(cells: &Cells, name: &str) -> Result<String, String> {
    cells.get(name).cloned().ok_or_else(|| format!("\"{name}\" is empty"))
}
