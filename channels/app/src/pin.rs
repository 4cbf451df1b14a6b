//! PINs, and the keys that they become. Neither is ever kept.

use activation_contract::{Device, Pin};
use argon2::{Argon2, Params, Version};
use base::Id;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::curve::PrivateKey;

/// A PIN as it was typed: PIN1 has 4–8 digits, PIN2 6–8. Wiped when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct PinCode {
    which: Pin,
    digits: Zeroizing<String>,
}

/// The two PINs of a phone that is being bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pins {
    pub(crate) pin1: PinCode,
    pub(crate) pin2: PinCode,
}

/// Why what was typed is no PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Not digits, too few or too many.
    #[error("{} digits", match .0 { Pin::Pin1 => "PIN1 has 4–8", Pin::Pin2 => "PIN2 has 6–8" })]
    Form(Pin),
    /// The first that a thief tries: one digit, a row of digits, a group again and again.
    #[error("{} is too easy to guess: choose other digits", match .0 {
        Pin::Pin1 => "PIN1",
        Pin::Pin2 => "PIN2",
    })]
    Weak(Pin),
    /// Both PINs are the same, or one begins with the other.
    #[error("PIN2 must differ from PIN1 and not begin with it")]
    Same,
}

impl PinCode {
    /// The PIN in what was typed, blanks around it aside.
    ///
    /// # Errors
    /// [`PinError::Form`].
    pub fn new(which: Pin, typed: &str) -> Result<Self, PinError> {
        let digits = typed.trim();
        let fits = match which {
            Pin::Pin1 => 4..=8,
            Pin::Pin2 => 6..=8,
        };
        if fits.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self { which, digits: Zeroizing::new(digits.to_owned()) })
        } else {
            Err(PinError::Form(which))
        }
    }

    /// The same for a new PIN: one that is not the first that a thief tries.
    ///
    /// # Errors
    /// [`PinError::Form`] or [`PinError::Weak`].
    pub fn fresh(which: Pin, typed: &str) -> Result<Self, PinError> {
        let pin = Self::new(which, typed)?;
        if pin.is_weak() { Err(PinError::Weak(which)) } else { Ok(pin) }
    }

    /// Which of the two it is.
    #[must_use]
    pub fn which(&self) -> Pin {
        self.which
    }

    fn is_weak(&self) -> bool {
        let digits = self.digits.as_bytes();
        let steps = |step: u8| {
            digits.windows(2).all(|pair| match pair {
                [a, b] => (a - b'0' + step) % 10 == b - b'0',
                _ => true,
            })
        };
        let again = |length| digits.chunks(length).all(|group| digits.starts_with(group));
        [0, 1, 9].into_iter().any(steps) || (1..=digits.len() / 2).any(again)
    }
}

impl Pins {
    /// Two new PINs.
    ///
    /// # Errors
    /// [`PinError`], the first that applies.
    pub fn new(pin1: &str, pin2: &str) -> Result<Self, PinError> {
        let pin1 = PinCode::fresh(Pin::Pin1, pin1)?;
        let pin2 = PinCode::fresh(Pin::Pin2, pin2)?;
        let same = pin2.digits.starts_with(pin1.digits.as_str())
            || pin1.digits.starts_with(pin2.digits.as_str());
        if same { Err(PinError::Same) } else { Ok(Self { pin1, pin2 }) }
    }
}

/// Says which PIN, never its digits.
impl std::fmt::Debug for PinCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.which)
    }
}

/// What deriving a PIN's key costs: Argon2id (RFC 9106), version 0x13, 32 bytes. Kept with the
/// phone, so that a new set never locks an old phone out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cost {
    /// 64 MiB, 3 passes, 1 lane: the set for phones bound from November 2026.
    #[serde(rename = "2026-11")]
    Of2026,
    /// 64 KiB, 1 pass: for tests.
    #[cfg(any(test, feature = "trial"))]
    #[serde(rename = "trial")]
    Trial,
}

impl Cost {
    /// The set for phones that are bound now.
    pub const NOW: Self = Self::Of2026;

    /// KiB of memory, passes, lanes.
    fn numbers(self) -> (u32, u32, u32) {
        match self {
            Self::Of2026 => (64 * 1024, 3, 1),
            #[cfg(any(test, feature = "trial"))]
            Self::Trial => (64, 1, 1),
        }
    }

