//! The organisation: businesses, users, units and positions.

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
}

impl Position {
    /// What it is at an instant; none when it is not valid then.
    pub fn at(&self, at: Timestamp) -> Option<&Period> {
        self.periods.iter().find(|period| period.window.contains(at))
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

/// A unit of the organisation: company, business unit, region, team, channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id, unique in the business.
    pub id: String,
    /// The unit it belongs to.
    pub parent: Option<String>,
    /// Its title.
    pub title: Text,
}
