//! The identity platform (E-identitātes platforma) and its means, eParaksts mobile.
//!
//! An OpenID provider for outside clients, the login pages, the phones' addresses, and asking a
//! person's phone for other systems. Protocol: PROTOCOLS §4.
//!
//! A login, in order: [`oidc`](crate) checks the client's request and makes a login row with an
//! *ask*; a phone claims the ask (or, addressed by a remembered browser, chooses its number);
//! `sam` answers the phone's instruction with a statement, which passes through here and is
//! checked; the browser that began fetches the outcome: session, code, record, in this order.
//!
//! Invariants: nobody is looked up before a phone has spoken; which numbers exist is never told;
//! only the browser that began a login can end it; a statement is good for one client.

mod ask;
mod assurance;
mod browser;
mod claims;
mod client;
mod door;
mod failed;
mod freeze;
mod granted;
mod identity;
mod limits;
mod login;
mod means;
mod notice;
mod oidc;
mod phone;
mod place;
mod redirect;
mod request;
mod routes;
mod session;
mod statement;
mod subject;
mod sweep;
mod token_keys;

pub use client::{Client, ClientError, Proves};
pub use failed::Failed;
pub use identity::{Callers, Identity, Parts, SCHEMA};
pub use subject::Subjects;
pub use token_keys::Tokens;
