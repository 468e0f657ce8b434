//! The site as a browser asks for it.

use super::*;
use crate::hosting::Page;

const SCRIPT: &str = "/assets/app.0123.js";

fn site() -> (tempfile::TempDir, Site) {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::write(dir.path().join("outside.txt"), "secret").unwrap();
    let page = |route: &str, file: &str| Page { route: route.into(), file: file.into() };
    let hosting = Hosting {
        pages: vec![page("/", "index.html"), page("/lists/:list", "lists/_list.html")],
        not_found: "404.html".into(),
        headers: hosting::headers(&["sha256-x".into()], &[]),
    };
    let hosting = serde_json::to_string(&hosting).unwrap();
    let files = [
        ("hosting.json", hosting.as_str()),
        ("index.html", "start"),
        ("index.html.br", "start, brotli"),
        ("lists/_list.html", "a list"),
        ("404.html", "nothing here"),
        ("sw.js", "worker"),
        ("assets/app.0123.js", "script"),
        ("assets/app.0123.js.br", "script, brotli"),
        ("assets/app.0123.js.gz", "script, gzip"),
    ];
    for (name, content) in files {
        let path = site.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let loaded = Site::load(&site).unwrap();
    (dir, loaded)
}

fn get(site: &Site, path: &str, headers: &[(HeaderName, &str)]) -> Response {
    let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
    site.respond(&Method::GET, path, &headers)
}

async fn text(response: Response) -> String {
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.into()).unwrap()
}

#[tokio::test]
async fn a_deep_link_gets_the_shell_of_its_route() {
    let (_dir, site) = site();
    let response = get(&site, "/lists/0198c0de", &[]);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(text(response).await, "a list");
}

#[tokio::test]
async fn an_unknown_address_gets_the_not_found_page_with_its_status() {
    let (_dir, site) = site();
    let outside =
        ["/nowhere", "/lists", "/lists/1/2/3", "/../outside.txt", "/%2e%2e/outside.txt", "//etc/passwd"];
    for path in outside.into_iter().chain(["/hosting.json", "/assets", "/assets/app.0123.js.br"]) {
        let response = get(&site, path, &[]);
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(text(response).await, "nothing here", "{path}");
    }
}

#[tokio::test]
async fn the_smallest_form_that_the_browser_takes_is_sent() {
    let (_dir, site) = site();
    let cases = [
        ("gzip, deflate, br", Some("br"), "script, brotli"),
        ("gzip;q=1.0, br;q=0", Some("gzip"), "script, gzip"),
        ("BR", Some("br"), "script, brotli"),
        ("brotli", None, "script"),
        ("", None, "script"),
    ];
    for (accepted, coding, body) in cases {
        let response = get(&site, SCRIPT, &[(ACCEPT_ENCODING, accepted)]);
        let sent = response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(sent.as_deref(), coding, "{accepted}");
        assert_eq!(response.headers()[VARY], "accept-encoding");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(text(response).await, body, "{accepted}");
    }
}

#[test]
fn only_files_named_by_their_content_are_cached_for_good() {
    let (_dir, site) = site();
    assert!(get(&site, SCRIPT, &[]).headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    for path in ["/", "/sw.js", "/lists/1", "/nowhere"] {
        assert_eq!(get(&site, path, &[]).headers()[CACHE_CONTROL], "no-cache", "{path}");
    }
}

#[test]
fn what_the_browser_has_is_not_sent_again() {
    let (_dir, site) = site();
    let first = get(&site, "/", &[(ACCEPT_ENCODING, "br")]);
    let tag = first.headers()[ETAG].to_str().unwrap();

    let again = get(&site, "/", &[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, tag)]);
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.headers()[ETAG], tag);

    let other_form = get(&site, "/", &[(IF_NONE_MATCH, tag)]);
    assert_eq!(other_form.status(), StatusCode::OK);
    let not_found = get(&site, "/nowhere", &[(IF_NONE_MATCH, "*")]);
    assert_eq!(not_found.status(), StatusCode::NOT_FOUND);
}

#[test]
fn every_answer_has_the_security_headers() {
    let (_dir, site) = site();
    for path in ["/", SCRIPT, "/nowhere"] {
        let response = get(&site, path, &[]);
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("'sha256-x'"), "{policy}");
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(!response.headers().contains_key(STRICT_TRANSPORT_SECURITY));
    }
    let over_tls = get(&site, "/", &[(HeaderName::from_static("x-forwarded-proto"), "https")]);
    assert!(over_tls.headers().contains_key(STRICT_TRANSPORT_SECURITY));
}

#[test]
fn the_site_can_only_be_read() {
    let (_dir, site) = site();
    let response = site.respond(&Method::POST, "/", &HeaderMap::new());
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[ALLOW], "GET, HEAD");
}

#[test]
fn a_folder_that_is_not_a_whole_site_is_refused() {
    let (dir, _site) = site();
    fs::remove_file(dir.path().join("site/404.html")).unwrap();
    assert!(matches!(Site::load(&dir.path().join("site")), Err(SiteError::Hosting(_))));
    assert!(matches!(Site::load(&dir.path().join("nowhere")), Err(SiteError::Read { .. })));
}
