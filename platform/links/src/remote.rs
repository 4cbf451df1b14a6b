//! Links to another process: HTTP/2 over mTLS, one connection, made anew when it breaks.

use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use base::Clock;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;

use crate::{Link, Party, Pending, Reply, Tls, Wire, WireError};

/// No answer is longer, in bytes.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// How often a connection is asked whether it lives.
const ALIVE: Duration = Duration::from_secs(10);

/// The way to a system in another process.
pub struct Remote {
    host: String,
    port: u16,
    callee: Party,
    tls: Tls,
    open: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

impl Remote {
    /// The way to `callee` at `host` and `port`. Its certificate must be for that host and name
    /// that system.
    #[must_use]
    pub fn new(host: &str, port: u16, callee: Party, tls: Tls) -> Self {
        Self { host: host.to_owned(), port, callee, tls, open: Mutex::new(None) }
    }

    /// The link over it.
    #[must_use]
    pub fn link(self, clock: Arc<dyn Clock>) -> Link {
        Link::over(Arc::new(self), clock)
    }

    async fn connection(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut open = self.open.lock().await;
        if let Some(sender) = open.as_ref().filter(|sender| !sender.is_closed()) {
            return Some(sender.clone());
        }
        let sender = self.connect().await?;
        *open = Some(sender.clone());
        Some(sender)
    }

    async fn connect(&self) -> Option<SendRequest<Full<Bytes>>> {
        let name = ServerName::try_from(self.host.clone()).ok()?;
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.ok()?;
        stream.set_nodelay(true).ok()?;
        let stream =
            TlsConnector::from(self.tls.client.clone()).connect(name, stream).await.ok()?;
        let shown = stream.get_ref().1.peer_certificates()?.first()?;
        if Party::of_certificate(shown) != Ok(self.callee.clone()) {
            return None;
        }
        let mut builder = Builder::new(TokioExecutor::new());
        // A peer that is gone without a word is noticed, and the next call connects anew.
        builder.timer(TokioTimer::new()).keep_alive_interval(ALIVE).keep_alive_while_idle(true);
        let (sender, driver) = builder.handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(driver);
        Some(sender)
    }
}

impl Wire for Remote {
    fn carry<'a>(
        &'a self,
        operation: &'static str,
        body: Vec<u8>,
    ) -> Pending<'a, Result<Reply, WireError>> {
        Box::pin(async move {
            let mut sender = self.connection().await.ok_or(WireError::Unreached)?;
            sender.ready().await.map_err(|_| WireError::Unreached)?;
            let host = match self.host.parse::<Ipv6Addr>() {
                Ok(host) => format!("[{host}]"),
                Err(_) => self.host.clone(),
            };
            let request = Request::post(format!("https://{host}/call/{operation}"))
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(Bytes::from(body)))
                .map_err(|_| WireError::Unreached)?;
            let response = sender.send_request(request).await.map_err(|_| WireError::Unknown)?;
            read(response.status(), response.into_body()).await
        })
    }
}

async fn read(status: StatusCode, body: Incoming) -> Result<Reply, WireError> {
    let whole = Limited::new(body, MAX_ANSWER).collect().await;
    let body = whole.map_err(|_| WireError::Unknown)?.to_bytes().to_vec();
    Ok(Reply { status: status.as_u16(), body, retry_after: None })
}
