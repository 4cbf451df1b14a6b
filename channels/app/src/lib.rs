//! The app on the person's phone (eParaksts mobile): its core and its screens.
//!
//! The core holds the phone's keys, shows exactly the bytes that it was sent, and makes and reads
//! the messages of activation (PROTOCOLS §3, §4). It has no web server, no clock, no file: the
//! host (a phone's shell, or `sakta phone`) brings [`Server`], [`base::Clock`], [`base::Chance`]
//! and keeps [`Phone::kept`] safe.
//!
//! | to | see |
//! |---|---|
//! | bind a phone | [`Talk::meet`], [`Talk::enrol`] |
//! | ask what waits | [`Talk::poll`], [`Talk::claim`] |
//! | answer it | [`Talk::choose`], [`Talk::approve`], [`Talk::refuse`] |
//! | have another phone vouch for it | [`Talk::present`], [`Talk::new_pins`] |
//! | vouch for another phone | [`Phone::reads`], [`Talk::vouch`] |
//! | freeze | [`Talk::freeze`] |
//! | keep and read a phone | [`Phone::kept`], [`Phone::parse`] |
//!
//! Invariants: a PIN, a PIN's key, a PIN's signature and an instruction are never kept, or only as
//! what nobody but `sam` can open; what cannot be shown in full cannot be approved; what `sam` did
//! not sign is not believed; the web never names the keys that a person vouches for.

mod activate;
#[cfg(test)]
mod conversation;
mod curve;
mod enrol;
mod phone;
mod pin;
mod sam;
pub mod screens;
mod server;
mod shown;
mod talk;
#[cfg(test)]
mod town;
mod vouch;

pub use activate::{Consent, OwnAct};
pub use enrol::Enrolling;
pub use phone::{KeptError, Lock, Phone, Stage};
pub use pin::{Cost, PinCode, PinError, Pins};
pub use sam::{Sam, SamError};
pub use server::{Ask, Reply, Server, Unreached};
pub use shown::{Shown, ShownError, Waiting};
pub use talk::{Approved, Found, Talk, TalkError};
pub use vouch::{KeysError, Service, Vouched};
