//! The portal as a browser meets it, with stand-ins of its neighbours that speak the contracts.

#![cfg(test)]

mod browser;
mod ending;
mod gallery;
mod neighbours;
mod obtaining;
mod own_pages;
mod revoking;
mod signing;
mod signing_in;
mod strangers;
mod world;
