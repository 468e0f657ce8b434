//! Entities: finds the objects that need more, and says which entities to ask for, each once.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{
    error::PathStep,
    merge::{is_of, rewrite, type_name},
    plan::{EntityGroup, Need, Way},
    schema::PossibleTypes,
};

/// The objects of one group, and what to ask for them.
pub(crate) struct Batch {
    /// What goes to the subgraph: no two are alike.
    pub(crate) representations: Vec<Value>,
    /// Each object's place in the data, and which representation is its own.
    pub(crate) places: Vec<(Vec<PathStep>, usize)>,
}

impl Batch {
    /// Collects the group's objects from the data so far.
    pub(crate) fn collect(group: &EntityGroup, data: &Value, types: &PossibleTypes) -> Self {
        let mut batch = Self { representations: Vec::new(), places: Vec::new() };
        let mut known: HashMap<String, usize> = HashMap::new();
        for path in &group.paths {
            find(data, path, types, &mut Vec::new(), &mut |object, place| {
                let Some(representation) = represent(object, group, types) else { return };
                let next = batch.representations.len();
                let index = *known.entry(representation.to_string()).or_insert(next);
                if index == next {
                    batch.representations.push(representation);
                }
                batch.places.push((place.to_vec(), index));
            });
        }
        batch
    }
}

/// Visits every object at the end of `path`, with its place. Lists are gone through wherever they are.
pub(crate) fn find<'v>(
    value: &'v Value,
    path: &[Way],
    types: &PossibleTypes,
    place: &mut Vec<PathStep>,
    visit: &mut impl FnMut(&'v Value, &[PathStep]),
) {
    match (value, path.split_first()) {
        (Value::Array(items), way) => {
            let rest = match way {
                Some((Way::Items, rest)) => rest,
                _ => path,
            };
            for (index, item) in items.iter().enumerate() {
                place.push(PathStep::Index(index));
                find(item, rest, types, place, visit);
                place.pop();
            }
        }
        (Value::Object(_), None) => visit(value, place),
        (Value::Object(object), Some((Way::Field(name), rest))) => {
            if let Some(below) = object.get(name) {
                place.push(PathStep::Key(name.clone()));
                find(below, rest, types, place, visit);
                place.pop();
            }
        }
        (Value::Object(object), Some((Way::OfType(names), rest))) if is_of(object, names, types) => {
            find(value, rest, types, place, visit);
        }
        _ => {}
    }
}

/// The value at a place.
pub(crate) fn at<'v>(data: &'v mut Value, place: &[PathStep]) -> Option<&'v mut Value> {
    place.iter().try_fold(data, |value, step| match step {
        PathStep::Key(key) => value.get_mut(key.as_str()),
        PathStep::Index(index) => value.get_mut(*index),
    })
}

fn represent(object: &Value, group: &EntityGroup, types: &PossibleTypes) -> Option<Value> {
    if group.input_rewrites.is_empty() {
        return select(object, &group.needs, types);
    }
    let mut object = object.clone();
    rewrite(&mut object, &group.input_rewrites, types);
    select(&object, &group.needs, types)
}

/// What of `value` is needed; nothing if it has nothing of that.
fn select(value: &Value, needs: &[Need], types: &PossibleTypes) -> Option<Value> {
    match value {
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(
                    |item| if item.is_null() { Some(Value::Null) } else { select(item, needs, types) },
                )
                .collect(),
        ),
        Value::Object(object) if !needs.is_empty() => {
            let only_type = matches!(needs, [Need::Field { key, .. }] if key == "__typename");
            let mut selected = Map::new();
            select_fields(object, needs, types, &mut selected);
            if selected.is_empty() && !only_type {
                return None;
            }
            if let Some(name) = object.get("__typename") {
                selected.insert("__typename".to_owned(), name.clone());
            }
            (!selected.is_empty()).then_some(Value::Object(selected))
        }
        other => Some(other.clone()),
    }
}

fn select_fields(
    object: &Map<String, Value>,
    needs: &[Need],
    types: &PossibleTypes,
    selected: &mut Map<String, Value>,
) {
    for need in needs {
        match need {
            Need::Field { key, .. } if key == "__typename" => {}
            Need::Field { name, key, below } => {
                let Some(value) = object.get(name).or_else(|| object.get(key)) else { continue };
                let part = if value.is_null() { Some(Value::Null) } else { select(value, below, types) };
                if let Some(part) = part {
                    selected.insert(key.clone(), part);
                }
            }
            Need::OfType { name, below } => {
                let own = type_name(object).unwrap_or(name);
                if types.satisfies(own, name) || types.satisfies(name, own) {
                    select_fields(object, below, types, selected);
                }
            }
        }
    }
}
