//! Listeners, and ending well: SIGTERM and Ctrl-C stop accepting, what is being answered is
//! answered, then the process ends.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

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

/// How long the head of a request may take, and a connection wait for its next one.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long accepting pauses when the machine refuses: it lacks descriptors, most often.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers on `listener` until told to stop, then finishes what is being answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: Stop) {
    serve_within(listener, router, stop, PATIENCE).await;
}

async fn serve_within(listener: TcpListener, router: Router, stop: Stop, patience: Duration) {
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.clone().told() => break,
        };
        match accepted {
            Ok(stream) => {
                open.spawn(answered(stream, router.clone(), stop.clone(), patience));
            }
            Err(why) => {
                tracing::warn!(%why, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Says from where a request comes: limits on strangers are per address.
fn coming<B>(from: SocketAddr) -> impl Fn(Request<B>) -> Request<B> + Clone {
    move |mut request| {
        request.extensions_mut().insert(ConnectInfo(from));
        request
    }
}

/// One connection to its end. Whoever sends no whole head in time is let go.
async fn answered(
    (stream, from): (TcpStream, SocketAddr),
    router: Router,
    stop: Stop,
    patience: Duration,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(patience);
    let service = TowerToHyperService::new(router.map_request(coming(from)));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.told() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(why) = ended {
        tracing::debug!(%why, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn whoever_sends_half_a_head_is_let_go_and_others_are_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, (stopper, stop)) = (listener.local_addr().unwrap(), stopping());
        let from = |ConnectInfo(from): ConnectInfo<SocketAddr>| async move { from.to_string() };
        let router = Router::new().route("/", get(from));
        let serving = tokio::spawn(serve_within(listener, router, stop, Duration::from_secs(1)));
        let mut slow = TcpStream::connect(at).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        let mut other = TcpStream::connect(at).await.unwrap();
        let whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        other.write_all(whole).await.unwrap();
        let mut answer = String::new();
        other.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with(&other.local_addr().unwrap().to_string()), "{answer}");
        // Comes to an end only because the server closes.
        slow.read_to_end(&mut Vec::new()).await.unwrap();
        stopper.stop();
        serving.await.unwrap();
    }
}
