//! The subgraphs, which have their answers at hand.

use std::{io, net::SocketAddr};

use axum::{Json, Router, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// How many users there are.
const USERS: usize = 20;

/// Starts them; gives their names and addresses.
pub(crate) async fn start() -> io::Result<[(&'static str, SocketAddr); 2]> {
    Ok([("people", serve(people).await?), ("reviews", serve(reviews).await?)])
}

async fn serve(answer: fn(&Value) -> Value) -> io::Result<SocketAddr> {
    let handler = move |Json(request): Json<Value>| async move { Json(json!({ "data": answer(&request) })) };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    // Until the process ends.
    tokio::spawn(axum::serve(listener, Router::new().route("/", post(handler))).into_future());
    Ok(address)
}

/// More than was asked for, in some cases, which gateways leave out.
fn people(request: &Value) -> Value {
    let user =
        |id: usize| json!({ "__typename": "User", "id": id.to_string(), "name": "Ann Other", "nick": null });
    let query = request["query"].as_str().unwrap_or_default();
    if query.contains("users") {
        json!({ "users": (0..USERS).map(user).collect::<Vec<_>>() })
    } else {
        json!({ "me": user(0) })
    }
}

fn reviews(request: &Value) -> Value {
    // Whatever the variable of the representations is called.
    let variables = request["variables"].as_object();
    let wanted = variables.and_then(|all| all.values().find_map(Value::as_array)).map_or(0, Vec::len);
    let entity = |rating: usize| json!({ "__typename": "User", "rating": rating, "score": rating });
    json!({ "_entities": (0..wanted).map(entity).collect::<Vec<_>>() })
}
