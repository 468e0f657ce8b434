//! Writes: one alone or several in one transaction, each with a condition where it needs one.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{
        ConditionCheck, Delete, DeleteRequest, Put, ReturnValue, TransactWriteItem, Update, WriteRequest,
    },
};

use super::{Table, backoff};
use crate::{
    error::StorageError,
    expression::{Bindings, Expression},
    item::Item,
    key::Key,
};

/// Keys that one BatchWriteItem takes.
const BATCH: usize = 25;
/// Times that a batch, and then its rest, is sent before the table counts as busy.
const BATCH_ROUNDS: u32 = 6;

/// One write of a transaction. Without a condition it always happens.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields say what they are")]
pub enum Write {
    /// Puts the item in the place of whatever is there.
    Put { item: Item, condition: Option<Expression> },
    /// Changes attributes of an item, such as `SET #title = :title`; makes it where it is missing.
    Update { key: Key, update: Expression, condition: Option<Expression> },
    /// Removes the item if it is there.
    Delete { key: Key, condition: Option<Expression> },
    /// Changes nothing, but lets the transaction happen only if the condition holds.
    Check { key: Key, condition: Expression },
}

impl Write {
    /// Puts the item whatever is there.
    #[must_use]
    pub const fn put(item: Item) -> Self {
        Self::Put { item, condition: None }
    }

    /// Puts the item if nothing is there.
    #[must_use]
    pub fn create(item: Item) -> Self {
        Self::Put { item, condition: Some(Expression::absent()) }
    }

    /// Removes the item if it is there.
    #[must_use]
    pub const fn delete(key: Key) -> Self {
        Self::Delete { key, condition: None }
    }
}

impl Table {
    /// Makes all of the writes, up to 100 and each to another item, or none.
    ///
    /// # Errors
    /// [`StorageError::ConditionFailed`] names the writes whose condition did not hold.
    pub async fn commit(&self, writes: Vec<Write>) -> Result<(), StorageError> {
        let built: Result<Vec<_>, BuildError> =
            writes.into_iter().map(|write| self.transact(write)).collect();
        let built = built.map_err(|error| StorageError::Refused(error.to_string()))?;
        let answer = self.client.transact_write_items().set_transact_items(Some(built)).send().await;
        answer.map(drop).map_err(StorageError::from_transaction)
    }

    /// Puts one item, if the condition holds.
    ///
    /// # Errors
    /// [`StorageError::ConditionFailed`] where it does not.
    pub async fn put(&self, item: Item, condition: Option<Expression>) -> Result<(), StorageError> {
        let Bindings { names, values } = Bindings::of(&condition);
        let request = self.client.put_item().table_name(self.name()).set_item(Some(item.into_attributes()));
        let request = request
            .set_condition_expression(condition.map(|c| c.text().to_owned()))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        request.send().await.map(drop).map_err(StorageError::from_sdk)
    }

    /// Changes one item, if the condition holds, and gives it as it is then.
    ///
    /// # Errors
    /// [`StorageError::ConditionFailed`] where it does not.
    pub async fn update(
        &self,
        key: Key,
        update: Expression,
        condition: Option<Expression>,
    ) -> Result<Item, StorageError> {
        let Bindings { names, values } = Bindings::of([&update].into_iter().chain(&condition));
        let request = self.client.update_item().table_name(self.name()).set_key(Some(key.into_attributes()));
        let request = request
            .update_expression(update.text())
            .set_condition_expression(condition.map(|c| c.text().to_owned()))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values(ReturnValue::AllNew);
        let answer = request.send().await.map_err(StorageError::from_sdk)?;
        Item::from_attributes(answer.attributes.unwrap_or_default())
    }

    /// Removes one item, if it is there and the condition holds.
    ///
    /// # Errors
    /// [`StorageError::ConditionFailed`] where it does not.
    pub async fn delete(&self, key: Key, condition: Option<Expression>) -> Result<(), StorageError> {
        let Bindings { names, values } = Bindings::of(&condition);
        let request = self.client.delete_item().table_name(self.name()).set_key(Some(key.into_attributes()));
        let request = request
            .set_condition_expression(condition.map(|c| c.text().to_owned()))
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values);
        request.send().await.map(drop).map_err(StorageError::from_sdk)
    }

    /// Removes many items, in no order and not as one transaction: where it fails some may be gone.
    ///
    /// # Errors
    /// Where the table does not answer or is throttled throughout.
    pub async fn delete_many(&self, keys: &[Key]) -> Result<(), StorageError> {
        for chunk in keys.chunks(BATCH) {
            let delete = |key: &Key| {
                let request =
                    DeleteRequest::builder().set_key(Some(key.clone().into_attributes())).build()?;
                Ok(WriteRequest::builder().delete_request(request).build())
            };
            let wanted: Result<Vec<_>, BuildError> = chunk.iter().map(delete).collect();
            let mut wanted = wanted.map_err(|error| StorageError::Refused(error.to_string()))?;
            for round in 0..BATCH_ROUNDS {
                backoff::before(round).await;
                let answer = self.client.batch_write_item().request_items(self.name(), wanted).send().await;
                let answer = answer.map_err(StorageError::from_sdk)?;
                wanted = answer.unprocessed_items.unwrap_or_default().remove(self.name()).unwrap_or_default();
                if wanted.is_empty() {
                    break;
                }
            }
            if !wanted.is_empty() {
                return Err(StorageError::Throttled("a batch write was throttled".to_owned()));
            }
        }
        Ok(())
    }

    fn transact(&self, write: Write) -> Result<TransactWriteItem, BuildError> {
        let item = TransactWriteItem::builder();
        let text = |condition: Option<Expression>| condition.map(|c| c.text().to_owned());
        Ok(match write {
            Write::Put { item: put, condition } => {
                let Bindings { names, values } = Bindings::of(&condition);
                let put = Put::builder().table_name(self.name()).set_item(Some(put.into_attributes()));
                let put = put.set_expression_attribute_names(names).set_expression_attribute_values(values);
                item.put(put.set_condition_expression(text(condition)).build()?)
            }
            Write::Update { key, update, condition } => {
                let Bindings { names, values } = Bindings::of([&update].into_iter().chain(&condition));
                let built = Update::builder().table_name(self.name()).set_key(Some(key.into_attributes()));
                let built =
                    built.set_expression_attribute_names(names).set_expression_attribute_values(values);
                let built = built.update_expression(update.text());
                item.update(built.set_condition_expression(text(condition)).build()?)
            }
            Write::Delete { key, condition } => {
                let Bindings { names, values } = Bindings::of(&condition);
                let delete = Delete::builder().table_name(self.name()).set_key(Some(key.into_attributes()));
                let delete =
                    delete.set_expression_attribute_names(names).set_expression_attribute_values(values);
                item.delete(delete.set_condition_expression(text(condition)).build()?)
            }
            Write::Check { key, condition } => {
                let Bindings { names, values } = Bindings::of([&condition]);
                let check =
                    ConditionCheck::builder().table_name(self.name()).set_key(Some(key.into_attributes()));
                let check =
                    check.set_expression_attribute_names(names).set_expression_attribute_values(values);
                item.condition_check(check.condition_expression(condition.text()).build()?)
            }
        }
        .build())
    }
}
