//! The program of the function `authorizer`.

use lambda::functions::Authorizer;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("authorizer", Authorizer::new).await
}
