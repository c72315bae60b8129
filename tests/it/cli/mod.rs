//! The command line, run as a person runs it: what it says, what it leaves behind, and how it refuses.

mod backing_up;
mod configuration;
mod definitions;
mod keys;
mod people;
mod refusals;
mod serving;
mod setup;
mod transfer;
mod upkeep;

use crate::support::program::Home;

/// A line of a script with a mistake in it.
const BROKEN: (&str, &str, &str) =
    ("plugins/customer-assignment/assign.rhai", "const FULL_AT = 100;", "const FULL_AT = ;");

/// A project whose database is set up; the first run's password for `admin`.
fn set_up() -> (Home, String) {
    let home = Home::with_project();
    let served = home.serve(&[]);
    let said = served.said();
    served.terminate();
    assert_eq!(served.ended().0, Some(0));
    let password = said.split("password ").last().unwrap().split_whitespace().next().unwrap().to_owned();
    (home, password)
}
