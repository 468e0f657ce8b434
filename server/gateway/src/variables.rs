//! Coerces the values of variables by their types, so that no subgraph gets what it did not ask for.

use graphql_tools::static_graphql::{
    query::{Type, Value as Literal, VariableDefinition},
    schema::{InputObjectType, TypeDefinition},
};
use serde_json::{Map, Number, Value};

use crate::{refusal::Refusal, schema::Schema};

/// The coerced values of the defined variables: defaults filled in, unknown ones left out.
pub(crate) fn coerce(
    definitions: &[VariableDefinition],
    mut given: Map<String, Value>,
    schema: &Schema,
) -> Result<Map<String, Value>, Refusal> {
    let mut coerced = Map::new();
    for definition in definitions {
        let name = &definition.name;
        let value = match (given.remove(name), &definition.default_value) {
            (Some(value), _) => input(value, &definition.var_type, schema, &mut format!("${name}"))?,
            (None, Some(default)) => literal(default),
            (None, None) if definition.var_type.is_non_null() => {
                return Err(bad(
                    &format!("${name}"),
                    &format!("of type \"{}\" is required", definition.var_type),
                ));
            }
            (None, None) => continue,
        };
        coerced.insert(name.clone(), value);
    }
    Ok(coerced)
}

fn bad(place: &str, why: &str) -> Refusal {
    Refusal::BadInput(format!("Variable \"{place}\" {why}."))
}

/// `place` names where the value stands, for the message; it is left as it came.
fn input(value: Value, kind: &Type, schema: &Schema, place: &mut String) -> Result<Value, Refusal> {
    match (kind, value) {
        (Type::NonNullType(inner), value) => {
            if value.is_null() {
                return Err(bad(place, &format!("of type \"{kind}\" must not be null")));
            }
            input(value, inner, schema, place)
        }
        (_, Value::Null) => Ok(Value::Null),
        (Type::ListType(item), Value::Array(items)) => {
            let length = place.len();
            let mut coerced = Vec::with_capacity(items.len());
            for (index, value) in items.into_iter().enumerate() {
                place.push_str(&format!("[{index}]"));
                coerced.push(input(value, item, schema, place)?);
                place.truncate(length);
            }
            Ok(Value::Array(coerced))
        }
        // One value stands for a list of one.
        (Type::ListType(item), value) => Ok(Value::Array(vec![input(value, item, schema, place)?])),
        (Type::NamedType(name), value) => named(value, name, schema, place),
    }
}

fn named(value: Value, name: &str, schema: &Schema, place: &mut String) -> Result<Value, Refusal> {
    match schema.type_of(name) {
        Some(TypeDefinition::Enum(kind)) => match value.as_str() {
            Some(given) if kind.values.iter().any(|known| known.name == given) => Ok(value),
            _ => Err(bad(place, &format!("is not one of the values of \"{name}\""))),
        },
        Some(TypeDefinition::InputObject(kind)) => object(value, kind, schema, place),
        Some(TypeDefinition::Scalar(_)) => {
            scalar(value, name).ok_or_else(|| bad(place, &format!("is not a value of type \"{name}\"")))
        }
        _ => Err(bad(place, &format!("has a type that is not for input: \"{name}\""))),
    }
}

/// A built-in scalar's value. What a scalar of the schema's own may be, only its subgraph knows.
fn scalar(value: Value, name: &str) -> Option<Value> {
    let fits = match (name, &value) {
        ("Int", Value::Number(number)) => return int(number),
        ("ID", Value::Number(number)) => return Some(Value::String(number.as_i64()?.to_string())),
        ("Float", Value::Number(_)) | ("String" | "ID", Value::String(_)) | ("Boolean", Value::Bool(_)) => {
            true
        }
        ("Int" | "Float" | "String" | "Boolean" | "ID", _) => false,
        _ => true,
    };
    fits.then_some(value)
}

/// A whole number of 32 bits; `1.0` is one too.
fn int(number: &Number) -> Option<Value> {
    if let Some(whole) = number.as_i64() {
        return i32::try_from(whole).ok().map(Value::from);
    }
    let float = number.as_f64()?;
    let in_range = float.fract() == 0.0 && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&float);
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within the range of i32")]
    in_range.then(|| Value::from(float as i32))
}

fn object(
    value: Value,
    kind: &InputObjectType,
    schema: &Schema,
    place: &mut String,
) -> Result<Value, Refusal> {
    let Value::Object(mut given) = value else {
        return Err(bad(place, &format!("is not an object of type \"{}\"", kind.name)));
    };
    if kind.directives.iter().any(|directive| directive.name == "oneOf")
        && (given.len() != 1 || given.values().any(Value::is_null))
    {
        return Err(bad(place, &format!("of type \"{}\" must have exactly one field", kind.name)));
    }
    let length = place.len();
    let mut coerced = Map::new();
    for field in &kind.fields {
        match given.remove(&field.name) {
            Some(value) => {
                place.push('.');
                place.push_str(&field.name);
                coerced.insert(field.name.clone(), input(value, &field.value_type, schema, place)?);
                place.truncate(length);
            }
            None if field.is_required() => {
                return Err(bad(place, &format!("lacks the field \"{}\"", field.name)));
            }
            // Its default, if it has one, is the subgraph's to fill in.
            None => {}
        }
    }
    match given.keys().next() {
        Some(unknown) => {
            Err(bad(place, &format!("has a field that \"{}\" does not have: \"{unknown}\"", kind.name)))
        }
        None => Ok(Value::Object(coerced)),
    }
}

/// The JSON of a literal that holds no variables.
pub(crate) fn literal(value: &Literal) -> Value {
    match value {
        Literal::Variable(_) | Literal::Null => Value::Null,
        Literal::Int(number) => number.as_i64().map_or(Value::Null, Value::from),
        Literal::Float(number) => Value::from(*number),
        Literal::String(text) | Literal::Enum(text) => Value::from(text.as_str()),
        Literal::Boolean(truth) => Value::from(*truth),
        Literal::List(items) => items.iter().map(literal).collect(),
        Literal::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), literal(value))).collect()
        }
    }
}
