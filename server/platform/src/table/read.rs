//! Reads: always strongly consistent, so that what was acknowledged is seen.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, KeysAndAttributes},
};

use super::{BY_VERSION, Table, VERSION, backoff};
use crate::{
    error::StorageError,
    item::Item,
    key::{Key, PK, Partition, Range, SK},
};

/// Items that one BatchGetItem takes.
const BATCH: usize = 100;
/// Times that a batch, and then its rest, is asked for before the table counts as busy.
const BATCH_ROUNDS: u32 = 6;

type Attributes = HashMap<String, AttributeValue>;

impl Table {
    /// The item, if it is there.
    ///
    /// # Errors
    /// Where the table does not answer or the item has no proper key.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, StorageError> {
        let request = self.client.get_item().table_name(self.name()).consistent_read(true);
        let answer = request.set_key(Some(key.clone().into_attributes())).send().await;
        answer.map_err(StorageError::from_sdk)?.item.map(Item::from_attributes).transpose()
    }

    /// Those of the items that are there, in no order. Keys may be many but not repeat.
    ///
    /// # Errors
    /// Where the table does not answer or is throttled throughout.
    pub async fn get_many(&self, keys: &[Key]) -> Result<Vec<Item>, StorageError> {
        let mut items = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH) {
            let mut wanted: Vec<Attributes> = chunk.iter().cloned().map(Key::into_attributes).collect();
            for round in 0..BATCH_ROUNDS {
                backoff::before(round).await;
                let request =
                    KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
                let request = request.map_err(|error| StorageError::Refused(error.to_string()))?;
                let answer = self.client.batch_get_item().request_items(self.name(), request).send().await;
                let answer = answer.map_err(StorageError::from_sdk)?;
                for found in answer.responses.unwrap_or_default().into_values().flatten() {
                    items.push(Item::from_attributes(found)?);
                }
                let rest = answer.unprocessed_keys.unwrap_or_default().remove(self.name());
                wanted = rest.map(|rest| rest.keys).unwrap_or_default();
                if wanted.is_empty() {
                    break;
                }
            }
            if !wanted.is_empty() {
                return Err(StorageError::Throttled("a batch read was throttled".to_owned()));
            }
        }
        Ok(items)
    }

    /// Up to `limit` items of a partition in the order of their sort keys, beginning after a key. Fewer than
    /// `limit` are no sign of the end; no key to go on from is.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn page(
        &self,
        partition: Partition,
        range: Range,
        after: Option<&Key>,
        limit: u16,
    ) -> Result<(Vec<Item>, Option<Key>), StorageError> {
        let request = self
            .client
            .query()
            .table_name(self.name())
            .consistent_read(true)
            .limit(i32::from(limit))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", AttributeValue::S(partition.to_string()))
            .set_exclusive_start_key(after.cloned().map(Key::into_attributes));
        let request = match range.prefix() {
            "" => request.key_condition_expression("#pk = :pk"),
            prefix => request
                .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
                .expression_attribute_names("#sk", SK)
                .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned())),
        };
        let answer = request.send().await.map_err(StorageError::from_sdk)?;
        let next = answer.last_evaluated_key.map(Item::from_attributes).transpose()?;
        let items: Result<_, _> =
            answer.items.unwrap_or_default().into_iter().map(Item::from_attributes).collect();
        Ok((items?, next.map(|item| item.key().clone())))
    }

    /// Every item of a range of a partition, in the order of their sort keys: for ranges known to be small.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn all(&self, partition: Partition, range: Range) -> Result<Vec<Item>, StorageError> {
        let (mut items, mut next) = self.page(partition, range, None, 1_000).await?;
        while let Some(after) = next {
            let (more, rest) = self.page(partition, range, Some(&after), 1_000).await?;
            items.extend(more);
            next = rest;
        }
        Ok(items)
    }

    /// Some items of all partitions whose sort keys begin as one of the ranges says, and the key to go on after, if
    /// there are more. It reads the whole table: for what looks after everything now and then, never for a request.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn scan(
        &self,
        ranges: &[Range],
        after: Option<&Key>,
    ) -> Result<(Vec<Item>, Option<Key>), StorageError> {
        let begins: Vec<_> = (0..ranges.len()).map(|at| format!("begins_with(#sk, :prefix{at})")).collect();
        let mut request = self
            .client
            .scan()
            .table_name(self.name())
            .consistent_read(true)
            .filter_expression(begins.join(" OR "))
            .expression_attribute_names("#sk", SK)
            .set_exclusive_start_key(after.cloned().map(Key::into_attributes));
        for (at, range) in ranges.iter().enumerate() {
            let prefix = AttributeValue::S(range.prefix().to_owned());
            request = request.expression_attribute_values(format!(":prefix{at}"), prefix);
        }
        let answer = request.send().await.map_err(StorageError::from_sdk)?;
        let next = answer.last_evaluated_key.map(Item::from_attributes).transpose()?;
        let items: Result<_, _> =
            answer.items.unwrap_or_default().into_iter().map(Item::from_attributes).collect();
        Ok((items?, next.map(|item| item.key().clone())))
    }

    /// Items of a partition in the order of their versions, those that are `which` compared with `:v`.
    fn by_version(&self, partition: Partition, which: &str, version: u64, limit: u16) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(self.name())
            .index_name(BY_VERSION)
            .consistent_read(true)
            .limit(i32::from(limit))
            .key_condition_expression(format!("#pk = :pk AND {which}"))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#v", VERSION)
            .expression_attribute_values(":pk", AttributeValue::S(partition.to_string()))
            .expression_attribute_values(":v", AttributeValue::N(version.to_string()))
    }

    /// Up to `limit` items of a partition whose version is not above `until`, in the order of their versions: of a
    /// queue whose versions are times, those that are due.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn due(&self, partition: Partition, until: u64, limit: u16) -> Result<Vec<Item>, StorageError> {
        let answer = self
            .by_version(partition, "#v <= :v", until, limit)
            .send()
            .await
            .map_err(StorageError::from_sdk)?;
        answer.items.unwrap_or_default().into_iter().map(Item::from_attributes).collect()
    }

    /// About `limit` items of a partition whose version is above `since`, in the order of their versions, and
    /// whether there are more. Items of one version come in one page, so that the last one's version is where
    /// the next page goes on.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn changes(
        &self,
        partition: Partition,
        since: u64,
        limit: u16,
    ) -> Result<(Vec<Item>, bool), StorageError> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let request = self.by_version(partition, "#v > :v", since, limit).set_exclusive_start_key(start);
            let answer = request.send().await.map_err(StorageError::from_sdk)?;
            for found in answer.items.unwrap_or_default() {
                items.push(Item::from_attributes(found)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok((items, false));
            }
            if items.len() >= usize::from(limit) && drop_last_version(&mut items)? {
                return Ok((items, true));
            }
        }
    }
}

/// Takes the items of the last version away, which may go on behind the page; nothing where there is only one.
fn drop_last_version(items: &mut Vec<Item>) -> Result<bool, StorageError> {
    let Some(last) = items.last().map(|item| item.number::<u64>(VERSION)).transpose()? else {
        return Ok(false);
    };
    let mut whole = 0;
    for item in items.iter() {
        if item.number::<u64>(VERSION)? == last {
            break;
        }
        whole += 1;
    }
    if whole > 0 {
        items.truncate(whole);
    }
    Ok(whole > 0)
}
