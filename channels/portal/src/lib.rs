//! The customer portal (Uzticamības un elektroniskās identifikācijas pakalpojumu klientu portāls):
//! the person's own pages.
//!
//! [`pages`] are views: data in, page out. Beside each stands the handler that asks the systems
//! for the data: [`Portal`] holds the links to them, the sessions, and nothing else. A request's
//! way: the middleware of `dress`, the extractor [`reader::SignedIn`], a handler of ten lines, a
//! page. What goes wrong on the way is a problem document, which `dress` turns into a page for a
//! browser.
//!
//! Invariant: every call about a person carries that person's own evidence, so that the portal
//! alone learns nothing about anybody.

mod act;
mod browser;
mod check;
mod data;
mod documents;
mod dress;
mod end_phone;
mod fact;
mod failed;
mod flow;
mod freeze;
mod front;
mod home;
mod looks;
mod obtain;
pub mod pages;
pub mod paths;
mod portal;
pub mod reader;
mod report;
mod revoke;
mod routes;
mod security;
mod sign;
mod sign_in;
mod upload;

pub use freeze::limit as freeze_limit;
pub use portal::{Addresses, EndingPhone, Links, MakingKey, Portal, PortalSession, Revoking};
