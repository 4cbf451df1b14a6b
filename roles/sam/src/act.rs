//! Step 6 of an activation: state checked again, the act, compare-and-set to done.

use std::sync::Arc;
use std::time::Duration;

use activation_contract::{
    Credential, Device, HolderStatement, Instruction, KeyStatement, Op, Outcome, Refusal,
    Statement, Will, typ,
};
use base::{Bytes, Digest, Id, PersonId, Time, hex};
use keys::Algorithm;
use sam_contract::CredentialState;
use store::{Tx, values};

use crate::activate::{Standing, shut};
use crate::credential::{self, CredentialRow, NewKey};
use crate::device::{self, DeviceRow};
use crate::ending::{self, Ending};
use crate::enrol::{NewOffer, kept};
use crate::hand::{self, Act, HandError};
use crate::life::{ActivationInput, ActivationLife, KeyInput, MeansLife};
use crate::row::{json, word};
use crate::words::Words;
use crate::{Sam, Stop, level};

/// How long a login statement may be used.
const STATEMENT: Duration = Duration::from_mins(30);

/// So many keys of a person may wait for their certificates.
const WAITING_KEYS: usize = 8;

/// What an act changes, in the transaction that says it is done.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Nothing,
    Keep(Box<NewKey>),
    Offer(Box<NewOffer>),
    End(Id<Device>),
    Step(Id<Credential>, KeyInput),
    Freeze(PersonId),
}

/// What an act answers and changes.
#[derive(Clone, Debug)]
pub(crate) struct Acted {
    outcome: Outcome,
    effect: Effect,
}

/// What an act stands on, read in one look.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) device: DeviceRow,
    key: Option<CredentialRow>,
    keys: Vec<CredentialRow>,
}

/// What an act looks like to those who prepare it.
pub(crate) struct Scene<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) words: &'a Words,
    pub(crate) ground: &'a Ground,
    pub(crate) now: Time,
}

impl Scene<'_> {
    pub(crate) fn told(&self) -> &Instruction {
        &self.words.instruction
    }

    pub(crate) fn label(&self) -> &str {
        self.told().items.first().map(|item| item.label.as_str()).unwrap_or_default()
    }
}

impl Sam {
    pub(crate) async fn act(&self, standing: &Standing) -> Result<(), Stop> {
        let (words, now) = (self.words_of(standing)?, self.clock.now());
        let acted = match self.ground(&words, now).await? {
            Err(why) => refused(why),
            Ok(ground) => {
                let scene = Scene { standing, words: &words, ground: &ground, now };
                self.prepared(&scene).await?
            }
        };
        let challenge = standing.challenge;
        let written =
            self.store.write("sam.act", move |tx| done(tx, challenge, &words, &acted, now));
        written.await
    }

    /// What the act stands on, or what shuts its way.
    async fn ground(&self, words: &Words, now: Time) -> Result<Result<Ground, Refusal>, Stop> {
        let words = words.clone();
        let look = self.store.read("sam.ground", move |tx| {
            if let Some(why) = shut(tx, &words, now)? {
                return Ok(Err(why));
            }
            let told = &words.instruction;
            let device = device::find(tx, told.device)?.ok_or(Stop::Damaged("a device"))?;
            let key = match told.credential {
                Some(id) => credential::find(tx, id)?,
                None => None,
            };
            let keys = match told.op {
                Op::Freeze | Op::MakeKey => credential::of(tx, told.person)?,
                _ => Vec::new(),
            };
            Ok::<_, Stop>(Ok(Ground { device, key, keys }))
        });
        look.await
    }

    async fn prepared(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        match scene.told().op {
            Op::Login => self.login(scene),
            Op::Sign => self.signed(scene).await,
            Op::MakeKey => self.key_made(scene).await,
            Op::EnrolDevice | Op::SetPin => self.vouched(scene).await,
            Op::EndDevice => self.device_ended(scene).await,
            Op::Suspend => self.key_stepped(scene, Will::Suspend, KeyInput::Suspend),
            Op::Revoke => self.key_stepped(scene, Will::Revoke, KeyInput::Revoke),
            Op::Freeze => self.all_frozen(scene),
        }
    }

    /// As of the attempt: a login that a crash held up does not begin anew with the restart.
    fn login(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        let (told, time) = (scene.told(), scene.standing.spent);
        let statement = Statement {
            person: told.person,
            client: told.client.clone(),
            request: told.request,
            chosen_number: told.chosen_number,
            level: level::acr(scene.ground.device.proof()?, time.utc_date()).to_owned(),
            time,
            until: time.plus(STATEMENT),
            device: told.device,
        };
        let statement = self.own.said(typ::STATEMENT, &statement)?;
        Ok(acted(stated(statement), Effect::Nothing))
    }

