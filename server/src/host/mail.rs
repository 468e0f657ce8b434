//! `GET /dev/mail`: the mails that the embedded mailbox keeps, for whoever sits at this machine.

use std::{fmt::Write as _, net::SocketAddr};

use account::error_response;
use axum::{
    Json,
    extract::{ConnectInfo, Query, State},
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Response},
};
use domain::error::Code;
use platform::Mail;
use serde::Deserialize;

use super::Stack;
use crate::local::is_asked_by_name;

#[derive(Deserialize)]
pub(super) struct Format {
    format: Option<String>,
}

pub(super) async fn mail(
    State(stack): State<Stack>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(Format { format }): Query<Format>,
    headers: HeaderMap,
) -> Response {
    if !is_local(peer, &headers) {
        return error_response(Code::NotFound);
    }
    let mails = stack.mailbox.mails();
    if format.as_deref() == Some("json") {
        return Json(mails).into_response();
    }
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page(&mails))).into_response()
}

/// The peer must be this machine, not a proxy on it, and the browser must have gone to this machine by name: a
/// site that has its own name point here must not read the codes.
fn is_local(peer: SocketAddr, headers: &HeaderMap) -> bool {
    let proxied = ["forwarded", "x-forwarded-for"].iter().any(|name| headers.contains_key(*name));
    peer.ip().to_canonical().is_loopback() && is_asked_by_name(headers) && !proxied
}

fn page(mails: &[Mail]) -> String {
    let mut list = String::new();
    for mail in mails {
        // Writing to a string can't fail.
        let _ = write!(
            list,
            "<article><h2>{}</h2><p>to {}</p><pre>{}</pre></article>",
            escape(&mail.subject),
            escape(mail.to.as_str()),
            escape(&mail.text)
        );
    }
    if list.is_empty() {
        list.push_str("<p>No mail yet. Ask for a sign-in code, and it arrives here.</p>");
    }
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>\
         <meta name=viewport content=\"width=device-width\"><title>Mail · Stack</title>\
         <style>:root{{color-scheme:light dark;font:1rem/1.5 system-ui}}body{{max-width:40rem;margin:2rem auto;\
         padding:0 1rem}}article{{border-top:1px solid #8884}}h1,h2{{font-size:1.1rem}}pre{{white-space:pre-wrap;\
         font:inherit}}</style><h1>Mail sent by this server</h1>{list}"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_this_machine_by_its_own_name() {
        let local = "127.0.0.1:5000".parse().unwrap();
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            let pair = |&(name, value): &(&'static str, &'static str)| {
                (header::HeaderName::from_static(name), HeaderValue::from_static(value))
            };
            pairs.iter().map(pair).collect()
        };
        assert!(is_local(local, &headers(&[("host", "localhost:8000")])));
        assert!(is_local("[::1]:5000".parse().unwrap(), &headers(&[("host", "[::1]:8000")])));
        assert!(!is_local(local, &headers(&[("host", "evil.example:8000")])));
        assert!(!is_local(local, &headers(&[("host", "localhost"), ("x-forwarded-for", "203.0.113.9")])));
        assert!(!is_local(local, &headers(&[])));
        assert!(!is_local("203.0.113.9:5000".parse().unwrap(), &headers(&[("host", "localhost")])));
    }
}
