//! Files in and out: import and export of CSV and JSON lines, for the API and the command line alike.
//!
//! In: `decoded` gives text, `rows` one row after the other, `columns` knows what they mean, `import` sends them through
//! the writer in batches (`writer::batch` does what a single request does, row by row). Out: `export`, page by page.

mod batch;
mod cells;
mod columns;
mod decoded;
mod export;
mod import;
mod layout;
mod order;
mod paths;
mod protect;
mod rows;
mod seen;

pub use batch::{Batch, ID, Plan};
pub use export::{Export, Outward};
pub use import::{Import, Stopped, Summary, Told};
pub use order::{Blanks, Cells, MappingSource, Mode, Order};
pub use paths::put;
pub use protect::protected;
pub use rows::Format;
