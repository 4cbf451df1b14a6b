//! What the core trust platform is asked.

use base::{Bytes, Digest, Failure, Fault, PersonId, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

/// Whom a certificate names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Subject {
    /// A natural person. Spec: EN 319 412-2 §4.2.4.
    Person {
        /// Who, opaque: never in the certificate.
        person: PersonId,
        /// Revision of the register entry that names and code were taken from (R9).
        register_version: u64,
        /// The person's identifier in its X.509 form.
        identifier: String,
        /// Given names, in order.
        given_names: String,
        /// The surname.
        surname: String,
        /// The country (two letters).
        country: String,
    },
    /// A machine of a provider: an OCSP responder, a time-stamp unit, a transport key.
    Machine {
        /// Its common name.
        name: String,
        /// The organisation.
        organisation: String,
        /// The organisation's identifier in its X.509 form.
        identifier: String,
        /// The country (two letters).
        country: String,
        /// Names and URIs for `subjectAltName`; only transport certificates have them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alternative: Vec<String>,
    },
}

/// The key of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SubjectKey {
    /// A key that the applicant holds, with proof that they do.
    Own {
        /// `SubjectPublicKeyInfo`, DER.
        spki: Bytes,
        /// A signature by it over `sakta proof 1` ‖ SHA-256(SPKI), DER where ECDSA.
        proof: Bytes,
    },
    /// A key that `sam` will make.
    Remote,
}

/// Applies for a certificate. Answer: the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apply {
    /// The profile's name: `person-signature`.
    pub profile: String,
    /// Whom it is to name.
    pub subject: Subject,
    /// The key.
    pub key: SubjectKey,
    /// SHA-256 of the terms accepted, with their version (R53).
    pub terms: Digest,
}

/// An application and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its id.
    pub id: String,
    /// What was applied for.
    pub apply: Apply,
    /// SHA-256 of the profile that will be used.
    pub profile: Digest,
    /// When.
    pub at: Time,
    /// Where it stands.
    pub state: ApplicationState,
}

/// Where an application stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ApplicationState {
    /// It waits for an officer.
    Waiting,
    /// Approved; it waits for the key that `sam` makes on the person's instruction.
    WaitingForKey {
        /// The approval, compact.
        approval: String,
    },
    /// The certificate is issued.
    Issued {
        /// Its serial number.
        serial: String,
    },
    /// An officer refused it.
    Refused {
        /// Why, for the applicant.
        why: String,
    },
}

impl Operation for Apply {
    const NAME: &'static str = "pki/apply";
    type Answer = Application;
    type Refusal = PkiRefusal;
}

/// Which applications wait for an officer? Oldest first, 100 at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingApplications {}

/// The applications that wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Oldest first.
    pub applications: Vec<Application>,
}

impl Operation for PendingApplications {
    const NAME: &'static str = "pki/pending";
    type Answer = Pending;
    type Refusal = PkiRefusal;
}

/// Which applications has this person, the newest first, 100 at most? Answer: [`Pending`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationsOf {
    /// Who.
    pub person: PersonId,
}

impl Operation for ApplicationsOf {
    const NAME: &'static str = "pki/applications-of";
    type Answer = Pending;
    type Refusal = PkiRefusal;
}

/// An officer refuses an application that waits. Answer: the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefuseApplication {
    /// The application.
    pub application: String,
    /// Why, for the applicant: 1 to 500 bytes.
    pub why: String,
}

impl Operation for RefuseApplication {
    const NAME: &'static str = "pki/refuse";
    type Answer = Application;
    type Refusal = PkiRefusal;
}

/// Which certificate has this serial number? For officers: it shows whom it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateBySerial {
    /// The serial number, hexadecimal.
    pub serial: String,
}

impl Operation for CertificateBySerial {
    const NAME: &'static str = "pki/certificate";
    type Answer = CertificateRow;
    type Refusal = PkiRefusal;
}

/// An officer's approval of an application. Where the key is remote, the officer's call leaves the
/// application waiting for the key; then the person, or a system, brings the same approval with
/// `sam`'s statement. The same approval again gives the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproveApplication {
    /// The application.
    pub application: String,
    /// An [`crate::approval::IssueApproval`], compact.
    pub approval: String,
    /// `sam`'s key statement, compact, and the key's SPKI, where the key is remote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<(String, Bytes)>,
}

/// The application after its approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Where it stands now.
    pub application: Application,
    /// The certificate, DER, once it is issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Bytes>,
}

impl Operation for ApproveApplication {
    const NAME: &'static str = "pki/approve";
    type Answer = Approved;
    type Refusal = PkiRefusal;
}

/// Which certificates has this person?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatesOf {
    /// Who.
    pub person: PersonId,
}