    async fn signed(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        let key = scene.ground.key.as_ref().ok_or(Stop::Damaged("a key"))?;
        let held = key.held.clone().ok_or(Stop::Damaged("a key that is active and gone"))?;
        let (hand, words) = (self.hand(&key.hand)?, scene.words.clone());
        let signing = tokio::task::spawn_blocking(move || {
            let act = Act { words: words.text(), instruction: &words.instruction };
            hand.sign(&held, &act)
        });
        match signing.await.map_err(|_| Stop::Damaged("a signing device that panics"))? {
            Ok(made) if made.len() == scene.told().items.len() => {
                let signatures = made.into_iter().map(Bytes).collect();
                let credential = Some(key.id);
                let outcome = Outcome::Done { signatures, credential, statement: None };
                Ok(acted(outcome, Effect::Nothing))
            }
            Err(HandError::Unfit) => Ok(refused(Refusal::Unfit)),
            Ok(_) | Err(HandError::Refused) => Err(Stop::Damaged("the signing device refuses")),
        }
    }

    /// Makes a key for an approval; the same approval again is answered with the same key.
    async fn key_made(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        let approval = scene.label().to_owned();
        let standing = {
            let approval = approval.clone();
            let look = move |tx: &mut Tx| Ok::<_, Stop>(credential::by_approval(tx, &approval)?);
            self.store.read("sam.approval", look).await?
        };
        if let Some(old) = standing {
            return if old.person == scene.told().person {
                Ok(acted(
                    self.key_stated(&old.approval, &old.spki, (old.person, old.id))?,
                    Effect::Nothing,
                ))
            } else {
                Ok(refused(Refusal::Unfit))
            };
        }
        let waiting = scene.ground.keys.iter().filter(|key| key.certificate.is_none()).count();
        let asked = scene.told().items.first().map(|item| item.media_type.as_str());
        let Some(algorithm) = asked.and_then(hand::asked_algorithm) else {
            return Ok(refused(Refusal::Unfit));
        };
        if waiting >= WAITING_KEYS {
            return Ok(refused(Refusal::Unfit));
        }
        let new = self.new_key(scene, approval, algorithm).await?;
        let outcome = self.key_stated(&new.approval, &new.spki, (new.person, new.id))?;
        Ok(acted(outcome, Effect::Keep(Box::new(new))))
    }

    async fn new_key(
        &self,
        scene: &Scene<'_>,
        approval: String,
        algorithm: Algorithm,
    ) -> Result<NewKey, Stop> {
        let maker = self.maker()?;
        let making = Arc::clone(&maker);
        let made = tokio::task::spawn_blocking(move || making.make(algorithm)).await;
        let made = made.map_err(|_| Stop::Damaged("a signing device that panics"))?;
        let (public, held) = made.map_err(|_| Stop::Damaged("the signing device refuses"))?;
        Ok(NewKey {
            id: Id::random(self.chance.as_ref()),
            person: scene.told().person,
            approval,
            hand: maker.name(),
            algorithm,
            held,
            spki: public.spki().to_vec(),
            at: scene.now,
        })
    }

    fn key_stated(
        &self,
        approval: &str,
        spki: &[u8],
        (person, credential): (PersonId, Id<Credential>),
    ) -> Result<Outcome, Stop> {
        let statement = KeyStatement {
            approval: approval.to_owned(),
            person,
            credential,
            spki: Digest(keys::sha256(spki)),
            key: Bytes(spki.to_vec()),
        };
        let statement = Some(self.own.said(typ::KEY, &statement)?);
        Ok(Outcome::Done { signatures: Vec::new(), credential: Some(credential), statement })
    }

    fn key_stepped(&self, scene: &Scene<'_>, will: Will, input: KeyInput) -> Result<Acted, Stop> {
        let key = scene.ground.key.as_ref().ok_or(Stop::Damaged("a key"))?;
        let statement = self.willed(scene.told().person, will, &[key], scene.now)?;
        Ok(acted(stated(statement), Effect::Step(key.id, input)))
    }

    fn all_frozen(&self, scene: &Scene<'_>) -> Result<Acted, Stop> {
        let person = scene.told().person;
        let statement = self.freeze_stated(person, &scene.ground.keys, scene.now)?;
        let outcome = Outcome::Done { signatures: Vec::new(), credential: None, statement };
        Ok(acted(outcome, Effect::Freeze(person)))
    }

