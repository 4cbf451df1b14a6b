//! What the signer calls.

use std::sync::Arc;

use base::Clock;
use links::{Asked, Doors, Party, SystemsOnly};
use pki_contract::FEED_TABLE;
use pki_contract::feed::Feed;

use crate::Responder;

/// The doors of `responder` as `callee`: only `signer` may speak.
#[must_use]
pub fn doors(
    responder: &Arc<Responder>,
    callee: Party,
    signer: Party,
    clock: Arc<dyn Clock>,
) -> Doors {
    let responder = Arc::clone(responder);
    Doors::new(callee, clock, Arc::new(SystemsOnly(vec![signer])))
        .taking(FEED_TABLE)
        .answer(move |_: Asked, feed: Feed| std::future::ready(responder.learn(&feed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::responder::tests::bench;
    use links::{Call, CallFault, OnBehalf, Place};
    use pki_contract::Status;

    #[tokio::test]
    async fn only_the_signer_is_heard() {
        let bench = bench("doors");
        let feed = bench.feed(0, 1, Status::Good);
        let (clock, responder) = (bench.clock.clone(), Arc::new(bench.responder));
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let party = |name: &str| -> Party { name.parse().unwrap() };
        let signer = party("lvrtc/ca-signer");
        let place = Place::new();
        place.open(Arc::new(doors(
            &responder,
            party("lvrtc/ocsp"),
            signer.clone(),
            Arc::clone(&clock),
        )));
        let job = || OnBehalf::System { job: "feed".to_owned() };
        let stranger = place.link(party("lvrtc/pki"), Arc::clone(&clock));
        let refused = stranger.call(Call::new(feed.clone(), job(), "status")).await;
        assert!(matches!(refused, Err(CallFault::Problem(_))), "{refused:?}");
        assert!(!responder.is_ready());
        let link = place.link(signer, clock);
        assert_eq!(link.call(Call::new(feed, job(), "status")).await.unwrap().number, 1);
        assert!(responder.is_ready());
    }
}
