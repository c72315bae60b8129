//! The tokens of an instance by number, and how many of them are where: in which level, and doing what. Whoever asks
//! whether a level is empty or anybody waits need not look at all of them.

use super::instance::{ScopeId, Token, TokenId, TokenState};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::ops::Deref;

/// What a token can be doing: as many as [`TokenState`] has variants.
const STATES: usize = TokenState::Failed as usize + 1;

/// Tokens by number. As JSON it is the map alone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tokens {
    all: BTreeMap<TokenId, Token>,
    levels: BTreeMap<ScopeId, usize>,
    states: [usize; STATES],
}

impl Tokens {
    /// Whether a token stands in this level; what is in levels inside it does not count.
    pub fn is_in(&self, level: ScopeId) -> bool {
        self.levels.contains_key(&level)
    }

    /// The tokens that do this, in the order of their numbers. It costs nothing where there is none.
    pub fn doing(&self, state: TokenState) -> impl Iterator<Item = &Token> {
        self.all.values().filter(move |token| token.state == state).take(self.states[state as usize])
    }

    /// Adds a token.
    pub fn insert(&mut self, token: Token) {
        self.remove(token.id);
        self.count(&token);
        self.all.insert(token.id, token);
    }

    /// Takes a token away; nothing when it is not there.
    pub fn remove(&mut self, id: TokenId) -> Option<Token> {
        let token = self.all.remove(&id)?;
        self.states[token.state as usize] -= 1;
        if let Some(here) = self.levels.get_mut(&token.scope) {
            *here -= 1;
            if *here == 0 {
                self.levels.remove(&token.scope);
            }
        }
        Some(token)
    }

    /// A token does something else now; nothing when it is not there.
    pub fn set_state(&mut self, id: TokenId, state: TokenState) {
        if let Some(token) = self.all.get_mut(&id) {
            self.states[token.state as usize] -= 1;
            self.states[state as usize] += 1;
            token.state = state;
        }
    }

    /// The outcome of a token's task; nothing when the token is not there.
    pub fn set_outcome(&mut self, id: TokenId, outcome: Option<String>) {
        if let Some(token) = self.all.get_mut(&id) {
            token.outcome = outcome;
        }
    }

    /// The events of a token's activity are waited for; nothing when the token is not there.
    pub fn set_listening(&mut self, id: TokenId) {
        if let Some(token) = self.all.get_mut(&id) {
            token.listening = true;
        }
    }

    fn count(&mut self, token: &Token) {
        *self.levels.entry(token.scope).or_default() += 1;
        self.states[token.state as usize] += 1;
    }
}

/// Reading goes by the map.
impl Deref for Tokens {
    type Target = BTreeMap<TokenId, Token>;

    fn deref(&self) -> &BTreeMap<TokenId, Token> {
        &self.all
    }
}

impl Serialize for Tokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tokens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tokens, D::Error> {
        let all = BTreeMap::<TokenId, Token>::deserialize(deserializer)?;
        let mut tokens = Tokens::default();
        all.into_values().for_each(|token| tokens.insert(token));
        Ok(tokens)
    }
}
