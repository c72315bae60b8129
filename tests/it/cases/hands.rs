//! Tasks in other hands: given to somebody, delegated, given back done.

use super::player::{Done, Player};
use super::world;
use kamflow::model::command::Command;
use kamflow::model::json::JsonMap;

impl Player<'_> {
    pub fn assign(&mut self, node: &str, by: &str, to: Option<&str>) -> Result<Done, String> {
        let (task, to) = (self.task(node)?, to.map(world::directory));
        self.command(Command::AssignTask { task, to }, &world::person(by))
    }

    pub fn delegate(&mut self, node: &str, by: &str, to: &str) -> Result<Done, String> {
        let (task, to) = (self.task(node)?, world::directory(to));
        self.command(Command::DelegateTask { task, to, comment: None }, &world::person(by))
    }

    pub fn resolve(&mut self, node: &str, by: &str, variables: JsonMap) -> Result<Done, String> {
        let task = self.task(node)?;
        self.command(Command::ResolveTask { task, variables }, &world::person(by))
    }
}
