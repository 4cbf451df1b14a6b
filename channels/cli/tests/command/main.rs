//! The commands on files that live in the test, against a platform that the test plays.
#![cfg(test)]

mod check;
mod files;
mod platform;
mod sign;
