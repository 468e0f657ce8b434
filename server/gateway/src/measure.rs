//! Measures a document before anything costly is done with it: how deep, wide and repetitive it is.

use std::collections::HashMap;

use graphql_tools::static_graphql::query::{
    Definition, Document, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};

use crate::{limits::Limits, refusal::Refusal};

/// Selection sets that may be nested for each level of fields: fragments nest without going deeper.
const NESTING_PER_DEPTH: usize = 4;

/// What a selection set amounts to, its fragments expanded. Sums stop at the largest number there is.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: usize,
    depth: usize,
    nesting: usize,
    aliases: usize,
    directives: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
    }
}

struct Measurer<'d> {
    fragments: HashMap<&'d str, &'d FragmentDefinition>,
    /// Sizes of fragments; `None` while one is being measured, so that a fragment within itself is noticed.
    known: HashMap<&'d str, Option<Size>>,
}

/// Refuses the document if any of its operations or fragments goes over a limit, or a fragment contains itself.
pub(crate) fn check(document: &Document, limits: &Limits) -> Result<(), Refusal> {
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
            Definition::Operation(_) => None,
        })
        .collect();
    let mut measurer = Measurer { fragments, known: HashMap::new() };
    for definition in &document.definitions {
        let size = match definition {
            Definition::Fragment(fragment) => measurer.fragment(&fragment.name)?,
            Definition::Operation(operation) => {
                let mut size = measurer.set(operation.selection_set())?;
                size.directives = size.directives.saturating_add(operation.directives().len());
                let roots = measurer.roots(operation);
                within("the query has many root fields", roots, limits.root_fields)?;
                size
            }
        };
        within("the query is deep", size.depth, limits.depth)?;
        within("fragments are nested deeply", size.nesting, limits.depth.saturating_mul(NESTING_PER_DEPTH))?;
        within("the query has many fields", size.fields, limits.fields)?;
        within("the query has many aliases", size.aliases, limits.aliases)?;
        within("the query has many directives", size.directives, limits.directives)?;
    }
    Ok(())
}

fn within(what: &str, is: usize, limit: usize) -> Result<(), Refusal> {
    if is > limit { Err(Refusal::over(what, limit)) } else { Ok(()) }
}

impl<'d> Measurer<'d> {
    fn fragment(&mut self, name: &'d str) -> Result<Size, Refusal> {
        match self.known.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(Refusal::invalid(format!("Fragment \"{name}\" contains itself."))),
            None => {}
        }
        // An unknown fragment is for validation to complain about.
        let Some(fragment) = self.fragments.get(name).copied() else { return Ok(Size::default()) };
        self.known.insert(name, None);
        let mut size = self.set(&fragment.selection_set)?;
        size.directives = size.directives.saturating_add(fragment.directives.len());
        self.known.insert(name, Some(size));
        Ok(size)
    }

    fn set(&mut self, set: &'d SelectionSet) -> Result<Size, Refusal> {
        let mut total = Size::default();
        for selection in &set.items {
            let size = match selection {
                Selection::Field(field) => {
                    let mut size = self.set(&field.selection_set)?;
                    size.fields = size.fields.saturating_add(1);
                    size.depth = size.depth.saturating_add(1);
                    size.aliases = size.aliases.saturating_add(usize::from(field.alias.is_some()));
                    size.directives = size.directives.saturating_add(field.directives.len());
                    size
                }
                Selection::InlineFragment(inline) => {
                    let mut size = self.set(&inline.selection_set)?;
                    size.directives = size.directives.saturating_add(inline.directives.len());
                    size
                }
                Selection::FragmentSpread(spread) => {
                    let mut size = self.fragment(&spread.fragment_name)?;
                    size.directives = size.directives.saturating_add(spread.directives.len());
                    size
                }
            };
            total.add(size);
        }
        total.nesting = total.nesting.saturating_add(1);
        Ok(total)
    }

    /// The number of root fields. Called only after the fragments were measured, so they hold no cycles.
    fn roots(&self, operation: &'d OperationDefinition) -> usize {
        let mut known = HashMap::new();
        self.roots_of(operation.selection_set(), &mut known)
    }

    fn roots_of(&self, set: &'d SelectionSet, known: &mut HashMap<&'d str, usize>) -> usize {
        set.items.iter().fold(0, |sum: usize, selection| {
            sum.saturating_add(match selection {
                Selection::Field(_) => 1,
                Selection::InlineFragment(inline) => self.roots_of(&inline.selection_set, known),
                Selection::FragmentSpread(spread) => {
                    let name = spread.fragment_name.as_str();
                    if let Some(roots) = known.get(name) {
                        return sum.saturating_add(*roots);
                    }
                    let roots = self
                        .fragments
                        .get(name)
                        .map_or(0, |fragment| self.roots_of(&fragment.selection_set, known));
                    known.insert(name, roots);
                    roots
                }
            })
        })
    }
}
