//! The organisation: businesses, users, units and positions.

use super::authority::Limits;
use super::ids::{BusinessId, UserId};
use super::json::JsonMap;
use super::text::Text;
use super::time::Timestamp;
use super::window::Window;
use serde::{Deserialize, Serialize};

/// A business: an isolated tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Business {
    /// Its id: lower-case letters, digits and hyphens.
    pub id: BusinessId,
    /// Its title.
    pub title: Text,
    /// ISO 4217 code of its own currency.
    pub currency: String,
    /// IANA time zone of its business days.
    pub time_zone: String,
    /// The revision that new instances use; none before the first deployment.
    pub active_revision: Option<i64>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The login, unique in the business.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// Whether the user can sign in and is given work.
    pub active: bool,
    /// Roles.
    pub roles: Vec<String>,
    /// What assignment scripts may look at: territories, industries, capacity, skills.
    pub attributes: JsonMap,
    /// When it was created.
    pub created_at: Timestamp,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// A service account: a program that gets tokens with a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Its id, unique in the business, among users too.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What its tokens allow at most.
    pub scopes: Vec<String>,
    /// Its roles.
    pub roles: Vec<String>,
    /// The people it may act as: `user:alice`, or `role:sales_rep` for whoever has the role.
    pub act_as: Vec<String>,
    /// Until when the secret before the present one is good as well.
    pub old_secret_until: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// A key that signs tokens, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningKeySummary {
    /// Its `kid`.
    pub id: String,
    /// How it signs.
    pub algorithm: String,
    /// Whether new tokens are signed with it.
    pub signs: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when a key that signs no more still verifies.
    pub verifies_until: Option<Timestamp>,
}

/// A position in the hierarchy: a place that somebody holds, with what it was, is and will be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Its id, unique in the business.
    pub id: String,
    /// What it is when, by time; they do not overlap. Between them, before and after, it is not valid.
    pub periods: Vec<Period>,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// What a position is for a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// When.
    pub window: Window,
    /// The unit that it belongs to.
    pub unit: String,
    /// Its title.
    pub title: String,
    /// Who holds it; none: vacant.
    pub user: Option<UserId>,
    /// The position above it.
    pub manager: Option<String>,
    /// How far who holds it may go.
    #[serde(default)]
    pub limits: Limits,
}

/// A change of a position from an instant on; what is not said stays as it is or is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The position.
    pub id: String,
    /// Another unit.
    pub unit: Option<String>,
    /// Another position above it, or none.
    pub manager: Option<Option<String>>,
    /// Another holder, or nobody.
    pub user: Option<Option<UserId>>,
    /// The version that the caller saw.
    pub version: Option<i64>,
}

/// Somebody above whom others stand after a change than before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Affected {
    /// Who.
    pub user: UserId,
    /// The first instant at which it is so.
    pub from: Timestamp,
    /// The superiors without the change, the nearest first, with how many persons up.
    pub before: Vec<(UserId, i64)>,
    /// The superiors with it.
    pub after: Vec<(UserId, i64)>,
}

/// What came of moving several positions at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reorganised {
    /// The positions as they are now, or would be.
    pub positions: Vec<Position>,
    /// Whose superiors change, by login; no more of them than a page has.
    pub affected: Vec<Affected>,
    /// How many are affected in all.
    pub total: i64,
}

impl Position {
    /// What it is at an instant; none when it is not valid then.
    pub fn at(&self, at: Timestamp) -> Option<&Period> {
        self.periods.iter().find(|period| period.window.contains(at))
    }

    /// Makes it end at an instant; what it would have been from there on is gone.
    pub fn end(&mut self, at: Timestamp) {
        let before = Window { to: at, ..Window::ALWAYS };
        self.periods.retain_mut(|period| match period.window.overlap(before) {
            Some(window) => {
                period.window = window;
                true
            }
            None => false,
        });
    }

    /// Changes what it is in all of the time from an instant on; whether it is valid in any of it.
    pub fn change_from(&mut self, at: Timestamp, change: impl Fn(&mut Period)) -> bool {
        let rest = Window { from: at, ..Window::ALWAYS };
        let parts = self.periods.iter().filter_map(|period| {
            let mut part = Period { window: period.window.overlap(rest)?, ..period.clone() };
            change(&mut part);
            Some(part)
        });
        let parts: Vec<Period> = parts.collect();
        let valid = !parts.is_empty();
        for part in parts {
            self.set(part);
        }
        valid
    }

    /// Puts a period in the place of what was there in its time; what was there before and after it stays.
    pub fn set(&mut self, new: Period) {
        let mut periods: Vec<Period> = Vec::new();
        for old in self.periods.drain(..) {
            let outside = old.window.without(new.window);
            periods.extend(outside.into_iter().flatten().map(|window| Period { window, ..old.clone() }));
        }
        periods.push(new);
        periods.sort_by_key(|period| period.window.from);
        // Neighbours that say the same are one.
        periods.dedup_by(|later, earlier| {
            let same = earlier.window.to == later.window.from
                && *earlier == Period { window: earlier.window, ..later.clone() };
            if same {
                earlier.window.to = later.window.to;
            }
            same
        });
        self.periods = periods;
    }
}

/// A unit of the organisation: a branch of its tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id, unique in the business.
    pub id: String,
    /// The unit it belongs to.
    pub parent: Option<String>,
    /// Its title.
    pub title: Text,
    /// What it is.
    pub kind: UnitKind,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// What a unit of the organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 公司
    Company,
    /// 事业部
    BusinessUnit,
    /// 大区
    Region,
    /// 团队
    Team,
    /// 渠道
    Channel,
    /// Anything else.
    Other,
}

impl UnitKind {
    /// All kinds, from the top down.
    pub const ALL: [UnitKind; 6] = [
        UnitKind::Company,
        UnitKind::BusinessUnit,
        UnitKind::Region,
        UnitKind::Team,
        UnitKind::Channel,
        UnitKind::Other,
    ];

    /// The word in columns, files and the API.
    pub fn name(self) -> &'static str {
        match self {
            UnitKind::Company => "company",
            UnitKind::BusinessUnit => "business_unit",
            UnitKind::Region => "region",
            UnitKind::Team => "team",
            UnitKind::Channel => "channel",
            UnitKind::Other => "other",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<UnitKind> {
        UnitKind::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

/// What a business says of a role beyond its title, which stands in the pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// How far who has it may go.
    pub limits: Limits,
    /// Counts its changes: the entity tag; 0 as long as nothing was said.
    pub version: i64,
}