    /// The will to suspend what is not revoked; none where there is nothing to suspend.
    pub(crate) fn freeze_stated(
        &self,
        person: PersonId,
        keys: &[CredentialRow],
        now: Time,
    ) -> Result<Option<String>, Stop> {
        let mut active = Vec::new();
        for key in keys {
            if matches!(key.state()?, CredentialState::Active | CredentialState::Suspended) {
                active.push(key);
            }
        }
        if active.is_empty() {
            return Ok(None);
        }
        self.willed(person, Will::Suspend, &active, now).map(Some)
    }

    fn willed(
        &self,
        person: PersonId,
        will: Will,
        keys: &[&CredentialRow],
        time: Time,
    ) -> Result<String, Stop> {
        let id = hex(&self.chance.bytes::<16>());
        let certificates = keys.iter().filter_map(|key| key.certified()).collect();
        let statement = HolderStatement { id, person, will, certificates, time };
        self.own.said(typ::HOLDER, &statement)
    }
}

pub(crate) fn acted(outcome: Outcome, effect: Effect) -> Acted {
    Acted { outcome, effect }
}

pub(crate) fn refused(why: Refusal) -> Acted {
    acted(Outcome::Refused { why }, Effect::Nothing)
}

pub(crate) fn stated(statement: String) -> Outcome {
    Outcome::Done { signatures: Vec::new(), credential: None, statement: Some(statement) }
}

/// The last transaction: the row is taken first, so that of two who act only one changes
/// anything and only one outcome leaves.
fn done(
    tx: &mut Tx,
    challenge: [u8; 16],
    words: &Words,
    acted: &Acted,
    now: Time,
) -> Result<(), Stop> {
    let taken = tx.update(
        "UPDATE sam_activation SET state = $2 WHERE challenge = $1 AND state = $3",
        values![challenge, word(&ActivationLife::Refused), word(&ActivationLife::Activated)],
    )?;
    if taken == 0 {
        return Ok(());
    }
    let (outcome, ending) = match (shut(tx, words, now)?, &acted.outcome) {
        (Some(why), _) => (Outcome::Refused { why }, None),
        (None, outcome @ Outcome::Refused { .. }) => (outcome.clone(), None),
        (None, outcome) => match applied(tx, &acted.effect, now)? {
            Some(ending) => (outcome.clone(), ending),
            None => (Outcome::Refused { why: Refusal::Unfit }, None),
        },
    };
    let done = !matches!(outcome, Outcome::Refused { .. });
    let state = ActivationLife::Activated.step(ActivationInput::Act { done })?;
    tx.update(
        "UPDATE sam_activation SET state = $2, outcome = $3, ending = $4 WHERE challenge = $1",
        values![challenge, word(&state), json(&outcome)?, ending],
    )?;
    Ok(())
}

/// Makes the change; with its ending, if it is one. None when it cannot be made any more.
fn applied(tx: &mut Tx, effect: &Effect, now: Time) -> Result<Option<Option<i64>>, Stop> {
    match effect {
        Effect::Nothing => Ok(Some(None)),
        Effect::Keep(new) => Ok(credential::keep(tx, new)?.then_some(None)),
        Effect::Offer(new) => Ok(kept(tx, new)?.then_some(None)),
        Effect::End(device) => ended(tx, *device, now).map(Some),
        Effect::Step(id, input) => {
            let key = credential::find(tx, *id)?.ok_or(Stop::Damaged("a key"))?;
            Ok(Some(credential::step(tx, &key, *input)?.1))
        }
        Effect::Freeze(person) => frozen(tx, *person, now).map(Some),
    }
}

/// Ends a device; one that has ended already stays as it was.
pub(crate) fn ended(tx: &mut Tx, device: Id<Device>, now: Time) -> Result<Option<i64>, Stop> {
    let Some(row) = device::find(tx, device)? else { return Ok(None) };
    if row.life()?.end().is_err() {
        return Ok(None);
    }
    let ending = Ending::Device { device, at: now };
    ending.apply(tx)?;
    ending::put(tx, &ending).map(Some)
}

/// Freezes everything of a person. Keys are suspended with their certificates: an officer who
/// unfreezes resumes each by an approval of its own.
pub(crate) fn frozen(tx: &mut Tx, person: PersonId, now: Time) -> Result<Option<i64>, Stop> {
    for key in credential::of(tx, person)? {
        if key.state()? == CredentialState::Active {
            credential::step(tx, &key, KeyInput::Suspend)?;
        }
    }
    let ending = Ending::Means { person, state: MeansLife::Frozen, at: now };
    ending.apply(tx)?;
    ending::put(tx, &ending).map(Some)
}
