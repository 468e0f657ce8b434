//! What the subgraphs have in common: their limits, how a request reaches them, and errors with stable codes.
//! A subgraph trusts neither the gateway's limits nor its checks; these here hold without it.

pub mod receipt;
pub mod scalar;

use async_graphql::{
    Context, Error, ErrorExtensions, Executor, ID, Request, Response, SchemaBuilder, ServerError, Value,
    Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, Selection, SelectionSet},
    },
};
use domain::{error::Code, limits::BODY_BYTES};
use serde_json::{Map, Value as Json};

use crate::{Caller, StorageError, list::ListError};

/// Bytes of a query's text; what is long goes into variables.
const QUERY_BYTES: usize = 64 * 1_024;
/// Fields, fragments and spreads written in a query.
const SELECTIONS: usize = 1_000;
/// Fields with an alias written in a query.
const ALIASES: usize = 100;
/// Levels of fields.
const DEPTH: usize = 12;
/// Levels of selections, fragments included.
const NESTING: usize = 24;
/// Directives at one field.
const DIRECTIVES: usize = 4;
/// What a query may cost: a field costs 1, and a list as much as it may hold.
const COMPLEXITY: usize = 200_000;

/// The schema with the limits that every subgraph has.
#[must_use]
pub fn limited<Q, M, S>(schema: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S> {
    schema
        .limit_depth(DEPTH)
        .limit_recursive_depth(NESTING)
        .limit_directives(DIRECTIVES)
        .limit_complexity(COMPLEXITY)
}

/// Answers one request, the JSON text of which is `body`.
pub async fn answer_json(schema: &impl Executor, caller: Option<Caller>, body: &[u8]) -> Response {
    #[derive(serde::Deserialize)]
    struct Body {
        query: String,
        #[serde(default)]
        variables: Option<Map<String, Json>>,
    }
    if body.len() > BODY_BYTES {
        return refused(Code::TooLarge, Code::TooLarge.message());
    }
    match serde_json::from_slice::<Body>(body) {
        Ok(body) => answer(schema, caller, &body.query, body.variables.unwrap_or_default()).await,
        Err(_) => refused(Code::Malformed, Code::Malformed.message()),
    }
}

/// Answers one request. Every error of the answer has a code in its extensions.
pub async fn answer(
    schema: &impl Executor,
    caller: Option<Caller>,
    query: &str,
    variables: Map<String, Json>,
) -> Response {
    if query.len() > QUERY_BYTES {
        return refused(Code::QueryTooCostly, Code::QueryTooCostly.message());
    }
    let document = match parse_query(query) {
        Ok(document) => document,
        Err(error) => return refused(Code::InvalidQuery, &error.to_string()),
    };
    if !is_affordable(&document) {
        return refused(Code::QueryTooCostly, Code::QueryTooCostly.message());
    }
    let mut request = Request::new(query).variables(Variables::from_json(Json::Object(variables)));
    request.set_parsed_query(document);
    if let Some(caller) = caller {
        request = request.data(caller);
    }
    let mut response = schema.execute(request).await;
    response.errors.iter_mut().for_each(give_code);
    response
}

/// Who the request comes from.
///
/// # Errors
/// `UNAUTHENTICATED` where it comes from nobody.
pub fn caller<'a>(context: &Context<'a>) -> Result<&'a Caller, Error> {
    context.data_opt::<Caller>().ok_or_else(|| error(Code::Unauthenticated))
}

/// The error of this code, in its own words.
#[must_use]
pub fn error(code: Code) -> Error {
    error_saying(code, code.message())
}

/// The error of this code, in words that say more.
#[must_use]
pub fn error_saying(code: Code, message: &str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.name()))
}

/// The error that a caller sees where the table failed; what happened goes to the log.
#[must_use]
pub fn storage_error(failure: &StorageError) -> Error {
    error(code_of(failure))
}

/// The error that a caller sees where an operation on a list did not happen.
#[must_use]
pub fn list_error(failure: &ListError) -> Error {
    match failure {
        ListError::Refused(code) => error(*code),
        ListError::Storage(failure) => storage_error(failure),
    }
}

/// Reads an id.
///
/// # Errors
/// `BAD_INPUT` where it is none.
pub fn parse_id<T: std::str::FromStr>(id: &ID) -> Result<T, Error> {
    id.parse().map_err(|_| error(Code::BadInput))
}

/// The code that a caller sees where the table failed; what happened goes to the log.
#[must_use]
pub fn code_of(failure: &StorageError) -> Code {
    match failure {
        StorageError::Busy(_) | StorageError::Throttled(_) => Code::Busy,
        StorageError::Unavailable(_) => {
            tracing::error!(error = %failure, "the table does not answer");
            Code::Unavailable
        }
        StorageError::ConditionFailed { .. } | StorageError::Refused(_) | StorageError::Corrupt { .. } => {
            tracing::error!(error = %failure, "a fault in storage");
            Code::Internal
        }
    }
}

/// The answer to a request that is not run, or not answered as it was asked.
#[must_use]
pub fn refused(code: Code, message: &str) -> Response {
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code);
    Response::from_errors(vec![error])
}

fn set_code(error: &mut ServerError, code: Code) {
    error.extensions.get_or_insert_default().set("code", code.name());
}

/// Gives a code to an error that the library made: resolvers set theirs, so those are about the query.
fn give_code(error: &mut ServerError) {
    if error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
        return;
    }
    let over_limit = ["Query is too complex", "Query is nested too deep", "cannot be greater than"];
    let code = if over_limit.iter().any(|words| error.message.contains(words)) {
        Code::QueryTooCostly
    } else if error.path.is_empty() {
        Code::InvalidQuery
    } else {
        // A resolver was never reached, since an argument does not have the shape of its type.
        Code::BadInput
    };
    set_code(error, code);
}

fn is_affordable(document: &ExecutableDocument) -> bool {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    let (mut selections, mut aliases) = (0, 0);
    let mut open: Vec<&SelectionSet> = operations.chain(fragments).collect();
    while let Some(set) = open.pop() {
        selections += set.items.len();
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    aliases += usize::from(field.node.alias.is_some());
                    open.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => open.push(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    selections <= SELECTIONS && aliases <= ALIASES
}

/// The code in an error's extensions, if it has one.
#[must_use]
pub fn code_in(error: &ServerError) -> Option<Code> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(name) => Code::from_name(name),
        _ => None,
    }
}
