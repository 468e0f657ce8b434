//! Opening the table, and making it where it is missing.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    client::Waiters,
    error::{DisplayErrorContext, SdkError},
    operation::{create_table::CreateTableError, describe_table::DescribeTableError},
    types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, LocalSecondaryIndex, Projection,
        ProjectionType, ScalarAttributeType, TimeToLiveSpecification, TimeToLiveStatus,
    },
};

use super::{BY_VERSION, TTL, Table, VERSION};
use crate::{
    error::{OpenError, StorageError},
    key::{PK, SK},
    remote::{Aws, configure},
};

/// What the table is called, wherever it is.
const NAME: &str = "stack";
/// How long a table may take to become ready after it was made.
const READY: Duration = Duration::from_secs(60);

impl Table {
    /// Opens the embedded table in a data folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`OpenError::InUse`] where another process has it open; the others where it can't be read or made.
    #[cfg(feature = "embedded")]
    pub async fn embedded(folder: &std::path::Path) -> Result<Self, OpenError> {
        let embedded = crate::embedded::Embedded::open(folder)?;
        let client = Client::from_conf(embedded.configure());
        let table = Self { client, name: NAME.into(), embedded: Some(embedded) };
        table.ensure().await
    }

    /// Uses the DynamoDB at an address, such as an emulator's. Region and credentials come from the usual
    /// places; an emulator over plain HTTP needs neither.
    ///
    /// # Errors
    /// [`OpenError::Table`] where it does not answer or the table can't be made.
    pub async fn at(endpoint: &str) -> Result<Self, OpenError> {
        Self::existing(Client::new(&configure(endpoint).await), NAME).ensure().await
    }

    /// Uses a table that a deployment made, and that others use too. It is looked at and not touched. `endpoint` is the
    /// address of another DynamoDB than AWS's, such as an emulator's.
    ///
    /// # Errors
    /// Where it is not there, is not one of ours, or is protected from being lost.
    pub async fn deployed(aws: &Aws, endpoint: Option<&str>, name: &str) -> Result<Self, OpenError> {
        let table = Self::existing(Client::new(&aws.at(endpoint)), name);
        let name = name.to_owned();
        let found = match table.client.describe_table().table_name(&name).send().await {
            Ok(found) => found.table,
            Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => {
                return Err(OpenError::Missing { name, region: aws.region().to_owned() });
            }
            Err(error) => return Err(OpenError::Table { name, source: StorageError::from_sdk(error) }),
        };
        let indexes = found.as_ref().map(|found| found.local_secondary_indexes()).unwrap_or_default();
        if !indexes.iter().any(|index| index.index_name() == Some(BY_VERSION)) {
            return Err(OpenError::Foreign(name));
        }
        if found.is_some_and(|found| found.deletion_protection_enabled == Some(true)) {
            return Err(OpenError::Protected(name));
        }
        Ok(table)
    }

    async fn ensure(self) -> Result<Self, OpenError> {
        match self.create_if_missing().await {
            Ok(()) => Ok(self),
            Err(source) => Err(OpenError::Table { name: self.name.to_string(), source }),
        }
    }

    async fn create_if_missing(&self) -> Result<(), StorageError> {
        let described = self.client.describe_table().table_name(self.name()).send().await;
        match described {
            Ok(_) => {}
            Err(SdkError::ServiceError(e))
                if matches!(e.err(), DescribeTableError::ResourceNotFoundException(_)) =>
            {
                self.create().await?;
            }
            Err(error) => return Err(StorageError::from_sdk(error)),
        }
        self.expire_items().await
    }

    async fn create(&self) -> Result<(), StorageError> {
        let built = |error: aws_sdk_dynamodb::error::BuildError| StorageError::Refused(error.to_string());
        let attribute = |name: &str, kind| {
            AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().map_err(built)
        };
        let key = |name: &str, kind| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(built)
        };
        let by_version = LocalSecondaryIndex::builder()
            .index_name(BY_VERSION)
            .key_schema(key(PK, KeyType::Hash)?)
            .key_schema(key(VERSION, KeyType::Range)?)
            .projection(Projection::builder().projection_type(ProjectionType::All).build())
            .build()
            .map_err(built)?;
        let created = self
            .client
            .create_table()
            .table_name(self.name())
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(attribute(PK, ScalarAttributeType::S)?)
            .attribute_definitions(attribute(SK, ScalarAttributeType::S)?)
            .attribute_definitions(attribute(VERSION, ScalarAttributeType::N)?)
            .key_schema(key(PK, KeyType::Hash)?)
            .key_schema(key(SK, KeyType::Range)?)
            .local_secondary_indexes(by_version)
            .send()
            .await;
        match created {
            Ok(_) => {}
            // Another server made it at the same moment.
            Err(SdkError::ServiceError(e))
                if matches!(e.err(), CreateTableError::ResourceInUseException(_)) => {}
            Err(error) => return Err(StorageError::from_sdk(error)),
        }
        let ready = self.client.wait_until_table_exists().table_name(self.name()).wait(READY).await;
        ready.map(drop).map_err(|error| StorageError::Unavailable(DisplayErrorContext(error).to_string()))
    }

    async fn expire_items(&self) -> Result<(), StorageError> {
        let described = self.client.describe_time_to_live().table_name(self.name()).send().await;
        let status = described.map_err(StorageError::from_sdk)?;
        let status = status.time_to_live_description().and_then(|ttl| ttl.time_to_live_status());
        if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
            return Ok(());
        }
        let specification = TimeToLiveSpecification::builder().attribute_name(TTL).enabled(true).build();
        let specification = specification.map_err(|error| StorageError::Refused(error.to_string()))?;
        let request = self.client.update_time_to_live().table_name(self.name());
        let updated = request.time_to_live_specification(specification).send().await;
        updated.map(drop).map_err(StorageError::from_sdk)
    }
}
