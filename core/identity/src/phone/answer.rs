//! A phone claims, chooses, refuses, remembers.

use std::sync::Arc;

use activation_contract::app::{self, Nothing, Spoken};
use activation_contract::{Op, Pending, Request, RequestKind, Verdict, WordKind};
use axum::extract::State;
use store::{StoreError, Tx};
use web::{Failed as Problem, Json};

use super::refusal::PhoneRefusal;
use crate::Identity;
use crate::ask::{Ask, Input, Stage};
use crate::browser;
use crate::means::{Speaker, Standing};

/// `POST /app/claim`.
pub(crate) async fn claim(
    State(identity): State<Arc<Identity>>,
    Json(Spoken { word }): Json<Spoken>,
) -> Result<axum::Json<Pending>, Problem> {
    let (speaker, says) = identity.heard(&word).await?;
    let WordKind::Claim { code } = says else { return Err(PhoneRefusal::Word.into()) };
    let ask = identity.claimed(&speaker, &code).await?;
    Ok(axum::Json(identity.pending(&speaker, &ask).await?))
}

/// `POST /app/choose`.
pub(crate) async fn choose(
    State(identity): State<Arc<Identity>>,
    Json(Spoken { word }): Json<Spoken>,
) -> Result<axum::Json<Pending>, Problem> {
    let (speaker, says) = identity.heard(&word).await?;
    let WordKind::Choose { request, number } = says else { return Err(PhoneRefusal::Word.into()) };
    let ask = identity.chosen(&speaker, request, number).await?;
    Ok(axum::Json(identity.pending(&speaker, &ask).await?))
}

/// `POST /app/refuse`.
pub(crate) async fn refuse(
    State(identity): State<Arc<Identity>>,
    Json(Spoken { word }): Json<Spoken>,
) -> Result<axum::Json<Nothing>, Problem> {
    let (speaker, says) = identity.heard(&word).await?;
    let WordKind::Refuse { request, verdict } = says else { return Err(PhoneRefusal::Word.into()) };
    identity.refused(&speaker, request, verdict).await?;
    Ok(axum::Json(Nothing {}))
}

/// `POST /app/browser`.
pub(crate) async fn browser(
    State(identity): State<Arc<Identity>>,
    Json(Spoken { word }): Json<Spoken>,
) -> Result<axum::Json<Nothing>, Problem> {
    let (speaker, says) = identity.heard(&word).await?;
    let WordKind::Browser { browser, remember } = says else {
        return Err(PhoneRefusal::Word.into());
    };
    identity.set_browser(&speaker, &browser, remember).await?;
    Ok(axum::Json(Nothing {}))
}

/// What became of a choice.
enum Chosen {
    Right(Box<Ask>),
    Wrong,
    Over,
    Unknown,
}

impl Identity {
    /// The phone becomes the only party to the request.
    async fn claimed(&self, speaker: &Speaker, code: &str) -> Result<Ask, PhoneRefusal> {
        self.limits.claim(speaker.device.bytes())?;
        let code = app::code_of(code).ok_or(PhoneRefusal::Unknown)?;
        let (own, now, unguessable) = (speaker.clone(), self.now(), self.chance.bytes::<32>());
        let claimed = self.store.write("identity.claim", move |tx| {
            let standing = Standing::of(tx, own.person)?;
            if standing.is_none_or(|standing| standing.frozen) {
                return Ok(Err(PhoneRefusal::Frozen));
            }
            let found = Ask::claimable(tx, &code)?.filter(|(ask, _)| ask.claim_until > now);
            let Some((ask, by_link)) = found else { return Ok(Err(PhoneRefusal::Unknown)) };
            // Taken by the link: only what the way back brings will end the login.
            let back = by_link.then(|| unguessable.to_vec());
            let ask = Ask { person: Some(own.person), device: Some(own.device), back, ..ask };
            let taken = ask.step(tx, Input::Claim)?;
            Ok::<_, StoreError>(taken.ok_or(PhoneRefusal::Unknown))
        });
        let ask = claimed.await??;
        self.tell();
        Ok(ask)
    }

