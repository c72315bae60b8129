//! The organisation: positions with their periods, who stands above whom.

mod closure;
mod hierarchy;
