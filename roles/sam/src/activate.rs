//! Activation, in its order (PROTOCOLS §3).
//!
//! 1. Read only: open, device's signature, challenge's tag and epoch.
//! 2. A spent challenge: by the same words, go on where its row stands; by others, refused.
//! 3. One transaction: states, PIN not waiting or blocked, its attempt counted, challenge spent.
//! 4. The PIN's signature.
//! 5. Compare-and-set to `Wrong` or `Activated`; right takes only this PIN's count back.
//! 6. State checked again, act, compare-and-set to `Done` (in `act`).

use activation_contract::{Answer, Device, Op, Outcome, Pin, Refusal, typ};
use base::{Digest, Id, Time};
use sam_contract::{CredentialState, SamRefusal};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::challenge::{Challenge, Epoch, LIFE};
use crate::credential::{self, CredentialRow};
use crate::device::{self, DeviceRow};
use crate::ending::{self, Ending};
use crate::hand::goes_with;
use crate::life::{
    ActivationInput, ActivationLife, DeviceLife, MeansLife, PinInput, PinLife, StepError,
};
use crate::row::{json, of_json, of_word, word};
use crate::words::{self, Words};
use crate::{Sam, Stop};

/// A spent challenge as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) challenge: [u8; 16],
    digest: [u8; 32],
    words: Vec<u8>,
    state: String,
    outcome: Option<String>,
    ending: Option<i64>,
    /// When it was spent.
    pub(crate) spent: Time,
}

impl FromRow for Standing {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        Ok(Self {
            challenge: row.next()?,
            digest: row.next()?,
            words: row.next()?,
            state: row.next()?,
            outcome: row.next()?,
            ending: row.next()?,
            spent: row.next()?,
        })
    }
}

/// What step 3 spends.
#[derive(Clone, Debug)]
struct Spending {
    challenge: [u8; 16],
    digest: Digest,
    sealed: Vec<u8>,
    words: Words,
    now: Time,
}

/// Why step 3 spends nothing.
enum Gate {
    Shut(Outcome),
    Stop(Stop),
}

impl From<StoreError> for Gate {
    fn from(error: StoreError) -> Self {
        Self::Stop(error.into())
    }
}

impl From<Stop> for Gate {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Gate {
    fn shut(why: Refusal) -> Self {
        Self::Shut(Outcome::Refused { why })
    }
}

impl Sam {
    /// Takes a person's sealed words; the answer for the phone.
    pub(crate) async fn activate(&self, sealed: &str) -> Result<String, Stop> {
        let epoch = self.epoch()?;
        let words = Words::parse(&self.own.opened(sealed)?).ok_or(SamRefusal::Unreadable)?;
        let outcome = self.outcome(&words, epoch).await?;
        let answer = Answer {
            device: words.instruction.device,
            request: words.instruction.request,
            at: self.clock.now(),
            outcome,
        };
        self.own.said(typ::ANSWER, &answer)
    }

    async fn outcome(&self, words: &Words, epoch: Epoch) -> Result<Outcome, Stop> {
        let Some(challenge) = self.read(words, epoch).await? else {
            return Ok(Outcome::Refused { why: Refusal::Unreadable });
        };
        if let Some(standing) = self.standing(challenge.chance).await? {
            return self.again(&standing, words).await;
        }
        if self.clock.now().since(challenge.at) > LIFE {
            return Ok(Outcome::Refused { why: Refusal::ChallengeOld });
        }
        if !words::fits(&words.instruction) {
            return Ok(Outcome::Refused { why: Refusal::Unfit });
        }
        match self.spend(words, &challenge).await? {
            Some(shut) => Ok(shut),
            None => match self.standing(challenge.chance).await? {
                Some(standing) => self.again(&standing, words).await,
                None => Err(Stop::Damaged("a spent challenge")),
            },
        }
    }

    /// Step 1. None when anything is wrong.
    async fn read(&self, words: &Words, epoch: Epoch) -> Result<Option<Challenge>, Stop> {
        let told = &words.instruction;
        let id = told.device;
        let device = self.store.read("sam.device", move |tx| device::find(tx, id)).await?;
        let Some(device) = device else { return Ok(None) };
        if device.person != told.person || !words.are_of(&device.key) {
            return Ok(None);
        }
        let given = Challenge::read(&told.challenge, &self.own.challenges, id, told.op);
        Ok(given.filter(|given| given.epoch == epoch))
    }

