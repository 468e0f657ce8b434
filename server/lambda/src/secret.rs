//! Secrets, from where the deployment keeps them.

use aws_sdk_secretsmanager::{
    Client, error::DisplayErrorContext, operation::get_secret_value::GetSecretValueError,
};

use crate::SetupError;

/// The secret's present value.
pub(crate) async fn read(client: &Client, name: &str) -> Result<String, SetupError> {
    let missing = || SetupError::Secret { name: name.to_owned(), reason: "it has no text".to_owned() };
    version(client, name, "AWSCURRENT").await?.ok_or_else(missing)
}

/// The value that has this label, where one has.
pub(crate) async fn version(client: &Client, name: &str, label: &str) -> Result<Option<String>, SetupError> {
    match client.get_secret_value().secret_id(name).version_stage(label).send().await {
        Ok(found) => Ok(found.secret_string),
        Err(error)
            if error.as_service_error().is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
        {
            Ok(None)
        }
        Err(error) => {
            Err(SetupError::Secret { name: name.to_owned(), reason: DisplayErrorContext(error).to_string() })
        }
    }
}
