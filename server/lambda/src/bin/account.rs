//! The program of the function `account`.

use lambda::functions::Account;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run("account", Account::new).await
}
