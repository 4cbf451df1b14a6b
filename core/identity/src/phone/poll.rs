//! What waits for a phone: a long poll.

use std::sync::Arc;
use std::time::Duration;

use activation_contract::WordKind;
use activation_contract::app::{KnownBrowser, Notice, Polled, Spoken};
use axum::extract::State;
use serde::Deserialize;
use store::StoreError;
use web::{Failed as Problem, Json, Query};

use super::refusal::PhoneRefusal;
use crate::Identity;
use crate::ask::{Ask, Stage};
use crate::means::{Speaker, Standing};
use crate::{browser, notice};

/// How long a poll may take.
const PATIENCE: Duration = Duration::from_secs(25);

/// How often another process's commits are looked for.
const LOOK: Duration = Duration::from_secs(1);

/// Everything that a poll shows but challenges.
struct Found {
    asks: Vec<Ask>,
    notices: Vec<Notice>,
    browsers: Vec<KnownBrowser>,
    standing: Standing,
}

/// What the address of a poll may say.
#[derive(Debug, Deserialize)]
pub(crate) struct Haste {
    /// 0: answer at once.
    wait: Option<u8>,
}

/// `POST /app/poll`.
pub(crate) async fn poll(
    State(identity): State<Arc<Identity>>,
    Query(Haste { wait }): Query<Haste>,
    Json(Spoken { word }): Json<Spoken>,
) -> Result<axum::Json<Polled>, Problem> {
    let (speaker, says) = identity.heard(&word).await?;
    if says != WordKind::Poll {
        return Err(PhoneRefusal::Word.into());
    }
    let patience = if wait == Some(0) { Duration::ZERO } else { PATIENCE };
    Ok(axum::Json(identity.polled(&speaker, patience).await?))
}

impl Identity {
    /// What waits, as soon as something does, else what there is when patience ends.
    async fn polled(&self, speaker: &Speaker, patience: Duration) -> Result<Polled, PhoneRefusal> {
        let (mut news, end) = (self.news.subscribe(), self.now().plus(patience));
        let first = self.found(speaker).await?;
        let known = first.notices.first().map(|notice| notice.id.clone());
        let mut found = first;
        while found.asks.is_empty()
            && found.notices.first().map(|notice| &notice.id) == known.as_ref()
            && self.now() < end
        {
            let next = self.now().plus(LOOK).min(end);
            tokio::select! {
                _ = news.changed() => {}
                () = self.clock.until(next) => {}
            }
            found = self.found(speaker).await?;
        }
        self.shown(speaker, found).await
    }

    async fn found(&self, speaker: &Speaker) -> Result<Found, PhoneRefusal> {
        let (person, device, now) = (speaker.person, speaker.device, self.now());
        let read = self.store.read("identity.poll", move |tx| {
            let asks = Ask::live(tx, person, now)?.into_iter();
            let own = |ask: &Ask| ask.stage == Stage::Waiting || ask.device == Some(device);
            let standing = Standing::of(tx, person)?;
            Ok::<_, StoreError>((
                asks.filter(own).collect(),
                notice::of(tx, person, now)?,
                browser::known(tx, person)?,
                standing,
            ))
        });
        let (asks, notices, browsers, standing) = read.await?;
        let standing = standing.ok_or(PhoneRefusal::Unknown)?;
        Ok(Found { asks, notices, browsers, standing })
    }

    async fn shown(&self, speaker: &Speaker, found: Found) -> Result<Polled, PhoneRefusal> {
        let mut pending = Vec::new();
        for ask in &found.asks {
            pending.push(self.pending(speaker, ask).await?);
        }
        let Standing { number: user_number, frozen } = found.standing;
        let (notices, browsers) = (found.notices, found.browsers);
        Ok(Polled { pending, notices, browsers, user_number, frozen })
    }
}