    /// Step 2: the row of a spent challenge.
    pub(crate) async fn standing(&self, challenge: [u8; 16]) -> Result<Option<Standing>, Stop> {
        self.store
            .read("sam.standing", move |tx| {
                Ok(tx.first(
                    "SELECT challenge, digest, words, state, outcome, ending, spent_at
                     FROM sam_activation WHERE challenge = $1",
                    values![challenge],
                )?)
            })
            .await
    }

    async fn again(&self, standing: &Standing, words: &Words) -> Result<Outcome, Stop> {
        if standing.digest != words.digest().0 {
            return Ok(Outcome::Refused { why: Refusal::ChallengeSpent });
        }
        self.go_on(standing.challenge).await
    }

    /// Step 3. What shuts the way, if anything does.
    pub(crate) async fn spend(
        &self,
        words: &Words,
        challenge: &Challenge,
    ) -> Result<Option<Outcome>, Stop> {
        let text = words.text().as_bytes();
        let sealed = self.own.words.seal(&challenge.chance, text, self.chance.as_ref());
        let spending = Spending {
            challenge: challenge.chance,
            digest: words.digest(),
            sealed: sealed.map_err(|_| Stop::Damaged("words too long to be sealed"))?,
            words: words.clone(),
            now: self.clock.now(),
        };
        match self.store.write("sam.spend", move |tx| spent(tx, &spending)).await {
            Ok(()) => Ok(None),
            Err(Gate::Shut(outcome)) => Ok(Some(outcome)),
            Err(Gate::Stop(stop)) => Err(stop),
        }
    }

    /// From wherever the row stands to its outcome.
    pub(crate) async fn go_on(&self, challenge: [u8; 16]) -> Result<Outcome, Stop> {
        loop {
            let standing = self.standing(challenge).await?;
            let standing = standing.ok_or(Stop::Damaged("a spent challenge"))?;
            match of_word(&standing.state)? {
                ActivationLife::Tried => self.judge(&standing).await?,
                ActivationLife::Activated => self.act(&standing).await?,
                ActivationLife::Wrong | ActivationLife::Done | ActivationLife::Refused => {
                    return self.told(standing).await;
                }
            }
        }
    }

    /// Steps 4 and 5.
    pub(crate) async fn judge(&self, standing: &Standing) -> Result<(), Stop> {
        let words = self.words_of(standing)?;
        let (id, pin) = (words.instruction.device, words.instruction.op.pin());
        let key = self.store.read("sam.pin", move |tx| key_of(tx, id, pin)).await?;
        let right = words.are_by(&key);
        let (challenge, now) = (standing.challenge, self.clock.now());
        self.store.write("sam.judge", move |tx| judged(tx, challenge, (id, pin), right, now)).await
    }

    /// The words by which a challenge was spent.
    pub(crate) fn words_of(&self, standing: &Standing) -> Result<Words, Stop> {
        let opened = self.own.words.open(&standing.challenge, &standing.words);
        let opened = opened.map_err(|_| Stop::Damaged("kept words"))?;
        let text = std::str::from_utf8(&opened).map_err(|_| Stop::Damaged("kept words"))?;
        Words::parse(text).ok_or(Stop::Damaged("kept words"))
    }

    /// The outcome that stands; an ending is told only when it lies in the archive.
    async fn told(&self, standing: Standing) -> Result<Outcome, Stop> {
        if !self.is_safe(standing.ending).await? {
            return Ok(Outcome::BeingCarriedOut);
        }
        of_json(&standing.outcome.ok_or(Stop::Damaged("an outcome"))?)
    }
}

fn key_of(tx: &mut Tx, device: Id<Device>, pin: Option<Pin>) -> Result<Vec<u8>, Stop> {
    match pin {
        Some(pin) => Ok(device::pin(tx, device, pin)?.0),
        None => {
            let found = device::find(tx, device)?;
            Ok(found.ok_or(Stop::Damaged("an activation's device"))?.key)
        }
    }
}

/// Step 3 in its transaction: the challenge's row first, so that the same words sent twice at
/// once count once.
fn spent(tx: &mut Tx, spending: &Spending) -> Result<(), Gate> {
    let told = &spending.words.instruction;
    let new = tx.update(
        "INSERT INTO sam_activation (challenge, digest, device, words, state, spent_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        values![
            spending.challenge,
            spending.digest.0,
            told.device,
            &spending.sealed,
            word(&ActivationLife::Tried),
            spending.now
        ],
    )?;
    if new == 0 {
        return Ok(());
    }
    if let Some(why) = shut(tx, &spending.words, spending.now)? {
        return Err(Gate::shut(why));
    }
    let Some(pin) = told.op.pin() else { return Ok(()) };
    let (_, life) = device::pin(tx, told.device, pin)?;
    match life.step(PinInput::Try, spending.now) {
        Ok(next) => Ok(device::keep_pin(tx, (told.device, pin), next, spending.now)?),
        Err(StepError::Waits(until)) => Err(Gate::Shut(Outcome::WaitUntil { until })),
        Err(_) => Err(Gate::Shut(Outcome::Blocked)),
    }
}

