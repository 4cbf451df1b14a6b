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
