//! What a signed address opens, and what it does not.

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_500);

fn path(list: ListId) -> String {
    format!("/media/{list}/0123456789abcdef/1/320.avif")
}

async fn setup() -> (tempfile::TempDir, Access) {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::local(&folder.path().join("media-key")).unwrap();
    (folder, access)
}

#[tokio::test]
async fn a_grant_opens_its_list_until_it_ends_and_no_other() {
    let (folder, access) = setup().await;
    let (list, other) = (ListId::from_u128(1), ListId::from_u128(2));
    let Grant { query, expires } = access.grant(list, NOW).await.unwrap();
    assert_eq!(expires, Timestamp(1_800_000_600_000));
    access.check(&path(list), &query, NOW).await.unwrap();
    access.check(&path(list), &query, Timestamp(expires.0 - 1)).await.unwrap();
    let late = access.check(&path(list), &query, expires).await;
    assert!(matches!(late, Err(AccessError::Expired)), "{late:?}");
    let elsewhere = access.check(&path(other), &query, NOW).await;
    assert!(matches!(elsewhere, Err(AccessError::Mismatch)), "{elsewhere:?}");

    // A restart does not end what was granted.
    let again = Access::local(&folder.path().join("media-key")).unwrap();
    again.check(&path(list), &query, NOW).await.unwrap();
    // Another machine's key opens nothing.
    let (_other, stranger) = setup().await;
    let forged = stranger.grant(list, NOW).await.unwrap().query;
    assert!(matches!(access.check(&path(list), &forged, NOW).await, Err(AccessError::Mismatch)));
}

#[tokio::test]
async fn nothing_in_a_signed_address_can_be_changed() {
    let (_folder, access) = setup().await;
    let list = ListId::from_u128(1);
    let query = access.grant(list, NOW).await.unwrap().query;
    let fields: Vec<&str> = query.split('&').collect();
    for place in 0..query.len() {
        let mut changed = query.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(access.check(&path(list), &changed, NOW).await.is_err(), "{place}");
    }
    for left_out in 0..fields.len() {
        let mut fewer = fields.clone();
        fewer.remove(left_out);
        let fewer = access.check(&path(list), &fewer.join("&"), NOW).await;
        assert!(matches!(fewer, Err(AccessError::Unsigned)), "{fewer:?}");
    }
    let twice = format!("{query}&{}", fields[0]);
    assert!(matches!(access.check(&path(list), &twice, NOW).await, Err(AccessError::Unsigned)));
    assert!(matches!(access.check(&path(list), "", NOW).await, Err(AccessError::Unsigned)));
    // Players and caches may add fields of their own.
    access.check(&path(list), &format!("{query}&_=1"), NOW).await.unwrap();
}

#[tokio::test]
async fn a_cdn_gets_addresses_at_its_own_origin() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    Key::load_or_create(&file).unwrap();
    let pem = std::fs::read_to_string(&file).unwrap();
    let access = Access::cdn("K2JCJMDEHXQW5F", "https://stack.example/", &pem).unwrap();
    let list = ListId::from_u128(7);
    let query = access.grant(list, NOW).await.unwrap().query;
    assert!(query.ends_with("&Key-Pair-Id=K2JCJMDEHXQW5F"), "{query}");
    let policy = query.strip_prefix("Policy=").unwrap().split('&').next().unwrap();
    let policy = String::from_utf8(encoding::decode(policy).unwrap()).unwrap();
    assert!(policy.contains(&format!(r#""Resource":"https://stack.example/media/{list}/*""#)), "{policy}");
    access.check(&path(list), &query, NOW).await.unwrap();
}

#[test]
fn a_damaged_key_stops_the_start_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("media-key");
    std::fs::write(&file, "not a key").unwrap();
    assert!(matches!(Access::local(&file), Err(SecretError::Damaged { .. })));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a key");
}
