//! The core trust platform (Uzticamības un elektroniskās identifikācijas pamatplatforma):
//! what others ask of it, and what it asks of the process that holds the issuing keys.
//!
//! Two callees: `pki`, which keeps applications, certificates and demands and publishes; and
//! `ca-signer`, which alone can sign and checks every [`approval`] itself (PROTOCOLS §2).

pub mod approval;
pub mod feed;
mod operations;
pub mod profile;
mod signer;

pub use operations::{
    Application, ApplicationState, ApplicationsOf, Apply, ApproveApplication, Approved,
    CertificateBySerial, CertificateRow, CertificatesOf, ChangeOfStatus, Demand, DemandState,
    Pending, PendingApplications, PkiRefusal, Reason, RefuseApplication, Status, Subject,
    SubjectKey,
};
pub use signer::{
    ChangeOfficers, ChangeStatus, CurrentList, EnterStanding, Entered, Issue, IssueInfrastructure,
    Issued, OfficersChanged, SignedList, SignerRefusal, StatusChanged,
};

use links::{Kind, Operation, Table};

/// Who may call the platform: officers with their own keys; the portal for the person; the
/// platform's own jobs for demands, whose proof alone decides.
pub const TABLE: Table = Table(&[
    (Apply::NAME, &[Kind::Officer, Kind::Person]),
    (PendingApplications::NAME, &[Kind::Officer]),
    (ApproveApplication::NAME, &[Kind::Officer, Kind::Person, Kind::System]),
    (RefuseApplication::NAME, &[Kind::Officer]),
    (ApplicationsOf::NAME, &[Kind::Officer, Kind::Person, Kind::System]),
    (CertificateBySerial::NAME, &[Kind::Officer]),
    (CertificatesOf::NAME, &[Kind::Officer, Kind::Person, Kind::System]),
    (Demand::NAME, &[Kind::Officer, Kind::Person, Kind::System]),
]);

/// Who may call the key process: other processes of the house. What they bring is checked there.
pub const SIGNER_TABLE: Table = Table(&[
    (Issue::NAME, &[Kind::System]),
    (IssueInfrastructure::NAME, &[Kind::System]),
    (ChangeStatus::NAME, &[Kind::System]),
    (CurrentList::NAME, &[Kind::System]),
    (EnterStanding::NAME, &[Kind::System]),
    (ChangeOfficers::NAME, &[Kind::System]),
]);

/// Who may tell a responder: the key process alone, which the responder's doors see to.
pub const FEED_TABLE: Table = Table(&[(feed::Feed::NAME, &[Kind::System])]);
