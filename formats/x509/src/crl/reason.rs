//! Why a certificate was revoked.

use crate::tlv::{self, ENUMERATED, Malformed};

/// Why a certificate was revoked. Spec: RFC 5280 §5.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not said.
    Unspecified,
    /// The key is in other hands.
    KeyCompromise,
    /// The authority's key is in other hands.
    AuthorityCompromise,
    /// What the certificate says of its subject has changed.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It is suspended, and may come back.
    Hold,
    /// It came back: in delta lists only.
    RemovedFromList,
    /// A right in it was withdrawn.
    PrivilegeWithdrawn,
    /// The attribute authority's key is in other hands.
    AttributeAuthorityCompromise,
}

impl Reason {
    const ALL: [(u8, Self); 10] = [
        (0, Self::Unspecified),
        (1, Self::KeyCompromise),
        (2, Self::AuthorityCompromise),
        (3, Self::AffiliationChanged),
        (4, Self::Superseded),
        (5, Self::CessationOfOperation),
        (6, Self::Hold),
        (8, Self::RemovedFromList),
        (9, Self::PrivilegeWithdrawn),
        (10, Self::AttributeAuthorityCompromise),
    ];

    /// Its number in `CRLReason`.
    #[must_use]
    pub fn code(self) -> u8 {
        Self::ALL.iter().find(|(_, reason)| *reason == self).map_or(0, |(code, _)| *code)
    }

    /// The reason with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == code).map(|(_, reason)| *reason)
    }

    /// Reads the whole `ENUMERATED`.
    pub(crate) fn parse(der: &[u8]) -> Result<Self, Malformed> {
        match tlv::single(der, ENUMERATED)?.value {
            [code] => Self::from_code(*code).ok_or(Malformed("a reason of revocation")),
            _ => Err(Malformed("a reason of revocation")),
        }
    }

    pub(crate) fn der(self) -> Vec<u8> {
        tlv::tlv(ENUMERATED, &[self.code()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_as_written_and_seven_is_none() {
        for (code, reason) in Reason::ALL {
            assert_eq!(Reason::parse(&reason.der()), Ok(reason));
            assert_eq!(reason.code(), code);
        }
        assert!(Reason::parse(&[ENUMERATED, 1, 7]).is_err());
    }
}
