//! Approvals: what an officer signs outside any web process, and what a role takes (PROTOCOLS §2).
//!
//! Each is the payload of a compact JWS (ES256) whose `kid` names the officer's key by its
//! RFC 7638 thumbprint and whose `typ` is one of the constants here.

use base::{Digest, PersonId, Time};
use serde::{Deserialize, Serialize};

use crate::{ChangeOfStatus, Subject};

/// `typ` of [`IssueApproval`].
pub const ISSUE: &str = "sakta-issue+jws";
/// `typ` of [`StatusApproval`].
pub const STATUS: &str = "sakta-status+jws";
/// `typ` of [`StandingApproval`].
pub const STANDING: &str = "sakta-standing+jws";

/// `typ` of [`OfficersChange`].
pub const OFFICERS: &str = "sakta-officers+jws";

/// An officer approves one certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueApproval {
    /// Its id, fresh: spent once.
    pub id: String,
    /// The role and instance that takes it: `ca-signer/1`.
    #[serde(rename = "for")]
    pub role: String,
    /// Until when it may be used.
    pub use_before: Time,
    /// SHA-256 of the profile's canonical form.
    pub profile: Digest,
    /// Whom the certificate names.
    pub subject: Subject,
    /// From when the certificate is valid.
    pub valid_from: Time,
    /// Until when the certificate is valid.
    pub valid_until: Time,
    /// Whose key.
    pub key: ApprovedKey,
}

/// The key that an approval is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ApprovedKey {
    /// A key that exists: SHA-256 of its `SubjectPublicKeyInfo`.
    Spki {
        /// The digest.
        digest: Digest,
    },
    /// A key that `sam` will make for this person; its key statement supplies it.
    Remote {
        /// Whose.
        person: PersonId,
    },
}

/// An officer approves a change of one certificate's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusApproval {
    /// Its id, fresh.
    pub id: String,
    /// The roles and instances that take it: `ca-signer/1`, `sam/1`.
    #[serde(rename = "for")]
    pub roles: Vec<String>,
    /// Until when it may be used.
    pub use_before: Time,
    /// The issuing CA, by the SHA-256 of its `SubjectPublicKeyInfo`.
    pub issuer: Digest,
    /// The certificate's serial number, hexadecimal, lower case, no leading zeros.
    pub serial: String,
    /// The change.
    pub change: ChangeOfStatus,
}

/// Two officers approve certificates of one kind for machines (OCSP, time-stamp units,
/// transport): each signs the same payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingApproval {
    /// Its id.
    pub id: String,
    /// The role and instance that takes it.
    #[serde(rename = "for")]
    pub role: String,
    /// SHA-256 of the profile's canonical form.
    pub profile: Digest,
    /// The system that may ask, `<owner>/<part>`: nobody else gets a certificate under it.
    pub party: String,
    /// Whom the certificates name.
    pub subject: Subject,
    /// How many may be issued under it.
    pub count: u32,
    /// How long each may be valid, in days.
    pub days: u32,
    /// Until when it may be used.
    pub until: Time,
}

/// Two security officers change whose approvals count (R48, R49): each signs the same payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficersChange {
    /// Its id, fresh: spent once.
    pub id: String,
    /// The role and instance that takes it.
    #[serde(rename = "for")]
    pub role: String,
    /// Until when it may be used.
    pub use_before: Time,
    /// The change.
    pub change: OfficerChange,
}

/// A change of whose approvals count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum OfficerChange {
    /// An officer's key with its roles; for a key that stands, its roles are these from now on.
    Enter {
        /// What records name them by.
        name: String,
        /// Who they are: two accounts of one holder never count as two.
        holder: String,
        /// The key, SPKI (P-256).
        spki: base::Bytes,
        /// Roles by name, `registration-officer`, each with its end.
        grants: Vec<(String, Time)>,
    },
    /// A key's roles end now.
    End {
        /// The thumbprint of the key.
        key: String,
    },
}
