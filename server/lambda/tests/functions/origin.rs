//! The secret that CloudFront shows.

use std::sync::{Arc, Mutex};

use aws_sdk_secretsmanager::Client;
use lambda::OriginCheck;
use serde_json::{Value, json};

use crate::service::service;

type Versions = Arc<Mutex<Vec<(&'static str, &'static str)>>>;

/// A secret with these values by label, and how often it was read.
async fn check(versions: &Versions) -> (OriginCheck, impl Fn() -> usize) {
    let known = Arc::clone(versions);
    let (config, asked) = service(move |_, body| {
        let label = serde_json::from_str::<Value>(body).unwrap()["VersionStage"].as_str().unwrap().to_owned();
        match known.lock().unwrap().iter().find(|(name, _)| *name == label) {
            Some((_, value)) => (200, json!({ "Name": "origin", "SecretString": value }).to_string()),
            None => (400, json!({ "__type": "ResourceNotFoundException", "Message": "none" }).to_string()),
        }
    });
    let check = OriginCheck::load(Client::new(&config), "origin".to_owned()).await.unwrap();
    (check, move || asked.lock().unwrap().len())
}

#[tokio::test]
async fn the_last_the_present_and_the_coming_secret_are_good() {
    let versions: Versions =
        Arc::new(Mutex::new(vec![("AWSPREVIOUS", "old"), ("AWSCURRENT", "now"), ("AWSPENDING", "new")]));
    let (check, _) = check(&versions).await;
    for good in ["old", "now", "new"] {
        assert!(check.accepts(Some(good)).await, "{good}");
    }
    for bad in [None, Some(""), Some("older")] {
        assert!(!check.accepts(bad).await, "{bad:?}");
    }
}

#[tokio::test]
async fn wrong_secrets_do_not_have_it_read_again_and_again() {
    let versions: Versions = Arc::new(Mutex::new(vec![("AWSCURRENT", "now")]));
    let (check, reads) = check(&versions).await;
    let before = reads();
    for _ in 0..100 {
        assert!(!check.accepts(Some("wrong")).await);
    }
    assert_eq!(reads(), before);
}

#[tokio::test]
async fn without_any_secret_nobody_is_let_in() {
    let (check, _) = check(&Versions::default()).await;
    assert!(!check.accepts(Some("")).await);
    assert!(!check.accepts(None).await);
}
