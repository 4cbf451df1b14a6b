//! The claims that every token has.

use serde::{Deserialize, Deserializer, Serialize};

/// The registered claims. Spec: RFC 7519 §4.1. Times are whole seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// For whom it is; empty when it does not say.
    #[serde(default, skip_serializing_if = "Audience::is_empty")]
    pub aud: Audience,
    /// When it ends.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it begins.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// When it was made.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

/// One name or a list of names, as JSON writes either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(pub Vec<String>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Audience {
    /// One name.
    #[must_use]
    pub fn one(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    /// Whether it names `name`.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.0.iter().any(|own| own == name)
    }

    /// Whether it names nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Audience {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(to),
            more => more.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(match OneOrMore::deserialize(from)? {
            OneOrMore::One(name) => Self(vec![name]),
            OneOrMore::More(names) => Self(names),
        })
    }
}

/// Whole seconds; a fraction is dropped. Spec: RFC 7519 §2, NumericDate.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let Some(number) = Option::<serde_json::Number>::deserialize(from)? else { return Ok(None) };
    let whole = number.as_i64().or_else(|| format!("{:.0}", number.as_f64()?.floor()).parse().ok());
    whole.map(Some).ok_or_else(|| serde::de::Error::custom("not a time"))
}

/// What a reader asks of a token's claims.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Who must have made it.
    pub issuer: &'a str,
    /// Who it must be for.
    pub audience: &'a str,
    /// The present, in seconds since 1970.
    pub now: i64,
    /// By how many seconds clocks may differ.
    pub leeway: i64,
    /// How long a token may live at most, in seconds.
    pub longest: i64,
}

/// Why claims are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsError {
    /// Made by another, or it does not say by whom.
    #[error("the token is of another issuer")]
    Issuer,
    /// For another, or it does not say for whom.
    #[error("the token is for another")]
    Audience,
    /// Past its end, or it has none.
    #[error("the token has ended")]
    Ended,
    /// Not begun, or made in the future.
    #[error("the token has not begun")]
    NotYet,
    /// It lives longer than is allowed.
    #[error("the token lives too long")]
    TooLong,
}

impl Claims {
    /// Checks issuer, audience and times: `exp` must be there, `nbf` and `iat` hold if there.
    ///
    /// # Errors
    /// [`ClaimsError`], the first that applies.
    pub fn check(&self, wanted: Wanted<'_>) -> Result<(), ClaimsError> {
        if self.iss.as_deref() != Some(wanted.issuer) {
            return Err(ClaimsError::Issuer);
        }
        if !self.aud.names(wanted.audience) {
            return Err(ClaimsError::Audience);
        }
        self.check_times(wanted.now, wanted.leeway, wanted.longest)
    }

    /// Checks the times only.
    ///
    /// # Errors
    /// [`ClaimsError::Ended`], [`ClaimsError::NotYet`] or [`ClaimsError::TooLong`].
    pub fn check_times(&self, now: i64, leeway: i64, longest: i64) -> Result<(), ClaimsError> {
        let exp = self.exp.ok_or(ClaimsError::Ended)?;
        if exp.saturating_add(leeway) <= now {
            return Err(ClaimsError::Ended);
        }
        let begins = [self.nbf, self.iat].into_iter().flatten().max();
        if begins.is_some_and(|begin| begin.saturating_sub(leeway) > now) {
            return Err(ClaimsError::NotYet);
        }
        let life = exp.saturating_sub(self.iat.unwrap_or(now));
        if life > longest.saturating_add(leeway) { Err(ClaimsError::TooLong) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WANTED: Wanted<'_> =
        Wanted { issuer: "id", audience: "bank", now: 1000, leeway: 5, longest: 300 };

    fn claims(json: &str) -> Claims {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn good_claims_pass_with_one_audience_or_more() {
        let one = claims(r#"{"iss":"id","aud":"bank","iat":990,"nbf":1003,"exp":1100,"x":1}"#);
        assert_eq!(one.check(WANTED), Ok(()));
        let more = claims(r#"{"iss":"id","aud":["shop","bank"],"iat":990.7,"exp":1100}"#);
        assert_eq!(more.check(WANTED), Ok(()));
        assert_eq!(more.iat, Some(990));
        assert_eq!(serde_json::to_value(&one).unwrap()["aud"], "bank");
    }

    #[test]
    fn other_claims_are_refused() {
        for (json, why) in [
            (r#"{"aud":"bank","exp":1100}"#, ClaimsError::Issuer),
            (r#"{"iss":"ID","aud":"bank","exp":1100}"#, ClaimsError::Issuer),
            (r#"{"iss":"id","exp":1100}"#, ClaimsError::Audience),
            (r#"{"iss":"id","aud":["shop"],"exp":1100}"#, ClaimsError::Audience),
            (r#"{"iss":"id","aud":"bank"}"#, ClaimsError::Ended),
            (r#"{"iss":"id","aud":"bank","exp":995}"#, ClaimsError::Ended),
            (r#"{"iss":"id","aud":"bank","exp":1100,"nbf":1006}"#, ClaimsError::NotYet),
            (r#"{"iss":"id","aud":"bank","exp":1100,"iat":1006}"#, ClaimsError::NotYet),
            (r#"{"iss":"id","aud":"bank","exp":1400,"iat":1000}"#, ClaimsError::TooLong),
            (r#"{"iss":"id","aud":"bank","exp":9223372036854775807}"#, ClaimsError::TooLong),
        ] {
            assert_eq!(claims(json).check(WANTED), Err(why), "{json}");
        }
    }

    #[test]
    fn times_that_are_none_are_refused() {
        for json in [r#"{"exp":"1"}"#, r#"{"exp":1e300}"#, r#"{"exp":{}}"#, r#"{"aud":1}"#] {
            assert!(serde_json::from_str::<Claims>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn any_times_are_checked_without_panic(
            exp in any::<Option<i64>>(), iat in any::<Option<i64>>(), now in any::<i64>()
        ) {
            let _ = Claims { exp, iat, ..Claims::default() }.check_times(now, 5, 300);
        }
    }
}
