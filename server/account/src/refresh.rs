//! Refresh tokens: each is good once, in a way that survives a lost answer.
//!
//! A session keeps the hash of the token that was last used and of those that were given out for it. Using
//! one of the latter makes it the last used one and forgets its siblings. Showing the last used one again
//! means that the answer was lost, or that two tabs asked at once: it gets another sibling. Any other token
//! is an old one, so somebody has a copy: the session ends.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    email::Email,
    error::Code,
    id::{SessionId, UserId},
};
use platform::{Expression, Key, StorageError};
use rand::{TryRngCore, rngs::OsRng};
use sha2::{Digest, Sha256};

use crate::{
    error::AccountError,
    service::{Accounts, SignedIn},
    session::{is_alive, ttl},
};

/// Tokens that may be given out for one that is shown again and again.
const SIBLINGS: usize = 10;
/// Times that a refresh begins anew when another one of the same session came between.
const ROUNDS: usize = 5;

type Hash = [u8; 32];

/// A token: whose it is, and a secret.
pub(crate) struct RefreshToken {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    secret: [u8; 32],
}

impl RefreshToken {
    pub(crate) fn fresh(user: UserId, session: SessionId) -> Result<Self, AccountError> {
        let mut secret = [0; 32];
        OsRng.try_fill_bytes(&mut secret).map_err(|error| AccountError::Secret(error.to_string()))?;
        Ok(Self { user, session, secret })
    }

    /// What the table keeps. The secret is 256 random bits, so a plain hash can't be reversed.
    pub(crate) fn hash(&self) -> Hash {
        Sha256::digest(self.secret).into()
    }
}

impl fmt::Display for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.user, self.session, URL_SAFE_NO_PAD.encode(self.secret))
    }
}

impl FromStr for RefreshToken {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        let read = || {
            let mut parts = text.splitn(3, '.');
            let user = parts.next()?.parse().ok()?;
            let session = parts.next()?.parse().ok()?;
            let secret = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
            Some(Self { user, session, secret: secret.try_into().ok()? })
        };
        read().ok_or(Code::Unauthenticated)
    }
}

/// What showing a token leads to.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    /// The hashes to keep, without that of the token given out now.
    Next(Vec<Hash>),
    /// The token was used before and a later one too.
    Reuse,
}

/// `kept` has the last used token's hash first, unless none was used yet, and then those given out for it.
fn turn(kept: &[Hash], any_used: bool, shown: &Hash) -> Turn {
    let (used, open) = match kept.split_first() {
        Some((used, open)) if any_used => (Some(used), open),
        _ => (None, kept),
    };
    if open.contains(shown) {
        return Turn::Next(vec![*shown]);
    }
    if used == Some(shown) {
        let newest = open.len().saturating_sub(SIBLINGS - 1);
        return Turn::Next(used.into_iter().chain(open.iter().skip(newest)).copied().collect());
    }
    Turn::Reuse
}

impl Accounts {
    /// Trades a refresh token for an access token and the next refresh token.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where the text is no token; `SESSION_ENDED` where the session is gone, or ends now
    /// because an old token was shown.
    pub async fn refresh(&self, token: &str, peer: &str) -> Result<SignedIn, AccountError> {
        self.count(self.0.limits.refreshes_by_peer, peer).await?;
        let shown: RefreshToken = token.parse()?;
        let key = Key::session(shown.user, shown.session);
        for _ in 0..ROUNDS {
            let now = self.now();
            let item = self.0.table.get(&key).await?.ok_or(Code::SessionEnded)?;
            let profile = self.0.table.get(&Key::profile(shown.user)).await?.ok_or(Code::SessionEnded)?;
            if !is_alive(&item, now)? {
                return Err(Code::SessionEnded.into());
            }
            let (kept, rest) = item.bytes("tokens")?.as_chunks::<32>();
            if !rest.is_empty() {
                return Err(item.corrupt("tokens").into());
            }
            let number: u64 = item.number("turn")?;
            let Turn::Next(mut keep) = turn(kept, number > 0, &shown.hash()) else {
                tracing::warn!("a refresh token was used twice; its session ends");
                self.end_session(shown.user, shown.session).await?;
                return Err(Code::SessionEnded.into());
            };
            let next = RefreshToken::fresh(shown.user, shown.session)?;
            keep.push(next.hash());
            let update = Expression::new("SET #tokens = :tokens, #turn = :next, #seen = :now, #ttl = :ttl")
                .value("tokens", keep.concat())
                .value("next", number + 1)
                .value("now", now)
                .value("ttl", ttl(now));
            let unchanged = Expression::new("#turn = :turn").value("turn", number);
            match self.0.table.update(key.clone(), update, Some(unchanged)).await {
                Ok(_) => {
                    let email: Email = profile.parsed("email")?;
                    return self.signed_in(shown.user, shown.session, email, next.to_string());
                }
                Err(StorageError::ConditionFailed { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Code::Busy.into())
    }

    /// Ends the session of a refresh token. A token that is not good any more changes nothing.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn sign_out(&self, token: &str) -> Result<(), AccountError> {
        let Ok(shown) = token.parse::<RefreshToken>() else { return Ok(()) };
        let Some(item) = self.0.table.get(&Key::session(shown.user, shown.session)).await? else {
            return Ok(());
        };
        if item.bytes("tokens")?.as_chunks::<32>().0.contains(&shown.hash()) {
            self.end_session(shown.user, shown.session).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn hash(number: u8) -> Hash {
        [number; 32]
    }

    #[test]
    fn the_first_token_and_its_successors_each_turn_once() {
        assert_eq!(turn(&[hash(1)], false, &hash(1)), Turn::Next(vec![hash(1)]));
        assert_eq!(turn(&[hash(1), hash(2)], true, &hash(2)), Turn::Next(vec![hash(2)]));
        assert_eq!(turn(&[hash(2), hash(3)], true, &hash(1)), Turn::Reuse);
        assert_eq!(turn(&[hash(1)], false, &hash(9)), Turn::Reuse);
    }

    #[test]
    fn a_lost_answer_gives_a_sibling_and_either_may_be_used_but_not_both() {
        let after_loss = turn(&[hash(1), hash(2)], true, &hash(1));
        assert_eq!(after_loss, Turn::Next(vec![hash(1), hash(2)]));
        let kept = [hash(1), hash(2), hash(3)];
        assert_eq!(turn(&kept, true, &hash(2)), Turn::Next(vec![hash(2)]));
        assert_eq!(turn(&kept, true, &hash(3)), Turn::Next(vec![hash(3)]));
        assert_eq!(turn(&[hash(3), hash(4)], true, &hash(2)), Turn::Reuse);
        assert_eq!(turn(&[hash(3), hash(4)], true, &hash(1)), Turn::Reuse);
    }

    #[test]
    fn siblings_are_limited_and_the_oldest_goes() {
        let kept: Vec<Hash> = (0..=10).map(hash).collect();
        let Turn::Next(next) = turn(&kept, true, &hash(0)) else { panic!("the last used token is good") };
        assert_eq!(next.len(), SIBLINGS);
        assert_eq!(next[..2], [hash(0), hash(2)]);
    }

    #[test]
    fn a_token_reads_as_it_prints() {
        let token = RefreshToken::fresh(UserId::fresh(), SessionId::fresh()).unwrap();
        let read: RefreshToken = token.to_string().parse().unwrap();
        assert_eq!((read.user, read.session, read.hash()), (token.user, token.session, token.hash()));
        for text in ["", "a.b.c", &format!("{}.{}.short", token.user, token.session)] {
            assert!(text.parse::<RefreshToken>().is_err(), "{text}");
        }
    }
}
