//! What a host needs to know to serve the site's folder: `hosting.json` in it, read here and by the CDN's set-up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The file's name in the site's folder.
pub const FILE: &str = "hosting.json";

/// Folder of the files that are named by their content: they may be cached for good.
pub const ASSETS: &str = "assets/";

/// How the site's folder is to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hosting {
    /// Which file serves which addresses.
    pub pages: Vec<Page>,
    /// The file for every other address, sent with status 404.
    pub not_found: String,
    /// Headers of every response.
    pub headers: BTreeMap<String, String>,
}

/// One prerendered file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// `/today`, or a pattern: `:list` in `/lists/:list` stands for any one segment.
    pub route: String,
    /// The file's path in the site's folder.
    pub file: String,
}

impl Page {
    /// Whether this page serves the path.
    #[must_use]
    pub fn serves(&self, path: &str) -> bool {
        let mut given = path.trim_matches('/').split('/');
        let mut wanted = self.route.trim_matches('/').split('/');
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) if wanted == given => {}
                (Some(wanted), Some(given)) if wanted.starts_with(':') && !given.is_empty() => {}
                _ => return false,
            }
        }
    }
}

/// The headers of every response, for pages that hold these inline scripts (as CSP hash sources).
///
/// `Strict-Transport-Security` is not among them: it is for a host that speaks TLS to add.
#[must_use]
pub fn headers(script_hashes: &[String], more_connections: &[String]) -> BTreeMap<String, String> {
    let scripts = script_hashes.iter().map(|hash| format!(" '{hash}'")).collect::<String>();
    let connections = more_connections.iter().map(|source| format!(" {source}")).collect::<String>();
    let policy = [
        "default-src 'self'".to_owned(),
        // The client is wasm; nothing may be evaluated as JavaScript.
        format!("script-src 'self' 'wasm-unsafe-eval'{scripts}"),
        // 'self' covers the WebSocket of the same origin.
        format!("connect-src 'self'{connections}"),
        "img-src 'self' data: blob:".to_owned(),
        // Videos that were just picked, and streams put together by a script, are `blob:`.
        "media-src 'self' blob:".to_owned(),
        "object-src 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'self'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
    ]
    .join("; ");
    [
        ("content-security-policy", policy.as_str()),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// The directive that says where pages may connect to.
const CONNECT: &str = "connect-src ";

/// A content security policy that lets pages connect to these origins too.
#[must_use]
pub fn connecting(policy: &str, origins: &[String]) -> String {
    let directives = policy.split("; ").map(|directive| {
        if directive.starts_with(CONNECT) && !origins.is_empty() {
            format!("{directive} {}", origins.join(" "))
        } else {
            directive.to_owned()
        }
    });
    directives.collect::<Vec<_>>().join("; ")
}

/// The origins that a content security policy lets pages connect to, besides their own.
#[must_use]
pub fn connections(policy: &str) -> Vec<String> {
    let sources = policy.split(';').find_map(|directive| directive.trim().strip_prefix(CONNECT));
    let origins = sources.unwrap_or_default().split_whitespace();
    origins.filter(|source| source.contains("://")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(route: &str) -> Page {
        Page { route: route.into(), file: String::new() }
    }

    #[test]
    fn a_parameter_stands_for_exactly_one_segment() {
        let list = page("/lists/:list");
        assert!(list.serves("/lists/1"));
        assert!(list.serves("/lists/1/"));
        for path in ["/lists", "/lists/", "/lists/1/2", "/list/1", "/"] {
            assert!(!list.serves(path), "{path}");
        }
    }

    #[test]
    fn the_root_serves_itself_alone() {
        assert!(page("/").serves("/"));
        assert!(!page("/").serves("/today"));
    }

    #[test]
    fn pages_may_connect_to_what_a_host_adds_and_nothing_else_changes() {
        let built = headers(&["sha256-x".into()], &[]);
        let policy = &built["content-security-policy"];
        assert_eq!(connections(policy), [] as [String; 0]);
        assert_eq!(connecting(policy, &[]), *policy);
        let bucket = "https://files.s3.eu-west-1.amazonaws.com".to_owned();
        let more = connecting(policy, std::slice::from_ref(&bucket));
        assert_eq!(more.replace(&format!(" {bucket}"), ""), *policy);
        assert_eq!(connections(&more), [bucket]);
    }
}
