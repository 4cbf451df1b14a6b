//! Doors and links as their users meet them.
#![cfg(test)]

mod calls;
mod mtls;
mod texts;
