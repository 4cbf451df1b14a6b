//! A person's devices and the browsers they have remembered.

use activation_contract::{Device, Proof};
use base::{Id, PersonId, Time};
use links::Operation;
use serde::{Deserialize, Serialize};

use crate::IdentityRefusal;

/// Which devices and browsers has this person? On behalf of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeansOf {
    /// Who.
    pub person: PersonId,
}

/// Devices and browsers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowsersAndDevices {
    /// Devices, the newest first, ended ones too.
    pub devices: Vec<Means>,
    /// Remembered browsers, the last used first.
    pub browsers: Vec<Browser>,
    /// The user number, eight digits.
    pub user_number: String,
    /// Whether everything is frozen.
    pub frozen: bool,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Means {
    /// Its id.
    pub device: Id<Device>,
    /// What the phone calls itself.
    pub label: String,
    /// How identity was proved when it was enrolled.
    pub proof: Proof,
    /// Since when.
    pub since: Time,
    /// Until when, if it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Time>,
}

/// A remembered browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    /// Its id, for forgetting it.
    pub id: String,
    /// In words: `Chrome, Linux`.
    pub label: String,
    /// When it was last used.
    pub used: Time,
}

impl Operation for MeansOf {
    const NAME: &'static str = "identity/means";
    type Answer = BrowsersAndDevices;
    type Refusal = IdentityRefusal;
}

/// Forgets a remembered browser. On behalf of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetBrowser {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub browser: String,
}

impl Operation for ForgetBrowser {
    const NAME: &'static str = "identity/forget-browser";
    type Answer = ();
    type Refusal = IdentityRefusal;
}

/// Freezes everything by user number and the 12-digit code of the enrolment sheet. The answer is
/// the same whether they fit or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreezeByCode {
    /// The user number, eight digits.
    pub user_number: String,
    /// The code, twelve digits.
    pub code: String,
}

impl Operation for FreezeByCode {
    const NAME: &'static str = "identity/freeze-by-code";
    type Answer = ();
    type Refusal = IdentityRefusal;
}

/// A phone that an officer has bound is taken into the person's means. By the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterMeans {
    /// `sam`'s [`activation_contract::EnrolAnswer`], compact, with `bound` true: the evidence.
    pub answer: String,
}

/// A registered means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The person's user number, eight digits: on the enrolment sheet and in the app.
    pub user_number: String,
}

impl Operation for RegisterMeans {
    const NAME: &'static str = "identity/register-means";
    type Answer = Registered;
    type Refusal = IdentityRefusal;
}

/// A device has ended. By `sam` or the desk, after `sam` has ended it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndMeans {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub device: Id<Device>,
}

impl Operation for EndMeans {
    const NAME: &'static str = "identity/end-means";
    type Answer = ();
    type Refusal = IdentityRefusal;
}

/// `sam` has frozen everything of a person, or an officer has ended that. Freezing ends sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// Whose.
    pub person: PersonId,
    /// Whether it is frozen now.
    pub frozen: bool,
}

impl Operation for Frozen {
    const NAME: &'static str = "identity/frozen";
    type Answer = ();
    type Refusal = IdentityRefusal;
}

/// Tells a person that something happened, by every channel there is; carries no content (R52).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    /// Whom.
    pub person: PersonId,
    /// What: lower-case words with `-`, up to 64 bytes.
    pub kind: String,
    /// What it is about, where that has a name that is nobody's data: up to 128 bytes.
    pub reference: String,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It waits for the person's phones.
    Waiting,
    /// The person has no channel.
    NoChannel,
}

impl Operation for Notify {
    const NAME: &'static str = "identity/notify";
    type Answer = Delivery;
    type Refusal = IdentityRefusal;
}
