//! Merges subgraphs' data, and corrects them on the way.

use std::collections::BTreeSet;

use serde_json::{Map, Value, map::Entry};

use crate::{
    plan::{Change, Rewrite, RewriteWay},
    schema::PossibleTypes,
};

/// Merges `source` into `target`: objects by key, lists by position; a null changes nothing.
pub(crate) fn merge(target: &mut Value, source: Value) {
    match (target, source) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(source)) => {
            for (key, value) in source {
                match target.entry(key) {
                    Entry::Occupied(mut entry) => merge(entry.get_mut(), value),
                    Entry::Vacant(entry) => {
                        entry.insert(value);
                    }
                }
            }
        }
        (Value::Array(target), Value::Array(source)) => {
            for (target, source) in target.iter_mut().zip(source) {
                merge(target, source);
            }
        }
        (target, source) => *target = source,
    }
}

/// The key that marks an object as gone: names that begin like this are nobody's.
const GONE: &str = "__gone";

/// Notes that a subgraph knows no such entity (any more): that explains what is missing of it.
pub(crate) fn mark_gone(target: &mut Value) {
    if let Value::Object(object) = target {
        object.insert(GONE.to_owned(), Value::Bool(true));
    }
}

/// Whether a subgraph said that it knows no such entity.
pub(crate) fn is_gone(object: &Map<String, Value>) -> bool {
    object.contains_key(GONE)
}

/// The type that an object says it is of.
pub(crate) fn type_name(object: &Map<String, Value>) -> Option<&str> {
    object.get("__typename").and_then(Value::as_str)
}

/// Whether an object is of one of these types; one that does not say what it is passes.
pub(crate) fn is_of(object: &Map<String, Value>, names: &BTreeSet<String>, types: &PossibleTypes) -> bool {
    type_name(object).is_none_or(|own| names.iter().any(|name| types.satisfies(own, name)))
}

/// Carries out rewrites, in order.
pub(crate) fn rewrite(value: &mut Value, rewrites: &[Rewrite], types: &PossibleTypes) {
    for one in rewrites {
        apply(value, &one.path, &one.change, types);
    }
}

fn apply(value: &mut Value, path: &[RewriteWay], change: &Change, types: &PossibleTypes) {
    if let Value::Array(items) = value {
        for item in items {
            apply(item, path, change, types);
        }
        return;
    }
    let Some((way, rest)) = path.split_first() else {
        if let Change::Set(text) = change {
            *value = Value::from(text.as_str());
        }
        return;
    };
    let Value::Object(object) = value else { return };
    match (way, change) {
        (RewriteWay::OfType(names), _) => {
            if is_of(object, names, types) {
                apply(value, rest, change, types);
            }
        }
        (RewriteWay::Key(key), Change::Rename(to)) if rest.is_empty() => {
            if key != to
                && let Some(moved) = object.remove(key)
            {
                object.insert(to.clone(), moved);
            }
        }
        (RewriteWay::Key(key), _) => {
            if let Some(below) = object.get_mut(key) {
                apply(below, rest, change, types);
            }
        }
    }
}
