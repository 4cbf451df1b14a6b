//! From what was shown and a PIN to what only `sam` can read, and back from `sam`'s answer.

use activation_contract::{Answer, Credential, Instruction, Item, Op, Request, RequestKind, typ};
use base::{ActingFor, Chance, Id, Locale, Time};
use ui::Voice;

use crate::curve::PrivateKey;
use crate::phone::{Phone, signed};
use crate::pin::PinCode;
use crate::sam::SamError;
use crate::shown::Shown;

/// How a person agrees.
#[derive(Clone, Copy, Debug)]
pub struct Consent<'a> {
    /// The PIN that the operation takes.
    pub pin: &'a PinCode,
    /// The language in which the request was shown.
    pub language: Locale,
}

/// Something that the person wants of their own accord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAct {
    /// What: not a login and not a signature.
    pub op: Op,
    /// The key, where the operation uses one.
    pub credential: Option<Id<Credential>>,
    /// On what.
    pub items: Vec<Item>,
}

impl OwnAct {
    /// Freezing everything.
    #[must_use]
    pub fn freeze() -> Self {
        Self { op: Op::Freeze, credential: None, items: Vec::new() }
    }

    /// The act as a request that the phone itself makes: its bytes are shown and hashed as any.
    pub(crate) fn request(&self, now: Time, chance: &dyn Chance) -> Request {
        let each = |say: fn(Voice) -> String| {
            Locale::ALL.map(|locale| (locale, say(Voice::new(locale)))).to_vec()
        };
        let purpose = match self.op {
            Op::Freeze => each(|voice| voice.say(ui::text::app::FREEZE)),
            Op::EnrolDevice => each(|voice| voice.say(ui::text::app::VOUCH)),
            Op::SetPin => each(|voice| voice.say(ui::text::app::VOUCH_PINS)),
            _ => each(|voice| voice.say(ui::text::app::ASKS_ACT)),
        };
        Request {
            id: Id::<Op>::random(chance).to_string(),
            client: CLIENT.to_owned(),
            client_name: each(|voice| voice.say(ui::text::app::SYSTEM)),
            purpose,
            kind: RequestKind::Act {
                op: self.op,
                credential: self.credential,
                items: self.items.clone(),
            },
            place: String::new(),
            at: now,
            until: now.plus(std::time::Duration::from_secs(300)),
        }
    }
}

/// Who asks when the person acts of their own accord.
const CLIENT: &str = "app";

/// An instruction's parts that the request does not say.
pub(crate) struct Told<'a> {
    pub(crate) shown: &'a Shown,
    pub(crate) language: Locale,
    pub(crate) challenge: String,
}

impl Phone {
    /// The instruction; none as long as nobody is bound.
    pub(crate) fn instruction(&self, told: Told<'_>) -> Option<Instruction> {
        let (shown, request) = (told.shown, told.shown.request());
        let credential = match &request.kind {
            RequestKind::Login { .. } => None,
            RequestKind::Act { credential, .. } => *credential,
        };
        Some(Instruction {
            v: 1,
            op: shown.op(),
            person: self.life.person?,
            device: self.fixed.device,
            credential,
            client: request.client.clone(),
            purpose: shown.purpose(told.language).to_owned(),
            acting_for: ActingFor::Own,
            request: shown.digest(),
            items: shown.items().to_vec(),
            count: u32::try_from(shown.items().len()).ok()?,
            language: told.language,
            app_version: concat!("sakta-app ", env!("CARGO_PKG_VERSION")).to_owned(),
            chosen_number: self.chosen(&request.id),
            challenge: told.challenge,
        })
    }

    /// The instruction under the key of its PIN (the device key where it takes none), that under
    /// the device key, sealed.
    pub(crate) fn sealed(
        &self,
        instruction: &Instruction,
        pin_key: Option<&PrivateKey>,
        chance: &dyn Chance,
    ) -> Option<String> {
        let payload = serde_json::to_vec(instruction).ok()?;
        let key = pin_key.unwrap_or(&self.key);
        let inner = signed(key, &self.header(typ::INSTRUCTION), &payload)?;
        let outer = signed(&self.key, &self.header(typ::ACTIVATION), inner.as_bytes())?;
        self.sam.seal(&outer, chance)
    }

    /// `sam`'s answer to the request `shown`: to this phone, to these bytes, not heard before.
    pub(crate) fn answered(&mut self, token: &str, shown: &Shown) -> Result<Answer, SamError> {
        let answer = self.sam.answer(token)?;
        if answer.device != self.fixed.device || answer.request != shown.digest() {
            return Err(SamError::Other);
        }
        self.hear(token, answer.at)?;
        Ok(answer)
    }
}
