//! Estimates what an operation costs, before it is planned.

use std::collections::HashMap;

use graphql_tools::static_graphql::{
    query::{Definition, Document, Field, OperationDefinition, Selection, SelectionSet, Value},
    schema::Field as FieldDefinition,
};
use serde_json::{Map, Value as Json};

use crate::schema::{Schema, Wrap};

/// Arguments that say how many items a list gives at most.
const SIZE_ARGUMENTS: [&str; 3] = ["first", "last", "limit"];

/// How often what is below a field counts.
#[derive(Debug, Clone)]
enum Times {
    Fixed(u64),
    /// As a variable says, or this often if it says nothing.
    Variable(String, u64),
}

impl Times {
    fn value(&self, variables: &Map<String, Json>) -> u64 {
        match self {
            Self::Fixed(times) => *times,
            // A negative size is an error of the subgraph's to give; it must not make a query cheap.
            Self::Variable(name, default) => variables.get(name).and_then(Json::as_u64).unwrap_or(*default),
        }
    }
}

/// A field's cost: one for itself, and what is below it as often as it may occur.
#[derive(Debug)]
struct Node {
    times: Times,
    below: Vec<Node>,
}

/// The cost of an operation, for any variables.
#[derive(Debug)]
pub(crate) struct Cost(Vec<Node>);

impl Cost {
    /// The operation must have been validated and measured.
    pub(crate) fn of(
        document: &Document,
        operation: &OperationDefinition,
        schema: &Schema,
        list_size: u64,
    ) -> Self {
        let root = match operation {
            OperationDefinition::Mutation(_) => schema.mutation.as_ref().unwrap_or(&schema.query),
            _ => &schema.query,
        };
        let fragments = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::Fragment(fragment) => Some((
                    fragment.name.as_str(),
                    (fragment.type_condition.as_ref(), &fragment.selection_set),
                )),
                Definition::Operation(_) => None,
            })
            .collect();
        let estimator = Estimator { schema, fragments, list_size };
        let mut nodes = Vec::new();
        estimator.set(operation.selection_set(), root, None, &mut nodes);
        Self(nodes)
    }

    /// What it comes to with these variables.
    pub(crate) fn total(&self, variables: &Map<String, Json>) -> u64 {
        sum(&self.0, variables)
    }
}

fn sum(nodes: &[Node], variables: &Map<String, Json>) -> u64 {
    nodes.iter().fold(0, |total: u64, node| {
        let below = sum(&node.below, variables).saturating_mul(node.times.value(variables));
        total.saturating_add(1).saturating_add(below)
    })
}

struct Estimator<'a> {
    schema: &'a Schema,
    fragments: HashMap<&'a str, (&'a String, &'a SelectionSet)>,
    list_size: u64,
}

impl Estimator<'_> {
    fn set(&self, set: &SelectionSet, on: &str, page: Option<&Times>, nodes: &mut Vec<Node>) {
        for selection in &set.items {
            match selection {
                // Introspection has a budget of its own.
                Selection::Field(field) if field.name.starts_with("__") => {}
                Selection::Field(field) => {
                    if let Some(definition) = self.schema.field_of(on, &field.name) {
                        nodes.push(self.field(field, definition, page));
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.type_condition.as_ref().map_or(on, |condition| condition.as_ref());
                    self.set(&inline.selection_set, on, page, nodes);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some((on, set)) = self.fragments.get(spread.fragment_name.as_str()) {
                        self.set(set, on, page, nodes);
                    }
                }
            }
        }
    }

    /// `page` is the size that the field above was asked for, as in `changes(limit: 10) { todos { id } }`.
    fn field(&self, field: &Field, definition: &FieldDefinition, page: Option<&Times>) -> Node {
        let own = self.size_argument(field, definition);
        let is_list = Wrap::of(&definition.field_type).item.is_some();
        let times = match (&own, page) {
            _ if !is_list => Times::Fixed(1),
            (Some(own), _) => own.clone(),
            (None, Some(page)) => page.clone(),
            (None, None) => Times::Fixed(self.list_size),
        };
        let page = if is_list { None } else { own.as_ref() };
        let mut below = Vec::new();
        self.set(&field.selection_set, definition.field_type.inner_type(), page, &mut below);
        Node { times, below }
    }

    fn size_argument(&self, field: &Field, definition: &FieldDefinition) -> Option<Times> {
        let argument =
            definition.arguments.iter().find(|argument| SIZE_ARGUMENTS.contains(&argument.name.as_str()))?;
        let default = argument.default_value.as_ref().and_then(number).unwrap_or(self.list_size);
        let given = field.arguments.iter().find(|(name, _)| *name == argument.name);
        Some(match given {
            Some((_, Value::Variable(name))) => Times::Variable(name.clone(), default),
            Some((_, value)) => Times::Fixed(number(value).unwrap_or(default)),
            None => Times::Fixed(default),
        })
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Int(number) => number.as_i64().and_then(|number| u64::try_from(number).ok()),
        _ => None,
    }
}
