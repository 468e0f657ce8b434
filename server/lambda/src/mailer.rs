//! Mail by SES, and mail for tests of a deployment, which is kept where they can read it.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_sesv2::{
    Client,
    error::{BuildError, DisplayErrorContext},
    types::{Body, Content, Destination, EmailContent, Message},
};
use platform::{Item, Key, Mail, MailError, Mailer, Table, Write};

use crate::{SetupError, setup::variable};

/// Nobody can have an address there (RFC 2606, section 3), so no person's mail is ever kept.
const RESERVED: &str = "@example.org";
/// How long a mail is kept, as long as the code in it is good.
const KEPT_SECONDS: i64 = 600;

/// Keeps mails to [`RESERVED`] addresses in the table, where whoever may read the table finds them; hands on all others.
/// For environments that tests run against.
pub struct Keeping<M> {
    /// Where mails are kept.
    pub table: Table,
    /// What sends the others.
    pub others: M,
}

#[async_trait]
impl<M: Mailer> Mailer for Keeping<M> {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        if !mail.to.as_str().ends_with(RESERVED) {
            return self.others.send(mail).await;
        }
        let ttl = mail.at.0.div_euclid(1_000) + KEPT_SECONDS;
        let item = Item::new(Key::kept_mail(&mail.to)).with("text", mail.text).with("ttl", ttl);
        let kept = self.table.commit(vec![Write::put(item)]).await;
        kept.map_err(|error| MailError(error.to_string()))
    }
}

/// Sends mail as the deployment's identity.
pub struct Ses {
    client: Client,
    from: String,
    configuration: String,
}

impl Ses {
    /// With the identity and the configuration set that the deployment names.
    ///
    /// # Errors
    /// Where it names none.
    pub fn new(config: &SdkConfig) -> Result<Self, SetupError> {
        Ok(Self {
            client: Client::new(config),
            from: variable("MAIL_FROM")?,
            configuration: variable("MAIL_CONFIGURATION")?,
        })
    }
}

#[async_trait]
impl Mailer for Ses {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let content = content(&mail).map_err(|error| MailError(error.to_string()))?;
        let request = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .configuration_set_name(&self.configuration);
        let to = Destination::builder().to_addresses(mail.to.to_string()).build();
        let sent = request.destination(to).content(content).send().await;
        sent.map(drop).map_err(|error| MailError(DisplayErrorContext(error).to_string()))
    }
}

fn content(mail: &Mail) -> Result<EmailContent, BuildError> {
    let text = |data: &str| Content::builder().data(data).charset("UTF-8").build();
    let body = Body::builder().text(text(&mail.text)?).build();
    let message = Message::builder().subject(text(&mail.subject)?).body(body).build();
    Ok(EmailContent::builder().simple(message).build())
}
