//! The program: everything it can do stands in the library, commands in `cli`.

use std::process::ExitCode;

/// JSON and scripts are many small pieces: with it they cost half of what the allocator of the system takes for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kamflow::cli::run()
}
