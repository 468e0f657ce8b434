//! The program of the function `media`.

use lambda::functions::Media;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("media", Media::new).await
}
