//! Gives the errors that the GraphQL library makes itself a stable code and a sentence for people.

use std::sync::Arc;

use async_graphql::{
    Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest},
};
use domain::error::Code;

/// The extension that does it.
pub(super) struct Codes;

impl ExtensionFactory for Codes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Codes {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(context).await;
        for error in &mut response.errors {
            let extensions = error.extensions.get_or_insert_default();
            if extensions.get("code").is_none() {
                let code = code_of(&error.message, error.path.is_empty());
                extensions.set("code", code.name());
                // The library's words say where the trouble is: they are for whoever writes the client.
                extensions.set("detail", error.message.clone());
                error.message = code.message().to_owned();
            }
        }
        response
    }
}

fn code_of(message: &str, is_whole_request: bool) -> Code {
    let too_costly = ["too deep", "too complex", "recursion depth", "directives on the field"];
    if too_costly.iter().any(|sign| message.contains(sign)) {
        Code::QueryTooCostly
    } else if is_whole_request {
        Code::InvalidQuery
    } else {
        Code::BadInput
    }
}
