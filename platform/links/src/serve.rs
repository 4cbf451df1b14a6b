//! The listener of a process: doors over HTTP and mTLS.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use base::Clock;
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::{DoorError, Doors, MAX_BODY, Party, Reply};

/// How long a client may take for its handshake, the head of a request, and its body.
const PATIENCE: Duration = Duration::from_secs(10);

/// So much of a body is read at most before its stream is ended.
const MOST_READ: usize = 8 * MAX_BODY;

/// So many connections are open at once; others wait to be accepted.
const CONNECTIONS: usize = 1024;

/// Answers calls on `listener` for as long as it is polled: `POST /call/<operation>` with a
/// [`crate::Call`] in JSON and a client certificate that names the calling system. Dropped, it
/// closes its connections; what is being done is done to its end.
///
/// ```text
/// curl --cert bank.pem --key bank.key --cacert transport.pem \
///   -d '{"operation":{…},"on_behalf":{"kind":"permission","number":"1"},"purpose":"…"}' \
///   https://persons.example/call/persons/find
/// ```
pub async fn serve(
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    doors: Vec<Arc<Doors>>,
    clock: Arc<dyn Clock>,
) {
    let (acceptor, doors) = (TlsAcceptor::from(tls), Arc::new(doors));
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        if open.len() >= CONNECTIONS {
            open.join_next().await;
        }
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most often: wait until some are given back.
            clock.until(clock.now().plus(Duration::from_millis(100))).await;
            continue;
        };
        let (acceptor, doors, clock) = (acceptor.clone(), doors.clone(), clock.clone());
        open.spawn(connection(stream, acceptor, doors, clock));
    }
}

async fn connection(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    doors: Arc<Vec<Arc<Doors>>>,
    clock: Arc<dyn Clock>,
) {
    let handshake = tokio::select! {
        done = acceptor.accept(stream) => done,
        () = clock.until(clock.now().plus(PATIENCE)) => return,
    };
    let Ok(stream) = handshake else { return };
    let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let from = shown.and_then(|certificate| Party::of_certificate(certificate).ok());
    let from = Arc::new(from);
    let service = service_fn(move |request| {
        let (from, doors, clock) = (from.clone(), doors.clone(), clock.clone());
        async move {
            let reply = answered(request, (*from).as_ref(), &doors, clock.as_ref()).await;
            Ok::<_, Infallible>(response(reply.unwrap_or_else(Reply::from)))
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(256);
    builder.http2().keep_alive_interval(Duration::from_secs(30));
    // A connection that breaks is its client's matter.
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}

async fn answered(
    request: Request<Incoming>,
    from: Option<&Party>,
    doors: &[Arc<Doors>],
    clock: &dyn Clock,
) -> Result<Reply, DoorError> {
    let (head, body) = request.into_parts();
    // Read before anything is refused: some clients lose a reply that comes while they write.
    let body = tokio::select! {
        body = whole(body) => body?,
        () = clock.until(clock.now().plus(PATIENCE)) => return Err(DoorError::Late),
    };
    handled(&head, &body, from, doors).await
}

/// The body; one that is too long is read on, up to [`MOST_READ`], and thrown away.
async fn whole(mut body: Incoming) -> Result<Vec<u8>, DoorError> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| DoorError::Malformed)?;
        let data = frame.into_data().unwrap_or_default();
        length += data.len();
        if length > MOST_READ {
            return Err(DoorError::TooLong);
        }
        if length <= MAX_BODY {
            bytes.extend_from_slice(&data);
        }
    }
    if length > MAX_BODY { Err(DoorError::TooLong) } else { Ok(bytes) }
}

async fn handled(
    head: &Parts,
    body: &[u8],
    from: Option<&Party>,
    doors: &[Arc<Doors>],
) -> Result<Reply, DoorError> {
    let from = from.ok_or(DoorError::Nobody)?;
    let operation = head.uri.path().strip_prefix("/call/").ok_or(DoorError::NoSuchOperation)?;
    let doors = doors.iter().find(|doors| doors.has(operation));
    let doors = doors.ok_or(DoorError::NoSuchOperation)?;
    if head.method != Method::POST {
        return Err(DoorError::Method);
    }
    Ok(doors.handle(from, operation, body).await)
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let kind = if reply.status == 200 { "application/json" } else { "application/problem+json" };
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() = reply.status.try_into().unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = reply.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
