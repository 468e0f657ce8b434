//! The program of the function `gateway`.

use lambda::functions::Gateway;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("gateway", Gateway::new).await
}
