//! Who is let in.

use serde_json::json;

use crate::world::{World, ask, authorizer_event, http_event};

#[tokio::test]
async fn a_signed_in_caller_is_named_and_anybody_else_is_passed_on_with_the_reason() {
    let world = World::new().await;
    let device = world.sign_in("a@b.example").await;
    let context = async |authorization: &str| {
        let mut event = http_event("POST", "/graphql");
        event["headers"]["authorization"] = authorization.into();
        let answer = ask(&world.authorizer, authorizer_event(&event)).await;
        assert_eq!(answer["isAuthorized"], true, "{answer}");
        answer["context"].clone()
    };
    let known = context(&format!("Bearer {}", device.token)).await;
    assert_eq!(known["user"], json!(device.user));
    assert!(known["session"].is_string());
    assert_eq!(known, context(&format!("bearer {} ", device.token)).await);
    for stranger in ["", "Bearer", "Bearer forged", "Basic YTpi"] {
        assert_eq!(context(stranger).await, json!({ "refusal": "UNAUTHENTICATED" }), "{stranger}");
    }
    let gone = world.auth("/auth/sign-out", json!(null), &[device.cookie]).await;
    assert_eq!(gone["statusCode"], 204, "{gone}");
    let ended = context(&format!("Bearer {}", device.token)).await;
    assert_eq!(ended, json!({ "refusal": "SESSION_ENDED" }));
}

#[tokio::test]
async fn whoever_goes_around_cloudfront_is_turned_away_however_good_the_token() {
    let world = World::new().await;
    let device = world.sign_in("a@b.example").await;
    for shown in [json!("guessed"), json!("")] {
        let mut event = http_event("POST", "/graphql");
        event["headers"]["authorization"] = format!("Bearer {}", device.token).into();
        event["headers"]["x-origin-verify"] = shown;
        let answer = ask(&world.authorizer, authorizer_event(&event)).await;
        assert_eq!(answer, json!({ "isAuthorized": false, "context": null }));
    }
}
