//! The people of a story: who is there when it begins, and what changes about them while it goes on.

use super::stage::Scene;
use crate::model::absence::Absence;
use crate::model::directory::{Period, Unit, UnitKind, User};
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::model::scenario::{Given, Person, PersonChange};
use crate::model::text::Text;
use crate::model::window::Window;
use crate::runtime::clock::Clock;
use crate::runtime::operator;
use crate::runtime::request::Change;

/// The unit that everybody of a scenario works in.
const UNIT: &str = "company";

impl Scene<'_> {
    /// Everybody who is given, each with a position.
    pub fn people(&self, given: &Given) -> Result<(), Refusal> {
        let operator = operator(self.business.clone());
        let unit =
            Unit { id: UNIT.into(), parent: None, title: Text::same("Company"), kind: UnitKind::Company, version: 0 };
        self.execute(operator, Change::PutUnit(unit))?;
        for (login, person) in &given.people {
            self.put(login, person, true)?;
        }
        // A position for everybody first, so that each can stand below any other.
        for above in [false, true] {
            for (login, person) in given.people.iter().filter(|(_, person)| !above || person.manager.is_some()) {
                let manager = person.manager.as_ref().filter(|_| above);
                self.place(login, manager, Window::ALWAYS)?;
            }
        }
        Ok(())
    }

    /// Something changes about somebody from now on.
    pub fn change(&mut self, login: &UserId, change: &PersonChange) -> Result<(), Refusal> {
        let PersonChange { roles, manager, absent, active } = change;
        let now = self.clock.now();
        let mut person = self.people.get(login).cloned().unwrap_or_default();
        if roles.is_some() || active.is_some() {
            person.roles = roles.clone().unwrap_or(person.roles);
            self.put(login, &person, active.unwrap_or(true))?;
        }
        if manager.is_some() {
            person.manager = manager.clone();
            self.place(login, manager.as_ref(), Window::between(Some(now), None))?;
        }
        if let Some(absent) = absent {
            let window = Window::between(Some(now), Some(absent.after(now)));
            let absence = Absence { id: String::new(), user: login.clone(), window, note: None, version: 0 };
            self.execute(operator(self.business.clone()), Change::CreateAbsence(absence))?;
        }
        self.people.insert(login.clone(), person);
        Ok(())
    }

    fn put(&self, login: &UserId, person: &Person, active: bool) -> Result<(), Refusal> {
        let user = User {
            id: login.clone(),
            name: login.0.clone(),
            active,
            roles: person.roles.clone(),
            attributes: person.attributes.clone(),
            created_at: self.clock.now(),
            version: 0,
        };
        self.execute(operator(self.business.clone()), Change::PutUser { user, password: None }).map(|_| ())
    }

    fn place(&self, login: &UserId, manager: Option<&UserId>, window: Window) -> Result<(), Refusal> {
        let period = Period {
            window,
            unit: UNIT.to_owned(),
            title: login.0.clone(),
            user: Some(login.clone()),
            manager: manager.map(|manager| manager.0.clone()),
            limits: Default::default(),
        };
        self.execute(operator(self.business.clone()), Change::PutPosition { id: login.0.clone(), period }).map(|_| ())
    }
}
