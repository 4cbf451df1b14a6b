//! The identity platform (E-identitātes platforma): what other systems of the house ask of it.
//!
//! Outside clients speak OpenID Connect to it; this is only what runs over links: asking a
//! person's phone, exchanging a portal's login for its evidence, devices and browsers.

mod asking;
mod means;
mod session;

pub use asking::{Ask, AskState, Asked, AskedOf};
pub use means::{
    Browser, BrowsersAndDevices, Delivery, EndMeans, ForgetBrowser, FreezeByCode, Frozen, Means,
    MeansOf, Notify, RegisterMeans, Registered,
};
pub use session::{Evidence, EvidenceOf, Exchange, SessionsSince, TokenEvidence};

use base::{Failure, Fault};
use links::{Kind, Operation, Table};
use serde::{Deserialize, Serialize};

/// Who may call: other systems with the person's evidence; the portal, for what has none yet.
pub const TABLE: Table = Table(&[
    (Ask::NAME, &[Kind::Person]),
    (AskedOf::NAME, &[Kind::Person]),
    (Exchange::NAME, &[Kind::System]),
    (EvidenceOf::NAME, &[Kind::System]),
    (SessionsSince::NAME, &[Kind::Person]),
    (MeansOf::NAME, &[Kind::Person]),
    (ForgetBrowser::NAME, &[Kind::Person]),
    (FreezeByCode::NAME, &[Kind::System]),
    (RegisterMeans::NAME, &[Kind::System]),
    (EndMeans::NAME, &[Kind::System]),
    (Frozen::NAME, &[Kind::System]),
    (Notify::NAME, &[Kind::System]),
]);

/// Why the platform does not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum IdentityRefusal {
    /// The evidence does not hold, is late, or is for another client.
    #[error("evidence does not hold")]
    Evidence,
    /// No such login, request, browser or device; or not yours.
    #[error("not found")]
    Unknown,
    /// The person has no active device.
    #[error("no device")]
    NoDevice,
    /// Something is already waiting for this person.
    #[error("one is waiting already")]
    Waiting,
    /// Too often.
    #[error("too often")]
    Often,
    /// The store does not take it for the moment.
    #[error("busy")]
    Busy,
}

impl Failure for IdentityRefusal {
    fn fault(&self) -> Fault {
        match self {
            Self::Evidence => Fault::Caller(403),
            Self::Unknown => Fault::Caller(404),
            Self::NoDevice | Self::Waiting => Fault::Caller(409),
            Self::Often => Fault::Caller(429),
            Self::Busy => Fault::Later(1),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Evidence => "evidence-does-not-hold",
            Self::Unknown => "not-found",
            Self::NoDevice => "no-device",
            Self::Waiting => "already-waiting",
            Self::Often => "too-often",
            Self::Busy => "busy",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Evidence => "The evidence does not hold, is late, or is for another client.",
            Self::Unknown => "There is no such thing here for you.",
            Self::NoDevice => "The person has no active device.",
            Self::Waiting => "A request is already waiting for this person.",
            Self::Often => "Too often; try again later.",
            Self::Busy => "Too much at once; try again in a second.",
        }
    }
}
