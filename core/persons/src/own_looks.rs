//! What is recorded about the person who asks, each entry with its proof (R40, PROTOCOLS §5).

use audit::{ActorKind, LogError, Outcome, Said, Shown, checkpoint};
use base::{ActingFor, Date, Digest, PersonId};
use persons_contract::{
    LookCheckpoint, LookProof, LookResult, LookRow, LookSaid, LooksAnswer, LooksRefusal,
    MAX_LOOK_DAYS, MAX_LOOKS, OwnLookProof, OwnLooks,
};

use crate::asking::{Asking, OnBehalf};
use crate::persons::Persons;

impl Persons {
    /// The entries about the person who asks, the newest first. Reading one's own log is not
    /// recorded in it: nobody's data but the reader's are shown, and she sees no official.
    ///
    /// # Errors
    /// [`LooksRefusal`].
    pub async fn own_looks(
        &self,
        asking: &Asking,
        ask: &OwnLooks,
    ) -> Result<LooksAnswer, LooksRefusal> {
        let person = herself(asking)?;
        within(ask.from, ask.to)?;
        // Before the entries: what is committed later may be missing among them.
        let now = self.clock.now();
        let figures = self.log.figures().await.map_err(|e| unreadable(&e))?;
        let shown = self.log.shown_to(person, ask.from..=ask.to).await;
        let mut rows = Vec::new();
        for entry in shown.map_err(|e| unreadable(&e))?.into_iter().rev() {
            rows.push(row(entry)?);
        }
        let cut = rows.len() > MAX_LOOKS;
        rows.truncate(MAX_LOOKS);
        let recorded_until = figures.oldest.unwrap_or(now).min(now);
        Ok(LooksAnswer { log: self.log.name().to_owned(), recorded_until, rows, cut })
    }

    /// The proof of an entry about the person who asks.
    ///
    /// # Errors
    /// [`LooksRefusal`]; an entry about somebody else is not found.
    pub async fn own_look_proof(
        &self,
        asking: &Asking,
        ask: &OwnLookProof,
    ) -> Result<LookProof, LooksRefusal> {
        let person = herself(asking)?;
        let shown = self.log.shown_to(person, ask.day..=ask.day).await;
        let mut entries = shown.map_err(|e| unreadable(&e))?.into_iter();
        let entry = entries.find(|entry| entry.proof.position == ask.position);
        entry.map(|entry| LookProof { text: entry.proof.text() }).ok_or(LooksRefusal::NotFound)
    }
}

fn herself(asking: &Asking) -> Result<PersonId, LooksRefusal> {
    match (&asking.on_behalf, &asking.acting_for) {
        (OnBehalf::Person(person), ActingFor::Own) => Ok(*person),
        _ => Err(LooksRefusal::NotPermitted),
    }
}

fn within(from: Date, to: Date) -> Result<(), LooksRefusal> {
    let days = from.until(to).map_err(|_| LooksRefusal::Days)?.get_days();
    let fits = (0..i32::from(MAX_LOOK_DAYS)).contains(&days);
    if fits { Ok(()) } else { Err(LooksRefusal::Days) }
}

fn unreadable(error: &LogError) -> LooksRefusal {
    tracing::error!(cause = %error, "the log cannot be read");
    LooksRefusal::Unavailable
}

fn row(entry: Shown) -> Result<LookRow, LooksRefusal> {
    let Shown { day, class, said: text, proof, .. } = entry;
    let signed = checkpoint::unverified(&proof.checkpoint).map_err(|error| {
        tracing::error!(cause = %error, "a checkpoint of the log does not read");
        LooksRefusal::Unavailable
    })?;
    let (size, root, at) = (signed.head.size, Digest(signed.head.root), signed.at);
    let checkpoint = LookCheckpoint { size, root, at };
    let (position, said) = (proof.position, text.map(said));
    Ok(LookRow { day, position, class, said, checkpoint })
}

fn said(text: Said) -> LookSaid {
    let Said { at, system, operation, organisation: institution, actor, .. } = text;
    let Said { purpose, legal_basis, case, groups, outcome, .. } = text;
    let own = actor == ActorKind::Person;
    let result = match outcome {
        Outcome::Returned => LookResult::Returned,
        Outcome::Empty => LookResult::Empty,
        Outcome::Refused => LookResult::Refused,
    };
    LookSaid { at, system, operation, institution, own, purpose, legal_basis, case, groups, result }
}
