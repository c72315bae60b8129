//! The project folders on disk: `workflows/` and `plugins/` read into memory, and written back by `kamflow pull`.
//! What the files mean is left to `resolve` and `parse`.

use super::guard::FILE_LIMIT;
use crate::model::revision::Files;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files in a project, at most.
pub const COUNT_LIMIT: usize = 2_000;
/// Bytes in a project, at most.
pub const TOTAL_LIMIT: u64 = 32 * 1024 * 1024;
/// Folders inside one another, at most.
const DEPTH_LIMIT: usize = 16;
const ROOTS: [&str; 2] = ["workflows", "plugins"];
/// Folders inside packs and plugins that are not deployed.
const FOR_PEOPLE: [&str; 2] = ["demo", "bench"];

/// Why a project cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Neither folder is there.
    #[error("{0} has no workflows/ and no plugins/; run this in the folder of a project")]
    NoProject(PathBuf),
    /// The old ending.
    #[error("{0} ends in .yml; name it .yaml")]
    Yml(String),
    /// A link.
    #[error("{0} is a symbolic link; put the file itself there")]
    Link(String),
    /// A name that no path of a revision can have.
    #[error("{0} has a name that cannot be kept; use letters, digits, hyphens and points")]
    Name(String),
    /// Too many files.
    #[error("the project has more than {COUNT_LIMIT} files")]
    Count,
    /// One file is too large.
    #[error("{path} has {bytes} bytes; a file may have {FILE_LIMIT}")]
    Large {
        /// Which.
        path: String,
        /// How many.
        bytes: u64,
    },
    /// All together are too large.
    #[error("the files of the project have more than {TOTAL_LIMIT} bytes")]
    Total,
    /// Folders without end.
    #[error("{0} lies more than {DEPTH_LIMIT} folders deep")]
    Deep(String),
    /// The disk refused.
    #[error("{path}: {source}")]
    Disk {
        /// Where.
        path: String,
        /// What it said.
        source: io::Error,
    },
}

/// Reads the definitions of a project. Hidden files, Markdown, `demo/` and `bench/` folders are for people and left out.
pub fn read(root: &Path) -> Result<Files, FolderError> {
    let mut reader = Reader { files: Files::new(), total: 0 };
    let mut found = false;
    for name in ROOTS {
        match fs::symlink_metadata(root.join(name)) {
            Ok(metadata) if metadata.is_dir() => {
                found = true;
                reader.folder(&root.join(name), name, 0)?;
            }
            Ok(metadata) if metadata.is_symlink() => return Err(FolderError::Link(name.to_owned())),
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(disk(name, source)),
            _ => {}
        }
    }
    if found { Ok(reader.files) } else { Err(FolderError::NoProject(root.to_owned())) }
}

struct Reader {
    files: Files,
    total: u64,
}

impl Reader {
    fn folder(&mut self, folder: &Path, path: &str, depth: usize) -> Result<(), FolderError> {
        if depth > DEPTH_LIMIT {
            return Err(FolderError::Deep(path.to_owned()));
        }
        let entries = fs::read_dir(folder).map_err(|source| disk(path, source))?;
        for entry in entries {
            let entry = entry.map_err(|source| disk(path, source))?;
            let name = entry.file_name();
            let shown = format!("{path}/{}", name.to_string_lossy());
            let name = name.to_str().filter(|name| is_name(name)).ok_or_else(|| FolderError::Name(shown.clone()))?;
            if name.starts_with('.') || name.ends_with(".md") {
                continue;
            }
            let kind = entry.file_type().map_err(|source| disk(&shown, source))?;
            if kind.is_symlink() {
                return Err(FolderError::Link(shown));
            }
            if kind.is_dir() {
                if depth == 0 || !FOR_PEOPLE.contains(&name) {
                    self.folder(&entry.path(), &shown, depth + 1)?;
                }
            } else if kind.is_file() {
                self.file(&entry.path(), shown)?;
            }
        }
        Ok(())
    }

    /// The size is asked before the file is opened, so that a huge one costs nothing.
    fn file(&mut self, from: &Path, path: String) -> Result<(), FolderError> {
        if path.ends_with(".yml") {
            return Err(FolderError::Yml(path));
        }
        let bytes = fs::symlink_metadata(from).map_err(|source| disk(&path, source))?.len();
        if bytes > FILE_LIMIT as u64 {
            return Err(FolderError::Large { path, bytes });
        }
        self.total += bytes;
        if self.total > TOTAL_LIMIT {
            return Err(FolderError::Total);
        }
        if self.files.len() == COUNT_LIMIT {
            return Err(FolderError::Count);
        }
        let content = fs::read(from).map_err(|source| disk(&path, source))?;
        self.files.insert(path, content);
        Ok(())
    }
}

/// Writes files into a project. Nothing is written when one of the paths leads out of it; other files stay.
pub fn write(root: &Path, files: &Files) -> Result<(), FolderError> {
    for path in files.keys() {
        let mut steps = path.split('/');
        let inside = steps.next().is_some_and(|first| ROOTS.contains(&first));
        let rest: Vec<&str> = steps.collect();
        if !inside || rest.is_empty() || !rest.iter().all(|step| is_name(step) && !step.starts_with('.')) {
            return Err(FolderError::Name(path.clone()));
        }
        let mut at = root.to_owned();
        for step in path.split('/') {
            at.push(step);
            if fs::symlink_metadata(&at).is_ok_and(|metadata| metadata.is_symlink()) {
                return Err(FolderError::Link(path.clone()));
            }
        }
    }
    for (path, content) in files {
        let target = root.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(|source| disk(path, source))?;
        }
        fs::write(&target, content).map_err(|source| disk(path, source))?;
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name != "."
        && name != ".."
        && !name.contains(['/', '\\', ':'])
        && !name.contains(char::is_control)
}

fn disk(path: &str, source: io::Error) -> FolderError {
    FolderError::Disk { path: path.to_owned(), source }
}
