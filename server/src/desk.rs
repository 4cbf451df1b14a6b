//! The registration desk: the process that holds an officer's key and binds phones to persons
//! (PROTOCOLS §3, Enrolment). It talks to `sam` and to the identity platform as `desk`, shows
//! its pages only as `desk.localhost:<port>`, and only to whoever has the key of the day.
//!
//! The same code sets new PINs on a phone of theirs; and an officer ends a phone that is lost, and
//! freezes and unfreezes everything ([`Desk::order`]).
//!
//! The demo binds its cast by the same functions: [`Desk::offer`], [`Desk::arrived`],
//! [`Desk::bind`], as JSON under `/api/`.

mod find;
mod means;
mod pages;
#[cfg(test)]
mod tests;
mod unlock;
mod views;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use activation_contract::{Binding, EnrolAnswer, Invitation, Offer, Proof, shown_digits, typ};
use base::{Bytes, Chance, Clock, Digest, Failure, Fault, PersonId, Time, hex};
use identity_contract::{IdentityRefusal, RegisterMeans};
use jose::jwk::{Jwk, Key};
use jose::jws::{self, Accept, Jws};
use keys::{Signer, Suite, allowed, sha256};
use links::{Call, CallFault, Link, OnBehalf, Operation};
use persons_contract::FindRefusal;
use sam_contract::{Bind, EnrolledOf, KeysOf, SamRefusal, TakeOffer, read_keys};
use serde::Serialize;

use crate::setup::OfficerKeys;

pub(crate) use find::Register;
pub(crate) use pages::at;
pub(crate) use unlock::Lock;

/// What a desk is made of.
#[derive(Debug)]
pub(crate) struct DeskParts {
    /// Time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Chance.
    pub(crate) chance: Arc<dyn Chance>,
    /// The officer's key.
    pub(crate) key: Signer<OfficerKeys>,
    /// The way to `sam`.
    pub(crate) sam: Link,
    /// SHA-256 of `sam`'s root key.
    pub(crate) root: Digest,
    /// The way to the identity platform.
    pub(crate) identity: Link,
    /// Role and instance that takes offers: `sam/1`.
    pub(crate) role: String,
    /// What phones speak to: `http://id.localhost:8080`.
    pub(crate) server: String,
    /// Whom the pages offer to enrol.
    pub(crate) people: Vec<Visitor>,
    /// Where others are looked up; none where nobody permitted it.
    pub(crate) register: Option<Register>,
}

/// Somebody who may come to the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// By what commands call them.
    pub(crate) alias: String,
    /// Who.
    pub(crate) person: PersonId,
    /// Their name, as the page shows it.
    pub(crate) name: String,
}

/// The desk at work.
#[derive(Debug)]
pub(crate) struct Desk {
    parts: DeskParts,
    /// What was offered since the process began; freeze codes lie nowhere else.
    sheets: Mutex<BTreeMap<String, Sheet>>,
    /// Who was looked up since the process began.
    found: Mutex<BTreeMap<PersonId, Visitor>>,
}

/// An offer with what goes on the enrolment sheet.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Sheet {
    /// The offer's id.
    pub(crate) offer: String,
    /// Who is enrolled.
    pub(crate) person: PersonId,
    /// The text of the QR.
    pub(crate) invitation: String,
    /// The 12 digits of the freeze code.
    pub(crate) freeze_code: String,
    /// Until when the QR is good.
    pub(crate) until: Time,
    /// The user number, once the phone is bound.
    pub(crate) user_number: Option<String>,
}

/// Says whose offer it is, never its codes.
impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sheet({}, bound {})", self.offer, self.user_number.is_some())
    }
}

/// A phone that has answered an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// What `sam` says of it.
    pub(crate) answer: EnrolAnswer,
    /// The digits that phone and desk show.
    pub(crate) digits: String,
    /// Since when the phone is bound, where it was before the offer: then it gets new PINs.
    pub(crate) known: Option<Time>,
    /// The answer as `sam` signed it.
    token: String,
}

