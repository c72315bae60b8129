//! The shape of what goes in or comes out, as the OpenAPI document says it. Its schemas are made when the document is: few
//! ask for it, and together they take several megabytes.

use utoipa::ToSchema;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};

/// Schemas by their names.
type Named = Vec<(String, RefOr<Schema>)>;

/// The shape of a body in the document.
#[derive(Clone)]
pub(super) struct Shape {
    /// Its media type.
    pub media: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// The name of its schema; none for bodies without one.
    pub name: Option<String>,
    /// Makes the named schemas that it needs, its own under the name.
    pub needs: fn(&str) -> Named,
}

impl Shape {
    pub(super) fn none() -> Shape {
        Shape { media: "application/json", required: true, name: None, needs: |_| Vec::new() }
    }

    pub(super) fn of<T: ToSchema>(media: &'static str) -> Shape {
        Shape { media, required: true, name: Some(T::name().into_owned()), needs: needs::<T> }
    }

    /// A page or a list: utoipa leaves the naming of generic schemas to its users.
    pub(super) fn of_many<Many: ToSchema, T: ToSchema>(prefix: &str) -> Shape {
        let name = Some(format!("{prefix}{}", T::name()));
        let needs = |name: &str| [needs::<Many>(name), needs::<T>(&T::name())].concat();
        Shape { media: "application/json", required: true, name, needs }
    }

    /// The schema, by reference.
    pub(super) fn schema(&self) -> Option<RefOr<Schema>> {
        self.name.as_ref().map(|name| Ref::from_schema_name(name).into())
    }

    /// Named schemas that it needs.
    pub(super) fn named(&self) -> Named {
        (self.needs)(self.name.as_deref().unwrap_or_default())
    }
}

/// The schema under this name, and those that it refers to.
fn needs<T: ToSchema>(name: &str) -> Named {
    let mut needs = vec![(name.to_owned(), T::schema())];
    T::schemas(&mut needs);
    needs
}