    /// The right number brings the PIN; a wrong one refuses the request.
    async fn chosen(
        &self,
        speaker: &Speaker,
        request: String,
        number: u8,
    ) -> Result<Ask, PhoneRefusal> {
        let (own, now) = (speaker.clone(), self.now());
        let told = self.told("browser-forgotten", "");
        let chosen = self.store.write("identity.choose", move |tx| {
            let Some(ask) = own_ask(tx, &request, &own)? else { return Ok(Chosen::Unknown) };
            if ask.stage != Stage::Waiting || ask.until <= now || ask.number.is_none() {
                return Ok(Chosen::Over);
            }
            if ask.number == Some(number) {
                let ask = Ask { device: Some(own.device), ..ask };
                let taken = ask.step(tx, Input::Choose)?;
                return Ok(taken.map_or(Chosen::Over, |ask| Chosen::Right(Box::new(ask))));
            }
            turned_away(tx, ask, (Input::Refuse(false), &own), &told)?;
            Ok::<_, StoreError>(Chosen::Wrong)
        });
        let chosen = chosen.await?;
        self.tell();
        match chosen {
            Chosen::Right(ask) => Ok(*ask),
            Chosen::Wrong => Err(PhoneRefusal::WrongNumber),
            Chosen::Over => Err(PhoneRefusal::Over),
            Chosen::Unknown => Err(PhoneRefusal::Unknown),
        }
    }

    /// No. A report may also follow a refusal.
    async fn refused(
        &self,
        speaker: &Speaker,
        request: String,
        verdict: Verdict,
    ) -> Result<(), PhoneRefusal> {
        let own = speaker.clone();
        let (told, reported) = (self.told("browser-forgotten", ""), self.told("reported", ""));
        let input = Input::Refuse(verdict == Verdict::NotMine);
        let refused = self.store.write("identity.refuse", move |tx| {
            let Some(ask) = own_ask(tx, &request, &own)? else {
                return Ok(Err(PhoneRefusal::Unknown));
            };
            if !turned_away(tx, ask, (input, &own), &told)? {
                return Ok(Err(PhoneRefusal::Over));
            }
            if input == Input::Refuse(true) {
                reported.put(tx, own.person)?;
            }
            Ok::<_, StoreError>(Ok(()))
        });
        refused.await??;
        self.tell();
        Ok(())
    }

    async fn set_browser(
        &self,
        speaker: &Speaker,
        id: &str,
        remember: bool,
    ) -> Result<(), PhoneRefusal> {
        let (id, person) = (id.parse().map_err(|_| PhoneRefusal::Unknown)?, speaker.person);
        let kind = if remember { "browser-remembered" } else { "browser-forgotten" };
        let told = self.told(kind, "");
        let set = self.store.write("identity.set-browser", move |tx| {
            let set = browser::set(tx, id, person, remember)?;
            if set {
                told.put(tx, person)?;
            }
            Ok::<_, StoreError>(set)
        });
        let set = set.await?;
        self.tell();
        if set { Ok(()) } else { Err(PhoneRefusal::Unknown) }
    }

    /// The ask as the phone gets it: with a challenge once there is nothing left to choose.
    pub(crate) async fn pending(
        &self,
        speaker: &Speaker,
        ask: &Ask,
    ) -> Result<Pending, PhoneRefusal> {
        if ask.stage == Stage::Waiting && !ask.choices.is_empty() {
            return Ok(ask.pending(None));
        }
        let challenge = self.challenged(speaker.device, op_of(&ask.request)).await?;
        Ok(ask.pending(Some(challenge)))
    }
}

/// The ask of an id, if it is this phone's to answer.
fn own_ask(tx: &mut Tx, id: &str, own: &Speaker) -> Result<Option<Ask>, StoreError> {
    let ask = Ask::of(tx, id)?.filter(|ask| ask.person == Some(own.person));
    Ok(ask.filter(|ask| ask.device.is_none_or(|device| device == own.device)))
}

/// Refuses; two refusals in a row forget the browser. Says whether there was something to refuse.
fn turned_away(
    tx: &mut Tx,
    ask: Ask,
    (input, own): (Input, &Speaker),
    told: &crate::notice::Told,
) -> Result<bool, StoreError> {
    let (first, browser) = (ask.stage != Stage::Refused, ask.browser.clone());
    let Some(ask) = ask.step(tx, input)? else { return Ok(false) };
    if let Some(token) = browser.filter(|_| first) {
        browser::release(tx, &token, &ask.id)?;
        if browser::refused(tx, &token, own.person)? {
            told.put(tx, own.person)?;
        }
    }
    Ok(true)
}

/// What a request's bytes ask for.
fn op_of(request: &[u8]) -> Op {
    match serde_json::from_slice::<Request>(request).map(|request| request.kind) {
        Ok(RequestKind::Act { op, .. }) => op,
        _ => Op::Login,
    }
}
