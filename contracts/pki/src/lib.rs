//! The core trust platform (Uzticamības un elektroniskās identifikācijas pamatplatforma):
//! what others ask of it, and what it asks of the process that holds the issuing keys.
//!
//! Two callees: `pki`, which keeps applications, certificates and demands and publishes; and
//! `ca-signer`, which alone can sign and checks every [`approval`] itself (PROTOCOLS §2).

pub mod approval;
pub mod feed;
mod operations;
mod signer;

pub use operations::{
    Application, ApplicationState, Apply, ApproveApplication, Approved, CertificateRow,
    CertificatesOf, ChangeOfStatus, Demand, DemandState, Pending, PendingApplications, PkiRefusal,
    Reason, Status, Subject, SubjectKey,
};
pub use signer::{
    ChangeStatus, CurrentList, Issue, IssueInfrastructure, Issued, SignedList, SignerRefusal,
    StatusChanged,
};
