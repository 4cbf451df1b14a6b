//! What a phone and the web say to each other. The web is not trusted with any of it.

use base::{Bytes, Id, Locale, Time};
use serde::{Deserialize, Serialize};

use crate::{Device, Item, Op};

/// What somebody asks of a person: the bytes that the phone shows and hashes, never re-serialised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The request's id, fresh.
    pub id: String,
    /// The registered id of who asks.
    pub client: String,
    /// The registered name of who asks, per language.
    pub client_name: Vec<(Locale, String)>,
    /// What for, per language.
    pub purpose: Vec<(Locale, String)>,
    /// What is asked.
    pub kind: RequestKind,
    /// From where it was asked, in words: `Chrome, Linux`.
    pub place: String,
    /// When it was asked.
    pub at: Time,
    /// Until when it can be answered.
    pub until: Time,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum RequestKind {
    /// To log in.
    Login {
        /// What the client gets: claim names.
        claims: Vec<String>,
        /// The level asked: an `acr` value.
        level: String,
    },
    /// To act on items with PIN2.
    Act {
        /// What to do.
        op: Op,
        /// The key to use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<Id<crate::Credential>>,
        /// On what.
        items: Vec<Item>,
    },
}

/// One request that waits for a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The [`Request`] as JSON bytes.
    pub request: Bytes,
    /// Three two-digit codes to choose from, where the page shows one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<u8>,
    /// `sam`'s challenge, once there is nothing left to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

/// A phone's word to the web, under its device key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The device that speaks.
    pub device: Id<Device>,
    /// When, by the phone's clock: taken within two minutes, once.
    pub at: Time,
    /// What it says.
    pub says: WordKind,
}

/// What a phone says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "word")]
pub enum WordKind {
    /// What waits for me?
    Poll,
    /// I take the login request that shows these eight characters.
    Claim {
        /// The eight characters.
        code: String,
    },
    /// I chose this number.
    Choose {
        /// The request.
        request: String,
        /// The two-digit code.
        number: u8,
    },
    /// No.
    Refuse {
        /// The request.
        request: String,
        /// Why.
        verdict: Verdict,
    },
    /// I need a challenge for an act of my own (freeze, end a device).
    Challenge {
        /// What for.
        op: Op,
    },
    /// Remember, or forget, a browser.
    Browser {
        /// The browser, as the login listed it.
        browser: String,
        /// Whether to remember it.
        remember: bool,
    },
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// I do not want to.
    NotNow,
    /// I did not ask for this: report it.
    NotMine,
}
