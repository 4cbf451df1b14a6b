//! The world outside: time-stamps, status and lists over HTTP, through a client that is handed in.

use std::time::Duration;

use base::Clock;
use links::Pending;

/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Where: `http` or `https`. From our configuration, or from a certificate that an anchor
    /// of ours stands over.
    pub url: String,
    /// Media type and bytes of a POST; none: a GET.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// The most bytes of an answer that are read.
    pub most: usize,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfetched {
    /// Nobody answered, or not in time.
    #[error("no answer")]
    Unreached,
    /// Another status than 200.
    #[error("answered with status {0}")]
    Status(u16),
    /// More than was allowed.
    #[error("a longer answer than is read")]
    TooLong,
}

/// How the world is reached. Implementations follow no redirect to another host and set no
/// deadline of their own: the caller stops waiting.
pub trait Outside: Send + Sync + 'static {
    /// The body of a 200 answer.
    fn fetch(&self, fetch: Fetch) -> Pending<'_, Result<Vec<u8>, Unfetched>>;
}

/// What `outside` answers within the patience of a page.
pub(crate) async fn fetched(
    outside: &dyn Outside,
    clock: &dyn Clock,
    fetch: Fetch,
) -> Result<Vec<u8>, Unfetched> {
    let most = fetch.most;
    let late = clock.until(clock.now().plus(PATIENCE));
    let body = tokio::select! {
        biased;
        body = outside.fetch(fetch) => body?,
        () = late => return Err(Unfetched::Unreached),
    };
    if body.len() > most { Err(Unfetched::TooLong) } else { Ok(body) }
}
