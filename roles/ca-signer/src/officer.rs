//! Whose approvals count: officers' keys, their roles, and until when (R48, R49).

use base::Time;
use pki_contract::SignerRefusal;
use store::{StoreError, Tx, values};

use crate::failed::Failed;

/// A trusted role. Spec: EN 319 401 §7.2, CEN/TS 419 261.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Answers for security: standing approvals, other officers.
    SecurityOfficer,
    /// Installs and configures.
    SystemAdministrator,
    /// Runs it from day to day.
    Operator,
    /// Reads the records.
    Auditor,
    /// Approves certificates.
    RegistrationOfficer,
    /// Approves changes of status.
    RevocationOfficer,
}

/// One grant of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub role: Role,
    /// Until when.
    pub until: Time,
}

/// An officer as they are entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// What records name them by.
    pub name: String,
    /// Who they are: two accounts of one holder never count as two.
    pub holder: String,
    /// The key of their desk or command line, SPKI (P-256).
    pub spki: Vec<u8>,
    /// What they may do.
    pub grants: Vec<Grant>,
}

/// Why an officer is not entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfficerError {
    /// The key cannot sign approvals.
    #[error("not a key of P-256")]
    Key,
    /// Two roles that one person may not hold.
    #[error("these roles may not be held by one person")]
    Incompatible,
}

impl Role {
    const ALL: [(Self, &str); 6] = [
        (Self::SecurityOfficer, "security-officer"),
        (Self::SystemAdministrator, "system-administrator"),
        (Self::Operator, "operator"),
        (Self::Auditor, "auditor"),
        (Self::RegistrationOfficer, "registration-officer"),
        (Self::RevocationOfficer, "revocation-officer"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(role, _)| *role == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(role, _)| *role)
    }

    /// Whether one person may hold both: who audits does nothing else, and who administers the
    /// machines does not answer for security. Spec: CEN/TS 419 261 §6.1.
    #[must_use]
    pub fn fits(self, other: Self) -> bool {
        let apart =
            |one: Self, two: Self| (self == one && other == two) || (self == two && other == one);
        let audits = (self == Self::Auditor || other == Self::Auditor) && self != other;
        !audits && !apart(Self::SystemAdministrator, Self::SecurityOfficer)
    }
}

impl Officer {
    /// What names their key: its RFC 7638 thumbprint.
    ///
    /// # Errors
    /// [`OfficerError::Key`].
    pub fn thumbprint(&self) -> Result<String, OfficerError> {
        match jose::jwk::Key::from_spki(&self.spki) {
            Ok(key @ jose::jwk::Key::P256(_)) => Ok(jose::base64url(&key.thumbprint())),
            _ => Err(OfficerError::Key),
        }
    }

    pub(crate) fn check(&self) -> Result<String, OfficerError> {
        let roles = || self.grants.iter().map(|grant| grant.role);
        let fit = roles().all(|one| roles().all(|other| one.fits(other)));
        if fit { self.thumbprint() } else { Err(OfficerError::Incompatible) }
    }

    pub(crate) fn enter(&self, key: &str, tx: &mut Tx) -> Result<(), StoreError> {
        tx.insert(
            "INSERT INTO ca_signer_officer (key, name, holder, spki) VALUES ($1, $2, $3, $4)",
            values![key, &self.name, &self.holder, &self.spki],
        )?;
        self.grant(key, tx)
    }

    pub(crate) fn grant(&self, key: &str, tx: &mut Tx) -> Result<(), StoreError> {
        for grant in &self.grants {
            tx.insert(
                "INSERT INTO ca_signer_role (key, role, until) VALUES ($1, $2, $3)",
                values![key, grant.role.name(), grant.until],
            )?;
        }
        Ok(())
    }
}

/// The key, SPKI, of the officer whose key has this thumbprint.
pub(crate) fn key_of(tx: &mut Tx, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<(Vec<u8>,)> =
        tx.first("SELECT spki FROM ca_signer_officer WHERE key = $1", values![key])?;
    Ok(found.map(|(spki,)| spki))
}

/// Refuses unless the holders of both keys hold `role` at `now` and are two persons (R48).
pub(crate) fn two(
    tx: &mut Tx,
    (one, other): (&str, &str),
    role: Role,
    now: Time,
) -> Result<(), Failed> {
    let one = holder(tx, one, role, now)?;
    let other = holder(tx, other, role, now)?;
    if one == other { Err(SignerRefusal::Approval.into()) } else { Ok(()) }
}

/// Who holds `key`, if they hold `role` at `now`.
pub(crate) fn holder(tx: &mut Tx, key: &str, role: Role, now: Time) -> Result<String, Failed> {
    let found: Option<(String,)> = tx.first(
        "SELECT o.holder FROM ca_signer_officer o
         JOIN ca_signer_role r ON r.key = o.key
         WHERE o.key = $1 AND r.role = $2 AND r.until > $3",
        values![key, role.name(), now],
    )?;
    found.map(|(holder,)| holder).ok_or(SignerRefusal::Approval.into())
}

/// The key, SPKI, by which statements of `sam` with this thumbprint are checked.
pub(crate) fn sam_key(tx: &mut Tx, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<(Vec<u8>,)> =
        tx.first("SELECT spki FROM ca_signer_sam WHERE key = $1", values![key])?;
    Ok(found.map(|(spki,)| spki))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_does_nothing_else_and_an_administrator_no_security() {
        use Role::{Auditor, Operator, RegistrationOfficer, RevocationOfficer};
        use Role::{SecurityOfficer, SystemAdministrator};
        for other in [Operator, RegistrationOfficer, SecurityOfficer, SystemAdministrator] {
            assert!(!Auditor.fits(other) && !other.fits(Auditor), "{other:?}");
        }
        assert!(Auditor.fits(Auditor));
        assert!(!SystemAdministrator.fits(SecurityOfficer));
        assert!(!SecurityOfficer.fits(SystemAdministrator));
        assert!(RegistrationOfficer.fits(RevocationOfficer));
    }
}
