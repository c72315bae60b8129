//! The rows of the route table for the organisation: units, positions, who stands above whom, roles, absences and
//! substitutions.

use super::absences::{CreateAbsence, PutAbsence};
use super::org_units::PutUnit;
use super::positions::{EndPosition, PutPosition, Reorganise};
use super::roles::PutRole;
use super::route::{Route, row};
use super::routes::{DELETE, GET, POST, PUT};
use super::sent::Nothing;
use super::substitutions::{CreateSubstitution, PutSubstitution};
use super::view::absence::{AbsenceView, SubstitutionView};
use super::view::organisation::{RoleView, UnitView};
use super::view::position::{PositionView, ReorganisedView};
use super::view::user::RelativeView;
use super::{absences, org_units, positions, roles, substitutions, users};
use crate::model::scope::Scope::{DirectoryRead, DirectoryWrite};
use crate::runtime::access::ADMIN;

#[rustfmt::skip] // a table reads in rows
pub(super) fn organisation() -> Vec<Route> {
    vec![
        row(GET, "/org-units", "listOrgUnits", DirectoryRead, org_units::list, "The units of the organisation")
            .gives_page::<UnitView>().lists(&["parent", "kind"]),
        row(GET, "/org-units/{id}", "getOrgUnit", DirectoryRead, org_units::get, "One unit")
            .gives::<UnitView>(200).tagged(),
        row(PUT, "/org-units/{id}", "putOrgUnit", DirectoryWrite, org_units::put, "Create or replace a unit")
            .takes::<PutUnit>().gives::<UnitView>(200).role(ADMIN).versioned(),
        row(DELETE, "/org-units/{id}", "deleteOrgUnit", DirectoryWrite, org_units::delete, "Remove a unit that is empty")
            .takes_nothing().gives::<Nothing>(200).role(ADMIN).guarded(),
        row(GET, "/positions", "listPositions", DirectoryRead, positions::list, "The positions of the hierarchy")
            .gives_page::<PositionView>().lists(&["unit", "user", "at"]),
        row(POST, "/positions/reorganise", "reorganise", DirectoryWrite, positions::reorganise, "Move several positions from a date on, all of them or none; with a dry run")
            .takes::<Reorganise>().gives::<ReorganisedView>(200).role(ADMIN),
        row(GET, "/positions/{id}", "getPosition", DirectoryRead, positions::get, "One position with its periods")
            .gives::<PositionView>(200).tagged(),
        row(PUT, "/positions/{id}", "putPosition", DirectoryWrite, positions::put, "Say what a position is from a date on; a new one is created")
            .takes::<PutPosition>().gives::<PositionView>(200).role(ADMIN).versioned(),
        row(POST, "/positions/{id}/end", "endPosition", DirectoryWrite, positions::end, "Make a position end")
            .takes::<EndPosition>().gives::<PositionView>(200).role(ADMIN).versioned(),
        row(GET, "/users/{id}/superiors", "getSuperiors", DirectoryRead, users::superiors, "Who stands above a user, now or at an instant, the nearest first")
            .gives_page::<RelativeView>().lists(&["at", "direct"]),
        row(GET, "/users/{id}/subordinates", "getSubordinates", DirectoryRead, users::subordinates, "Who stands below a user; shown to the user, superiors and administrators")
            .gives_page::<RelativeView>().lists(&["at", "direct"]),
        row(GET, "/roles", "listRoles", DirectoryRead, roles::list, "The roles of the business, and how far who has one may go")
            .gives_list::<RoleView>(),
        row(PUT, "/roles/{name}", "putRole", DirectoryWrite, roles::put, "Say how far who has a role may go")
            .takes::<PutRole>().gives::<RoleView>(200).role(ADMIN).versioned(),
        row(GET, "/absences", "listAbsences", DirectoryRead, absences::list, "Your absences and those of people below you")
            .gives_page::<AbsenceView>().lists(&["user", "at"]),
        row(POST, "/absences", "createAbsence", DirectoryWrite, absences::create, "Say that you, or somebody below you, will be away")
            .takes::<CreateAbsence>().gives::<AbsenceView>(201).tagged(),
        row(GET, "/absences/{id}", "getAbsence", DirectoryRead, absences::get, "One absence")
            .gives::<AbsenceView>(200).tagged(),
        row(PUT, "/absences/{id}", "putAbsence", DirectoryWrite, absences::put, "Say an absence otherwise")
            .takes::<PutAbsence>().gives::<AbsenceView>(200).versioned(),
        row(DELETE, "/absences/{id}", "deleteAbsence", DirectoryWrite, absences::delete, "Take an absence back")
            .takes_nothing().gives::<Nothing>(200).guarded(),
        row(GET, "/substitutions", "listSubstitutions", DirectoryRead, substitutions::list, "Substitutions by you, for you and for people below you")
            .gives_page::<SubstitutionView>().lists(&["user", "forUser", "at"]),
        row(POST, "/substitutions", "createSubstitution", DirectoryWrite, substitutions::create, "Say who acts for you, or for somebody below you")
            .takes::<CreateSubstitution>().gives::<SubstitutionView>(201).tagged(),
        row(GET, "/substitutions/{id}", "getSubstitution", DirectoryRead, substitutions::get, "One substitution")
            .gives::<SubstitutionView>(200).tagged(),
        row(PUT, "/substitutions/{id}", "putSubstitution", DirectoryWrite, substitutions::put, "Say a substitution otherwise; one that has begun can only be given another end")
            .takes::<PutSubstitution>().gives::<SubstitutionView>(200).versioned(),
        row(DELETE, "/substitutions/{id}", "deleteSubstitution", DirectoryWrite, substitutions::delete, "Take a substitution back before it begins")
            .takes_nothing().gives::<Nothing>(200).guarded(),
    ]
}