    fn stretched(self, pin: &PinCode, salt: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let (memory, passes, lanes) = self.numbers();
        let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
        let argon = Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, params);
        let mut out = Zeroizing::new([0; 32]);
        argon.hash_password_into(pin.digits.as_bytes(), salt, out.as_mut()).ok()?;
        Some(out)
    }

    /// The key of `pin` on `device`: HKDF-SHA-256 of the stretched PIN with salt `sakta pin1` or
    /// `sakta pin2` and info the device's id, 48 bytes modulo (n − 1), plus 1.
    ///
    /// Every PIN gives a key: the phone cannot tell a right one from a wrong one. None only when
    /// memory lacks. Spec: PROTOCOLS §3, Phone.
    pub(crate) fn key(self, pin: &PinCode, salt: &[u8], device: Id<Device>) -> Option<PrivateKey> {
        let label = match pin.which {
            Pin::Pin1 => b"sakta pin1",
            Pin::Pin2 => b"sakta pin2",
        };
        let stretched = self.stretched(pin, salt)?;
        let mut wide = Zeroizing::new([0; 48]);
        let spread = Hkdf::<Sha256>::new(Some(label), stretched.as_ref());
        spread.expand(device.bytes(), wide.as_mut()).ok()?;
        PrivateKey::of_wide(&wide)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    const DEVICE: Id<Device> = Id::from_bytes([7; 16]);

    fn derived(cost: Cost, which: Pin, digits: &str) -> String {
        let pin = PinCode::new(which, digits).unwrap();
        base::hex(cost.key(&pin, &SALT, DEVICE).unwrap().bytes().as_ref())
    }

    /// The numbers were computed with argon2-cffi 25.1 and Python's hmac.
    #[test]
    fn the_derivation_is_the_one_that_is_written_down() {
        for (cost, which, digits, key) in [
            (
                Cost::Of2026,
                Pin::Pin1,
                "4170",
                "18538e0098b487b1dc76232080b9b29d1b15cbb5548606214645c16860eada01",
            ),
            (
                Cost::Of2026,
                Pin::Pin2,
                "417026",
                "0b3e2ee59b46007b269c81e34e9155ac72456fb641f71bc6eaab3dbccb8e9118",
            ),
            (
                Cost::Trial,
                Pin::Pin1,
                "4170",
                "99893ec7ec2d70dcab7740fec34acb84499652e69a66167c83f5b219bed12017",
            ),
            (
                Cost::Trial,
                Pin::Pin2,
                "417026",
                "ec4e6954efde0cc8dd90c63b43242bf08a31f792ecf31948e87ea54088b616b3",
            ),
        ] {
            assert_eq!(derived(cost, which, digits), key);
        }
    }

    #[test]
    fn the_same_digits_give_other_keys_for_another_pin_salt_and_device() {
        let pin = |which| PinCode::new(which, "417026").unwrap();
        let key = |which, salt: [u8; 16], device| {
            let key = Cost::Trial.key(&pin(which), &salt, Id::from_bytes(device)).unwrap();
            key.bytes().to_vec()
        };
        let first = key(Pin::Pin1, SALT, [7; 16]);
        assert_eq!(first, key(Pin::Pin1, SALT, [7; 16]));
        assert_ne!(first, key(Pin::Pin2, SALT, [7; 16]));
        assert_ne!(first, key(Pin::Pin1, [1; 16], [7; 16]));
        assert_ne!(first, key(Pin::Pin1, SALT, [8; 16]));
    }

    #[test]
    fn what_a_thief_tries_first_is_no_new_pin() {
        for weak in [
            "0000", "1111", "1234", "4321", "9012", "2109", "7890", "1212", "12341234", "123123",
            "99999999", "4545",
        ] {
            assert_eq!(Pins::new(weak, "417026"), Err(PinError::Weak(Pin::Pin1)), "{weak}");
        }
        for weak in ["000000", "123456", "654321", "471471", "474747", "90123456"] {
            assert_eq!(Pins::new("9351", weak), Err(PinError::Weak(Pin::Pin2)), "{weak}");
        }
        for (pin1, pin2) in [("935170", "935170"), ("9351", "935174"), ("93517482", "935174")] {
            assert_eq!(Pins::new(pin1, pin2), Err(PinError::Same));
        }
        assert!(Pins::new("9351", "417026").is_ok());
        assert!(PinCode::new(Pin::Pin1, "1234").is_ok(), "a wrong PIN may be anything");
    }

    #[test]
    fn a_pin_is_digits_of_its_length() {
        for (which, typed) in [
            (Pin::Pin1, ""),
            (Pin::Pin1, "935"),
            (Pin::Pin1, "935174820"),
            (Pin::Pin1, "93a1"),
            (Pin::Pin1, "٩٣٥١"),
            (Pin::Pin2, "93517"),
            (Pin::Pin2, "9351748-"),
        ] {
            assert_eq!(PinCode::new(which, typed), Err(PinError::Form(which)), "{typed}");
        }
        assert!(PinCode::new(Pin::Pin2, " 935174\n").is_ok());
    }

    #[test]
    fn a_pin_is_never_shown() {
        let pins = Pins::new("9351", "417026").unwrap();
        let shown = format!("{pins:?} {:?}", Pins::new("9351", "935174"));
        assert!(!shown.contains("9351") && !shown.contains("417026"), "{shown}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_pin_gives_a_key(digits in "[0-9]{6,8}", salt in any::<[u8; 16]>()) {
            for which in [Pin::Pin1, Pin::Pin2] {
                let pin = PinCode::new(which, &digits).unwrap();
                prop_assert!(Cost::Trial.key(&pin, &salt, DEVICE).is_some());
            }
        }

        #[test]
        fn no_typed_text_breaks_anything(text in any::<String>(), other in any::<String>()) {
            let _ = Pins::new(&text, &other);
        }
    }
}
