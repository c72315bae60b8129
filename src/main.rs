//! The program: everything it can do stands in the library, commands in `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kamflow::cli::run()
}
