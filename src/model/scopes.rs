//! The scopes of an instance by number, and how many of them lie in which, so that a scope knows whether it is the
//! innermost.

use super::instance::{Scope, ScopeId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::ops::Deref;

/// Scopes by number. As JSON it is the map alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scopes {
    all: BTreeMap<ScopeId, Scope>,
    inside: BTreeMap<ScopeId, usize>,
    atomic: usize,
}

impl Scopes {
    /// Whether a scope lies directly in this one.
    pub fn is_around(&self, scope: ScopeId) -> bool {
        self.inside.contains_key(&scope)
    }

    /// The atomic blocks that are open, the outermost first. It costs nothing where there is none.
    pub fn atomic(&self) -> impl Iterator<Item = &Scope> {
        self.all.values().filter(|scope| scope.atomic).take(self.atomic)
    }

    /// Adds a scope.
    pub fn insert(&mut self, scope: Scope) {
        self.remove(scope.id);
        if let Some(parent) = scope.parent {
            *self.inside.entry(parent).or_default() += 1;
        }
        self.atomic += usize::from(scope.atomic);
        self.all.insert(scope.id, scope);
    }

    /// Takes a scope away; nothing when it is not there.
    pub fn remove(&mut self, id: ScopeId) -> Option<Scope> {
        let scope = self.all.remove(&id)?;
        if let Some((parent, inside)) = scope.parent.and_then(|parent| Some((parent, self.inside.get_mut(&parent)?))) {
            *inside -= 1;
            if *inside == 0 {
                self.inside.remove(&parent);
            }
        }
        self.atomic -= usize::from(scope.atomic);
        Some(scope)
    }

    /// A scope whose contents change: where it lies, and whether it is atomic, do not.
    pub fn get_mut(&mut self, id: ScopeId) -> Option<&mut Scope> {
        self.all.get_mut(&id)
    }
}

/// Reading goes by the map.
impl Deref for Scopes {
    type Target = BTreeMap<ScopeId, Scope>;

    fn deref(&self) -> &BTreeMap<ScopeId, Scope> {
        &self.all
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scopes, D::Error> {
        let all = BTreeMap::<ScopeId, Scope>::deserialize(deserializer)?;
        let mut scopes = Scopes::default();
        all.into_values().for_each(|scope| scopes.insert(scope));
        Ok(scopes)
    }
}
