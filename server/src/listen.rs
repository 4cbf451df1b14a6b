//! Listeners, and ending well: SIGTERM and Ctrl-C stop accepting, what is being answered is
//! answered, then the process ends.

use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Told once to end; everything that runs holds one.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// Tells everything to end.
#[derive(Debug)]
pub(crate) struct Stopper(watch::Sender<bool>);

/// A pair of them.
pub(crate) fn stopping() -> (Stopper, Stop) {
    let (tell, told) = watch::channel(false);
    (Stopper(tell), Stop(told))
}

impl Stopper {
    /// Tells.
    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Done when everything is to end.
    pub(crate) async fn told(mut self) {
        // The teller gone is as good as told.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// Done at the first SIGTERM or SIGINT.
///
/// # Errors
/// When signals cannot be listened to.
pub(crate) async fn asked_to_end() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Binds each address; port 0 takes a free one, the same for all that follow.
///
/// # Errors
/// With the address that is taken.
pub(crate) async fn bind(addresses: &[SocketAddr]) -> std::io::Result<Vec<TcpListener>> {
    let mut listeners = Vec::new();
    let mut port = 0;
    for address in addresses {
        let mut address = *address;
        if address.port() == 0 {
            address.set_port(port);
        }
        let listener = TcpListener::bind(address)
            .await
            .map_err(|e| std::io::Error::new(e.kind(), format!("{address}: {e}")))?;
        port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(listeners)
}

/// Answers on `listener` until told to stop, then finishes what is being answered.
///
/// # Errors
/// When accepting fails for good.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: Stop,
) -> std::io::Result<()> {
    // Limits on strangers are per address.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop.told()).await
}
