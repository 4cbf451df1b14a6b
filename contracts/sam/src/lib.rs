//! `sam`, the process that holds persons' signing keys and the public halves of their devices
//! and PINs (eParaksts mobile): what other systems ask of it.
//!
//! Whoever carries these calls is not trusted: each brings words that a person's phone or an
//! officer has signed, and `sam` checks them itself (PROTOCOLS §2, §3).

mod evidence;
mod keys;
mod means;
mod officer;
mod refusal;

pub use activation_contract::typ;
pub use evidence::{Evidence, statement};
pub use keys::{SamKeysError, read_keys};
pub use means::{
    Activate, Answered, Challenge, Challenged, CredentialRow, CredentialState, DeviceRow, Devices,
    DevicesOf, Enrol, FreezeByCode, Frozen, Keys, KeysOf,
};
pub use officer::{
    Bind, Certify, ChangeKeyStatus, Enrolled, EnrolledOf, KeyStatus, OfferTaken, OrderMeans,
    TakeOffer,
};
pub use refusal::SamRefusal;

use links::{Kind, Operation, Table};

/// Every operation is a system's own call: the proof is in what it carries.
pub const TABLE: Table = Table(&[
    (KeysOf::NAME, &[Kind::System]),
    (Enrol::NAME, &[Kind::System]),
    (Challenge::NAME, &[Kind::System]),
    (Activate::NAME, &[Kind::System]),
    (FreezeByCode::NAME, &[Kind::System]),
    (DevicesOf::NAME, &[Kind::System]),
    (TakeOffer::NAME, &[Kind::System]),
    (EnrolledOf::NAME, &[Kind::System]),
    (Bind::NAME, &[Kind::System]),
    (OrderMeans::NAME, &[Kind::System]),
    (ChangeKeyStatus::NAME, &[Kind::System]),
    (Certify::NAME, &[Kind::System]),
]);
