//! The organisation: units, positions with their periods, who stands above whom, who is away and who stands in.

mod absences;
mod actions;
mod closure;
mod company;
mod hierarchy;
mod import;
mod reorganisation;
mod units;
