//! Activation: the public wire types by which a person acts through a phone (PROTOCOLS §3, §4).
//!
//! One protocol serves login, signing and the holder's own acts. The phone builds an
//! [`Instruction`], signs it with the PIN key and then with the device key, encrypts the whole to
//! `sam`; the web carries it and can read nothing. `sam` checks, acts and answers with signed
//! statements.
//!
//! | envelope | `typ` | signed by | payload |
//! |---|---|---|---|
//! | instruction | [`typ::INSTRUCTION`] | PIN1 or PIN2 key | [`Instruction`] |
//! | activation | [`typ::ACTIVATION`] | device key | the compact instruction |
//! | to `sam` | [`typ::SEALED`] | nobody: JWE to `sam` | the compact activation |
//! | phone's word to the web | [`typ::WORD`] | device key | [`Word`] |
//! | answer to the phone | [`typ::ANSWER`] | `sam`'s answer key | [`Answer`] |
//! | login statement | [`typ::STATEMENT`] | `sam`'s answer key | [`Statement`] |
//! | key statement | [`typ::KEY`] | `sam`'s answer key | [`KeyStatement`] |
//! | enrolment | [`typ::ENROLMENT`] | PIN1, PIN2 and device key, then sealed | [`Enrolment`] |
//! | officer's offer | [`typ::OFFER`] | an officer | [`Offer`] |
//! | officer's binding | [`typ::BINDING`] | an officer | [`Binding`] |
//! | officer's order | [`typ::MEANS`] | an officer | [`MeansOrder`] |
//! | holder's will | [`typ::HOLDER`] | `sam`'s answer key | [`HolderStatement`] |
//! | about devices | [`typ::DEVICE`] | `sam`'s answer key | [`DeviceStatement`] |

mod answer;
pub mod app;
mod enrolment;
mod holder;
mod instruction;
mod phone;
pub mod remote;

pub use answer::{Answer, KeyStatement, Outcome, Refusal, Statement};
pub use enrolment::{
    Binding, EnrolAnswer, Enrolment, INVITATION, Invitation, NEW_KEYS, NewKeys, Offer, Proof,
    SamKeys, shown_digits,
};
pub use holder::{
    Certified, DeviceChange, DeviceStatement, HolderStatement, MeansOrder, Order, Will,
};
pub use instruction::{Credential, Device, Instruction, Item, Op, Pin, ToBeSigned, control_code};
pub use phone::{Pending, Request, RequestKind, Verdict, Word, WordKind};

/// The `typ` header of each envelope: an envelope of one kind is never taken for another.
pub mod typ {
    /// An [`super::Instruction`] under a PIN key.
    pub const INSTRUCTION: &str = "sakta-instruction+jws";
    /// A compact instruction under a device key.
    pub const ACTIVATION: &str = "sakta-activation+jws";
    /// A compact activation or enrolment encrypted to `sam`.
    pub const SEALED: &str = "sakta-sealed+jwe";
    /// A [`super::Word`] of a phone to the web.
    pub const WORD: &str = "sakta-word+jws";
    /// An [`super::Answer`] of `sam`.
    pub const ANSWER: &str = "sakta-answer+jws";
    /// A login [`super::Statement`] of `sam`.
    pub const STATEMENT: &str = "sakta-statement+jws";
    /// A [`super::KeyStatement`] of `sam`.
    pub const KEY: &str = "sakta-key+jws";
    /// An [`super::Enrolment`] under the PIN and device keys.
    pub const ENROLMENT: &str = "sakta-enrolment+jws";
    /// An officer's [`super::Offer`].
    pub const OFFER: &str = "sakta-offer+jws";
    /// An officer's [`super::Binding`].
    pub const BINDING: &str = "sakta-binding+jws";
    /// An officer's [`super::MeansOrder`].
    pub const MEANS: &str = "sakta-means+jws";
    /// A [`super::HolderStatement`] of `sam`.
    pub const HOLDER: &str = "sakta-holder+jws";
    /// A [`super::DeviceStatement`] of `sam`.
    pub const DEVICE: &str = "sakta-device+jws";
    /// `sam`'s encryption and answer keys under its root key.
    pub const SAM_KEYS: &str = "sakta-sam-keys+jws";
}