/// A certificate and its status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRow {
    /// The certificate, DER.
    pub certificate: Bytes,
    /// The certificates above it, DER, the issuing one first, without the root.
    pub chain: Vec<Bytes>,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// The issuing CA, by the SHA-256 of its SPKI.
    pub issuer: Digest,
    /// The profile's name.
    pub profile: String,
    /// `sam`'s credential that holds the key, if `sam` holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// Valid from.
    pub valid_from: Time,
    /// Valid until.
    pub valid_until: Time,
    /// Its status.
    pub status: Status,
    /// A change that was accepted and is being carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demanded: Option<ChangeOfStatus>,
}

impl Operation for CertificatesOf {
    const NAME: &'static str = "pki/certificates";
    type Answer = Vec<CertificateRow>;
    type Refusal = PkiRefusal;
}

/// The status of a certificate: one life (R31).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Status {
    /// Good.
    Good,
    /// Suspended: may become good again.
    Suspended {
        /// Since when.
        since: Time,
    },
    /// Revoked, for ever.
    Revoked {
        /// Since when.
        since: Time,
        /// Why.
        reason: Reason,
    },
}

/// Why a certificate was revoked. Spec: RFC 5280 §5.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// 3: what it states is no longer so (R4).
    AffiliationChanged,
    /// 5: no longer needed.
    CessationOfOperation,
    /// 1: the key is no longer its holder's alone.
    KeyCompromise,
    /// 9: a privilege was withdrawn; used for death.
    PrivilegeWithdrawn,
    /// 4: replaced by another.
    Superseded,
    /// 0: no reason given.
    Unspecified,
}

/// A change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum ChangeOfStatus {
    /// Suspend it.
    Suspend,
    /// End its suspension.
    Resume,
    /// Revoke it.
    Revoke {
        /// Why.
        reason: Reason,
    },
}

/// Demands a change of status. The proof decides, not who carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The issuing CA, by the SHA-256 of its SPKI.
    pub issuer: Digest,
    /// The serial number.
    pub serial: String,
    /// The change.
    pub change: ChangeOfStatus,
    /// An officer's [`crate::approval::StatusApproval`] or `sam`'s statement of the holder's
    /// instruction, compact.
    pub proof: String,
}

/// Where a demand stands: "revoked" is said only when all who act have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandState {
    /// Stored with its proof; some have not answered yet.
    BeingCarriedOut,
    /// All have acted.
    Done,
}

impl Operation for Demand {
    const NAME: &'static str = "pki/demand";
    type Answer = DemandState;
    type Refusal = PkiRefusal;
}

/// Why the platform does not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum PkiRefusal {
    /// The approval does not fit the application, is spent, late, or not by an officer.
    #[error("approval does not hold")]
    Approval,
    /// No profile of that name, or it does not fit the subject.
    #[error("no such profile")]
    Profile,
    /// The proof of possession does not hold, or the key is weak.
    #[error("key does not hold")]
    Key,
    /// The key has a certificate already (R10).
    #[error("key already certified")]
    KnownKey,
    /// No such application or certificate.
    #[error("not found")]
    Unknown,
    /// The status cannot change in that way: revocation is final (R31).
    #[error("status cannot change so")]
    Status,
    /// The key process does not answer: the demand is stored and goes on.
    #[error("signer unreachable")]
    Unreachable,
    /// The store does not take it for the moment.
    #[error("busy")]
    Busy,
    /// Something broke here.
    #[error("broken")]
    Broken,
}

impl Failure for PkiRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Approval => Fault::Caller(403),
            Self::Profile | Self::Key => Fault::Caller(422),
            Self::KnownKey | Self::Status => Fault::Caller(409),
            Self::Unknown => Fault::Caller(404),
            Self::Unreachable => Fault::Elsewhere,
            Self::Busy => Fault::Later(1),
            Self::Broken => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Approval => "approval-does-not-hold",
            Self::Profile => "no-such-profile",
            Self::Key => "key-does-not-hold",
            Self::KnownKey => "key-already-certified",
            Self::Unknown => "not-found",
            Self::Status => "status-cannot-change",
            Self::Unreachable => "signer-unreachable",
            Self::Busy => "busy",
            Self::Broken => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Approval => "The approval does not fit, is spent, late, or not by an officer.",
            Self::Profile => "There is no such profile, or it does not fit the subject.",
            Self::Key => "The key is weak, or its proof of possession does not hold.",
            Self::KnownKey => "This key already has a certificate.",
            Self::Unknown => "There is no such application or certificate.",
            Self::Status => "The status cannot change in that way; revocation is final.",
            Self::Unreachable => "The key process does not answer; what was stored goes on.",
            Self::Busy => "Too much at once; try again in a second.",
            Self::Broken => "Something went wrong here; it has been recorded.",
        }
    }
}
