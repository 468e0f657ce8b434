//! Items and their attributes, read with types: what does not have the expected shape is an error that
//! names the item and the attribute, never a default.

use std::{collections::HashMap, str::FromStr};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::time::Timestamp;

use crate::{
    error::StorageError,
    key::{Key, PK, SK},
};

/// The value of an attribute: text, a number, a truth value, bytes, or nothing (then it isn't stored).
#[derive(Debug, Clone, PartialEq)]
pub struct Value(pub(crate) Option<AttributeValue>);

macro_rules! number_values {
    ($($number:ty),+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self(Some(AttributeValue::N(number.to_string())))
            }
        }
    )+};
}

number_values!(u32, u64, i64, usize);

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(Some(AttributeValue::S(text)))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self(Some(AttributeValue::Bool(truth)))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Some(AttributeValue::B(bytes.into())))
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        at.0.into()
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self(None), Into::into)
    }
}

/// One item of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    key: Key,
    pub(crate) attributes: HashMap<String, AttributeValue>,
}

impl Item {
    /// An item with no attributes but its key.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { key, attributes: HashMap::new() }
    }

    /// The item with this attribute set, or without it where the value is nothing.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        match value.into().0 {
            Some(value) => self.attributes.insert(name.to_owned(), value),
            None => self.attributes.remove(name),
        };
        self
    }

    /// The item's key.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// A text.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is missing or no text.
    pub fn text(&self, name: &'static str) -> Result<&str, StorageError> {
        self.text_if_any(name)?.ok_or_else(|| self.corrupt(name))
    }

    /// A text, if it is there.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is something else.
    pub fn text_if_any(&self, name: &'static str) -> Result<Option<&str>, StorageError> {
        match self.attributes.get(name) {
            None => Ok(None),
            Some(AttributeValue::S(text)) => Ok(Some(text)),
            Some(_) => Err(self.corrupt(name)),
        }
    }

    /// A text read as an id, a day, an order key and so on.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is missing or does not parse.
    pub fn parsed<T: FromStr>(&self, name: &'static str) -> Result<T, StorageError> {
        self.text(name)?.parse().map_err(|_| self.corrupt(name))
    }

    /// A text read as an id, a day, an order key and so on, if it is there.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it does not parse.
    pub fn parsed_if_any<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, StorageError> {
        self.text_if_any(name)?.map(|text| text.parse().map_err(|_| self.corrupt(name))).transpose()
    }

    /// A number.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is missing, no number, or out of the type's range.
    pub fn number<N: FromStr>(&self, name: &'static str) -> Result<N, StorageError> {
        self.number_if_any(name)?.ok_or_else(|| self.corrupt(name))
    }

    /// A number, if it is there.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is no number, or out of the type's range.
    pub fn number_if_any<N: FromStr>(&self, name: &'static str) -> Result<Option<N>, StorageError> {
        match self.attributes.get(name) {
            None => Ok(None),
            Some(AttributeValue::N(number)) => number.parse().map(Some).map_err(|_| self.corrupt(name)),
            Some(_) => Err(self.corrupt(name)),
        }
    }

    /// An instant.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is missing or no number.
    pub fn time(&self, name: &'static str) -> Result<Timestamp, StorageError> {
        self.number(name).map(Timestamp)
    }

    /// An instant, if it is there.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is no number.
    pub fn time_if_any(&self, name: &'static str) -> Result<Option<Timestamp>, StorageError> {
        Ok(self.number_if_any(name)?.map(Timestamp))
    }

    /// A truth value.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is missing or something else.
    pub fn truth(&self, name: &'static str) -> Result<bool, StorageError> {
        match self.attributes.get(name) {
            Some(AttributeValue::Bool(truth)) => Ok(*truth),
            _ => Err(self.corrupt(name)),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where they are missing or something else.
    pub fn bytes(&self, name: &'static str) -> Result<&[u8], StorageError> {
        self.bytes_if_any(name)?.ok_or_else(|| self.corrupt(name))
    }

    /// Bytes, if they are there.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it is something else.
    pub fn bytes_if_any(&self, name: &'static str) -> Result<Option<&[u8]>, StorageError> {
        match self.attributes.get(name) {
            None => Ok(None),
            Some(AttributeValue::B(bytes)) => Ok(Some(bytes.as_ref())),
            Some(_) => Err(self.corrupt(name)),
        }
    }

    /// The last part of the sort key, read as an id.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] where it does not parse.
    pub fn id<T: FromStr>(&self) -> Result<T, StorageError> {
        self.key.tail().parse().map_err(|_| self.corrupt(SK))
    }

    /// The error that says this attribute of the item is not as it should be.
    #[must_use]
    pub fn corrupt(&self, attribute: &'static str) -> StorageError {
        StorageError::Corrupt { kind: self.key.kind().to_owned(), attribute }
    }

    pub(crate) fn from_attributes(
        mut attributes: HashMap<String, AttributeValue>,
    ) -> Result<Self, StorageError> {
        let mut part = |name: &'static str| match attributes.remove(name) {
            Some(AttributeValue::S(text)) => Ok(text),
            _ => Err(StorageError::Corrupt { kind: "item".to_owned(), attribute: name }),
        };
        let key = Key { pk: part(PK)?, sk: part(SK)? };
        Ok(Self { key, attributes })
    }

    pub(crate) fn into_attributes(self) -> HashMap<String, AttributeValue> {
        let mut attributes = self.key.into_attributes();
        attributes.extend(self.attributes);
        attributes
    }
}

impl Key {
    pub(crate) fn into_attributes(self) -> HashMap<String, AttributeValue> {
        let attribute = |name: &str, text| (name.to_owned(), AttributeValue::S(text));
        HashMap::from([attribute(PK, self.pk), attribute(SK, self.sk)])
    }
}
