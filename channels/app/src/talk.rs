//! The phone's conversation with the server: each step one call of the host.

use std::time::Duration;

use activation_contract::app::{self, Activate, Answered, Challenged, KeysOfSam, Nothing, Polled};
use activation_contract::{Invitation, Op, Outcome, Pending, Refusal, Verdict, WordKind};
use base::{Chance, Clock, Locale};
use serde::de::DeserializeOwned;

use crate::activate::{Consent, OwnAct, Told};
use crate::curve::PrivateKey;
use crate::enrol::{Enrolling, Making};
use crate::phone::Phone;
use crate::pin::{Cost, Pins};
use crate::sam::{Sam, SamError};
use crate::server::{Ask, Reply, Server, Unfit, Unreached, address_of};
use crate::shown::{Shown, ShownError, Waiting};
use crate::vouch::KeysError;

/// A conversation: who carries it, what time it is, where chance comes from.
#[derive(Clone, Copy, Debug)]
pub struct Talk<'a, S> {
    /// Who carries it.
    pub server: &'a S,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// Chance, cryptographic.
    pub chance: &'a dyn Chance,
    /// The parameter set of phones that are bound in it.
    pub cost: Cost,
}

/// What a poll found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What waits, the oldest first.
    pub waiting: Vec<Waiting>,
    /// Why others that wait cannot be shown.
    pub unshown: Vec<ShownError>,
    /// What the person is told.
    pub notices: Vec<app::Notice>,
    /// Browsers: remembered ones, and those that could be.
    pub browsers: Vec<app::KnownBrowser>,
    /// The user number.
    pub user_number: String,
    /// Whether everything is frozen.
    pub frozen: bool,
}

/// What came of an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// What `sam` said.
    pub outcome: Outcome,
    /// Where this phone's own browser goes on, when the request was taken by its link: an address
    /// of the phone's server.
    pub return_to: Option<String>,
}

/// Why a step of a conversation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TalkError {
    /// No answer came; whether the request arrived is not known. The step can be done again.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// The server refused.
    #[error("the server refused ({status}): {title}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The last part of the problem's type, empty where it said none.
        kind: String,
        /// In words.
        title: String,
    },
    /// The server's answer is of another form.
    #[error("the server's answer cannot be read")]
    Form,
    /// What came is not `sam`'s.
    #[error(transparent)]
    Sam(#[from] SamError),
    /// What is asked cannot be shown.
    #[error(transparent)]
    Shown(#[from] ShownError),
    /// The time to answer is over.
    #[error("the time to answer is over")]
    Late,
    /// A number is to be chosen first.
    #[error("choose the number that the other screen shows")]
    Choose,
    /// A number that was not offered.
    #[error("that number was not offered")]
    Number,
    /// The wrong one of the two PINs, or an own act that is none.
    #[error("the operation takes the other PIN")]
    Pin,
    /// Not the eight characters of a request.
    #[error("not the eight characters of a request")]
    Code,
    /// An address that a phone does not speak to.
    #[error("the invitation names no https address")]
    Address,
    /// What another phone shows is nothing that this one vouches for.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The phone is nobody's yet.
    #[error("the phone is not bound to a person")]
    NotBound,
    /// A library refused, or memory lacks.
    #[error("the phone cannot do this now")]
    Broken,
}

impl From<Unfit> for TalkError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Form => Self::Form,
            Unfit::Refused(status, problem) => {
                let (kind, title) = problem.map(|p| (p.kind, p.title)).unwrap_or_default();
                let kind = kind.rsplit(':').next().unwrap_or_default().to_owned();
                Self::Refused { status, kind, title }
            }
        }
    }
}

impl TalkError {
    /// Whether the same bytes, sent again, may fare better.
    fn is_passing(&self) -> bool {
        matches!(self, Self::Unreached(_) | Self::Refused { status: 502..=504, .. })
    }
}

