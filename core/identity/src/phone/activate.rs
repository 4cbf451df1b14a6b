//! What passes through to `sam`, and what its answers change here.

use std::sync::Arc;

use activation_contract::app::{Activate, Answered, Challenged, Enrol, KeysOfSam, Spoken};
use activation_contract::{Answer, Device, Op, Outcome, WordKind};
use axum::extract::State;
use base::Id;
use links::{Call, OnBehalf, Operation};
use sam_contract::SamRefusal;
use store::StoreError;
use web::{Address, Failed as Problem, Json, Refused};

use super::refusal::PhoneRefusal;
use crate::Identity;
use crate::ask::{Ask, Input, Stage};
use crate::assurance::Assurance;
use crate::browser;
use crate::failed::Failed;
use crate::identity::hashed;
use crate::means;

/// `POST /app/challenge`.
pub(crate) async fn challenge(
    State(identity): State<Arc<Identity>>,
    Json(Spoken { word }): Json<Spoken>,
) -> Result<axum::Json<Challenged>, Problem> {
    let (speaker, says) = identity.heard(&word).await?;
    let WordKind::Challenge { op } = says else { return Err(PhoneRefusal::Word.into()) };
    let challenge = identity.challenged(speaker.device, op).await?;
    Ok(axum::Json(Challenged { challenge }))
}

/// `POST /app/activate`.
pub(crate) async fn activate(
    State(identity): State<Arc<Identity>>,
    from: Address,
    Json(activate): Json<Activate>,
) -> Result<axum::Json<Answered>, Problem> {
    identity.limits.sealed(&from)?;
    let done = whole(async move { identity.activated(activate).await });
    Ok(axum::Json(done.await?))
}

/// `POST /app/enrol`.
pub(crate) async fn enrol(
    State(identity): State<Arc<Identity>>,
    from: Address,
    Json(Enrol { sealed }): Json<Enrol>,
) -> Result<axum::Json<Answered>, Problem> {
    identity.limits.sealed(&from)?;
    let done = whole(async move {
        let answer = identity.to_sam(sam_contract::Enrol { sealed }).await?.answer;
        identity.enrolled(&answer).await?;
        Ok::<_, Failed>(Answered { answer, return_to: None })
    });
    Ok(axum::Json(done.await?))
}

/// Does `work` to its end though the phone hangs up meanwhile: what `sam` has done must be told.
async fn whole<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<Problem> + Send + 'static,
{
    let done = tokio::spawn(work).await.map_err(|_| Refused::Panicked)?;
    done.map_err(Into::into)
}

/// `GET /app/sam-keys`.
pub(crate) async fn sam_keys(
    State(identity): State<Arc<Identity>>,
) -> Result<axum::Json<KeysOfSam>, Problem> {
    let keys = identity.to_sam(sam_contract::KeysOf {}).await?;
    Ok(axum::Json(KeysOfSam { keys: keys.keys }))
}

impl Identity {
    /// Calls `sam` for a phone.
    async fn to_sam<O>(&self, operation: O) -> Result<O::Answer, Failed>
    where
        O: Operation<Refusal = SamRefusal>,
    {
        let behalf = OnBehalf::System { job: "phone".to_owned() };
        Ok(self.sam.call(Call::new(operation, behalf, "activation")).await?)
    }

    /// A challenge of `sam` for one operation of a device.
    pub(crate) async fn challenged(&self, device: Id<Device>, op: Op) -> Result<String, Failed> {
        Ok(self.to_sam(sam_contract::Challenge { device, op }).await?.challenge)
    }

    /// Carries the sealed instruction to `sam` and does here what its answer says. The same bytes
    /// again bring the same answer, so that a phone that lost it can ask again.
    async fn activated(&self, activate: Activate) -> Result<Answered, PhoneRefusal> {
        let Activate { sealed, own } = activate;
        let token = self.to_sam(sam_contract::Activate { sealed }).await?.answer;
        let answer = self.answer(&token).ok_or(Failed::Key)?;
        let return_to = match &answer.outcome {
            // The effect holds before its archive entry is safe.
            Outcome::Done { .. } | Outcome::BeingCarriedOut if own == Some(Op::Freeze) => {
                self.froze(answer.device).await?;
                None
            }
            Outcome::Done { .. } => {
                self.devices_changed(&answer).await?;
                self.answered(&token, answer).await?
            }
            _ => None,
        };
        Ok(Answered { answer: token, return_to })
    }

