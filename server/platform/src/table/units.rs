//! What requests to the table consume, in the units that DynamoDB charges for.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html>

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
            InterceptorContext,
        },
    },
    error::BoxError,
    operation::{
        batch_get_item::{BatchGetItemInput, BatchGetItemOutput},
        batch_write_item::{BatchWriteItemInput, BatchWriteItemOutput},
        delete_item::{DeleteItemInput, DeleteItemOutput},
        get_item::{GetItemInput, GetItemOutput},
        put_item::{PutItemInput, PutItemOutput},
        query::{QueryInput, QueryOutput},
        scan::{ScanInput, ScanOutput},
        transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput},
        update_item::{UpdateItemInput, UpdateItemOutput},
    },
    types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity},
};

/// Bytes that one unit of a strongly consistent read covers.
const READ: usize = 4_096;

/// Units of reading and of writing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Units {
    /// One for each 4 KiB, or part of them, that is read strongly consistently.
    pub reads: f64,
    /// One for each KiB, or part of it, that is written; two in a transaction. The index counts as well.
    pub writes: f64,
}

/// Counts the units of all requests of a client; clones count together.
///
/// Writes are counted as the table says. Of reads the larger of two counts is taken: what the table says, and what the
/// items that came come to by DynamoDB's rules, since emulators say one unit whatever was read. A write that was refused
/// because its condition did not hold costs units too, but the answer does not say how many: it is not counted.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Units>>);

impl Meter {
    /// The units since the last time.
    #[must_use]
    pub fn take(&self) -> Units {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, more: Units) {
        let mut units = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        units.reads += more.reads;
        units.writes += more.writes;
    }
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        macro_rules! ask {
            ($($input:ty),+) => {
                $(if let Some(request) = context.input_mut().downcast_mut::<$input>() {
                    request.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
                })+
            };
        }
        ask!(
            GetItemInput,
            BatchGetItemInput,
            QueryInput,
            ScanInput,
            PutItemInput,
            UpdateItemInput,
            DeleteItemInput,
            BatchWriteItemInput,
            TransactWriteItemsInput
        );
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.add(consumed(context.inner()));
        Ok(())
    }
}

type Attributes = HashMap<String, AttributeValue>;

/// What an answer consumed; nothing where it is an error.
fn consumed(context: &InterceptorContext) -> Units {
    let Some(Ok(output)) = context.output_or_error() else { return Units::default() };
    if let Some(answer) = output.downcast_ref::<GetItemOutput>() {
        return reads(&answer.consumed_capacity, rounded(answer.item.as_ref().map_or(0, size)));
    }
    if let Some(answer) = output.downcast_ref::<QueryOutput>() {
        return reads(&answer.consumed_capacity, together(&answer.items));
    }
    if let Some(answer) = output.downcast_ref::<ScanOutput>() {
        return reads(&answer.consumed_capacity, together(&answer.items));
    }
    if let Some(answer) = output.downcast_ref::<BatchGetItemOutput>() {
        // Each item is rounded by itself.
        let items = answer.responses.iter().flatten().flat_map(|(_, items)| items);
        return reads(answer.consumed_capacity(), items.map(|item| rounded(size(item))).sum());
    }
    macro_rules! writes {
        ($($output:ty),+) => {
            $(if let Some(answer) = output.downcast_ref::<$output>() {
                let said = answer.consumed_capacity().into_iter();
                return Units { reads: 0.0, writes: said.filter_map(ConsumedCapacity::capacity_units).sum() };
            })+
        };
    }
    writes!(
        PutItemOutput,
        UpdateItemOutput,
        DeleteItemOutput,
        BatchWriteItemOutput,
        TransactWriteItemsOutput
    );
    Units::default()
}

fn reads<'c>(said: impl IntoIterator<Item = &'c ConsumedCapacity>, by_rule: f64) -> Units {
    let said: f64 = said.into_iter().filter_map(ConsumedCapacity::capacity_units).sum();
    Units { reads: said.max(by_rule), writes: 0.0 }
}

/// Items of one query are added up before they are rounded.
fn together(items: &Option<Vec<Attributes>>) -> f64 {
    rounded(items.iter().flatten().map(size).sum())
}

/// Nothing that is read counts as a unit as well.
fn rounded(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes.div_ceil(READ).max(1)).unwrap_or(u32::MAX))
}

/// Bytes of an item, as DynamoDB counts them.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
fn size(item: &Attributes) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number_size(number),
        AttributeValue::B(bytes) => bytes.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|number| number_size(number)).sum(),
        AttributeValue::Bs(all) => all.iter().map(|bytes| bytes.as_ref().len()).sum(),
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + value_size(value)).sum::<usize>(),
        AttributeValue::M(values) => 3 + size(values) + values.len(),
        // Yes, no and nothing; what later versions add is not in this table.
        _ => 1,
    }
}

/// A byte for every two digits that count on either side of the point, one more, and one for a sign.
fn number_size(number: &str) -> usize {
    let unsigned = number.trim_start_matches('-');
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let (mut whole, mut part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    if part.is_empty() {
        whole = whole.trim_end_matches('0');
    }
    if whole.is_empty() {
        part = part.trim_start_matches('0');
    }
    let sign = number.len() > unsigned.len() && !(whole.is_empty() && part.is_empty());
    whole.len().div_ceil(2) + part.len().div_ceil(2) + 1 + usize::from(sign)
}

#[cfg(feature = "embedded")]
#[cfg(test)]
mod tests {
    use proptest::{collection::hash_map, prelude::*};

    use super::*;

    fn value() -> impl Strategy<Value = AttributeValue> {
        let leaf = prop_oneof![
            ".{0,40}".prop_map(AttributeValue::S),
            any::<i64>().prop_map(|number| AttributeValue::N(number.to_string())),
            (any::<i32>(), 0..1_000_000_u32)
                .prop_map(|(whole, part)| AttributeValue::N(format!("{whole}.{part:06}"))),
            any::<bool>().prop_map(AttributeValue::Bool),
            any::<Vec<u8>>().prop_map(|bytes| AttributeValue::B(bytes.into())),
        ];
        leaf.prop_recursive(3, 20, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(AttributeValue::L),
                hash_map("[a-z]{1,9}", inner, 0..5).prop_map(AttributeValue::M),
            ]
        })
    }

    fn theirs(value: &AttributeValue) -> dynoxide::AttributeValue {
        use dynoxide::AttributeValue as Theirs;
        match value {
            AttributeValue::S(text) => Theirs::S(text.clone()),
            AttributeValue::N(number) => Theirs::N(number.clone()),
            AttributeValue::B(bytes) => Theirs::B(bytes.as_ref().to_vec()),
            AttributeValue::Bool(truth) => Theirs::BOOL(*truth),
            AttributeValue::L(values) => Theirs::L(values.iter().map(theirs).collect()),
            AttributeValue::M(values) => {
                Theirs::M(values.iter().map(|(name, value)| (name.clone(), theirs(value))).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn an_item_has_the_bytes_that_the_embedded_table_counts(item in hash_map("[a-zäß]{1,9}", value(), 1..6)) {
            let all = item.iter().map(|(name, value)| (name.clone(), theirs(value))).collect();
            prop_assert_eq!(size(&item), dynoxide::types::item_size(&all));
        }
    }

    #[test]
    fn a_part_of_a_unit_is_a_unit() {
        let bytes = [0, 1, 4_096, 4_097, 8_192];
        assert_eq!(bytes.map(rounded), [1.0, 1.0, 1.0, 2.0, 2.0]);
    }
}
