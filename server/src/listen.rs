//! Listeners, and ending well: SIGTERM and Ctrl-C stop accepting, what is being answered is
//! answered, then the process ends.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
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

/// How many connections a listener holds; the next waits in the machine's queue until one ends.
const MOST: usize = 4_096;

/// How a listener treats its connections.
#[derive(Clone, Copy, Debug)]
struct Manners {
    patience: Duration,
    most: usize,
}

/// Answers on `listener` until told to stop, then finishes what is being answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: Stop) {
    let manners = Manners { patience: PATIENCE, most: MOST };
    serve_with(listener, router, stop, manners).await;
}

async fn serve_with(listener: TcpListener, router: Router, stop: Stop, manners: Manners) {
    let (mut open, places) = (JoinSet::new(), Arc::new(Semaphore::new(manners.most)));
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = accepted(&listener, &places) => accepted,
            () = stop.clone().told() => break,
        };
        match accepted {
            Ok((stream, place)) => {
                let answered = answered(stream, router.clone(), stop.clone(), manners.patience);
                open.spawn(async move {
                    answered.await;
                    drop(place);
                });
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

/// The next connection, once there is a place for it.
async fn accepted(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<((TcpStream, SocketAddr), OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    Ok((listener.accept().await?, place))
}

/// Says from where a request comes: limits on strangers are per address. And that one came.
fn coming<B>(from: SocketAddr, came: Arc<AtomicBool>) -> impl Fn(Request<B>) -> Request<B> + Clone {
    move |mut request| {
        came.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(ConnectInfo(from));
        request
    }
}

/// One connection to its end. Whoever sends no whole head in time is let go; one that says nothing,
/// or only how HTTP/2 begins, too.
async fn answered(
    (stream, from): (TcpStream, SocketAddr),
    router: Router,
    stop: Stop,
    patience: Duration,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(patience);
    let came = Arc::new(AtomicBool::new(false));
    let service = TowerToHyperService::new(router.map_request(coming(from, Arc::clone(&came))));
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let silent = async {
        tokio::time::sleep(patience).await;
        if came.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = silent => return,
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
        let manners = Manners { patience: Duration::from_secs(1), most: 4 };
        let serving = tokio::spawn(serve_with(listener, router, stop, manners));
        let mut slow = TcpStream::connect(at).await.unwrap();
        slow.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        let mut silent = TcpStream::connect(at).await.unwrap();
        let mut begun = TcpStream::connect(at).await.unwrap();
        begun.write_all(b"PRI * HTTP/2.0\r\n").await.unwrap();
        let mut other = TcpStream::connect(at).await.unwrap();
        let whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        other.write_all(whole).await.unwrap();
        let mut answer = String::new();
        other.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with(&other.local_addr().unwrap().to_string()), "{answer}");
        // They come to an end only because the server closes.
        for left in [&mut slow, &mut silent, &mut begun] {
            left.read_to_end(&mut Vec::new()).await.unwrap();
        }
        stopper.stop();
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_too_many_waits_for_one_to_end() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, (stopper, stop)) = (listener.local_addr().unwrap(), stopping());
        let router = Router::new().route("/", get(|| async { "here" }));
        let manners = Manners { patience: Duration::from_mins(1), most: 1 };
        let serving = tokio::spawn(serve_with(listener, router, stop, manners));
        let head = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let mut first = TcpStream::connect(at).await.unwrap();
        first.write_all(head).await.unwrap();
        assert!(first.read(&mut [0; 512]).await.unwrap() > 0);
        let mut second = TcpStream::connect(at).await.unwrap();
        second.write_all(head).await.unwrap();
        let mut answer = [0; 512];
        // The first is answered again meanwhile.
        first.write_all(head).await.unwrap();
        assert!(first.read(&mut answer).await.unwrap() > 0);
        assert!(second.try_read(&mut answer).is_err(), "no place is free");
        drop(first);
        assert!(second.read(&mut answer).await.unwrap() > 0);
        drop(second);
        stopper.stop();
        serving.await.unwrap();
    }
}
