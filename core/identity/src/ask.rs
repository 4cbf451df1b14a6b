//! Asks: what waits for a person's phone, and the law of its life.

use activation_contract::{Device, Pending, app};
use base::{Bytes, Chance, Id, PersonId, Time};
use keys::sha256;
use store::{FromRow, StoreError, Tx, row, values};

/// Where an ask stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It shows eight characters; nobody has taken it.
    Open,
    /// It waits for a person's phones: for a choice, or for any of them.
    Waiting,
    /// One phone has it: PIN, or no.
    Taken,
    /// `sam` has said what came of it.
    Answered,
    /// The person refused, or chose a wrong number.
    Refused,
    /// The person refused and says that it was not theirs.
    Reported,
    /// The asker took it back.
    Withdrawn,
}

/// What can happen to an ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A phone takes it by its characters.
    Claim,
    /// A phone chose the right number.
    Choose,
    /// `sam` answered a phone: done.
    Answer,
    /// No, and whether it is reported.
    Refuse(bool),
    /// The asker takes it back.
    Withdraw,
}

/// The input does not fit the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StepError;

impl Stage {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Open, "open"),
        (Self::Waiting, "waiting"),
        (Self::Taken, "taken"),
        (Self::Answered, "answered"),
        (Self::Refused, "refused"),
        (Self::Reported, "reported"),
        (Self::Withdrawn, "withdrawn"),
    ];

    /// Its stable name.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(own, _)| *own == self).map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == name).map(|(stage, _)| *stage)
    }

    /// The whole law. `choice`: whether a number is to be chosen.
    pub(crate) fn step(self, input: Input, choice: bool) -> Result<Self, StepError> {
        match (self, input) {
            (Self::Open, Input::Claim) => Ok(Self::Taken),
            (Self::Waiting, Input::Choose) if choice => Ok(Self::Taken),
            (Self::Waiting, Input::Answer) if !choice => Ok(Self::Answered),
            (Self::Taken, Input::Answer) => Ok(Self::Answered),
            (Self::Waiting | Self::Taken, Input::Refuse(false)) => Ok(Self::Refused),
            (Self::Waiting | Self::Taken | Self::Refused, Input::Refuse(true)) => {
                Ok(Self::Reported)
            }
            (Self::Open | Self::Waiting | Self::Taken, Input::Withdraw) => Ok(Self::Withdrawn),
            _ => Err(StepError),
        }
    }
}

/// An ask as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// The request's id.
    pub(crate) id: String,
    /// Whether it is a login or an act for another system.
    pub(crate) login: bool,
    /// The client.
    pub(crate) client: String,
    /// The request's bytes.
    pub(crate) request: Vec<u8>,
    /// Their SHA-256.
    pub(crate) digest: Vec<u8>,
    /// The characters in the QR.
    pub(crate) qr: Option<String>,
    /// The characters in the link for this very phone.
    pub(crate) link: Option<String>,
    /// Whose phones.
    pub(crate) person: Option<PersonId>,
    /// The phone that has it.
    pub(crate) device: Option<Id<Device>>,
    /// The browser that addressed it by number.
    pub(crate) browser: Option<Vec<u8>>,
    /// The number that the page shows.
    pub(crate) number: Option<u8>,
    /// The numbers that the phone offers.
    pub(crate) choices: Vec<u8>,
    /// Where it stands.
    pub(crate) stage: Stage,
    /// `sam`'s answer, compact.
    pub(crate) answer: Option<String>,
    /// Where it was taken by the link: what the way back must bring, hashed.
    pub(crate) back: Option<Vec<u8>>,
    /// When it was made.
    pub(crate) made_at: Time,
    /// Until when it can be claimed.
    pub(crate) claim_until: Time,
    /// Until when it can be answered.
    pub(crate) until: Time,
}

/// As the columns stand.
struct Kept {
    id: String,
    kind: String,
    client: String,
    request: Vec<u8>,
    digest: Vec<u8>,
    qr: Option<String>,
    link: Option<String>,
    person: Option<PersonId>,
    device: Option<Id<Device>>,
    browser: Option<Vec<u8>>,
    number: Option<u8>,
    choices: String,
    state: String,
    answer: Option<String>,
    back: Option<Vec<u8>>,
    made_at: Time,
    claim_until: Time,
    until_at: Time,
}

