//! The refresh cookie.

use axum::http::{HeaderMap, header, uri::Authority};

use crate::session::IDLE_DAYS;

const NAME: &str = "stack_refresh";

/// The refresh token that came with a request.
pub(super) fn refresh_token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// The cookie that keeps a token.
pub(super) fn fresh(headers: &HeaderMap, token: &str) -> String {
    cookie(headers, token, IDLE_DAYS * 86_400)
}

/// The cookie that removes it.
pub(super) fn gone(headers: &HeaderMap) -> String {
    cookie(headers, "", 0)
}

fn cookie(headers: &HeaderMap, value: &str, max_age: i64) -> String {
    // Plain HTTP to this very machine is the one place where a browser would not give a secure cookie back.
    let secure = if is_loopback(headers) { "" } else { "; Secure" };
    format!("{NAME}={value}; Path=/auth; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}")
}

fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn host(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(name))])
    }

    #[test]
    fn only_a_loopback_cookie_may_go_without_tls() {
        for name in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost"] {
            assert_eq!(
                fresh(&host(name), "t"),
                "stack_refresh=t; Path=/auth; Max-Age=15552000; HttpOnly; SameSite=Strict",
            );
        }
        for name in ["stack.example", "192.168.1.5:3000", "localhost.example", "127.0.0.1.example"] {
            assert!(fresh(&host(name), "t").ends_with("; Secure"), "{name}");
        }
        assert!(fresh(&HeaderMap::new(), "t").ends_with("; Secure"));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xstack_refresh=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2;stack_refresh=u.s.t; c=3"));
        assert_eq!(refresh_token(&headers), Some("u.s.t"));
        assert_eq!(refresh_token(&HeaderMap::new()), None);
    }
}
