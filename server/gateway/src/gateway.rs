//! The gateway itself: from a request's bytes to an answer's.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use graphql_tools::validation::{rules::default_rules_validation_plan, validate::ValidationPlan};
use serde_json::{Map, Value, json};

use crate::{
    Limits, SupergraphError, Transport,
    cache::Memory,
    conditions::decide,
    document::{Prepared, pick, prepare},
    execute::Run,
    hive, introspection,
    plan::{PlanError, Planner, Step},
    project::write,
    refusal::Refusal,
    request::Request,
    schema::{PossibleTypes, Schema},
    shape::Shape,
};

/// What is known of a client's request beside its body.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Headers to pass on to the subgraphs, by name and value.
    pub headers: Vec<(String, String)>,
    /// When subgraphs must have answered, so that what the others said still reaches the client. Transports see to it.
    pub deadline: Option<Instant>,
}

/// An answer to a client.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status: 200 if the operation was run, even with errors; 400, 413 or 500 if it was not.
    pub status: u16,
    /// The JSON body.
    pub body: Bytes,
}

impl Response {
    /// The body; of a request that was not run it says why in both ways: as GraphQL does, and in the field `error`,
    /// as every other route of the product does.
    #[must_use]
    pub fn in_both_shapes(self) -> Bytes {
        if (200..300).contains(&self.status) {
            return self.body;
        }
        let Ok(mut answer) = serde_json::from_slice::<Value>(&self.body) else { return self.body };
        let first = answer.pointer("/errors/0");
        let code = first.and_then(|error| error.pointer("/extensions/code")).cloned();
        let message = first.and_then(|error| error.get("message")).cloned();
        if let (Some(code), Some(message), Some(answer)) = (code, message, answer.as_object_mut()) {
            answer.insert("error".to_owned(), json!({ "code": code, "message": message }));
        }
        answer.to_string().into()
    }
}

/// A gateway over one supergraph. It holds no state between requests but a bounded memory of documents and plans.
pub struct Gateway {
    schema: Schema,
    possible: PossibleTypes,
    planner: Box<dyn Planner>,
    rules: ValidationPlan,
    limits: Limits,
    transport: Arc<dyn Transport>,
    documents: Memory<Prepared>,
    plans: Memory<Plan>,
}

/// What an operation needs to be run again: its steps, and its answer's shape.
struct Plan {
    steps: Option<Step>,
    shape: Shape,
}

impl Gateway {
    /// A gateway over the supergraph of this text.
    ///
    /// # Errors
    /// A [`SupergraphError`] if the text is not a composed supergraph.
    pub fn new(
        supergraph_sdl: &str,
        transport: Arc<dyn Transport>,
        limits: Limits,
    ) -> Result<Self, SupergraphError> {
        let supergraph = hive::load(supergraph_sdl, Duration::from_millis(limits.planning_millis))?;
        Ok(Self {
            schema: supergraph.schema,
            possible: supergraph.possible,
            planner: Box::new(supergraph.planner),
            rules: default_rules_validation_plan(),
            documents: Memory::new(limits.cached_operations),
            plans: Memory::new(limits.cached_operations),
            limits,
            transport,
        })
    }

    /// The schema that clients see, as text: the supergraph without federation and what is inaccessible.
    #[must_use]
    pub fn api_schema(&self) -> String {
        self.schema.text()
    }

    /// Answers the request with this body.
    pub async fn execute(&self, body: &[u8], context: &Context) -> Response {
        match self.run(body, context).await {
            Ok(body) => Response { status: 200, body: body.into() },
            Err(refusal) => {
                Response { status: refusal.status(), body: refusal.to_json().to_string().into_bytes().into() }
            }
        }
    }

    async fn run(&self, body: &[u8], context: &Context) -> Result<Vec<u8>, Refusal> {
        let mut request = Request::read(body, &self.limits)?;
        let name = request.operation_name.as_deref().filter(|name| !name.is_empty());
        // A name holds no zero byte, so no two operations share a key.
        let key = format!("{}\0{}", name.unwrap_or_default(), request.query);
        let prepared = self
            .documents
            .get_or(key.clone(), || prepare(&request.query, name, &self.schema, &self.rules, &self.limits))?;
        let variables =
            crate::variables::coerce(&prepared.variables, request.take_variables(), &self.schema)?;
        let cost = prepared.cost.total(&variables);
        if cost > self.limits.cost {
            return Err(Refusal::over(&format!("its estimated cost is {cost}"), self.limits.cost));
        }
        let plan =
            self.plans.get_or(plan_key(key, &prepared, &variables), || self.plan(&prepared, &variables))?;
        let own =
            introspection::answer(&self.schema, &plan.shape, &variables, self.limits.introspection_fields)?;
        let run = Run::new(&*self.transport, context, &variables, &self.possible, own);
        let gathered = run.finish(plan.steps.as_ref()).await;
        Ok(write(&plan.shape, gathered))
    }

    fn plan(&self, prepared: &Prepared, variables: &Map<String, Value>) -> Result<Plan, Refusal> {
        let document = decide(&prepared.document, variables);
        let name = prepared.name.as_deref();
        let operation = pick(&document, name)?;
        let shape = Shape::of(&document, operation, &self.schema);
        let steps = self.planner.plan(&document, name).map_err(|error| {
            tracing::error!(%error, "an operation can't be planned");
            match error {
                PlanError::TookTooLong => {
                    Refusal::over("planning it takes long", format!("{} ms", self.limits.planning_millis))
                }
                PlanError::Failed(_) => Refusal::Internal,
            }
        })?;
        Ok(Plan { steps, shape })
    }
}

/// The document's key with the values that decide what of it is run.
fn plan_key(mut key: String, prepared: &Prepared, variables: &Map<String, Value>) -> String {
    key.push('\0');
    for name in &prepared.conditions {
        let truth = variables.get(name).and_then(Value::as_bool).unwrap_or(false);
        key.push(if truth { '1' } else { '0' });
    }
    key
}
