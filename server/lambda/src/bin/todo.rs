//! The program of the function `todo`.

use lambda::functions::Todo;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("todo", Todo::new).await
}
