//! The program of the function `cleaner`.

use lambda::functions::Cleaner;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("cleaner", Cleaner::new).await
}
