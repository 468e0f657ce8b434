//! The schema as clients see it, with quick look-ups.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use graphql_tools::static_graphql::schema::{Definition, Document, Field, Type, TypeDefinition};

const BUILT_IN: [&str; 10] =
    ["Boolean", "Float", "ID", "Int", "String", "skip", "include", "deprecated", "specifiedBy", "oneOf"];
const FEDERATION: [&str; 5] = ["join__", "link__", "core__", "federation__", "context__"];

/// Which object types (and interfaces) an abstract type may stand for.
#[derive(Debug, Default)]
pub(crate) struct PossibleTypes(HashMap<String, HashSet<String>>);

impl PossibleTypes {
    pub(crate) fn of(document: &Document) -> Self {
        let mut direct: HashMap<&str, Vec<&str>> = HashMap::new();
        for definition in &document.definitions {
            match definition {
                Definition::TypeDefinition(TypeDefinition::Object(object)) => {
                    for interface in &object.implements_interfaces {
                        direct.entry(interface).or_default().push(&object.name);
                    }
                }
                Definition::TypeDefinition(TypeDefinition::Interface(interface)) => {
                    for parent in &interface.implements_interfaces {
                        direct.entry(parent).or_default().push(&interface.name);
                    }
                }
                Definition::TypeDefinition(TypeDefinition::Union(union)) => {
                    direct.entry(&union.name).or_default().extend(union.types.iter().map(String::as_str));
                }
                _ => {}
            }
        }
        let mut all = HashMap::new();
        for name in direct.keys() {
            let mut reached = HashSet::new();
            let mut open = vec![*name];
            while let Some(next) = open.pop() {
                for member in direct.get(next).into_iter().flatten() {
                    if reached.insert((*member).to_owned()) {
                        open.push(member);
                    }
                }
            }
            all.insert((*name).to_owned(), reached);
        }
        Self(all)
    }

    /// Whether a value of type `name` satisfies the type condition `condition`.
    pub(crate) fn satisfies(&self, name: &str, condition: &str) -> bool {
        name == condition || self.0.get(condition).is_some_and(|members| members.contains(name))
    }

    /// The types below `name`, itself not among them.
    pub(crate) fn below(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }
}

/// The clients' schema: no federation, nothing inaccessible; introspection's own types are in it.
pub(crate) struct Schema {
    pub(crate) document: Arc<Document>,
    pub(crate) possible: PossibleTypes,
    pub(crate) query: String,
    pub(crate) mutation: Option<String>,
    types: HashMap<String, usize>,
}

impl Schema {
    /// `document` is the supergraph, already without what is inaccessible.
    pub(crate) fn new(document: &Document) -> Self {
        let mut document = document.clone();
        document.definitions.retain(|definition| {
            !name_of(definition).is_some_and(|name| FEDERATION.iter().any(|prefix| name.starts_with(prefix)))
        });
        let types = document
            .definitions
            .iter()
            .enumerate()
            .filter_map(|(index, definition)| match definition {
                Definition::TypeDefinition(kind) => Some((kind.name().to_owned(), index)),
                _ => None,
            })
            .collect();
        Self {
            possible: PossibleTypes::of(&document),
            query: document.query_type_name().cloned().unwrap_or_else(|| "Query".to_owned()),
            mutation: document.mutation_type_name().cloned(),
            types,
            document: Arc::new(document),
        }
    }

    /// The definition of a type.
    pub(crate) fn type_of(&self, name: &str) -> Option<&TypeDefinition> {
        match self.document.definitions.get(*self.types.get(name)?) {
            Some(Definition::TypeDefinition(kind)) => Some(kind),
            _ => None,
        }
    }

    /// The definition of a field of an object type or an interface.
    pub(crate) fn field_of(&self, type_name: &str, field: &str) -> Option<&Field> {
        self.type_of(type_name)?.field_by_name(field)
    }

    /// The schema as text, without what every schema has.
    pub(crate) fn text(&self) -> String {
        let mut document = (*self.document).clone();
        document.definitions.retain(|definition| {
            name_of(definition).is_none_or(|name| !name.starts_with("__") && !BUILT_IN.contains(&name))
        });
        for definition in &mut document.definitions {
            if let Definition::TypeDefinition(TypeDefinition::Object(object)) = definition
                && object.name == self.query
            {
                object.fields.retain(|field| !field.name.starts_with("__"));
            }
        }
        document.to_string()
    }
}

fn name_of<'d>(definition: &'d Definition<'static, String>) -> Option<&'d str> {
    match definition {
        Definition::TypeDefinition(kind) => Some(kind.name()),
        Definition::DirectiveDefinition(directive) => Some(&directive.name),
        Definition::SchemaDefinition(_) | Definition::TypeExtension(_) => None,
    }
}

/// The list and non-null wrappers of a type.
#[derive(Debug, Clone)]
pub(crate) struct Wrap {
    pub(crate) non_null: bool,
    /// How each item is wrapped, if this is a list.
    pub(crate) item: Option<Box<Wrap>>,
}

impl Wrap {
    pub(crate) fn of(kind: &Type) -> Self {
        match kind {
            Type::NonNullType(inner) => Self { non_null: true, ..Self::of(inner) },
            Type::ListType(item) => Self { non_null: false, item: Some(Box::new(Self::of(item))) },
            Type::NamedType(_) => Self { non_null: false, item: None },
        }
    }
}
