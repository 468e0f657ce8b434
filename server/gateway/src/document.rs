//! Reads a document, checks it against limits and schema, and picks the operation to run.

use graphql_tools::{
    parser::{parse_query_with_token_limit, spanned_tokens},
    static_graphql::query::{
        Definition, Document, OperationDefinition, Selection, SelectionSet, VariableDefinition,
    },
    validation::validate::{ValidationPlan, validate},
};

use crate::{
    conditions,
    cost::Cost,
    limits::Limits,
    measure,
    refusal::{Fault, Refusal},
    schema::Schema,
};

/// Faults told of at most: a document may have hundreds, and few help.
const FAULTS_TOLD: usize = 10;
/// Brackets that the parser lets nest.
const BRACKETS: usize = 50;

/// A document that may be run, for any variables.
pub(crate) struct Prepared {
    pub(crate) document: Document,
    pub(crate) name: Option<String>,
    pub(crate) variables: Vec<VariableDefinition>,
    /// Variables that decide what is run, by `@skip` and `@include`.
    pub(crate) conditions: Vec<String>,
    pub(crate) cost: Cost,
}

/// Reads and checks a document.
pub(crate) fn prepare(
    text: &str,
    name: Option<&str>,
    schema: &Schema,
    rules: &ValidationPlan,
    limits: &Limits,
) -> Result<Prepared, Refusal> {
    if text.len() > limits.query_bytes {
        return Err(Refusal::over("the query is long", format!("{} bytes", limits.query_bytes)));
    }
    let document = parse(text, limits)?;
    measure::check(&document, limits)?;
    let faults: Vec<Fault> = validate(&schema.document, &document, rules)
        .into_iter()
        .take(FAULTS_TOLD)
        .map(|error| Fault { message: error.message, locations: error.locations })
        .collect();
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let operation = pick(&document, name)?;
    check_names(&document, operation, limits)?;
    let conditions = conditions::variables(&document).into_iter().collect();
    let cost = Cost::of(&document, operation, schema, limits.list_size);
    let variables = operation.variable_definitions().to_vec();
    Ok(Prepared { name: name.map(str::to_owned), variables, conditions, cost, document })
}

/// Parses within the limit on tokens; the parser bounds brackets itself.
fn parse(text: &str, limits: &Limits) -> Result<Document, Refusal> {
    let long = || Refusal::over("the query is long", format!("{} tokens", limits.tokens));
    // The parser's own limit is not exact where the text ends, so it only stops what goes far over.
    let document = parse_query_with_token_limit::<String>(text, limits.tokens.saturating_mul(2))
        .map(|document| document.into_static())
        .map_err(|error| {
            let why = error.to_string();
            if why.contains("Recursion limit exceeded") {
                Refusal::over("the query is deep", format!("{BRACKETS} brackets"))
            } else if why.contains("Token limit exceeded") {
                long()
            } else {
                Refusal::invalid(format!("This query can't be read: {}", why.replace('\n', " ").trim()))
            }
        })?;
    match spanned_tokens(text) {
        Ok(tokens) if tokens.len() <= limits.tokens => Ok(document),
        _ => Err(long()),
    }
}

/// The operation of this name, or the only one.
pub(crate) fn pick<'d>(
    document: &'d Document,
    name: Option<&str>,
) -> Result<&'d OperationDefinition, Refusal> {
    let mut operations = document.definitions.iter().filter_map(|definition| match definition {
        Definition::Operation(operation) => Some(operation),
        Definition::Fragment(_) => None,
    });
    let operation = match name {
        Some(name) => operations
            .find(|operation| name_of(operation) == Some(name))
            .ok_or_else(|| Refusal::invalid(format!("There is no operation \"{name}\" in this document.")))?,
        None => {
            let first = operations
                .next()
                .ok_or_else(|| Refusal::invalid("There is no operation in this document."))?;
            if operations.next().is_some() {
                return Err(Refusal::invalid(
                    "There are several operations here: `operationName` must name one.",
                ));
            }
            first
        }
    };
    if matches!(operation, OperationDefinition::Subscription(_)) {
        return Err(Refusal::invalid("Subscriptions are not offered here."));
    }
    Ok(operation)
}

fn name_of(operation: &OperationDefinition) -> Option<&str> {
    match operation {
        OperationDefinition::SelectionSet(_) => None,
        OperationDefinition::Query(query) => query.name.as_deref(),
        OperationDefinition::Mutation(mutation) => mutation.name.as_deref(),
        OperationDefinition::Subscription(subscription) => subscription.name.as_deref(),
    }
}

/// Refuses names that would meet the planner's own, and introspection where it is off.
fn check_names(document: &Document, operation: &OperationDefinition, limits: &Limits) -> Result<(), Refusal> {
    for variable in operation.variable_definitions() {
        if variable.name.starts_with("__") || variable.name == "representations" {
            return Err(Refusal::invalid(format!("A variable can't be called \"${}\".", variable.name)));
        }
    }
    document.definitions.iter().try_for_each(|definition| match definition {
        Definition::Operation(operation) => check_set(operation.selection_set(), limits),
        Definition::Fragment(fragment) => check_set(&fragment.selection_set, limits),
    })
}

fn check_set(set: &SelectionSet, limits: &Limits) -> Result<(), Refusal> {
    for selection in &set.items {
        match selection {
            Selection::Field(field) => {
                if let Some(alias) = &field.alias
                    && (alias.starts_with("__") || alias.starts_with("_internal_") || alias == "_entities")
                {
                    return Err(Refusal::invalid(format!("A field can't be called \"{alias}\".")));
                }
                if !limits.introspection && (field.name == "__schema" || field.name == "__type") {
                    return Err(Refusal::invalid("Introspection is not offered here."));
                }
                check_set(&field.selection_set, limits)?;
            }
            Selection::InlineFragment(inline) => check_set(&inline.selection_set, limits)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}
