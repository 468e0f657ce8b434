//! What a browser says of this machine, as it would say it of the API's own site, and the other way round.

use axum::http::{HeaderMap, HeaderValue, header};

use super::Address;

/// A page from here counts as one of the API's own. One from elsewhere stays what it is, and is refused there.
pub(super) fn to_api(headers: &mut HeaderMap, api: &Address) {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let here = text(header::HOST).map(|host| format!("http://{host}"));
    if here.is_some()
        && text(header::ORIGIN) == here.as_deref()
        && let Ok(origin) = HeaderValue::from_str(api.origin())
    {
        headers.insert(header::ORIGIN, origin);
    }
}

/// Cookies of a site with TLS, for a browser that has come to this machine without: not every one of them would keep
/// them here.
pub(super) fn without_tls(headers: &mut HeaderMap) {
    let header::Entry::Occupied(cookies) = headers.entry(header::SET_COOKIE) else { return };
    let (_, cookies) = cookies.remove_entry_mult();
    for cookie in cookies.collect::<Vec<_>>() {
        let kept = cookie.to_str().ok().and_then(|cookie| HeaderValue::from_str(&plain(cookie)).ok());
        headers.append(header::SET_COOKIE, kept.unwrap_or(cookie));
    }
}

fn plain(cookie: &str) -> String {
    let kept = cookie.split(';').filter(|attribute| !attribute.trim().eq_ignore_ascii_case("secure"));
    kept.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(origin: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost:8000"));
        headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        to_api(&mut headers, &"https://stack.example".parse().unwrap());
        Some(headers.get(header::ORIGIN)?.to_str().unwrap().to_owned())
    }

    #[test]
    fn only_pages_from_here_count_as_the_apis_own() {
        assert_eq!(sent("http://localhost:8000").unwrap(), "https://stack.example");
        for other in ["http://localhost:9000", "https://localhost:8000", "https://other.example", "null"] {
            assert_eq!(sent(other).unwrap(), other);
        }
    }

    #[test]
    fn a_cookie_loses_nothing_but_its_need_for_tls() {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, HeaderValue::from_static("a=1; Path=/auth; HttpOnly; Secure"));
        headers.append(header::SET_COOKIE, HeaderValue::from_static("secure=1; secure; SameSite=Strict"));
        without_tls(&mut headers);
        let cookies: Vec<_> = headers.get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; Path=/auth; HttpOnly", "secure=1; SameSite=Strict"]);
    }
}
