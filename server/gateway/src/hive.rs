//! Plans with Hive's query planner, and turns its plans into ours.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use graphql_tools::static_graphql::query::Document;
use hive_router_query_planner::{
    ast::{
        normalization::normalize_operation, operation::SubgraphFetchOperation, selection_item::SelectionItem,
        selection_set::SelectionSet,
    },
    graph::PlannerOverrideContext,
    planner::{
        Planner as HivePlanner, PlannerError, QueryPlannerOptions,
        plan_nodes::{
            BatchFetchNode, FetchNode, FetchNodePathSegment, FetchRewrite, FlattenNodePath,
            FlattenNodePathSegment, PlanNode,
        },
    },
    utils::{cancellation::CancellationToken, parsing::safe_parse_schema},
};

use crate::{
    error::SupergraphError,
    plan::{Change, EntityGroup, Fetch, Need, PlanError, Planner, Rewrite, RewriteWay, Step, Target, Way},
    schema::{PossibleTypes, Schema},
};

/// Hive's planner over one supergraph.
pub(crate) struct Hive {
    planner: HivePlanner,
    time: Duration,
}

/// What a supergraph's text gives.
pub(crate) struct Supergraph {
    pub(crate) schema: Schema,
    /// Over all types, those hidden from clients too: subgraphs may answer with them.
    pub(crate) possible: PossibleTypes,
    pub(crate) planner: Hive,
}

/// Reads a supergraph. `time` is what planning one operation may take.
pub(crate) fn load(supergraph: &str, time: Duration) -> Result<Supergraph, SupergraphError> {
    let document =
        safe_parse_schema(supergraph).map_err(|error| SupergraphError::Unreadable(error.to_string()))?;
    // The planner's crate panics on some supergraphs that no composition makes.
    let planner = std::panic::catch_unwind(AssertUnwindSafe(|| {
        HivePlanner::new_from_supergraph(&document, QueryPlannerOptions::default())
    }))
    .map_err(|_| SupergraphError::Unusable("it is not a composed supergraph".to_owned()))?
    .map_err(|error| SupergraphError::Unusable(error.to_string()))?;
    Ok(Supergraph {
        schema: Schema::new(&planner.consumer_schema.document),
        possible: PossibleTypes::of(&document),
        planner: Hive { planner, time },
    })
}

impl Planner for Hive {
    fn plan(&self, document: &Document, name: Option<&str>) -> Result<Option<Step>, PlanError> {
        // A panic of the planner's must cost this operation only.
        std::panic::catch_unwind(AssertUnwindSafe(|| self.plan_unguarded(document, name)))
            .unwrap_or_else(|_| Err(PlanError::Failed("the planner panicked".to_owned())))
    }
}

impl Hive {
    fn plan_unguarded(&self, document: &Document, name: Option<&str>) -> Result<Option<Step>, PlanError> {
        let mut operation = normalize_operation(&self.planner.supergraph, document, name)
            .map_err(|error| PlanError::Failed(error.to_string()))?
            .operation;
        without_introspection(&mut operation.selection_set);
        if operation.selection_set.is_empty() {
            return Ok(None);
        }
        let time = CancellationToken::with_timeout(self.time);
        let plan = self
            .planner
            .plan_from_normalized_operation(&operation, PlannerOverrideContext::default(), &time)
            .map_err(|error| match error {
                PlannerError::CancellationError(_) => PlanError::TookTooLong,
                other if time_is_up(&time) => {
                    tracing::debug!(%other, "planning was cut short");
                    PlanError::TookTooLong
                }
                other => PlanError::Failed(other.to_string()),
            })?;
        plan.node.map(step).transpose()
    }
}

fn time_is_up(time: &CancellationToken) -> bool {
    time.bail_if_cancelled().is_err()
}

/// Root fields that no subgraph answers.
fn without_introspection(set: &mut SelectionSet) {
    set.items.retain_mut(|item| match item {
        SelectionItem::Field(field) => !field.is_introspection_field(),
        SelectionItem::InlineFragment(inline) => {
            without_introspection(&mut inline.selections);
            !inline.selections.is_empty()
        }
        SelectionItem::FragmentSpread(_) => true,
    });
}