/// Why the desk does not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    /// No such offer or person here.
    #[error("not here")]
    Unknown,
    /// Nobody alive holds the code, or it is none.
    #[error("nobody")]
    Nobody,
    /// The register refuses or does not answer.
    #[error("the register")]
    Register(#[from] CallFault<FindRefusal>),
    /// No phone has answered, or another one than the digits say.
    #[error("the digits are of no phone that answered")]
    Digits,
    /// `sam` refuses or does not answer.
    #[error("sam")]
    Sam(#[from] CallFault<SamRefusal>),
    /// The identity platform refuses or does not answer.
    #[error("identity")]
    Identity(#[from] CallFault<IdentityRefusal>),
    /// What came is not `sam`'s.
    #[error("not said by sam")]
    Forged,
    /// The own key refuses.
    #[error("the officer's key")]
    Key(#[from] keys::SignError),
    /// What cannot be written.
    #[error("a value that cannot be written")]
    Form,
}

impl Failure for DeskError {
    fn fault(&self) -> Fault {
        match self {
            Self::Unknown | Self::Nobody => Fault::Caller(404),
            Self::Register(fault) => fault.fault(),
            Self::Digits => Fault::Caller(409),
            Self::Sam(fault) => fault.fault(),
            Self::Identity(fault) => fault.fault(),
            Self::Forged => Fault::Elsewhere,
            Self::Key(_) | Self::Form => Fault::Ours,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Nobody => "not-found",
            Self::Register(fault) => fault.kind(),
            Self::Digits => "digits-differ",
            Self::Sam(fault) => fault.kind(),
            Self::Identity(fault) => fault.kind(),
            Self::Forged => "system-problem",
            Self::Key(_) | Self::Form => "internal",
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Unknown => "There is no such offer or person at this desk.",
            Self::Nobody => "Nobody alive holds this code.",
            Self::Register(fault) => fault.title(),
            Self::Digits => "No phone has answered with these digits.",
            Self::Sam(fault) => fault.title(),
            Self::Identity(fault) => fault.title(),
            Self::Forged => "The answer does not hold.",
            Self::Key(_) | Self::Form => "Something went wrong here; it has been recorded.",
        }
    }
}

/// How long a QR is good.
const OFFER: Duration = Duration::from_mins(30);

/// How long a binding may be on its way.
const BINDING: Duration = Duration::from_mins(5);

/// How long a sheet is kept here, and how many at most.
const SHEET: Duration = Duration::from_hours(12);
const SHEETS: usize = 1000;

impl Desk {
    /// A desk that nobody has come to.
    pub(crate) fn new(parts: DeskParts) -> Arc<Self> {
        Arc::new(Self { parts, sheets: Mutex::default(), found: Mutex::default() })
    }

    /// Whom the pages offer to enrol.
    pub(crate) fn people(&self) -> &[Visitor] {
        &self.parts.people
    }

    /// The person of an alias of the cast, or of an id.
    pub(crate) fn person(&self, named: &str) -> Option<PersonId> {
        let cast = self.parts.people.iter().find(|one| one.alias == named);
        cast.map(|one| one.person).or_else(|| named.parse().ok())
    }

    /// Offers a person to enrol a phone: what the QR and the sheet say.
    ///
    /// # Errors
    /// [`DeskError`].
    pub(crate) async fn offer(&self, person: PersonId) -> Result<Sheet, DeskError> {
        let chance = self.parts.chance.as_ref();
        let (code, id) = (chance.bytes::<16>(), hex(&chance.bytes::<16>()));
        let freeze_code = twelve_digits(chance);
        let offer = Offer {
            id: id.clone(),
            role: self.parts.role.clone(),
            person,
            means: "eparaksts-mobile".to_owned(),
            proof: Proof::Demo,
            code: Digest(sha256(&code)),
            freeze_code: Digest(sha256(freeze_code.as_bytes())),
            until: self.parts.clock.now().plus(OFFER),
        };
        let taken = self.sam(TakeOffer { offer: self.said(typ::OFFER, &offer)? }).await?;
        let (root, server) = (self.parts.root, self.parts.server.clone());
        let invitation = Invitation { code: Bytes(code.to_vec()), sam: root, server };
        let sheet = Sheet {
            offer: id,
            person,
            invitation: invitation.written().map_err(|_| DeskError::Form)?,
            freeze_code,
            until: taken.until,
            user_number: None,
        };
        self.keep(&sheet);
        Ok(sheet)
    }

    /// The sheet of an offer of this desk.
    pub(crate) fn sheet(&self, offer: &str) -> Option<Sheet> {
        self.sheets().get(offer).cloned()
    }

    /// The phone that has answered an offer, by `sam`'s own word.
    ///
    /// # Errors
    /// [`DeskError`].
    pub(crate) async fn arrived(&self, offer: &str) -> Result<Option<Arrived>, DeskError> {
        let found = self.sam(EnrolledOf { offer: offer.to_owned() }).await?;
        let Some(token) = found.answer else { return Ok(None) };
        let arrived = self.believed(offer, token).await?;
        let known = self.known(&arrived.answer).await?;
        Ok(Some(Arrived { known, ..arrived }))
    }

    /// Binds the phone whose digits the officer has compared; again: the same. The user number.
    ///
    /// # Errors
    /// [`DeskError`].
    pub(crate) async fn bind(&self, offer: &str, digits: &str) -> Result<String, DeskError> {
        let arrived = self.arrived(offer).await?.filter(|phone| phone.digits == digits);
        let arrived = arrived.ok_or(DeskError::Digits)?;
        let token = if arrived.answer.bound {
            arrived.token
        } else {
            let binding = Binding {
                offer: offer.to_owned(),
                role: self.parts.role.clone(),
                thumbprint: arrived.answer.thumbprint,
                use_before: self.parts.clock.now().plus(BINDING),
            };
            let bound = self.sam(Bind { binding: self.said(typ::BINDING, &binding)? }).await?;
            self.believed(offer, bound.answer).await?.token
        };
        let register = Call::new(RegisterMeans { answer: token }, job(), "enrolment");
        let user_number = self.parts.identity.call(register).await?.user_number;
        if let Some(sheet) = self.sheets().get_mut(offer) {
            sheet.user_number = Some(user_number.clone());
        }
        Ok(user_number)
    }

    /// What `token` says of an offer, if `sam` has said it.
    async fn believed(&self, offer: &str, token: String) -> Result<Arrived, DeskError> {
        let keys = self.sam(KeysOf {}).await?.keys;
        let keys = read_keys(&keys, &self.parts.root, self.parts.clock.now());
        let answers = keys.ok().and_then(|keys| Key::from_spki(&keys.answers.0).ok());
        let answers = Jwk::from(answers.ok_or(DeskError::Forged)?);
        let accept = Accept::only(typ::ANSWER, &[jws::Algorithm::Es256]);
        let read = Jws::parse(&token, accept)
            .and_then(|read| read.verify(&answers, allowed(Suite::House))?.claims::<EnrolAnswer>());
        let answer = read.ok().filter(|answer| answer.offer == offer);
        let answer = answer.ok_or(DeskError::Forged)?;
        let digits = shown_digits(&answer.thumbprint);
        Ok(Arrived { digits, answer, known: None, token })
    }

    async fn sam<O>(&self, operation: O) -> Result<O::Answer, DeskError>
    where
        O: Operation<Refusal = SamRefusal>,
    {
        Ok(self.parts.sam.call(Call::new(operation, job(), "enrolment")).await?)
    }

    fn said<T: Serialize>(&self, typ: &str, claims: &T) -> Result<String, DeskError> {
        let header = self.parts.key.token_header(typ)?;
        let token = jws::prepare_claims(&header, claims).map_err(|_| DeskError::Form)?;
        Ok(self.parts.key.sign_token(token)?)
    }

    /// Keeps a sheet; old ones go.
    fn keep(&self, sheet: &Sheet) {
        let now = self.parts.clock.now();
        let mut sheets = self.sheets();
        sheets.retain(|_, old| old.until.plus(SHEET) > now);
        while sheets.len() >= SHEETS {
            let oldest = sheets.values().min_by_key(|old| old.until).map(|old| old.offer.clone());
            oldest.and_then(|offer| sheets.remove(&offer));
        }
        sheets.insert(sheet.offer.clone(), sheet.clone());
    }

    fn found(&self) -> std::sync::MutexGuard<'_, BTreeMap<PersonId, Visitor>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sheets(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Sheet>> {
        self.sheets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn job() -> OnBehalf {
    OnBehalf::System { job: "desk".to_owned() }
}

/// Twelve digits of chance; the bias of the remainder is below 2⁻²⁴.
fn twelve_digits(chance: &dyn Chance) -> String {
    format!("{:012}", u64::from_be_bytes(chance.bytes()) % 1_000_000_000_000)
}
