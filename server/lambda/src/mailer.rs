//! Mail by SES.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_sesv2::{
    Client,
    error::{BuildError, DisplayErrorContext},
    types::{Body, Content, Destination, EmailContent, Message},
};
use platform::{Mail, MailError, Mailer};

use crate::{SetupError, setup::variable};

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