row!(Kept {
    id,
    kind,
    client,
    request,
    digest,
    qr,
    link,
    person,
    device,
    browser,
    number,
    choices,
    state,
    answer,
    back,
    made_at,
    claim_until,
    until_at,
});

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, client, request, digest, qr, link, person, device, browser, number,
             choices, state, answer, back, made_at, claim_until, until_at FROM identity_ask ",
            $rest
        )
    };
}

const PUT: &str = "INSERT INTO identity_ask (id, kind, client, request, digest, qr, link, person,
     device, browser, number, choices, state, answer, back, made_at, claim_until, until_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
const BY_ID: &str = select!("WHERE id = $1");
const BY_QR: &str = select!("WHERE qr = $1");
const BY_LINK: &str = select!("WHERE link = $1");
const BY_DIGEST: &str = select!("WHERE digest = $1");
const LIVE: &str = select!(
    "WHERE person = $1 AND until_at > $2 AND state IN ('waiting', 'taken')
     ORDER BY made_at, id LIMIT 20"
);
const STEP: &str = "UPDATE identity_ask SET state = $3, person = $4, device = $5, qr = $6,
     link = $7, answer = $8, back = $9 WHERE id = $1 AND state = $2";
const REWIND: &str = "UPDATE identity_ask SET back = $2 WHERE id = $1 AND state = 'answered'";
const FREEZE: &str = "UPDATE identity_ask SET state = 'withdrawn'
     WHERE person = $1 AND until_at > $2 AND state IN ('open', 'waiting', 'taken')";

impl FromRow for Ask {
    fn from_row(columns: &mut store::Columns) -> Result<Self, StoreError> {
        let kept = Kept::from_row(columns)?;
        let stage = Stage::named(&kept.state)
            .ok_or_else(|| StoreError::Column("no such stage of an ask".to_owned()))?;
        let choices = kept.choices.split(',').filter_map(|one| one.parse().ok()).collect();
        Ok(Self {
            id: kept.id,
            login: kept.kind == "login",
            client: kept.client,
            request: kept.request,
            digest: kept.digest,
            qr: kept.qr,
            link: kept.link,
            person: kept.person,
            device: kept.device,
            browser: kept.browser,
            number: kept.number,
            choices,
            stage,
            answer: kept.answer,
            back: kept.back,
            made_at: kept.made_at,
            claim_until: kept.claim_until,
            until: kept.until_at,
        })
    }
}

impl Ask {
    /// An ask with nobody in it yet.
    pub(crate) fn new(
        login: bool,
        client: &str,
        request: (String, Vec<u8>),
        life: [Time; 3],
    ) -> Self {
        let ((id, request), [made_at, claim_until, until]) = (request, life);
        Self {
            digest: sha256(&request).to_vec(),
            id,
            login,
            client: client.to_owned(),
            request,
            qr: None,
            link: None,
            person: None,
            device: None,
            browser: None,
            number: None,
            choices: Vec::new(),
            stage: Stage::Waiting,
            answer: None,
            back: None,
            made_at,
            claim_until,
            until,
        }
    }

    /// The same, for whoever brings its characters: those of the QR, or those of the link.
    pub(crate) fn open(self, chance: &dyn Chance) -> Self {
        let [qr, link] = [characters(chance), characters(chance)];
        Self { stage: Stage::Open, qr: Some(qr), link: Some(link), ..self }
    }

    /// The same, for the phones of whoever has the user number that a browser brought: nobody,
    /// where it brought one that it does not remember.
    pub(crate) fn addressed(
        self,
        person: Option<PersonId>,
        browser: Vec<u8>,
        chance: &dyn Chance,
    ) -> Self {
        let choices = three(chance);
        let number = choices.get(usize::from(below(3, chance))).copied();
        let mut sorted = choices;
        sorted.sort_unstable();
        Self { person, browser: Some(browser), number, choices: sorted.to_vec(), ..self }
    }

    pub(crate) fn put(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let choices: Vec<String> = self.choices.iter().map(u8::to_string).collect();
        tx.insert(
            PUT,
            values![
                &self.id,
                if self.login { "login" } else { "act" },
                &self.client,
                &self.request,
                &self.digest,
                &self.qr,
                &self.link,
                self.person,
                self.device,
                &self.browser,
                self.number,
                choices.join(","),
                self.stage.name(),
                &self.answer,
                &self.back,
                self.made_at,
                self.claim_until,
                self.until,
            ],
        )
    }

