//! Signing in with a code that is sent by mail; the first sign-in makes the account.

use domain::{
    email::Email,
    error::Code,
    id::{SessionId, UserId},
};
use platform::{Expression, Item, Key, Mail, StorageError, Write};
use rand::{TryRngCore, rngs::OsRng};

use crate::{
    error::AccountError,
    refresh::RefreshToken,
    service::{Accounts, SignedIn},
    session::{self, device_name},
};

/// How long a code is good for.
const CODE_MINUTES: i64 = 10;
/// Times that a code may be tried.
const TRIES: u32 = 5;
/// Times that a sign-in begins anew when another one of the same address came between.
const ROUNDS: usize = 3;

impl Accounts {
    /// Sends a code to the address, whether or not there is an account: the caller learns nothing.
    /// A code that was sent before no longer works.
    ///
    /// # Errors
    /// Where this address or this peer asked too often, or mail can't be sent.
    pub async fn request_code(&self, email: &Email, peer: &str) -> Result<(), AccountError> {
        let limits = self.0.limits;
        self.count(limits.codes_by_peer, peer).await?;
        self.count(limits.codes_to_address, email.as_str()).await?;
        let code = fresh_code()?;
        let now = self.now();
        let until = now.plus_millis(CODE_MINUTES * 60_000);
        let item = Item::new(Key::code(email))
            .with("hash", self.hash(email, &code)?)
            .with("tries", 0_u32)
            .with("until", until)
            .with("ttl", until.0.div_euclid(1_000));
        self.0.table.put(item, None).await?;
        let text = format!(
            "Your code for Stack is {code}.\n\nIt works for {CODE_MINUTES} minutes. If you did not ask for it, \
             ignore this mail: without the code nobody gets in."
        );
        let subject = format!("{code} is your code for Stack");
        Ok(self.0.mailer.send(Mail { to: email.clone(), subject, text, at: now }).await?)
    }

    /// Trades a code for a session on a device of this name.
    ///
    /// # Errors
    /// `WRONG_CODE`; `EXPIRED_CODE` where it is old, used or was tried too often; `RATE_LIMITED` by peer.
    pub async fn verify_code(
        &self,
        email: &Email,
        code: &str,
        device: &str,
        peer: &str,
    ) -> Result<SignedIn, AccountError> {
        self.count(self.0.limits.tries_by_peer, peer).await?;
        let hash = self.take_try(email, code).await?;
        for _ in 0..ROUNDS {
            match self.open_session(email, &hash, device).await {
                Err(AccountError::Storage(StorageError::ConditionFailed { failed })) => {
                    // The first write spends the code: another request was quicker.
                    if failed.contains(&0) {
                        return Err(Code::ExpiredCode.into());
                    }
                }
                done => return done,
            }
        }
        Err(Code::Busy.into())
    }

    /// Counts the try first, so that guesses made at the same moment all count, and compares then.
    async fn take_try(&self, email: &Email, code: &str) -> Result<Vec<u8>, AccountError> {
        let key = Key::code(email);
        let sent = self.0.table.get(&key).await?.ok_or(Code::ExpiredCode)?;
        let hash = sent.bytes("hash")?.to_vec();
        if sent.time("until")? <= self.now() {
            return Err(Code::ExpiredCode.into());
        }
        let update = Expression::new("ADD #tries :one").value("one", 1_u32);
        let left = Expression::new("#tries < :all AND #hash = :hash")
            .value("all", TRIES)
            .value("hash", hash.clone());
        match self.0.table.update(key, update, Some(left)).await {
            Ok(_) => {}
            Err(StorageError::ConditionFailed { .. }) => return Err(Code::ExpiredCode.into()),
            Err(error) => return Err(error.into()),
        }
        // Both are keyed hashes, so how long the comparison takes tells nothing about the code.
        if self.hash(email, code)? == hash { Ok(hash) } else { Err(Code::WrongCode.into()) }
    }

    /// Spends the code and makes the session, and the account where there is none, in one transaction.
    async fn open_session(&self, email: &Email, hash: &[u8], device: &str) -> Result<SignedIn, AccountError> {
        let now = self.now();
        let spent = Expression::new("#hash = :hash").value("hash", hash.to_vec());
        let mut writes = vec![Write::Delete { key: Key::code(email), condition: Some(spent) }];
        let account = self.0.table.get(&Key::account(email)).await?;
        let user = match account {
            Some(account) => {
                let user: UserId = account.parsed("user")?;
                let same = Expression::new("#user = :user").value("user", user.to_string());
                writes.push(Write::Check { key: Key::account(email), condition: same });
                user
            }
            None => {
                let user = UserId::fresh();
                writes.push(Write::create(Item::new(Key::account(email)).with("user", user.to_string())));
                let profile = Item::new(Key::profile(user))
                    .with("email", email.as_str())
                    .with("created", now)
                    .with("lists", 0_u32);
                writes.push(Write::create(profile));
                user
            }
        };
        let session = SessionId::fresh();
        let token = RefreshToken::fresh(user, session)?;
        writes.push(Write::create(session::item(&token, &device_name(device), now)));
        self.0.table.commit(writes).await?;
        self.signed_in(user, session, email.clone(), token.to_string())
    }

    fn hash(&self, email: &Email, code: &str) -> Result<Vec<u8>, AccountError> {
        let hash = self.0.keys.hash_code(email.as_str(), code);
        hash.map(Vec::from).ok_or_else(|| AccountError::Secret("no hash".to_owned()))
    }
}

/// Six digits, each code as likely as any other.
fn fresh_code() -> Result<String, AccountError> {
    const CODES: u32 = 1_000_000;
    loop {
        let number = OsRng.try_next_u32().map_err(|error| AccountError::Secret(error.to_string()))?;
        // Numbers past the last full million would make low codes likelier.
        if number < u32::MAX - u32::MAX % CODES {
            return Ok(format!("{:06}", number % CODES));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits() {
        for _ in 0..100 {
            let code = fresh_code().unwrap();
            assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
    }
}
