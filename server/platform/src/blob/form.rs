//! Signed forms: a browser posts one file straight to the storage, under exactly the key, size and type that
//! the form was signed for. The SDK for Rust signs requests and URLs but not these policies.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html>

use std::time::{Duration, SystemTime};

use aws_sdk_s3::{
    config::Credentials,
    primitives::{DateTime, DateTimeFormat},
};
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{BlobError, BlobKey};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What the storage answers a form with: 204, as is usual where nobody looks at the page.
const STATUS: &str = "204";

/// A form to be posted as `multipart/form-data`: these fields in this order, then the file in the field `file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedForm {
    /// Where to post it. A path, where the storage is part of this server: it is then at whatever name the
    /// server was reached by.
    pub url: String,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
    /// When it stops working.
    pub expires: SystemTime,
}

/// What one form allows.
pub(super) struct Upload<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a BlobKey,
    pub(super) bytes: u64,
    pub(super) content_type: &'a str,
}

/// Signs the form's fields.
pub(super) fn fields(
    upload: &Upload<'_>,
    credentials: &Credentials,
    region: &str,
    now: SystemTime,
    life: Duration,
) -> Result<Vec<(&'static str, String)>, BlobError> {
    let expires = timestamp(now.checked_add(life).unwrap_or(now))?;
    let basic = timestamp(now)?.replace(['-', ':'], "");
    let day = basic.get(..8).unwrap_or_default();
    let mut fields = vec![
        ("key", upload.key.to_string()),
        ("Content-Type", upload.content_type.to_owned()),
        ("success_action_status", STATUS.to_owned()),
        ("x-amz-algorithm", ALGORITHM.to_owned()),
        ("x-amz-credential", format!("{}/{day}/{region}/s3/aws4_request", credentials.access_key_id())),
        ("x-amz-date", basic),
    ];
    if let Some(token) = credentials.session_token() {
        fields.push(("x-amz-security-token", token.to_owned()));
    }
    let mut conditions =
        vec![json!({ "bucket": upload.bucket }), json!(["content-length-range", upload.bytes, upload.bytes])];
    conditions.extend(fields.iter().map(|(name, value)| json!(["eq", format!("${name}"), value])));
    let policy = STANDARD.encode(json!({ "expiration": expires, "conditions": conditions }).to_string());
    let signature = sign(&policy, credentials.secret_access_key(), region, now);
    fields.extend([("policy", policy), ("x-amz-signature", signature)]);
    Ok(fields)
}

/// Whether a form's policy was signed with this key and has not ended: enough to keep a place for its file. The
/// storage holds everything else of it against the policy.
pub(super) fn is_good(
    (policy, signature): (&str, &str),
    credentials: &Credentials,
    region: &str,
    now: SystemTime,
    life: Duration,
) -> bool {
    // A key signs for a day: a form from before midnight is still good for a while.
    let made = [Some(now), now.checked_sub(life)];
    let secret = credentials.secret_access_key();
    // Hashes, so that how long they take to compare tells nothing.
    let same = |at| Sha256::digest(sign(policy, secret, region, at)) == Sha256::digest(signature);
    let ends = || serde_json::from_slice::<Ends>(&STANDARD.decode(policy).ok()?).ok();
    made.into_iter().flatten().any(same)
        && ends().zip(timestamp(now).ok()).is_some_and(|(ends, now)| ends.expiration > now)
}

/// When a policy ends, written as [`timestamp`] writes it.
#[derive(Deserialize)]
struct Ends {
    expiration: String,
}

/// The string to sign is the policy in base64 as it is sent.
fn sign(policy: &str, secret: &str, region: &str, now: SystemTime) -> String {
    calculate_signature(generate_signing_key(secret, now, region, "s3"), policy.as_bytes())
}

/// RFC 3339, whole seconds, UTC.
fn timestamp(time: SystemTime) -> Result<String, BlobError> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    let text = DateTime::from_secs(seconds).fmt(DateTimeFormat::DateTime);
    text.map_err(|error| BlobError::Refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policy of the documentation's example, whose lines end with CR LF.
    const EXAMPLE: &str = "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",\r\n  \"conditions\": [\r\n    \
        {\"bucket\": \"sigv4examplebucket\"},\r\n    [\"starts-with\", \"$key\", \"user/user1/\"],\r\n    \
        {\"acl\": \"public-read\"},\r\n    \
        {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},\r\n    \
        [\"starts-with\", \"$Content-Type\", \"image/\"],\r\n    {\"x-amz-meta-uuid\": \"14365123651274\"},\r\n    \
        {\"x-amz-server-side-encryption\": \"AES256\"},\r\n    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],\r\n\r\n    \
        {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},\r\n    \
        {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},\r\n    {\"x-amz-date\": \"20151229T000000Z\" }\r\n  ]\r\n}";

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_documented_example_has_the_documented_signature() {
        let day = at(1_451_347_200);
        let signature =
            sign(&STANDARD.encode(EXAMPLE), "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", day);
        assert_eq!(signature, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }

    #[test]
    fn every_field_is_in_the_policy_and_the_size_is_exact() {
        let credentials = Credentials::new("AKID", "secret", Some("token".to_owned()), None, "test");
        let key = BlobKey::parse("list/token").unwrap();
        let upload = Upload { bucket: "originals", key: &key, bytes: 1_234, content_type: "image/png" };
        let fields =
            fields(&upload, &credentials, "eu-north-1", at(1_451_347_200), Duration::from_secs(900)).unwrap();
        let value = |name: &str| &fields.iter().find(|field| field.0 == name).unwrap().1;
        assert_eq!(value("x-amz-date"), "20151229T000000Z");
        assert_eq!(value("x-amz-credential"), "AKID/20151229/eu-north-1/s3/aws4_request");
        let policy: serde_json::Value =
            serde_json::from_slice(&STANDARD.decode(value("policy")).unwrap()).unwrap();
        assert_eq!(policy["expiration"], "2015-12-29T00:15:00Z");
        let conditions = policy["conditions"].as_array().unwrap();
        assert!(conditions.contains(&json!({ "bucket": "originals" })));
        assert!(conditions.contains(&json!(["content-length-range", 1_234, 1_234])));
        for (name, value) in fields.iter().filter(|(name, _)| !["policy", "x-amz-signature"].contains(name)) {
            assert!(conditions.contains(&json!(["eq", format!("${name}"), value])), "{name}");
        }
    }

    #[test]
    fn a_form_is_good_while_it_lasts_also_past_midnight() {
        let credentials = Credentials::new("AKID", "secret", None, None, "test");
        let other = Credentials::new("AKID", "another", None, None, "test");
        let key = BlobKey::parse("list/token").unwrap();
        let upload = Upload { bucket: "originals", key: &key, bytes: 5, content_type: "image/png" };
        let (made, life) = (1_451_347_200 - 60, Duration::from_secs(900));
        let fields = fields(&upload, &credentials, "eu-north-1", at(made), life).unwrap();
        let value = |name: &str| fields.iter().find(|field| field.0 == name).unwrap().1.as_str();
        let (policy, signature) = (value("policy"), value("x-amz-signature"));
        let good = |form, credentials, seconds| is_good(form, credentials, "eu-north-1", at(seconds), life);
        for seconds in [made, made + 899] {
            assert!(good((policy, signature), &credentials, seconds));
        }
        assert!(!good((policy, signature), &credentials, made + 900), "too late");
        assert!(!good((policy, signature), &other, made), "somebody else's");
        assert!(!good((signature, signature), &credentials, made), "another policy");
        assert!(!good(("", ""), &credentials, made));
    }
}
