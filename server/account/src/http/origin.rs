//! Requests that a browser makes for another site are refused: beside the cookie's `SameSite`, the second lock
//! on routes that act on a cookie. Programs that are no browsers send neither header and carry no cookie that
//! somebody else could misuse.

use axum::{
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::Code;

use super::error::Refusal;

pub(super) async fn same_site_only(request: Request, next: Next) -> Response {
    if is_ours(request.headers()) {
        return next.run(request).await;
    }
    let message = "This request came from another site.";
    Refusal { code: Code::Forbidden, message, retry_after: None }.into_response()
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let fetched_by_us = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = text(header::ORIGIN.as_str());
    let sent_by_us = origin.is_none_or(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_some() && authority == text(header::HOST.as_str())
    });
    fetched_by_us && sent_by_us
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn our_pages_and_programs_may_and_other_sites_may_not() {
        let ours = [
            &[("host", "a.example")][..],
            &[("host", "a.example"), ("origin", "https://a.example"), ("sec-fetch-site", "same-origin")],
            &[("host", "localhost:3000"), ("origin", "http://localhost:3000")],
        ];
        for pairs in ours {
            assert!(is_ours(&headers(pairs)), "{pairs:?}");
        }
        let others = [
            &[("host", "a.example"), ("origin", "https://b.example")][..],
            &[("host", "a.example"), ("origin", "null")],
            &[("host", "a.example"), ("origin", "https://a.example.b.example")],
            &[("host", "a.example"), ("sec-fetch-site", "cross-site")],
            &[("host", "a.example"), ("sec-fetch-site", "same-site"), ("origin", "https://x.a.example")],
            &[("host", "localhost:3000"), ("origin", "http://localhost:4000")],
            &[("origin", "https://a.example")],
        ];
        for pairs in others {
            assert!(!is_ours(&headers(pairs)), "{pairs:?}");
        }
    }
}