    pub(crate) fn of(tx: &mut Tx, id: &str) -> Result<Option<Self>, StoreError> {
        tx.first(BY_ID, values![id])
    }

    /// The ask with these characters, and whether they are those of the link.
    pub(crate) fn claimable(tx: &mut Tx, code: &str) -> Result<Option<(Self, bool)>, StoreError> {
        if let Some(ask) = tx.first::<Self>(BY_QR, values![code])? {
            return Ok(Some((ask, false)));
        }
        Ok(tx.first::<Self>(BY_LINK, values![code])?.map(|ask| (ask, true)))
    }

    pub(crate) fn of_digest(tx: &mut Tx, digest: &[u8]) -> Result<Option<Self>, StoreError> {
        tx.first(BY_DIGEST, values![digest])
    }

    /// What waits for a person, the oldest first.
    pub(crate) fn live(tx: &mut Tx, person: PersonId, now: Time) -> Result<Vec<Self>, StoreError> {
        tx.all(LIVE, values![person, now])
    }

    /// All that waits for a person is taken back.
    pub(crate) fn withdraw_all(tx: &mut Tx, person: PersonId, now: Time) -> Result<(), StoreError> {
        tx.update(FREEZE, values![person, now]).map(drop)
    }

    /// Steps and keeps what has changed; says no when the input does not fit, or another came
    /// between.
    pub(crate) fn step(mut self, tx: &mut Tx, input: Input) -> Result<Option<Self>, StoreError> {
        let before = self.stage;
        let Ok(stage) = before.step(input, !self.choices.is_empty()) else { return Ok(None) };
        self.stage = stage;
        if stage != Stage::Open {
            (self.qr, self.link) = (None, None);
        }
        let changed = tx.update(
            STEP,
            values![
                &self.id,
                before.name(),
                stage.name(),
                self.person,
                self.device,
                &self.qr,
                &self.link,
                &self.answer,
                &self.back
            ],
        )?;
        Ok((changed == 1).then_some(self))
    }

    /// Keeps another way back of an answered ask.
    pub(crate) fn rewound(&self, tx: &mut Tx, back: Option<&[u8]>) -> Result<bool, StoreError> {
        Ok(tx.update(REWIND, values![&self.id, back.map(<[u8]>::to_vec)])? == 1)
    }

    /// Whether it can still be answered.
    pub(crate) fn lives(&self, now: Time) -> bool {
        self.until > now && matches!(self.stage, Stage::Waiting | Stage::Taken)
    }

    /// Whether nobody has taken it in time, or answered.
    pub(crate) fn late(&self, now: Time) -> bool {
        match self.stage {
            Stage::Open => self.claim_until <= now,
            Stage::Waiting | Stage::Taken => self.until <= now,
            _ => false,
        }
    }

    /// What a phone gets.
    pub(crate) fn pending(&self, challenge: Option<String>) -> Pending {
        let choices = if self.stage == Stage::Waiting { self.choices.clone() } else { Vec::new() };
        Pending { request: Bytes(self.request.clone()), choices, challenge }
    }
}

/// Eight characters that nobody confuses.
fn characters(chance: &dyn Chance) -> String {
    (0..8)
        .filter_map(|_| app::ALPHABET.get(usize::from(below(27, chance))))
        .map(|b| char::from(*b))
        .collect()
}

/// Three different numbers of two digits.
fn three(chance: &dyn Chance) -> [u8; 3] {
    let mut drawn = [below(100, chance), 0, 0];
    let [first, second, third] = &mut drawn;
    *second = another(&[*first], chance);
    *third = another(&[*first, *second], chance);
    drawn
}

fn another(than: &[u8], chance: &dyn Chance) -> u8 {
    loop {
        let drawn = below(100, chance);
        if !than.contains(&drawn) {
            return drawn;
        }
    }
}

/// A number below `bound`, all alike probable.
pub(crate) fn below(bound: u8, chance: &dyn Chance) -> u8 {
    let fair = u8::MAX - u8::MAX % bound;
    loop {
        let [drawn] = chance.bytes::<1>();
        if drawn < fair {
            return drawn % bound;
        }
    }
}

#[cfg(test)]
#[path = "ask_tests.rs"]
mod tests;
