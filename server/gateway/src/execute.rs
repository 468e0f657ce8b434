//! Runs a plan: fetches, merges, and gathers errors.

use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::{
    FutureExt,
    future::{BoxFuture, join_all},
};
use serde_json::{Map, Value};

use crate::{
    Context,
    entities::{Batch, at, find},
    error::{GraphqlError, PathStep},
    merge::{mark_gone, merge, rewrite},
    plan::{EntityGroup, Fetch, Rewrite, Step, Target, Way},
    schema::PossibleTypes,
    subgraph::{Answer, coded, entity_of, moved},
    transport::{SubgraphRequest, Transport},
};

/// Places at which one entity's error is told, at most.
const PLACES_TOLD: usize = 100;

/// What was fetched so far.
pub(crate) struct Gathered {
    pub(crate) data: Value,
    pub(crate) errors: Vec<GraphqlError>,
}

/// One run of a plan.
pub(crate) struct Run<'a> {
    transport: &'a dyn Transport,
    context: &'a Context,
    variables: &'a Map<String, Value>,
    types: &'a PossibleTypes,
    /// Locked for short, never across a wait.
    gathered: Mutex<Gathered>,
}

impl<'a> Run<'a> {
    /// A run that starts from `data`: what the gateway itself has to say.
    pub(crate) fn new(
        transport: &'a dyn Transport,
        context: &'a Context,
        variables: &'a Map<String, Value>,
        types: &'a PossibleTypes,
        data: Map<String, Value>,
    ) -> Self {
        let gathered = Mutex::new(Gathered { data: Value::Object(data), errors: Vec::new() });
        Self { transport, context, variables, types, gathered }
    }

    /// Runs the plan and gives what it gathered. A subgraph that fails leaves a gap and an error, and no more.
    pub(crate) async fn finish(self, plan: Option<&Step>) -> Gathered {
        if let Some(plan) = plan {
            self.step(plan).await;
        }
        self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step<'s>(&'s self, step: &'s Step) -> BoxFuture<'s, ()> {
        async move {
            match step {
                Step::Sequence(steps) => {
                    for step in steps {
                        self.step(step).await;
                    }
                }
                Step::Parallel(steps) => {
                    join_all(steps.iter().map(|step| self.step(step))).await;
                }
                Step::Fetch(fetch) => match &fetch.target {
                    Target::Data { path, keys, rewrites } => {
                        self.fetch_data(fetch, path, keys, rewrites).await
                    }
                    Target::Entities(groups) => self.fetch_entities(fetch, groups).await,
                },
            }
        }
        .boxed()
    }

    async fn fetch_data(&self, fetch: &Fetch, path: &[Way], keys: &[String], rewrites: &[Rewrite]) {
        let mut places = Vec::new();
        find(&self.gathered().data, path, self.types, &mut Vec::new(), &mut |_, place| {
            places.push(place.to_vec())
        });
        let Some(first) = places.first().cloned() else { return };
        let answer = self.call(fetch, Map::new()).await;
        let gathered = &mut *self.gathered();
        let Some(mut answer) = answer else {
            let below = |key: &String| first.iter().cloned().chain([PathStep::Key(key.clone())]).collect();
            let errors = keys.iter().map(|key| GraphqlError::unavailable(&fetch.subgraph, Some(below(key))));
            gathered.errors.extend(errors);
            return;
        };
        rewrite(&mut answer.data, rewrites, self.types);
        let last = places.len().saturating_sub(1);
        for (index, place) in places.iter().enumerate() {
            let data = if index == last { answer.data.take() } else { answer.data.clone() };
            if let Some(target) = at(&mut gathered.data, place) {
                merge(target, data);
            }
        }
        let errors = answer.errors.into_iter().flatten();
        gathered.errors.extend(errors.map(|error| moved(error, &first, rewrites)));
    }

    async fn fetch_entities(&self, fetch: &Fetch, groups: &[EntityGroup]) {
        let mut batches = Vec::with_capacity(groups.len());
        let mut variables = Map::new();
        {
            let gathered = self.gathered();
            for group in groups {
                let mut batch = Batch::collect(group, &gathered.data, self.types);
                variables
                    .insert(group.variable.clone(), Value::Array(std::mem::take(&mut batch.representations)));
                batches.push((group, batch));
            }
        }
        if batches.iter().all(|(_, batch)| batch.places.is_empty()) {
            return;
        }
        let answer = self.call(fetch, variables).await;
        let gathered = &mut *self.gathered();
        let Some(mut answer) = answer else {
            // One error for each object would flood the answer: the first one's place stands for all.
            let place =
                batches.iter().flat_map(|(_, batch)| &batch.places).map(|(place, _)| place.clone()).next();
            gathered.errors.push(GraphqlError::unavailable(&fetch.subgraph, place));
            return;
        };
        for (group, batch) in &batches {
            let Some(Value::Array(entities)) = answer.data.get_mut(&group.key).map(Value::take) else {
                continue;
            };
            merge_entities(entities, group, batch, &mut gathered.data, self.types);
        }
        for error in answer.errors.into_iter().flatten() {
            place_error(error, &batches, &mut gathered.errors);
        }
    }

    /// Calls the subgraph; nothing comes back if it gave no answer that can be read.
    async fn call(&self, fetch: &Fetch, mut variables: Map<String, Value>) -> Option<Answer> {
        for name in &fetch.variables {
            if let Some(value) = self.variables.get(name) {
                variables.insert(name.clone(), value.clone());
            }
        }
        let request = SubgraphRequest { query: fetch.query.clone(), variables };
        match self.transport.call(&fetch.subgraph, request, self.context).await {
            Ok(bytes) => {
                let answer = Answer::read(&bytes);
                if answer.is_none() {
                    tracing::warn!(subgraph = fetch.subgraph, "the subgraph's answer can't be read");
                }
                answer
            }
            Err(error) => {
                tracing::warn!(subgraph = fetch.subgraph, %error, "the subgraph gave no answer");
                None
            }
        }
    }
}

fn merge_entities(
    mut entities: Vec<Value>,
    group: &EntityGroup,
    batch: &Batch,
    data: &mut Value,
    types: &PossibleTypes,
) {
    for entity in &mut entities {
        rewrite(entity, &group.output_rewrites, types);
    }
    for (place, index) in &batch.places {
        match (entities.get(*index), at(data, place)) {
            (Some(Value::Null), Some(target)) => mark_gone(target),
            (Some(entity), Some(target)) => merge(target, entity.clone()),
            _ => {}
        }
    }
}

/// Tells an entity's error at each place that the entity is for.
fn place_error(error: GraphqlError, batches: &[(&EntityGroup, Batch)], errors: &mut Vec<GraphqlError>) {
    let found = entity_of(&error).and_then(|(key, index, rest)| {
        batches.iter().find(|(group, _)| group.key == key).map(|found| (found, index, rest.to_vec()))
    });
    let Some(((group, batch), index, rest)) = found else {
        errors.push(coded(GraphqlError { path: None, ..error }));
        return;
    };
    for (place, _) in batch.places.iter().filter(|(_, own)| *own == index).take(PLACES_TOLD) {
        let error = GraphqlError { path: Some(rest.clone()), ..error.clone() };
        errors.push(moved(error, place, &group.output_rewrites));
    }
}
