//! What phones say to the web and hear from it (PROTOCOLS §3, §4).
//!
//! Each word is signed by the device key, two minutes old at most, and taken once. What goes to
//! `sam` is sealed: it passes through here and cannot be read.

mod activate;
mod answer;
mod poll;
mod refusal;
mod word;

pub(crate) use activate::{activate, challenge, enrol, sam_keys};
pub(crate) use answer::{browser, choose, claim, refuse};
pub(crate) use poll::poll;
pub(crate) use word::spent;
