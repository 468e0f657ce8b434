//! `@skip` and `@include`: found in a document, and decided before planning, so that plans hold no conditions.

use std::collections::BTreeSet;

use graphql_tools::static_graphql::query::{
    Definition, Directive, Document, OperationDefinition, Selection, SelectionSet, Value,
};
use serde_json::{Map, Value as Json};

fn is_condition(directive: &Directive) -> bool {
    directive.name == "skip" || directive.name == "include"
}

/// The names of the variables that decide what of the document is run.
pub(crate) fn variables(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut document = document.clone();
    each_directive(&mut document, &mut |directive| {
        for (_, value) in &directive.arguments {
            if let Value::Variable(name) = value {
                found.insert(name.clone());
            }
        }
    });
    found
}

/// The document with those variables' values written in their places.
pub(crate) fn decide(document: &Document, variables: &Map<String, Json>) -> Document {
    let mut document = document.clone();
    each_directive(&mut document, &mut |directive| {
        for (_, value) in &mut directive.arguments {
            if let Value::Variable(name) = value {
                *value = Value::Boolean(variables.get(name).and_then(Json::as_bool).unwrap_or(false));
            }
        }
    });
    document
}

fn each_directive(document: &mut Document, visit: &mut impl FnMut(&mut Directive)) {
    for definition in &mut document.definitions {
        let set = match definition {
            Definition::Fragment(fragment) => &mut fragment.selection_set,
            Definition::Operation(OperationDefinition::SelectionSet(set)) => set,
            Definition::Operation(OperationDefinition::Query(query)) => &mut query.selection_set,
            Definition::Operation(OperationDefinition::Mutation(mutation)) => &mut mutation.selection_set,
            Definition::Operation(OperationDefinition::Subscription(subscription)) => {
                &mut subscription.selection_set
            }
        };
        each_in_set(set, visit);
    }
}

fn each_in_set(set: &mut SelectionSet, visit: &mut impl FnMut(&mut Directive)) {
    for selection in &mut set.items {
        let (directives, below) = match selection {
            Selection::Field(field) => (&mut field.directives, Some(&mut field.selection_set)),
            Selection::InlineFragment(inline) => (&mut inline.directives, Some(&mut inline.selection_set)),
            Selection::FragmentSpread(spread) => (&mut spread.directives, None),
        };
        directives.iter_mut().filter(|directive| is_condition(directive)).for_each(&mut *visit);
        if let Some(below) = below {
            each_in_set(below, visit);
        }
    }
}

/// Whether decided directives let their selection be.
pub(crate) fn included(directives: &[Directive]) -> bool {
    directives.iter().all(|directive| {
        let condition = directive.arguments.iter().any(|(_, value)| matches!(value, Value::Boolean(true)));
        match directive.name.as_str() {
            "skip" => !condition,
            "include" => condition,
            _ => true,
        }
    })
}
