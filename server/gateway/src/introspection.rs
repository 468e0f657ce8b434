//! Answers `__schema` and `__type` from the clients' schema.

use graphql_tools::static_graphql::{
    query::{Type, Value as Literal},
    schema::{
        Definition, Directive, DirectiveDefinition, EnumValue, Field as FieldDefinition, InputValue,
        TypeDefinition,
    },
};
use serde_json::{Map, Value, json};

use crate::{
    refusal::Refusal,
    schema::Schema,
    shape::{Field, Kind, Node, Shape},
};

/// What an introspection field is asked of.
#[derive(Clone, Copy)]
enum Subject<'s> {
    Schema,
    Named(&'s TypeDefinition),
    /// A list or a non-null type.
    Wrapped(&'s Type),
    Field(&'s FieldDefinition),
    Input(&'s InputValue),
    EnumValue(&'s EnumValue),
    Directive(&'s DirectiveDefinition),
}

/// What a field of a subject gives.
enum Found<'s> {
    Plain(Value),
    One(Option<Subject<'s>>),
    Many(Vec<Subject<'s>>),
}

struct Introspector<'s> {
    schema: &'s Schema,
    shape: &'s Shape,
    variables: &'s Map<String, Value>,
    /// Fields that may still be resolved.
    budget: usize,
}

/// The answers of the root's introspection fields, by their keys.
pub(crate) fn answer(
    schema: &Schema,
    shape: &Shape,
    variables: &Map<String, Value>,
    budget: usize,
) -> Result<Map<String, Value>, Refusal> {
    let mut data = Map::new();
    let mut introspector = Introspector { schema, shape, variables, budget };
    for field in shape.root().and_then(|root| root.fields(None)).map(|(_, fields)| fields).unwrap_or_default()
    {
        let subject = match field.name.as_str() {
            "__schema" => Some(Subject::Schema),
            "__type" => introspector.text(field, "name").and_then(|name| introspector.named(&name)),
            _ => continue,
        };
        let value = introspector
            .value(field, Found::One(subject))
            .map_err(|()| Refusal::over("introspection goes deep", format!("{budget} fields")))?;
        data.insert(field.key.clone(), value);
    }
    Ok(data)
}

impl<'s> Introspector<'s> {
    /// `Err` once the budget is spent.
    fn value(&mut self, field: &Field, found: Found<'s>) -> Result<Value, ()> {
        let node = match field.kind {
            Kind::Object(number) => self.shape.node(number),
            _ => None,
        };
        match (found, node) {
            (Found::Plain(value), _) => Ok(value),
            (Found::One(Some(subject)), Some(node)) => self.object(node, subject),
            (Found::Many(subjects), Some(node)) => {
                subjects.into_iter().map(|subject| self.object(node, subject)).collect()
            }
            _ => Ok(Value::Null),
        }
    }

    fn object(&mut self, node: &Node, subject: Subject<'s>) -> Result<Value, ()> {
        let mut object = Map::new();
        for field in node.fields(None).map(|(_, fields)| fields).unwrap_or_default() {
            self.budget = self.budget.checked_sub(1).ok_or(())?;
            let found = self.field(subject, field);
            object.insert(field.key.clone(), self.value(field, found)?);
        }
        Ok(Value::Object(object))
    }

    fn field(&self, subject: Subject<'s>, field: &Field) -> Found<'s> {
        match subject {
            Subject::Schema => self.schema_field(&field.name),
            Subject::Named(kind) => self.type_field(kind, field),
            Subject::Wrapped(kind) => self.wrapped_field(kind, &field.name),
            Subject::Field(of) => match field.name.as_str() {
                "type" => Found::One(self.of_type(&of.field_type)),
                "args" => self.inputs(&of.arguments, field),
                name => described(name, &of.name, of.description.as_ref(), &of.directives),
            },
            Subject::Input(of) => match field.name.as_str() {
                "type" => Found::One(self.of_type(&of.value_type)),
                "defaultValue" => Found::Plain(of.default_value.as_ref().map(ToString::to_string).into()),
                name => described(name, &of.name, of.description.as_ref(), &of.directives),
            },
            Subject::EnumValue(of) => {
                described(&field.name, &of.name, of.description.as_ref(), &of.directives)
            }
            Subject::Directive(of) => match field.name.as_str() {
                "args" => self.inputs(&of.arguments, field),
                "isRepeatable" => Found::Plain(of.repeatable.into()),
                "locations" => Found::Plain(of.locations.iter().map(|place| place.as_str()).collect()),
                name => described(name, &of.name, of.description.as_ref(), &[]),
            },
        }
    }

    fn schema_field(&self, name: &str) -> Found<'s> {
        let definitions = &self.schema.document.definitions;
        match name {
            "types" => Found::Many(
                definitions
                    .iter()
                    .filter_map(|definition| match definition {
                        Definition::TypeDefinition(kind) => Some(Subject::Named(kind)),
                        _ => None,
                    })
                    .collect(),
            ),
            "directives" => Found::Many(
                definitions
                    .iter()
                    .filter_map(|definition| match definition {
                        Definition::DirectiveDefinition(directive) => Some(Subject::Directive(directive)),
                        _ => None,
                    })
                    .collect(),
            ),
            "queryType" => Found::One(self.named(&self.schema.query)),
            "mutationType" => Found::One(self.schema.mutation.as_ref().and_then(|name| self.named(name))),
            _ => Found::Plain(Value::Null),
        }
    }

    fn type_field(&self, kind: &'s TypeDefinition, field: &Field) -> Found<'s> {
        let deprecated = self.deprecated(field);
        match (field.name.as_str(), kind) {
            ("kind", _) => Found::Plain(kind_name(kind).into()),
            ("name", _) => Found::Plain(kind.name().into()),
            ("description", _) => Found::Plain(description(kind).into()),
            ("specifiedByURL", TypeDefinition::Scalar(scalar)) => {
                Found::Plain(argument(&scalar.directives, "specifiedBy", "url").into())
            }
            ("isOneOf", TypeDefinition::InputObject(_)) => Found::Plain(kind.is_one_of().into()),
            ("fields", TypeDefinition::Object(object)) => fields(&object.fields, deprecated),
            ("fields", TypeDefinition::Interface(interface)) => fields(&interface.fields, deprecated),
            ("interfaces", TypeDefinition::Object(object)) => self.all_named(&object.implements_interfaces),
            ("interfaces", TypeDefinition::Interface(interface)) => {
                self.all_named(&interface.implements_interfaces)
            }
            ("possibleTypes", TypeDefinition::Union(union)) => self.all_named(&union.types),
            ("possibleTypes", TypeDefinition::Interface(interface)) => {
                let mut names: Vec<&str> = self.schema.possible.below(&interface.name).collect();
                names.sort_unstable();
                let types = names.into_iter().filter_map(|name| self.schema.type_of(name));
                Found::Many(types.filter(|kind| kind.is_object_type()).map(Subject::Named).collect())
            }
            ("enumValues", TypeDefinition::Enum(kind)) => Found::Many(
                kind.values
                    .iter()
                    .filter(|value| deprecated || !is_deprecated(&value.directives))
                    .map(Subject::EnumValue)
                    .collect(),
            ),
            ("inputFields", TypeDefinition::InputObject(kind)) => self.inputs(&kind.fields, field),
            _ => Found::Plain(Value::Null),
        }
    }

    fn wrapped_field(&self, kind: &'s Type, name: &str) -> Found<'s> {
        match (name, kind) {
            ("kind", Type::ListType(_)) => Found::Plain("LIST".into()),
            ("kind", Type::NonNullType(_)) => Found::Plain("NON_NULL".into()),
            ("ofType", Type::ListType(inner) | Type::NonNullType(inner)) => Found::One(self.of_type(inner)),
            _ => Found::Plain(Value::Null),
        }
    }

    fn of_type(&self, kind: &'s Type) -> Option<Subject<'s>> {
        match kind {
            Type::NamedType(name) => self.named(name),
            wrapped => Some(Subject::Wrapped(wrapped)),
        }
    }

    fn named(&self, name: &str) -> Option<Subject<'s>> {
        self.schema.type_of(name).map(Subject::Named)
    }

    fn all_named(&self, names: &[String]) -> Found<'s> {
        Found::Many(names.iter().filter_map(|name| self.named(name)).collect())
    }

    fn inputs(&self, inputs: &'s [InputValue], field: &Field) -> Found<'s> {
        let deprecated = self.deprecated(field);
        let shown = inputs.iter().filter(|input| deprecated || !is_deprecated(&input.directives));
        Found::Many(shown.map(Subject::Input).collect())
    }

    fn given(&self, field: &Field, name: &str) -> Option<Value> {
        match field.arguments.iter().find(|(argument, _)| argument == name)? {
            (_, Literal::Variable(variable)) => self.variables.get(variable).cloned(),
            (_, value) => Some(crate::variables::literal(value)),
        }
    }

    fn text(&self, field: &Field, name: &str) -> Option<String> {
        self.given(field, name)?.as_str().map(str::to_owned)
    }

    fn deprecated(&self, field: &Field) -> bool {
        self.given(field, "includeDeprecated").is_some_and(|value| value == json!(true))
    }
}

fn fields(all: &[FieldDefinition], deprecated: bool) -> Found<'_> {
    let shown = all
        .iter()
        .filter(|field| !field.name.starts_with("__") && (deprecated || !is_deprecated(&field.directives)));
    Found::Many(shown.map(Subject::Field).collect())
}

/// The fields that most subjects have.
fn described<'s>(
    field: &str,
    name: &str,
    description: Option<&String>,
    directives: &[Directive],
) -> Found<'s> {
    Found::Plain(match field {
        "name" => name.into(),
        "description" => description.map(String::as_str).into(),
        "isDeprecated" => is_deprecated(directives).into(),
        "deprecationReason" if is_deprecated(directives) => argument(directives, "deprecated", "reason")
            .unwrap_or_else(|| "No longer supported".to_owned())
            .into(),
        _ => Value::Null,
    })
}

fn is_deprecated(directives: &[Directive]) -> bool {
    directives.iter().any(|directive| directive.name == "deprecated")
}

/// The text that a directive has as an argument.
fn argument(directives: &[Directive], directive: &str, name: &str) -> Option<String> {
    let directive = directives.iter().find(|found| found.name == directive)?;
    match directive.arguments.iter().find(|(argument, _)| argument == name)? {
        (_, Literal::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn kind_name(kind: &TypeDefinition) -> &'static str {
    match kind {
        TypeDefinition::Scalar(_) => "SCALAR",
        TypeDefinition::Object(_) => "OBJECT",
        TypeDefinition::Interface(_) => "INTERFACE",
        TypeDefinition::Union(_) => "UNION",
        TypeDefinition::Enum(_) => "ENUM",
        TypeDefinition::InputObject(_) => "INPUT_OBJECT",
    }
}

fn description(kind: &TypeDefinition) -> Option<&str> {
    let text = match kind {
        TypeDefinition::Scalar(kind) => &kind.description,
        TypeDefinition::Object(kind) => &kind.description,
        TypeDefinition::Interface(kind) => &kind.description,
        TypeDefinition::Union(kind) => &kind.description,
        TypeDefinition::Enum(kind) => &kind.description,
        TypeDefinition::InputObject(kind) => &kind.description,
    };
    text.as_deref()
}
