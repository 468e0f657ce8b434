//! The program of the function `socket`.

use lambda::functions::Socket;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("socket", Socket::new).await
}
