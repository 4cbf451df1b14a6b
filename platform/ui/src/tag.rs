//! States in a word, from a fixed list. Green has a tick, amber a clock or triangle, ember an
//! octagon: a colour never speaks alone.

use maud::{Markup, html};

use crate::icon::Icon;
use crate::text::{Message, tag};
use crate::voice::Voice;

/// Every state that a page can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Something is left for so many days.
    DaysLeft(u64),
    /// A day of the log that still takes entries.
    DayOpen,
    /// Not finished, seen by nobody else.
    Draft,
    /// Everything of this means is stopped.
    Frozen,
    /// Not sound.
    Invalid,
    /// Was used the last time.
    LastUsed,
    /// Does not exist yet.
    NotYet,
    /// This very browser or phone.
    OfThis,
    /// Could not be determined.
    Open,
    /// Was refused.
    Refused,
    /// Ended for good.
    Revoked,
    /// Works.
    Running,
    /// Carries signatures.
    Signed,
    /// Ended for the time being.
    Suspended,
    /// Not read yet.
    Unread,
    /// Not as one would expect.
    Unusual,
    /// Sound.
    Valid,
    /// Known in the register of those who may ask.
    Verified,
    /// It is the person's turn.
    WaitsForYou,
}

impl Tag {
    /// Every state, for the gallery.
    pub const ALL: [Self; 19] = [
        Self::DaysLeft(3),
        Self::DayOpen,
        Self::Draft,
        Self::Frozen,
        Self::Invalid,
        Self::LastUsed,
        Self::NotYet,
        Self::OfThis,
        Self::Open,
        Self::Refused,
        Self::Revoked,
        Self::Running,
        Self::Signed,
        Self::Suspended,
        Self::Unread,
        Self::Unusual,
        Self::Valid,
        Self::Verified,
        Self::WaitsForYou,
    ];

    fn looks(self) -> (Message, &'static str, Option<Icon>) {
        let ok = ("tag tag-ok", Some(Icon::Check));
        let late = ("tag tag-warn", Some(Icon::Clock));
        let odd = ("tag tag-warn", Some(Icon::Warning));
        let bad = ("tag tag-bad", Some(Icon::Stop));
        let (act, open, plain) = (("tag tag-act", None), ("tag tag-open", None), ("tag", None));
        let (words, (class, icon)) = match self {
            Self::DaysLeft(days) => (tag::days_left(days), late),
            Self::DayOpen => (tag::DAY_OPEN.into(), open),
            Self::Draft => (tag::DRAFT.into(), plain),
            Self::Frozen => (tag::FROZEN.into(), bad),
            Self::Invalid => (tag::INVALID.into(), bad),
            Self::LastUsed => (tag::LAST_USED.into(), act),
            Self::NotYet => (tag::NOT_YET.into(), open),
            Self::OfThis => (tag::OF_THIS.into(), act),
            Self::Open => (tag::OPEN.into(), odd),
            Self::Refused => (tag::REFUSED.into(), bad),
            Self::Revoked => (tag::REVOKED.into(), bad),
            Self::Running => (tag::RUNNING.into(), ok),
            Self::Signed => (tag::SIGNED.into(), ok),
            Self::Suspended => (tag::SUSPENDED.into(), late),
            Self::Unread => (tag::UNREAD.into(), act),
            Self::Unusual => (tag::UNUSUAL.into(), odd),
            Self::Valid => (tag::VALID.into(), ok),
            Self::Verified => (tag::VERIFIED.into(), ok),
            Self::WaitsForYou => (tag::WAITS_FOR_YOU.into(), late),
        };
        (words, class, icon)
    }

    /// The state as a page shows it.
    #[must_use]
    pub fn show(self, voice: Voice) -> Markup {
        let (words, class, icon) = self.looks();
        html! {
            span class=(class) {
                @if let Some(icon) = icon { (icon.draw()) }
                (voice.say(words))
            }
        }
    }
}
