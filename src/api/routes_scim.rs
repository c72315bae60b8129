//! The rows of the route table for an outside directory (SCIM 2.0). They have paths, a media type and errors of their own.

use super::route::{Door, Route, row};
use super::routes::{DELETE, GET, PATCH, POST, PUT};
use super::scim::query::{LISTED, SHOWN};
use super::scim::view::{GroupResource, ListView, PatchBody, UserResource};
use super::scim::{MEDIA, discovery, groups, users};
use crate::model::scope::Scope::Scim;
use crate::runtime::access::ADMIN;

#[rustfmt::skip] // a table reads in rows
pub(super) fn scim() -> Vec<Route> {
    let rows = vec![
        row(GET, "/Users", "getScimUsers", Scim, users::list, "Users of the directory, by login")
            .gives::<ListView>(200).knows(LISTED),
        row(POST, "/Users", "createScimUser", Scim, users::create, "Create a user")
            .takes::<UserResource>().gives::<UserResource>(201).tagged().knows(SHOWN),
        row(GET, "/Users/{id}", "getScimUser", Scim, users::get, "One user")
            .gives::<UserResource>(200).tagged().knows(SHOWN),
        row(PUT, "/Users/{id}", "putScimUser", Scim, users::put, "Say a user as a whole; nobody is created")
            .takes::<UserResource>().gives::<UserResource>(200).versioned().knows(SHOWN),
        row(PATCH, "/Users/{id}", "patchScimUser", Scim, users::patch, "Change parts of a user")
            .takes::<PatchBody>().gives::<UserResource>(200).versioned().knows(SHOWN),
        row(DELETE, "/Users/{id}", "deleteScimUser", Scim, users::delete, "A user goes: not active, without rights, and not shown to the directory any more")
            .gives_nothing().guarded(),
        row(GET, "/Groups", "getScimGroups", Scim, groups::list, "Groups of the directory, by id")
            .gives::<ListView>(200).knows(LISTED),
        row(POST, "/Groups", "createScimGroup", Scim, groups::create, "Create a group; its name says which roles it gives")
            .takes::<GroupResource>().gives::<GroupResource>(201).tagged().knows(SHOWN),
        row(GET, "/Groups/{id}", "getScimGroup", Scim, groups::get, "One group")
            .gives::<GroupResource>(200).tagged().knows(SHOWN),
        row(PUT, "/Groups/{id}", "putScimGroup", Scim, groups::put, "Say a group as a whole; none is created")
            .takes::<GroupResource>().gives::<GroupResource>(200).versioned().knows(SHOWN),
        row(PATCH, "/Groups/{id}", "patchScimGroup", Scim, groups::patch, "Change parts of a group: its name, or who is in it")
            .takes::<PatchBody>().gives_nothing().guarded(),
        row(DELETE, "/Groups/{id}", "deleteScimGroup", Scim, groups::delete, "A group goes, and with it the roles that it gave")
            .gives_nothing().guarded(),
    ];
    let open = vec![
        row(GET, "/ServiceProviderConfig", "getScimConfig", Scim, discovery::config, "What of SCIM is served here"),
        row(GET, "/ResourceTypes", "getScimResourceTypes", Scim, discovery::resource_types, "The kinds of resources"),
        row(GET, "/ResourceTypes/{id}", "getScimResourceType", Scim, discovery::resource_type, "One kind of resources"),
        row(GET, "/Schemas", "getScimSchemas", Scim, discovery::all_schemas, "The attributes of users and groups that are kept"),
        row(GET, "/Schemas/{id}", "getScimSchema", Scim, discovery::schema, "One schema"),
    ];
    let open = open.into_iter().map(|row| row.gives_text(MEDIA).door(Door::Open));
    rows.into_iter().map(|row| row.role(ADMIN)).chain(open).map(Route::in_scim).collect()
}
