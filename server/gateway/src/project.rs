//! Writes the answer: the gathered data in the shape that was asked for, nulls carried up to where they may stand.

use serde_json::{Map, Value};

use crate::{
    error::{GraphqlError, PathStep},
    execute::Gathered,
    merge::{is_gone, type_name},
    schema::Wrap,
    shape::{Field, Kind, Node, Shape},
};

/// Errors beyond which missing values are no longer told one by one.
const GAPS_TOLD: usize = 100;

/// A null where none may be: what is around it becomes null instead.
struct Gap;

struct Writer<'a> {
    shape: &'a Shape,
    out: Vec<u8>,
    path: Vec<PathStep>,
    errors: Vec<GraphqlError>,
}

/// The body of the answer.
pub(crate) fn write(shape: &Shape, gathered: Gathered) -> Vec<u8> {
    let mut writer = Writer { shape, out: b"{\"data\":".to_vec(), path: Vec::new(), errors: gathered.errors };
    let start = writer.out.len();
    let whole = match (shape.root(), &gathered.data) {
        (Some(root), Value::Object(data)) => writer.object(root, data, false),
        _ => Err(Gap),
    };
    if whole.is_err() {
        writer.out.truncate(start);
        writer.out.extend_from_slice(b"null");
    }
    if !writer.errors.is_empty() {
        writer.out.extend_from_slice(b",\"errors\":");
        let errors = std::mem::take(&mut writer.errors);
        writer.json(&errors);
    }
    writer.out.push(b'}');
    writer.out
}

impl Writer<'_> {
    fn json(&mut self, value: &impl serde::Serialize) {
        let start = self.out.len();
        if let Err(error) = serde_json::to_writer(&mut self.out, value) {
            tracing::error!(%error, "a value can't be written");
            self.out.truncate(start);
            self.out.extend_from_slice(b"null");
        }
    }

    /// Writes an object. One of a type that clients don't know is a null; at the root, every type is known.
    fn object(&mut self, node: &Node, object: &Map<String, Value>, non_null: bool) -> Result<(), Gap> {
        let Some((name, fields)) = node.fields(type_name(object)) else { return self.null(non_null) };
        self.out.push(b'{');
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.out.push(b'"');
            self.out.extend_from_slice(field.key.as_bytes());
            self.out.extend_from_slice(b"\":");
            if matches!(field.kind, Kind::TypeName) {
                self.json(&name);
                continue;
            }
            let value = object.get(&field.key);
            if value.is_none() && field.wrap.non_null && is_gone(object) {
                return Err(Gap);
            }
            self.path.push(PathStep::Key(field.key.clone()));
            let written = self.value(value.unwrap_or(&Value::Null), &field.wrap, field);
            self.path.pop();
            written?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn value(&mut self, value: &Value, wrap: &Wrap, field: &Field) -> Result<(), Gap> {
        let start = self.out.len();
        let written = match (value, &wrap.item, &field.kind) {
            (Value::Null, _, _) => return self.null(wrap.non_null),
            (Value::Array(items), Some(item), _) => self.list(items, item, field),
            (_, Some(_), _) | (_, None, Kind::TypeName) => Err(Gap),
            (Value::Object(object), None, Kind::Object(number)) => match self.shape.node(*number) {
                Some(node) => self.object(node, object, wrap.non_null),
                None => Err(Gap),
            },
            (_, None, Kind::Object(_)) => Err(Gap),
            (_, None, Kind::Enum(known)) => {
                if value.as_str().is_some_and(|value| known.contains(value)) {
                    self.json(value);
                    Ok(())
                } else {
                    self.tell(format!("\"{}\" has a value that is not known here.", field.name));
                    Err(Gap)
                }
            }
            (_, None, Kind::Scalar) => {
                self.json(value);
                Ok(())
            }
        };
        if written.is_err() {
            self.out.truncate(start);
            return self.null(wrap.non_null);
        }
        written
    }

    fn list(&mut self, items: &[Value], wrap: &Wrap, field: &Field) -> Result<(), Gap> {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.path.push(PathStep::Index(index));
            let written = self.value(item, wrap, field);
            self.path.pop();
            written?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Writes a null, or a gap with its reason where no null may be.
    fn null(&mut self, non_null: bool) -> Result<(), Gap> {
        if non_null {
            let told =
                self.errors.len() >= GAPS_TOLD || self.errors.iter().any(|error| error.explains(&self.path));
            if !told {
                self.tell("A value that must be there is missing.".to_owned());
            }
            return Err(Gap);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn tell(&mut self, message: String) {
        self.errors.push(GraphqlError::new("INTERNAL", message, Some(self.path.clone())));
    }
}
