//! Challenges: given out without a row, known again by their tag.

use std::time::Duration;

use activation_contract::{Device, Op};
use base::{Chance, Id, Time};
use jose::{base64url, unbase64url};
use keys::MacKey;

use crate::own::Challenges;
use crate::row::word;

/// How long a challenge can be answered.
pub(crate) const LIFE: Duration = Duration::from_mins(5);

/// Under which run of the store it was given: a new one after each restore.
pub(crate) type Epoch = [u8; 8];

/// A challenge whose tag holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The epoch.
    pub(crate) epoch: Epoch,
    /// When it was given.
    pub(crate) at: Time,
    /// What tells it from all others: the key of its row once it is spent.
    pub(crate) chance: [u8; 16],
}

/// Epoch, time and chance.
const HEAD: usize = 8 + 8 + 16;

impl Challenge {
    /// A new one.
    pub(crate) fn new(epoch: Epoch, at: Time, chance: &dyn Chance) -> Self {
        Self { epoch, at, chance: chance.bytes() }
    }

    /// Epoch ‖ microseconds ‖ chance ‖ tag, base64url: 86 characters.
    pub(crate) fn written(&self, key: &MacKey<Challenges>, device: Id<Device>, op: Op) -> String {
        let head = self.head();
        base64url(&[head.as_slice(), &key.tag(&bound(&head, device, op))].concat())
    }

    /// The challenge in `text`, if we gave it for this device and operation.
    pub(crate) fn read(
        text: &str,
        key: &MacKey<Challenges>,
        device: Id<Device>,
        op: Op,
    ) -> Option<Self> {
        let bytes = unbase64url(text).filter(|bytes| bytes.len() == HEAD + 32)?;
        let (head, tag) = bytes.split_first_chunk::<HEAD>()?;
        if !key.checks(&bound(head, device, op), tag) {
            return None;
        }
        let (epoch, rest) = head.split_first_chunk::<8>()?;
        let (at, chance) = rest.split_first_chunk::<8>()?;
        let at = Time::from_micros(i64::from_be_bytes(*at));
        Some(Self { epoch: *epoch, at, chance: chance.try_into().ok()? })
    }

    fn head(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        let parts = [self.epoch.as_slice(), &self.at.micros().to_be_bytes(), &self.chance];
        head.iter_mut().zip(parts.concat()).for_each(|(to, from)| *to = from);
        head
    }
}

/// Device ‖ op ‖ head; the operation's name ends in a zero, the rest has fixed lengths.
fn bound(head: &[u8; HEAD], device: Id<Device>, op: Op) -> Vec<u8> {
    [device.bytes().as_slice(), word(&op).as_bytes(), &[0], head].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use trial::CountedChance;

    fn key() -> MacKey<Challenges> {
        keys::trial::keeper("sam").make(keys::Algorithm::HmacSha256).unwrap().0
    }

    #[test]
    fn a_challenge_is_known_again_for_its_device_and_operation_only() {
        let (key, chance) = (key(), CountedChance::seeded(1));
        let [own, other] = [1, 2].map(|n| Id::from_bytes([n; 16]));
        let given = Challenge::new([3; 8], Time::from_seconds(1_000), &chance);
        let text = given.written(&key, own, Op::Login);
        assert_eq!(text.len(), 86);
        assert_eq!(Challenge::read(&text, &key, own, Op::Login), Some(given));
        assert_eq!(Challenge::read(&text, &key, own, Op::Sign), None);
        assert_eq!(Challenge::read(&text, &key, other, Op::Login), None);
        assert_eq!(Challenge::read(&text, &self::key(), own, Op::Login), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[A-Za-z0-9_-]{0,120}") {
            let device = Id::from_bytes([1; 16]);
            prop_assert_eq!(Challenge::read(&text, &key(), device, Op::Freeze), None);
        }
    }
}
