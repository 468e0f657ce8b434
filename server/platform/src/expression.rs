//! Conditions and updates in DynamoDB's expression language.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Value;

/// A condition or an update, with the values it names. In its text `#name` stands for the attribute `name`
/// (many plain names are reserved words) and `:name` for a value given by [`Expression::value`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expression {
    text: String,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    /// An expression of this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: HashMap::new() }
    }

    /// The condition that the item is not there yet.
    #[must_use]
    pub fn absent() -> Self {
        Self::new("attribute_not_exists(#pk)")
    }

    /// The condition that the item is there.
    #[must_use]
    pub fn present() -> Self {
        Self::new("attribute_exists(#pk)")
    }

    /// Gives a value its name, without the colon. Nothing becomes DynamoDB's null.
    #[must_use]
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into().0.unwrap_or(AttributeValue::Null(true));
        self.values.insert(format!(":{name}"), value);
        self
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// The attribute names and values of the expressions of one request, each `None` where there are none.
pub(crate) struct Bindings {
    pub(crate) names: Option<HashMap<String, String>>,
    pub(crate) values: Option<HashMap<String, AttributeValue>>,
}

impl Bindings {
    pub(crate) fn of<'a>(expressions: impl IntoIterator<Item = &'a Expression>) -> Self {
        let (mut names, mut values) = (HashMap::new(), HashMap::new());
        for expression in expressions {
            for piece in expression.text.split('#').skip(1) {
                let end = piece.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(piece.len());
                if let Some(name) = piece.get(..end) {
                    names.insert(format!("#{name}"), name.to_owned());
                }
            }
            values.extend(expression.values.clone());
        }
        Self { names: Some(names).filter(|n| !n.is_empty()), values: Some(values).filter(|v| !v.is_empty()) }
    }
}
