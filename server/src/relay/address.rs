//! The address of an API.

use std::{fmt, str::FromStr};

use axum::http::{Uri, uri::Scheme};

use crate::local::is_name;

/// Where an API is: scheme, host and port, as an origin is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// Why a text is no address of an API.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvalidAddress {
    /// It is none at all, or has more than a host in it.
    #[error("it is to look like https://stack.example, with nothing behind it")]
    Form,
    /// What is sent there could be read on the way.
    #[error("only this machine may be spoken to without TLS: it is to begin with https://")]
    Open,
}

impl Address {
    /// Whether what is sent there is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// As the `Origin` of its pages.
    pub(super) fn origin(&self) -> &str {
        &self.0
    }

    /// The address of a path of it.
    pub(super) fn path(&self, path: &str) -> Result<Uri, InvalidAddress> {
        format!("{}{path}", self.0).parse().map_err(|_| InvalidAddress::Form)
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let uri: Uri = text.parse().map_err(|_| InvalidAddress::Form)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(InvalidAddress::Form);
        };
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.contains('#');
        let known = *scheme == Scheme::HTTPS || *scheme == Scheme::HTTP;
        if !bare || !known || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(InvalidAddress::Form);
        }
        if *scheme == Scheme::HTTP && !is_name(authority.host()) {
            return Err(InvalidAddress::Open);
        }
        Ok(Self(format!("{scheme}://{authority}").to_ascii_lowercase()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_origin() {
        for (text, origin) in [
            ("https://stack.example", "https://stack.example"),
            ("https://Stack.Example/", "https://stack.example"),
            ("https://stack.example:8443", "https://stack.example:8443"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), origin);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let none = ["", "stack.example", "/graphql", "https://", "https:///", "ftp://stack.example"];
        let more = [
            "https://stack.example/graphql",
            "https://stack.example/?a",
            "https://stack.example/#a",
            "https://me:secret@stack.example",
            "https://stack example",
        ];
        for text in none.into_iter().chain(more) {
            assert_eq!(text.parse::<Address>(), Err(InvalidAddress::Form), "{text}");
        }
        for text in ["http://stack.example", "http://localhost.example", "http://192.168.1.5:8000"] {
            assert_eq!(text.parse::<Address>(), Err(InvalidAddress::Open), "{text}");
        }
    }
}
