//! What is wrong with what a person typed on the phone, and what to do.

use ui::text::app;
use ui::{FieldError, Voice};

/// What is wrong with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No request has these characters.
    Code,
    /// No number was chosen.
    Number,
    /// The offer cannot be read.
    Offer,
    /// The offer was used, has ended, or is of another server.
    OfferSpent,
    /// PIN1 is not 4–8 digits.
    Pin1,
    /// PIN1 is the first that a thief tries.
    Pin1Weak,
    /// PIN1 was typed differently the second time.
    Pin1Differs,
    /// PIN2 is not 6–8 digits.
    Pin2,
    /// PIN2 is the first that a thief tries.
    Pin2Weak,
    /// PIN2 was typed differently the second time.
    Pin2Differs,
    /// No PIN was typed.
    PinMissing,
    /// What was typed is no PIN: PIN2, or else PIN1.
    PinForm(bool),
    /// `sam` says that the PIN is wrong.
    PinWrong {
        /// How many tries are left.
        left: u64,
    },
    /// Both PINs are the same.
    PinsSame,
    /// What another phone shows cannot be read.
    Keys,
    /// What another phone shows is of another service.
    KeysService,
    /// It is what this very phone shows.
    KeysOwn,
}

impl Fault {
    /// The error at its field.
    #[must_use]
    pub fn at_field(self, voice: Voice) -> FieldError {
        let (field, words) = match self {
            Self::Code => ("code", voice.say(app::CODE_WRONG)),
            Self::Number => ("number", voice.say(app::NUMBER_MISSING)),
            Self::Offer => ("offer", voice.say(app::OFFER_WRONG)),
            Self::OfferSpent => ("offer", voice.say(app::OFFER_SPENT)),
            Self::Pin1Weak => ("pin1", voice.say(app::PIN1_WEAK)),
            Self::Pin2Weak => ("pin2", voice.say(app::PIN2_WEAK)),
            Self::Pin1 => ("pin1", voice.say(app::PIN1_WRONG)),
            Self::Pin1Differs => ("pin1-again", voice.say(app::PIN1_DIFFERS)),
            Self::Pin2 => ("pin2", voice.say(app::PIN2_WRONG)),
            Self::Pin2Differs => ("pin2-again", voice.say(app::PIN2_DIFFERS)),
            Self::PinMissing => ("pin", voice.say(app::PIN_MISSING)),
            Self::PinForm(false) => ("pin", voice.say(app::PIN1_WRONG)),
            Self::PinForm(true) => ("pin", voice.say(app::PIN2_WRONG)),
            Self::PinWrong { left } => ("pin", voice.say(app::pin_wrong(left))),
            Self::PinsSame => ("pin2", voice.say(app::PINS_SAME)),
            Self::Keys => ("keys", voice.say(app::VOUCH_WRONG)),
            Self::KeysService => ("keys", voice.say(app::VOUCH_SERVICE)),
            Self::KeysOwn => ("keys", voice.say(app::VOUCH_OWN)),
        };
        FieldError { field, words }
    }
}
