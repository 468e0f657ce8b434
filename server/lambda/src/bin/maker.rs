//! The program of the function `maker`.

use lambda::functions::Maker;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("maker", Maker::new).await
}
