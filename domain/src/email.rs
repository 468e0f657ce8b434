//! E-mail addresses as accounts know them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::limits::EMAIL_CHARS;

/// An e-mail address in its one spelling: no space around it, ASCII letters in lower case. Two addresses
/// that are equal belong to one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// The text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl Email {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// Only the shape is looked at; whether the address is somebody's shows when mail arrives there.
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim().to_ascii_lowercase();
        let (local, host) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        // `<`, `>`, `"`, `,` and the like are either quoting, which hardly any provider gives out, or an
        // attempt to slip a second address or a header into the mail.
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:\"@".contains(c);
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && part.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let local_fits = (1..=64).contains(&local.len())
            && local.chars().all(plain)
            && local.split('.').all(|atom| !atom.is_empty());
        let host_fits = host.contains('.') && host.split('.').all(label);
        if local_fits && host_fits && text.chars().count() <= EMAIL_CHARS {
            Ok(Self(text))
        } else {
            Err(InvalidEmail)
        }
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_spelling() {
        assert_eq!(" Ada.L+todo@Example.COM ".parse::<Email>().unwrap().as_str(), "ada.l+todo@example.com");
        assert_eq!("jürgen@bücher.example".parse::<Email>().unwrap().as_str(), "jürgen@bücher.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "a da@example.com",
            "ada@exa mple.com",
            "ada@@example.com",
            "ada@example..com",
            ".ada@example.com",
            "ada@-example.com",
            "ada@example.com,eve@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "<ada@example.com>",
            long.as_str(),
        ] {
            assert_eq!(text.parse::<Email>(), Err(InvalidEmail), "{text:?}");
        }
    }
}
