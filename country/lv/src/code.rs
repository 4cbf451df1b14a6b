//! The personal code (personas kods): eleven digits, written `NNNNNN-NNNNN`.
//!
//! Until 30.06.2017 a code began with the day, month and year of birth; since then it begins with
//! 3 and a digit from 2 to 9, and the rest is drawn. Birth date, age and sex are **never** read
//! from a code, the old form included (R2): that is why nothing here gives a date out.

use std::fmt;
use std::str::FromStr;

use base::{Chance, Date, Identifier, Scheme};

/// A personal code of either form. Equal and ordered by its digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonalCode([u8; 11]);

/// Which of the two forms a code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `DDMMYY-NNNNN`, given until 30.06.2017.
    Old,
    /// `3[2-9]NNNN-NNNNN`, drawn.
    New,
}

/// What the last digit says.
///
/// A wrong one is a warning, never a refusal: the rule is not confirmed by the register's law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// It agrees with the other ten.
    Right,
    /// It does not.
    Wrong,
    /// A new code has none: all nine digits are drawn, so nothing is judged.
    None,
}

/// Why text is no personal code. Says nothing of the text (R46).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not eleven digits, with or without a hyphen after the sixth.
    #[error("a personal code is eleven digits, written NNNNNN-NNNNN")]
    Shape,
    /// The first digits belong to another kind of number (4, 5 and 9 begin legal persons').
    #[error("no personal code begins like this")]
    Beginning,
}

const DIGITS: usize = 11;
const WEIGHTS: [u32; 10] = [10, 5, 8, 4, 2, 1, 6, 3, 7, 9];

/// The code of `text`: `NNNNNN-NNNNN` or eleven digits, blanks around it allowed.
///
/// # Errors
/// [`CodeError`]; a wrong check digit or a date that does not exist is none.
pub fn parse(text: &str) -> Result<PersonalCode, CodeError> {
    let text = text.trim();
    let hyphen = text.len() == DIGITS + 1 && text.as_bytes().get(6) == Some(&b'-');
    let digits: Vec<u8> =
        text.bytes().enumerate().filter(|(at, _)| !(hyphen && *at == 6)).map(|(_, b)| b).collect();
    let digits: [u8; DIGITS] = digits.try_into().map_err(|_| CodeError::Shape)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(CodeError::Shape);
    }
    match digits {
        [b'0'..=b'2', ..] | [b'3', ..] => Ok(PersonalCode(digits)),
        _ => Err(CodeError::Beginning),
    }
}