    /// A phone that another one vouched for is taken in as soon as `sam` has bound it; one that an
    /// officer binds, no later than the desk says so.
    async fn enrolled(&self, answer: &str) -> Result<(), Failed> {
        match self.enrol_answer(answer) {
            Some(said) if said.bound => self.bound(said).await.map(drop),
            _ => Ok(()),
        }
    }

    async fn froze(&self, device: Id<Device>) -> Result<(), Failed> {
        let speaker = self.store.read("identity.speaker", move |tx| means::speaker(tx, device));
        match speaker.await? {
            Some(speaker) => self.freeze(speaker.person).await,
            None => Ok(()),
        }
    }

    /// Keeps what `sam` answered with the ask that it is about; the way back, where the phone
    /// took the ask by its link.
    async fn answered(&self, token: &str, answer: Answer) -> Result<Option<String>, PhoneRefusal> {
        let Some(ask) = self.asked(&answer).await? else { return Ok(None) };
        if ask.login && !self.holds(&ask, &answer).await? {
            return Err(PhoneRefusal::Over);
        }
        let secret = ask.back.is_some().then(|| self.secret());
        let (back, id) = (secret.as_deref().map(|secret| hashed(secret).to_vec()), ask.id.clone());
        let (token, device) = (token.to_owned(), answer.device);
        let kept = self.store.write("identity.answered", move |tx| {
            let Some(ask) = Ask::of(tx, &id)? else { return Ok(false) };
            if ask.stage == Stage::Answered {
                // The same answer again: only the way back is drawn anew.
                return ask.rewound(tx, back.as_deref());
            }
            let ended = ask.browser.clone();
            let ask = Ask {
                answer: Some(token.clone()),
                back: back.clone(),
                device: Some(device),
                ..ask
            };
            let kept = ask.step(tx, Input::Answer)?.is_some();
            if let Some(browser) = ended.filter(|_| kept) {
                browser::release(tx, &browser, &id)?;
            }
            Ok::<_, StoreError>(kept)
        });
        if !kept.await? {
            return Err(PhoneRefusal::Over);
        }
        self.tell();
        Ok(secret.map(|secret| format!("{}/return/{}?secret={secret}", self.issuer, ask.id)))
    }

    /// The live or answered ask that an answer is about, for its person's device.
    async fn asked(&self, answer: &Answer) -> Result<Option<Ask>, StoreError> {
        let (digest, device, now) = (answer.request.0, answer.device, self.now());
        let found = self.store.read("identity.answer-of", move |tx| {
            let Some(speaker) = means::speaker(tx, device)? else { return Ok(None) };
            let ask = Ask::of_digest(tx, &digest)?;
            let ask = ask.filter(|ask| ask.person == Some(speaker.person));
            let ask = ask.filter(|ask| ask.device.is_none_or(|own| own == device));
            let live = |ask: &Ask| ask.lives(now) || ask.stage == Stage::Answered;
            Ok::<_, StoreError>(ask.filter(live))
        });
        found.await
    }

    /// Whether a login's statement is of this ask, and worth what the enrolment allows.
    async fn holds(&self, ask: &Ask, answer: &Answer) -> Result<bool, StoreError> {
        let Some((_, statement)) = self.login_statement(ask, answer) else { return Ok(false) };
        let device = statement.device;
        let speaker = self.store.read("identity.speaker", move |tx| means::speaker(tx, device));
        let proof = speaker.await?.map(|speaker| speaker.proof);
        let worth = proof.and_then(|proof| Assurance::of(&statement.level, proof, statement.time));
        Ok(worth.is_some())
    }
}
