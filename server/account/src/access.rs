//! Access tokens: signed, short-lived, and good only as long as their session.

use domain::{
    error::Code,
    id::{SessionId, UserId},
    time::Timestamp,
};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::{error::AccountError, keys::Keys};

/// Seconds that an access token is good for.
pub const ACCESS_SECONDS: i64 = 300;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: UserId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

impl Keys {
    pub(crate) fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<String, AccountError> {
        let iat = now.0.div_euclid(1_000);
        let claims = Claims { sub: user, sid: session, iat, exp: iat + ACCESS_SECONDS };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing);
        token.map_err(|error| AccountError::Secret(error.to_string()))
    }

    /// Whose token this is, if this server signed it and it has not run out.
    pub(crate) fn read(&self, token: &str, now: Timestamp) -> Result<(UserId, SessionId), Code> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_required_spec_claims(&["exp", "sub"]);
        // By our own clock, below.
        rules.validate_exp = false;
        let token = jsonwebtoken::decode::<Claims>(token, &self.verifying, &rules);
        let claims = token.map_err(|_| Code::Unauthenticated)?.claims;
        if now.0.div_euclid(1_000) < claims.exp {
            Ok((claims.sub, claims.sid))
        } else {
            Err(Code::Unauthenticated)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_time_and_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load_or_create(&folder.path().join("a")).unwrap();
        let others = Keys::load_or_create(&folder.path().join("b")).unwrap();
        let (user, session, now) = (UserId::fresh(), SessionId::fresh(), Timestamp(1_700_000_000_000));
        let token = keys.issue(user, session, now).unwrap();
        assert_eq!(keys.read(&token, now), Ok((user, session)));
        assert_eq!(keys.read(&token, now.plus_millis(299_000)), Ok((user, session)));
        assert_eq!(keys.read(&token, now.plus_millis(300_000)), Err(Code::Unauthenticated));
        assert_eq!(others.read(&token, now), Err(Code::Unauthenticated));
        assert_eq!(keys.read("", now), Err(Code::Unauthenticated));
    }

    #[test]
    fn an_unsigned_token_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load_or_create(&folder.path().join("a")).unwrap();
        let now = Timestamp(1_700_000_000_000);
        let token = keys.issue(UserId::fresh(), SessionId::fresh(), now).unwrap();
        let (signed, _) = token.rsplit_once('.').unwrap();
        let (_, payload) = signed.split_once('.').unwrap();
        // {"alg":"none"} and {"alg":"HS256"}
        for header in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"] {
            assert_eq!(keys.read(&format!("{header}.{payload}."), now), Err(Code::Unauthenticated));
        }
        assert_eq!(keys.read(&format!("{signed}."), now), Err(Code::Unauthenticated));
    }
}