impl<S: Server> Talk<'_, S> {
    /// Gets `sam`'s keys and makes a phone for `invitation`. The host keeps the phone before it
    /// lets [`Talk::enrol`] send. Derives two keys: a quarter of a second of work.
    ///
    /// # Errors
    /// [`TalkError::Address`], [`TalkError::Sam`], or the server's.
    pub async fn meet(
        &self,
        invitation: &Invitation,
        pins: &Pins,
        label: &str,
    ) -> Result<Enrolling, TalkError> {
        self.made((invitation, false), pins, label, None).await
    }

    /// Keys for an invitation, the phone's own where another is to vouch for them: of a new phone,
    /// or new ones of the PINs of one that is `known`.
    pub(crate) async fn made(
        &self,
        (invitation, vouched): (&Invitation, bool),
        pins: &Pins,
        label: &str,
        known: Option<&Phone>,
    ) -> Result<Enrolling, TalkError> {
        let server = address_of(&invitation.server).ok_or(TalkError::Address)?;
        let (sam_keys, sam) = self.sam_of(&server, &invitation.sam).await?;
        let cost = self.cost;
        let making = Making { invitation, server, sam, sam_keys, label, cost, known, vouched };
        Enrolling::make(making, pins, self.chance).ok_or(TalkError::Broken)
    }

    /// Tells `sam` the keys of a phone; can be done again until it is bound, and has to be where
    /// another phone vouches for it: [`Phone::from`] says from when on.
    ///
    /// # Errors
    /// [`TalkError::Refused`] for a code that is spent, late or unknown; [`TalkError::Sam`].
    pub async fn enrol(&self, enrolling: &Enrolling) -> Result<Phone, TalkError> {
        let answered: Answered = self.post(enrolling.ask()).await?;
        Ok(enrolling.heard(&answered.answer)?)
    }

    /// Asks what waits; with `wait` the server answers when something does, within 25 s.
    ///
    /// The host then lets the phone [`Phone::note`] what was found.
    ///
    /// # Errors
    /// The server's.
    pub async fn poll(&self, phone: &Phone, wait: bool) -> Result<Found, TalkError> {
        let path = if wait { app::POLL.to_owned() } else { format!("{}?wait=0", app::POLL) };
        let polled: Polled = self.say(phone, &path, WordKind::Poll).await?;
        Ok(found(polled))
    }

    /// Takes the request with these eight characters, typed or as an address.
    ///
    /// # Errors
    /// [`TalkError::Code`]; [`TalkError::Refused`] with 404 for an unknown or taken one.
    pub async fn claim(&self, phone: &mut Phone, typed: &str) -> Result<Waiting, TalkError> {
        let code = app::code_of(typed).ok_or(TalkError::Code)?;
        let pending: Pending = self.say(phone, app::CLAIM, WordKind::Claim { code }).await?;
        Ok(Waiting::parse(&pending)?)
    }

    /// Tells which of the three numbers the browser shows.
    ///
    /// # Errors
    /// [`TalkError::Number`] for one that was not offered; [`TalkError::Refused`] with 409 for a
    /// wrong one: then the request is refused.
    pub async fn choose(
        &self,
        phone: &mut Phone,
        waiting: &Waiting,
        number: u8,
    ) -> Result<Waiting, TalkError> {
        if !waiting.choices.contains(&number) {
            return Err(TalkError::Number);
        }
        let request = waiting.id().to_owned();
        let says = WordKind::Choose { request: request.clone(), number };
        let pending: Pending = self.say(phone, app::CHOOSE, says).await?;
        let next = Waiting::parse(&pending)?;
        if next.shown != waiting.shown {
            return Err(TalkError::Form);
        }
        phone.life.chosen.insert(request, number);
        Ok(next)
    }

    /// Refuses a request, or reports one that was refused.
    ///
    /// # Errors
    /// The server's.
    pub async fn refuse(
        &self,
        phone: &mut Phone,
        request: &str,
        verdict: Verdict,
    ) -> Result<(), TalkError> {
        let says = WordKind::Refuse { request: request.to_owned(), verdict };
        let Nothing {} = self.say(phone, app::REFUSE, says).await?;
        phone.life.chosen.remove(request);
        Ok(())
    }

    /// Lets a browser be remembered, or forgotten.
    ///
    /// # Errors
    /// The server's.
    pub async fn browser(
        &self,
        phone: &mut Phone,
        browser: &str,
        remember: bool,
    ) -> Result<(), TalkError> {
        let says = WordKind::Browser { browser: browser.to_owned(), remember };
        let Nothing {} = self.say(phone, app::BROWSER, says).await?;
        Ok(())
    }

    /// Approves what was shown. What came of it is `sam`'s word, not the server's.
    ///
    /// # Errors
    /// [`TalkError::Late`], [`TalkError::Choose`], [`TalkError::Pin`], or the conversation's. After
    /// [`TalkError::Unreached`] the same can be done again: `sam` does nothing twice.
    pub async fn approve(
        &self,
        phone: &mut Phone,
        waiting: &Waiting,
        consent: Consent<'_>,
    ) -> Result<Approved, TalkError> {
        if waiting.shown.request().until <= self.clock.now() {
            return Err(TalkError::Late);
        }
        if !waiting.choices.is_empty() {
            return Err(TalkError::Choose);
        }
        if waiting.shown.op().pin() != Some(consent.pin.which()) {
            return Err(TalkError::Pin);
        }
        let key = phone.pin_key(consent.pin).ok_or(TalkError::Broken)?;
        let act = Act {
            shown: &waiting.shown,
            language: consent.language,
            pin_key: Some(&key),
            own: false,
        };
        let approved = self.activate(phone, &act, waiting.challenge.clone()).await?;
        if matches!(approved.outcome, Outcome::Done { .. }) {
            phone.life.chosen.remove(waiting.id());
        }
        Ok(approved)
    }

    /// Does something of the person's own accord, with PIN2.
    ///
    /// # Errors
    /// [`TalkError::Pin`] for PIN1, a login, a signature or a freeze; else the conversation's.
    pub async fn act(
        &self,
        phone: &mut Phone,
        act: &OwnAct,
        consent: Consent<'_>,
    ) -> Result<Approved, TalkError> {
        let fits = !matches!(act.op, Op::Login | Op::Sign | Op::MakeKey | Op::Freeze);
        if !fits || act.op.pin() != Some(consent.pin.which()) {
            return Err(TalkError::Pin);
        }
        let key = phone.pin_key(consent.pin).ok_or(TalkError::Broken)?;
        self.own(phone, act, consent.language, Some(&key)).await
    }

    /// Freezes everything: the device key is enough.
    ///
    /// # Errors
    /// The conversation's.
    pub async fn freeze(&self, phone: &mut Phone, language: Locale) -> Result<Approved, TalkError> {
        self.own(phone, &OwnAct::freeze(), language, None).await
    }

    async fn own(
        &self,
        phone: &mut Phone,
        act: &OwnAct,
        language: Locale,
        pin_key: Option<&PrivateKey>,
    ) -> Result<Approved, TalkError> {
        let request = act.request(self.clock.now(), self.chance);
        let shown = Shown::own(request).ok_or(TalkError::Broken)?;
        let act = Act { shown: &shown, language, pin_key, own: true };
        self.activate(phone, &act, None).await
    }

    /// Sends the instruction; with a fresh challenge where there is none, or once more where
    /// `sam` finds it spent or old.
    async fn activate(
        &self,
        phone: &mut Phone,
        act: &Act<'_>,
        challenge: Option<String>,
    ) -> Result<Approved, TalkError> {
        if phone.life.person.is_none() {
            return Err(TalkError::NotBound);
        }
        self.renew(phone).await?;
        let unspent = challenge.filter(|own| phone.life.spent.as_ref() != Some(own));
        if let Some(challenge) = unspent {
            let approved = self.tell(phone, act, challenge).await?;
            let again = [Refusal::ChallengeOld, Refusal::ChallengeSpent];
            if !again.iter().any(|why| approved.outcome == Outcome::Refused { why: *why }) {
                return Ok(approved);
            }
        }
        let says = WordKind::Challenge { op: act.shown.op() };
        let fresh: Challenged = self.say(phone, app::CHALLENGE, says).await?;
        self.tell(phone, act, fresh.challenge).await
    }

    /// One instruction: the same bytes again when no answer came, or while it is being carried
    /// out.
    async fn tell(
        &self,
        phone: &mut Phone,
        act: &Act<'_>,
        challenge: String,
    ) -> Result<Approved, TalkError> {
        let told = Told { shown: act.shown, language: act.language, challenge: challenge.clone() };
        let instruction = phone.instruction(told).ok_or(TalkError::NotBound)?;
        let sealed = phone.sealed(&instruction, act.pin_key, self.chance);
        let sealed = sealed.ok_or(TalkError::Broken)?;
        let body = Activate { sealed, own: act.own.then_some(act.shown.op()) };
        let mut carried_out = String::new();
        for _ in 0..TRIES {
            match self.post::<Answered>(phone.ask(app::ACTIVATE, &body)).await {
                Err(why) if !why.is_passing() => return Err(why),
                Ok(said) if said.answer != carried_out => {
                    let outcome = phone.answered(&said.answer, act.shown)?.outcome;
                    phone.life.spent = Some(challenge.clone());
                    if outcome != Outcome::BeingCarriedOut {
                        let done = matches!(outcome, Outcome::Done { .. });
                        let return_to = said.return_to.filter(|to| done && phone.is_served_at(to));
                        return Ok(Approved { outcome, return_to });
                    }
                    carried_out = said.answer;
                }
                _ => {}
            }
            self.clock.until(self.clock.now().plus(PAUSE)).await;
        }
        if carried_out.is_empty() {
            Err(Unreached.into())
        } else {
            Ok(Approved { outcome: Outcome::BeingCarriedOut, return_to: None })
        }
    }

    /// Takes `sam`'s new keys when the known ones have ended.
    async fn renew(&self, phone: &mut Phone) -> Result<(), TalkError> {
        if phone.sam.until() > self.clock.now() {
            return Ok(());
        }
        (phone.sam_keys, phone.sam) = self.sam_of(&phone.fixed.server, &phone.fixed.root).await?;
        Ok(())
    }

    async fn sam_of(&self, server: &str, root: &base::Digest) -> Result<(String, Sam), TalkError> {
        let ask = Ask { server: server.to_owned(), path: app::SAM_KEYS.to_owned(), body: None };
        let KeysOfSam { keys } = self.server.ask(ask).await?.read()?;
        let sam = Sam::parse(&keys, root)?;
        if sam.until() <= self.clock.now() {
            return Err(SamError::Ended.into());
        }
        Ok((keys, sam))
    }

    async fn say<T: DeserializeOwned>(
        &self,
        phone: &Phone,
        path: &str,
        says: WordKind,
    ) -> Result<T, TalkError> {
        self.post(phone.word(path, says, self.clock.now())).await
    }

    async fn post<T: DeserializeOwned>(&self, ask: Option<Ask>) -> Result<T, TalkError> {
        let reply: Reply = self.server.ask(ask.ok_or(TalkError::Broken)?).await?;
        Ok(reply.read()?)
    }
}

/// How often an instruction is sent, and how long it pauses in between.
const TRIES: u8 = 3;
const PAUSE: Duration = Duration::from_secs(1);

/// What is to be done, with the key that says so.
struct Act<'a> {
    shown: &'a Shown,
    language: Locale,
    pin_key: Option<&'a PrivateKey>,
    own: bool,
}

/// What can be shown of what was found, and why the rest cannot.
fn found(polled: Polled) -> Found {
    let mut found = Found {
        notices: polled.notices,
        browsers: polled.browsers,
        user_number: polled.user_number,
        frozen: polled.frozen,
        ..Found::default()
    };
    for pending in &polled.pending {
        match Waiting::parse(pending) {
            Ok(waiting) => found.waiting.push(waiting),
            Err(why) => found.unshown.push(why),
        }
    }
    found
}