impl PersonalCode {
    /// Which form it has.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.0 {
            [b'3', b'2'..=b'9', ..] => Form::New,
            _ => Form::Old,
        }
    }

    /// What its last digit says.
    #[must_use]
    pub fn check_digit(&self) -> CheckDigit {
        let [.., last] = self.0;
        match self.form() {
            Form::New => CheckDigit::None,
            Form::Old if check(&self.0) == last => CheckDigit::Right,
            Form::Old => CheckDigit::Wrong,
        }
    }

    /// Whether an old code's first six digits are a day that no calendar has: no person got it.
    #[must_use]
    pub fn impossible_date(&self) -> bool {
        let [d1, d2, m1, m2, y1, y2, century, ..] = self.0.map(|digit| digit - b'0');
        let two = |tens: u8, ones: u8| i8::try_from(tens * 10 + ones).unwrap_or(0);
        let year = 1800 + i16::from(century) * 100 + i16::from(two(y1, y2));
        let exists = century <= 2 && Date::new(year, two(m1, m2), two(d1, d2)).is_ok();
        self.form() == Form::Old && !exists
    }

    /// Whether it lies in a block that this house gives to synthetic persons only: new codes
    /// `3299…`, old ones with a date that does not exist.
    ///
    /// The second are nobody's by the calendar. The first are nobody's only where this house
    /// draws the codes ([`drawn`](Self::drawn) never enters the block): the law draws all nine
    /// digits, so elsewhere a living person may hold a code that begins with 3299.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        matches!(self.0, [b'3', b'2', b'9', b'9', ..]) || self.impossible_date()
    }

    /// The `n`th synthetic code of a form; none after the last (new: a million).
    ///
    /// Neighbours do not look like neighbours, no two `n` give one code, and the last digit
    /// agrees with the others so that outside checkers accept it.
    #[must_use]
    pub fn synthetic(form: Form, n: u64) -> Option<Self> {
        match form {
            Form::New => (n < NEW_BLOCK).then(|| {
                finished(&format!(
                    "3299{:06}",
                    n.wrapping_mul(765_421).wrapping_add(14) % NEW_BLOCK
                ))
            }),
            Form::Old => (n < OLD_BLOCK).then(|| {
                let n = n.wrapping_mul(7_368_787).wrapping_add(61) % OLD_BLOCK;
                let (n, serial) = (n / 1000, n % 1000);
                let (n, century) = (n / 2, 1 + n % 2);
                let (n, year) = (n / 100, n % 100);
                let (day, month) = (1 + n / 80 % 28, 20 + n % 80);
                finished(&format!("{day:02}{month:02}{year:02}{century}{serial:03}"))
            }),
        }
    }

    /// A new code for a person, never in the synthetic block. The caller makes it unique.
    #[must_use]
    pub fn drawn(chance: &dyn Chance) -> Self {
        loop {
            let code = Self::from_chance(chance);
            if !code.is_synthetic() {
                return code;
            }
        }
    }

    /// `32` and nine digits; bytes of 250 and more are drawn again, so each digit is as likely.
    fn from_chance(chance: &dyn Chance) -> Self {
        let mut code = *b"32000000000";
        for digit in code.iter_mut().skip(2) {
            let mut byte = u8::MAX;
            while byte >= 250 {
                [byte] = chance.bytes();
            }
            *digit = b'0' + byte % 10;
        }
        Self(code)
    }

    /// As it is written: `NNNNNN-NNNNN`.
    #[must_use]
    pub fn written(&self) -> String {
        let digit = |at: usize| self.0.get(at).copied().map_or('0', char::from);
        (0..6).map(digit).chain(['-']).chain((6..DIGITS).map(digit)).collect()
    }

    /// The one type that renders its wire forms (R6).
    #[must_use]
    pub fn identifier(&self) -> Identifier {
        // Twelve digits and a hyphen under a fixed scheme and country are always an identifier.
        Identifier::new(Scheme::Pno, crate::COUNTRY, &self.written())
            .unwrap_or_else(|_| unreachable!("a personal code is an identifier"))
    }

    /// The code that an identifier of this country carries.
    ///
    /// # Errors
    /// [`CodeError`] for another scheme or country, or a value that is no code.
    pub fn from_identifier(identifier: &Identifier) -> Result<Self, CodeError> {
        let ours = identifier.scheme() == Scheme::Pno && identifier.country() == crate::COUNTRY;
        if ours { parse(identifier.shown()) } else { Err(CodeError::Beginning) }
    }
}

const NEW_BLOCK: u64 = 1_000_000;
/// 28 days × 80 months from 20 to 99 × 100 years × 2 centuries × 1,000.
const OLD_BLOCK: u64 = 28 * 80 * 100 * 2 * 1000;

/// The code of ten digits and the check digit that agrees with them.
fn finished(ten: &str) -> PersonalCode {
    let mut code = [b'0'; DIGITS];
    code.iter_mut().zip(ten.bytes()).for_each(|(to, from)| *to = from);
    let last = check(&code);
    code.iter_mut().skip(10).for_each(|to| *to = last);
    PersonalCode(code)
}

/// `(1 + Σ w·d) mod 11 mod 10` over the first ten digits, as an ASCII digit.
fn check(code: &[u8; DIGITS]) -> u8 {
    let weighed = code.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    b'0' + u8::try_from((1 + weighed.sum::<u32>()) % 11 % 10).unwrap_or(0)
}

impl FromStr for PersonalCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        parse(text)
    }
}

