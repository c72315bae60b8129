//! Diagrams: a process, and what an instance did in it, as SVG and as Mermaid. Pure: a process comes in, text goes out.
//! Who may see what is decided above.
//!
//! `shape` says what a node looks like, `level` and `layered` where it stands, `svg` and `mermaid` write it down.

mod drawing;
mod layered;
mod level;
mod marks;
mod mermaid;
pub mod shape;
mod simplex;
mod stencil;
mod style;
mod svg;
pub mod symbol;
mod text;
mod trail;
mod words;
mod xml;

pub use drawing::{Align, Caption, Drawing, Figure, Line, Point, Rect};
pub use trail::{Mark, Standing, Trail, follow};

use crate::model::process::Process;
use crate::model::text::Language;

/// What a diagram is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// A picture.
    #[default]
    Svg,
    /// A flowchart in text.
    Mermaid,
}

impl Format {
    /// Reads the word.
    pub fn parse(word: &str) -> Option<Format> {
        match word {
            "svg" => Some(Format::Svg),
            "mermaid" => Some(Format::Mermaid),
            _ => None,
        }
    }

    /// Its media type (for Mermaid there is none that is registered).
    pub fn media(self) -> &'static str {
        match self {
            Format::Svg => "image/svg+xml",
            Format::Mermaid => "text/vnd.mermaid; charset=utf-8",
        }
    }

    /// How names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Svg => "svg",
            Format::Mermaid => "mmd",
        }
    }
}

/// The diagram of a process; with a trail, of an instance. The same input gives the same text.
pub fn write(process: &Process, trail: Option<&Trail>, format: Format, language: Language) -> String {
    match format {
        Format::Svg => svg::write(process, &draw(process, language), trail, language),
        Format::Mermaid => mermaid::write(process, trail, language),
    }
}

/// Where everything stands, before it is written.
pub fn draw(process: &Process, language: Language) -> Drawing {
    level::draw(process, language)
}