/// What shuts the way for these words: asked in steps 3 and 6.
pub(crate) fn shut(tx: &mut Tx, words: &Words, now: Time) -> Result<Option<Refusal>, Stop> {
    let told = &words.instruction;
    let device = device::find(tx, told.device)?.ok_or(Stop::Damaged("a device"))?;
    if device.person != told.person || device.life()? != DeviceLife::Active {
        return Ok(Some(Refusal::DeviceNotActive));
    }
    if device.means()? == MeansLife::Frozen && told.op != Op::Freeze {
        return Ok(Some(Refusal::Frozen));
    }
    let Some(id) = told.credential else { return Ok(None) };
    match credential::find(tx, id)? {
        Some(key) if key.person == device.person => locked(&key, &device, words, now),
        _ => Ok(Some(Refusal::CredentialNotActive)),
    }
}

/// Whether a key does not do what these words want.
fn locked(
    key: &CredentialRow,
    _: &DeviceRow,
    words: &Words,
    now: Time,
) -> Result<Option<Refusal>, Stop> {
    let (told, state, algorithm) = (&words.instruction, key.state()?, key.algorithm()?);
    let open = match told.op {
        Op::Sign => state == CredentialState::Active && key.holds_at(now),
        Op::Suspend => state == CredentialState::Active,
        Op::Revoke => matches!(state, CredentialState::Active | CredentialState::Suspended),
        _ => false,
    };
    if !open {
        return Ok(Some(Refusal::CredentialNotActive));
    }
    let mut digests = told.items.iter().filter_map(|item| item.dtbs.as_ref());
    let fit = digests.all(|dtbs| goes_with(algorithm, &dtbs.alg));
    let meant = told.op == Op::Sign || names(words, key);
    Ok((!fit || !meant).then_some(Refusal::Unfit))
}

/// Whether the one item is the key's certificate.
fn names(words: &Words, key: &CredentialRow) -> bool {
    let certificate = key.certificate.as_deref().map(crate::row::digest);
    let items = words.instruction.items.as_slice();
    matches!((items, certificate), ([one], Some(own)) if one.document_digest == own)
}

/// Step 5.
fn judged(
    tx: &mut Tx,
    challenge: [u8; 16],
    (device, pin): (Id<Device>, Option<Pin>),
    right: bool,
    now: Time,
) -> Result<(), Stop> {
    let next = ActivationLife::Tried.step(ActivationInput::Judge { right })?;
    let changed = tx.update(
        "UPDATE sam_activation SET state = $2 WHERE challenge = $1 AND state = $3",
        values![challenge, word(&next), word(&ActivationLife::Tried)],
    )?;
    match (changed, pin) {
        (0, _) => Ok(()),
        (_, Some(pin)) if right => {
            let (_, life) = device::pin(tx, device, pin)?;
            device::keep_pin(tx, (device, pin), life.step(PinInput::Right, now)?, now)
        }
        (_, None) if right => Ok(()),
        (_, Some(pin)) => wrong(tx, challenge, (device, pin), now),
        (_, None) => keep(tx, challenge, &Outcome::Refused { why: Refusal::Unreadable }, None),
    }
}

fn wrong(
    tx: &mut Tx,
    challenge: [u8; 16],
    (device, pin): (Id<Device>, Pin),
    now: Time,
) -> Result<(), Stop> {
    let (_, life) = device::pin(tx, device, pin)?;
    if life != PinLife::Blocked {
        return keep(tx, challenge, &Outcome::WrongPin { left: life.left() }, None);
    }
    let ending = Ending::PinBlocked { device, pin, tries: life.tries(), at: now };
    let number = ending::put(tx, &ending)?;
    keep(tx, challenge, &Outcome::Blocked, Some(number))
}

fn keep(
    tx: &mut Tx,
    challenge: [u8; 16],
    outcome: &Outcome,
    ending: Option<i64>,
) -> Result<(), Stop> {
    tx.update(
        "UPDATE sam_activation SET outcome = $2, ending = $3 WHERE challenge = $1",
        values![challenge, json(outcome)?, ending],
    )?;
    Ok(())
}
