//! The shape of an operation's answer, worked out once: which fields an object of each type shows, in which order.

use std::collections::{BTreeSet, HashMap, HashSet};

use graphql_tools::static_graphql::{
    query::{
        Definition, Document, Field as AstField, FragmentDefinition, OperationDefinition, Selection,
        SelectionSet, Value,
    },
    schema::TypeDefinition,
};

use crate::{
    conditions::included,
    schema::{Schema, Wrap},
};

/// The shape of one operation's answer.
pub(crate) struct Shape {
    nodes: Vec<Node>,
    root: usize,
}

/// What objects show at one point of an answer.
pub(crate) struct Node {
    /// The type that the schema gives this point.
    declared: String,
    by_type: HashMap<String, Vec<Field>>,
}

/// A field that an object shows.
pub(crate) struct Field {
    /// Its key in the answer.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) wrap: Wrap,
    pub(crate) kind: Kind,
    pub(crate) arguments: Vec<(String, Value)>,
}

/// What a field's values are.
pub(crate) enum Kind {
    TypeName,
    Scalar,
    /// With the values that clients know.
    Enum(HashSet<String>),
    /// Objects, as the node of this number shows them.
    Object(usize),
}

impl Node {
    /// The type of an object that says it is of type `own`, if such may be here, and what it shows.
    pub(crate) fn fields<'a>(&'a self, own: Option<&'a str>) -> Option<(&'a str, &'a [Field])> {
        let name = own.unwrap_or(&self.declared);
        self.by_type.get_key_value(name).map(|(name, fields)| (name.as_str(), fields.as_slice()))
    }
}

impl Shape {
    /// The shape of `operation`, whose conditions were decided.
    pub(crate) fn of(document: &Document, operation: &OperationDefinition, schema: &Schema) -> Self {
        let fragments = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
                Definition::Operation(_) => None,
            })
            .collect();
        let root_type = match operation {
            OperationDefinition::Mutation(_) => schema.mutation.as_ref().unwrap_or(&schema.query),
            _ => &schema.query,
        };
        let mut builder = Builder { schema, fragments, nodes: Vec::new(), known: HashMap::new() };
        let root = builder.node(&[operation.selection_set()], root_type);
        Self { nodes: builder.nodes, root }
    }

    pub(crate) fn root(&self) -> Option<&Node> {
        self.node(self.root)
    }

    pub(crate) fn node(&self, number: usize) -> Option<&Node> {
        self.nodes.get(number)
    }
}

struct Builder<'d> {
    schema: &'d Schema,
    fragments: HashMap<&'d str, &'d FragmentDefinition>,
    nodes: Vec<Node>,
    /// Nodes by the selection sets that they merge (by address) and their type.
    known: HashMap<(Vec<usize>, String), usize>,
}

impl<'d> Builder<'d> {
    fn node(&mut self, sets: &[&'d SelectionSet], declared: &str) -> usize {
        let key = (sets.iter().map(|set| std::ptr::from_ref(*set).addr()).collect(), declared.to_owned());
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        let number = self.nodes.len();
        self.known.insert(key, number);
        self.nodes.push(Node { declared: declared.to_owned(), by_type: HashMap::new() });
        let schema = self.schema;
        let mut by_type = HashMap::new();
        for name in std::iter::once(declared).chain(schema.possible.below(declared)) {
            let fields = self.fields(sets, name);
            by_type.insert(name.to_owned(), fields);
        }
        if let Some(node) = self.nodes.get_mut(number) {
            node.by_type = by_type;
        }
        number
    }

    /// What an object of type `name` shows of these selection sets.
    fn fields(&mut self, sets: &[&'d SelectionSet], name: &str) -> Vec<Field> {
        let mut collected = Collected::default();
        for set in sets {
            self.collect(set, name, &mut collected);
        }
        collected.fields.into_iter().filter_map(|(key, asked)| self.field(key, &asked, name)).collect()
    }

    fn collect(&self, set: &'d SelectionSet, name: &str, collected: &mut Collected<'d>) {
        for selection in &set.items {
            match selection {
                Selection::Field(field) if included(&field.directives) => collected.add(field),
                Selection::InlineFragment(inline) if included(&inline.directives) => {
                    let condition = inline.type_condition.as_ref().map(AsRef::as_ref);
                    if condition
                        .is_none_or(|condition: &String| self.schema.possible.satisfies(name, condition))
                    {
                        self.collect(&inline.selection_set, name, collected);
                    }
                }
                Selection::FragmentSpread(spread) if included(&spread.directives) => {
                    let fragment = self.fragments.get(spread.fragment_name.as_str()).copied();
                    if let Some(fragment) = fragment
                        && self.schema.possible.satisfies(name, fragment.type_condition.as_ref())
                        && collected.spread.insert(&fragment.name)
                    {
                        self.collect(&fragment.selection_set, name, collected);
                    }
                }
                _ => {}
            }
        }
    }

    fn field(&mut self, key: String, asked: &[&'d AstField], on: &str) -> Option<Field> {
        let first = asked.first()?;
        let (wrap, kind) = if first.name == "__typename" {
            (Wrap { non_null: true, item: None }, Kind::TypeName)
        } else {
            let kind = &self.schema.field_of(on, &first.name)?.field_type;
            (Wrap::of(kind), self.kind(kind.inner_type(), asked))
        };
        Some(Field { key, name: first.name.clone(), wrap, kind, arguments: first.arguments.clone() })
    }

    fn kind(&mut self, name: &str, asked: &[&'d AstField]) -> Kind {
        match self.schema.type_of(name) {
            Some(TypeDefinition::Enum(kind)) => {
                Kind::Enum(kind.values.iter().map(|value| value.name.clone()).collect())
            }
            Some(TypeDefinition::Object(_) | TypeDefinition::Interface(_) | TypeDefinition::Union(_)) => {
                let sets: Vec<_> = asked.iter().map(|field| &field.selection_set).collect();
                Kind::Object(self.node(&sets, name))
            }
            _ => Kind::Scalar,
        }
    }
}

/// Fields by their keys, in the order of their first appearance.
#[derive(Default)]
struct Collected<'d> {
    fields: Vec<(String, Vec<&'d AstField>)>,
    numbers: HashMap<&'d str, usize>,
    spread: BTreeSet<&'d str>,
}

impl<'d> Collected<'d> {
    fn add(&mut self, field: &'d AstField) {
        let key = field.alias.as_ref().unwrap_or(&field.name);
        let next = self.fields.len();
        let number = *self.numbers.entry(key).or_insert(next);
        match self.fields.get_mut(number) {
            Some((_, asked)) => asked.push(field),
            None => self.fields.push((key.clone(), vec![field])),
        }
    }
}
