//! The phone: as pages (a child of the demo, on a port of its own) and as a command, over the one
//! core of `channels/app`. It speaks public HTTP only, as a phone must.
//!
//! ```text
//! <data>/phone/<id>/    one virtual phone
//!   lock                the key that wraps its device key, mode 0600
//!   phone.json          what the core keeps, mode 0600
//!   keys.json           new keys that wait for an approval, mode 0600
//!   name                what it is called
//!   busy                locked by the process that uses it
//! <data>/phone/service.json   what a real app has built in
//! ```
//!
//! `sakta phone --state <data>/phone/<id>` is the same phone as a command.

mod answer;
mod command;
mod enrol;
mod folder;
mod hand;
mod handset;
mod keys;
mod pages;
mod report;
mod service;
#[cfg(test)]
mod tests;
mod visit;
mod vouch;

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

pub(crate) use command::{Options, run};
use folder::FolderError;
pub(crate) use hand::Hand;
use handset::Phones;
pub(crate) use service::build_in;

use crate::World;
use crate::listen::{self, Stop};
use crate::outside::{Outside, OutsideError};

/// Why the phone's pages do not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PhoneError {
    /// The folder of phones.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The HTTP client.
    #[error(transparent)]
    Outside(#[from] OutsideError),
    /// The port.
    #[error("the phone's pages cannot be answered")]
    Listen(#[from] std::io::Error),
}

/// Answers the pages of the phones in `home` at `phone.localhost:<port>` until told to stop: on
/// `listen` and, where it is free, on the same port of `::1`.
///
/// `ready` is called with the address when they are answered.
///
/// # Errors
/// [`PhoneError`].
pub(crate) async fn serve(
    home: &Path,
    listen: SocketAddr,
    world: World,
    stop: Stop,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), PhoneError> {
    let phones = Arc::new(Phones::open(home, world, Outside::new()?)?);
    let first = TcpListener::bind(listen).await?;
    let address = first.local_addr()?;
    let router = pages::at(&format!("phone.localhost:{}", address.port()), phones);
    let sixth = SocketAddr::new(IpAddr::from(Ipv6Addr::LOCALHOST), address.port());
    let also = match TcpListener::bind(sixth).await {
        Ok(listener) if address.ip().is_loopback() => Some(listener),
        _ => None,
    };
    if let Some(listener) = also {
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(listen::serve(listener, router, stop));
    }
    ready(address);
    listen::serve(first, router, stop).await;
    Ok(())
}