/// Says the form only: a personal code never stands in a log (R46).
impl fmt::Debug for PersonalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonalCode({:?})", self.form())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use trial::CountedChance;

    use super::*;

    #[test]
    fn published_samples_have_the_right_check_digit() {
        for text in ["161175-19997", "290758-10403", "111111-11410"] {
            let code = parse(text).unwrap();
            assert_eq!((code.form(), code.check_digit()), (Form::Old, CheckDigit::Right));
            assert_eq!(code.written(), text);
            assert_eq!(parse(&text.replace('-', "")), Ok(code));
        }
        assert_eq!(parse("161175-19996").unwrap().check_digit(), CheckDigit::Wrong);
    }

    #[test]
    fn a_new_code_begins_with_3_and_2_to_9_and_its_last_digit_is_not_judged() {
        for text in ["325035-11782", "330000-00000", "399999-99999", "320000-00001"] {
            let code = parse(text).unwrap();
            assert_eq!((code.form(), code.check_digit()), (Form::New, CheckDigit::None));
        }
        assert_eq!(parse("311299-10000").unwrap().form(), Form::Old, "the thirty-first is a day");
    }

    #[test]
    fn other_text_is_refused_without_being_repeated() {
        for text in ["", "1", "161175_19997", "16117-519997", "161175-1999", "161175--19997"] {
            assert_eq!(parse(text), Err(CodeError::Shape), "{text}");
        }
        for text in ["٣٢٥٠٣٥-١١٧٨٢", "16117519997٣", "161175-1999a"] {
            assert_eq!(parse(text), Err(CodeError::Shape), "{text}");
        }
        for text in ["400030-12345", "500030-12345", "900030-12345", "650030-12345"] {
            assert_eq!(parse(text), Err(CodeError::Beginning), "{text}");
        }
    }

    #[test]
    fn every_wire_form_of_a_code_is_the_identifiers() {
        let code = parse("329912-00014").unwrap();
        assert_eq!(code.identifier().x509(), "PNOLV-329912-00014");
        assert_eq!(PersonalCode::from_identifier(&code.identifier()), Ok(code));
        let foreign = Identifier::new(Scheme::Pno, "EE", "32991200014").unwrap();
        assert_eq!(PersonalCode::from_identifier(&foreign), Err(CodeError::Beginning));
        assert_eq!(format!("{code:?}"), "PersonalCode(New)");
    }

    #[test]
    fn synthetic_codes_are_nobodys_and_no_two_are_the_same() {
        for form in [Form::Old, Form::New] {
            let codes: Vec<_> =
                (0..20_000).map(|n| PersonalCode::synthetic(form, n).unwrap()).collect();
            assert!(codes.iter().all(|code| code.is_synthetic() && code.form() == form));
            assert!(codes.iter().all(|code| parse(&code.written()) == Ok(*code)));
            assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        }
        assert!(
            (0..20_000).all(|n| PersonalCode::synthetic(Form::Old, n).unwrap().impossible_date())
        );
        assert_eq!(PersonalCode::synthetic(Form::New, NEW_BLOCK), None);
        assert_eq!(PersonalCode::synthetic(Form::Old, OLD_BLOCK), None);
    }

    #[test]
    fn the_whole_block_is_a_permutation() {
        let gcd = |mut a: u64, mut b: u64| {
            while b != 0 {
                (a, b) = (b, a % b);
            }
            a
        };
        assert_eq!(gcd(765_421, NEW_BLOCK), 1);
        assert_eq!(gcd(7_368_787, OLD_BLOCK), 1);
    }

    #[test]
    fn a_persons_code_is_never_drawn_from_the_synthetic_block() {
        let chance = CountedChance::seeded(7);
        for _ in 0..5_000 {
            let code = PersonalCode::drawn(&chance);
            assert!(code.form() == Form::New && !code.is_synthetic());
        }
    }

    #[test]
    fn only_a_date_of_no_calendar_is_impossible() {
        for text in ["290200-10000", "310475-10000", "010175-30000", "321375-10000"] {
            let code = parse(text).unwrap();
            assert_eq!(code.impossible_date(), code.form() == Form::Old, "{text}");
        }
        for text in ["290200-20000", "290204-10000", "161175-19997"] {
            assert!(!parse(text).unwrap().impossible_date(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_an_error(text in "\\PC{0,14}") {
            if let Ok(code) = parse(&text) {
                prop_assert_eq!(parse(&code.written()), Ok(code));
            }
        }
    }
}
