//! Mail to people, as a port. The embedded adapter sends nothing: it keeps the mails for the mailbox page and
//! prints them to the terminal, so that trying the product needs no mail server.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{email::Email, time::Timestamp};
use serde::Serialize;

/// Mails that the embedded mailbox keeps; older ones go.
const KEPT: usize = 100;

/// A mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Who gets it.
    pub to: Email,
    /// Its subject line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub at: Timestamp,
}

/// The mail could not be handed over; nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the mail was not sent: {0}")]
pub struct MailError(pub String);

/// Sends mail.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands a mail over for delivery.
    async fn send(&self, mail: Mail) -> Result<(), MailError>;
}

/// The embedded adapter; clones share the mails.
#[derive(Debug, Clone, Default)]
pub struct Mailbox {
    mails: Arc<Mutex<VecDeque<Mail>>>,
    quiet: bool,
}

impl Mailbox {
    /// A mailbox that does not print to the terminal.
    #[must_use]
    pub fn quiet() -> Self {
        Self { quiet: true, ..Self::default() }
    }

    /// The mails that are kept, the latest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.iter().rev().cloned().collect()
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        if !self.quiet {
            // Not a log line: in the embedded stack the terminal is where this mail arrives.
            eprintln!("✉ to {}: {}\n{}\n", mail.to, mail.subject, mail.text);
        }
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push_back(mail);
        if mails.len() > KEPT {
            mails.pop_front();
        }
        Ok(())
    }
}
