//! The shape of what goes in or comes out, as the OpenAPI document says it.

use utoipa::ToSchema;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};

/// The shape of a body in the document.
#[derive(Clone)]
pub(super) struct Shape {
    /// Its media type.
    pub media: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// The schema, by reference; none for bodies without one.
    pub schema: Option<RefOr<Schema>>,
    /// Named schemas that it needs.
    pub needs: Vec<(String, RefOr<Schema>)>,
}

impl Shape {
    pub(super) fn none() -> Shape {
        Shape { media: "application/json", required: true, schema: None, needs: Vec::new() }
    }

    pub(super) fn of<T: ToSchema>(media: &'static str) -> Shape {
        Shape::named::<T>(media, T::name().into_owned())
    }

    /// A page or a list: utoipa leaves the naming of generic schemas to its users.
    pub(super) fn of_many<Many: ToSchema, T: ToSchema>(prefix: &str) -> Shape {
        let mut shape = Shape::named::<Many>("application/json", format!("{prefix}{}", T::name()));
        shape.needs.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut shape.needs);
        shape
    }

    fn named<T: ToSchema>(media: &'static str, name: String) -> Shape {
        let mut needs = vec![(name.clone(), T::schema())];
        T::schemas(&mut needs);
        Shape { media, required: true, schema: Some(Ref::from_schema_name(name).into()), needs }
    }
}