fn step(node: PlanNode) -> Result<Step, PlanError> {
    match node {
        PlanNode::Sequence(sequence) => Ok(Step::Sequence(steps(sequence.nodes)?)),
        PlanNode::Parallel(parallel) => Ok(Step::Parallel(steps(parallel.nodes)?)),
        PlanNode::Fetch(fetch) => Ok(Step::Fetch(fetch_at(fetch, Vec::new()))),
        PlanNode::BatchFetch(batch) => Ok(Step::Fetch(batch_fetch(batch))),
        PlanNode::Flatten(flatten) => match *flatten.node {
            PlanNode::Fetch(fetch) => Ok(Step::Fetch(fetch_at(fetch, way(&flatten.path)))),
            _ => Err(PlanError::Failed("a flatten that holds no fetch".to_owned())),
        },
        // Conditions were decided before planning; subscriptions are refused, and `@defer` is no directive of ours.
        PlanNode::Condition(_) | PlanNode::Subscription(_) | PlanNode::Defer(_) => {
            Err(PlanError::Failed("a kind of step that is not run here".to_owned()))
        }
    }
}

fn steps(nodes: Vec<PlanNode>) -> Result<Vec<Step>, PlanError> {
    nodes.into_iter().map(step).collect()
}

fn fetch_at(node: FetchNode, path: Vec<Way>) -> Fetch {
    let query = Arc::from(node.operation.document_str.as_str());
    let variables = node.variable_usages.into_iter().flatten().collect();
    let target = match node.requires {
        None => {
            Target::Data { path, keys: root_keys(&node.operation), rewrites: rewrites(node.output_rewrites) }
        }
        Some(requires) => Target::Entities(vec![EntityGroup {
            key: "_entities".to_owned(),
            variable: "representations".to_owned(),
            paths: vec![path],
            needs: needs(requires),
            input_rewrites: rewrites(node.input_rewrites),
            output_rewrites: rewrites(node.output_rewrites),
        }]),
    };
    Fetch { subgraph: node.service_name, query, variables, target }
}

fn batch_fetch(node: BatchFetchNode) -> Fetch {
    let groups = node
        .entity_batch
        .aliases
        .into_iter()
        .map(|alias| EntityGroup {
            key: alias.alias,
            variable: alias.representations_variable_name,
            paths: alias.merge_paths.iter().map(way).collect(),
            needs: needs(alias.requires),
            input_rewrites: rewrites(alias.input_rewrites),
            output_rewrites: rewrites(alias.output_rewrites),
        })
        .collect();
    Fetch {
        subgraph: node.service_name,
        query: Arc::from(node.operation.document_str.as_str()),
        variables: node.variable_usages.into_iter().flatten().collect(),
        target: Target::Entities(groups),
    }
}

fn root_keys(operation: &SubgraphFetchOperation) -> Vec<String> {
    let items = &operation.document.operation.selection_set.items;
    items
        .iter()
        .filter_map(|item| match item {
            SelectionItem::Field(field) => Some(field.selection_identifier().to_owned()),
            _ => None,
        })
        .collect()
}

fn way(path: &FlattenNodePath) -> Vec<Way> {
    path.as_slice()
        .iter()
        .map(|segment| match segment {
            FlattenNodePathSegment::Field(name) => Way::Field(name.clone()),
            FlattenNodePathSegment::List => Way::Items,
            FlattenNodePathSegment::TypeCondition(names) => Way::OfType(names.clone()),
        })
        .collect()
}

fn needs(set: SelectionSet) -> Vec<Need> {
    set.items
        .into_iter()
        .filter_map(|item| match item {
            SelectionItem::Field(field) => Some(Need::Field {
                key: field.selection_identifier().to_owned(),
                name: field.name,
                below: needs(field.selections),
            }),
            SelectionItem::InlineFragment(inline) => {
                Some(Need::OfType { name: inline.type_condition, below: needs(inline.selections) })
            }
            // The planner puts spreads into the queries for subgraphs only.
            SelectionItem::FragmentSpread(_) => None,
        })
        .collect()
}

fn rewrites(list: Option<Vec<FetchRewrite>>) -> Vec<Rewrite> {
    list.into_iter()
        .flatten()
        .map(|rewrite| match rewrite {
            FetchRewrite::ValueSetter(setter) => {
                Rewrite { path: rewrite_way(setter.path), change: Change::Set(setter.set_value_to) }
            }
            FetchRewrite::KeyRenamer(renamer) => {
                Rewrite { path: rewrite_way(renamer.path), change: Change::Rename(renamer.rename_key_to) }
            }
        })
        .collect()
}

fn rewrite_way(path: Vec<FetchNodePathSegment>) -> Vec<RewriteWay> {
    path.into_iter()
        .map(|segment| match segment {
            FetchNodePathSegment::Key(key) => RewriteWay::Key(key),
            FetchNodePathSegment::TypenameEquals(names) => RewriteWay::OfType(names),
        })
        .collect()
}
