//! The screens of the app, as pages: data in, page out. No key, no call, no clock.
//!
//! The same screens are later wrapped for each kind of phone. Every one works without script.

mod approve_login;
mod approve_sign;
mod enrol;
mod fault;
mod help;
mod hold;
mod keys;
mod locked;
mod outcome;
pub mod paths;
mod pending;
mod phones;
mod pins;
mod sample;
mod settings;
mod vouch;

pub use approve_login::{ApproveLogin, LoginStep, approve_login};
pub use approve_sign::{ApproveSign, SignItem, approve_sign};
pub use enrol::{Enrol, Enrolling, enrol, enrolling};
pub use fault::Fault;
pub use help::{freeze, help};
pub use hold::Hold;
pub use keys::{Keys, KeysStand, keys};
pub use locked::locked;
pub use outcome::{Outcome, outcome};
pub use pending::{Asks, Pending, PendingRequest, pending};
pub use phones::{Phones, VirtualPhone, phones};
pub use pins::{By, NewPins, new_pins};
pub use sample::gallery;
pub use settings::{RememberedBrowser, Settings, settings};
pub use vouch::{ReadKeys, Vouch, read_keys, vouch};
