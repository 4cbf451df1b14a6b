//! The two forms of an ECDSA signature: `r ‖ s` of fixed length, and the DER sequence.
//!
//! JOSE, COSE and PKCS#11 write the first, X.509 and CMS the second; verification algorithms of
//! `rustls-pki-types` take the second.

/// The DER form of `r ‖ s`: 64 bytes for P-256, 96 for P-384; none for any other length.
///
/// Spec: RFC 7518 §3.4 (fixed), RFC 3279 §2.2.3 (`Ecdsa-Sig-Value`).
#[must_use]
pub fn to_der(fixed: &[u8]) -> Option<Vec<u8>> {
    if fixed.len() != 64 && fixed.len() != 96 {
        return None;
    }
    let (r, s) = fixed.split_at_checked(fixed.len() / 2)?;
    let content = [integer(r)?, integer(s)?].concat();
    Some([&[0x30, u8::try_from(content.len()).ok()?], content.as_slice()].concat())
}

/// `r ‖ s`, each `half` bytes long (32 for P-256, 48 for P-384), of the DER form.
///
/// None when it is not that sequence, not DER, or a number does not fit.
#[must_use]
pub fn to_fixed(der: &[u8], half: usize) -> Option<Vec<u8>> {
    let content = der.strip_prefix(&[0x30, u8::try_from(der.len().checked_sub(2)?).ok()?])?;
    let (r, rest) = read_integer(content, half)?;
    let (s, rest) = read_integer(rest, half)?;
    rest.is_empty().then(|| [r, s].concat())
}

/// A DER INTEGER of an unsigned big-endian number of up to 126 bytes.
fn integer(number: &[u8]) -> Option<Vec<u8>> {
    let skip = number.iter().take_while(|byte| **byte == 0).count().min(number.len() - 1);
    let (_, digits) = number.split_at_checked(skip)?;
    let sign: &[u8] = if digits.first()? & 0x80 == 0 { &[] } else { &[0] };
    Some([&[2, u8::try_from(sign.len() + digits.len()).ok()?], sign, digits].concat())
}

/// The number of the DER INTEGER at the front, padded to `half` bytes, and what follows it.
fn read_integer(from: &[u8], half: usize) -> Option<(Vec<u8>, &[u8])> {
    let [2, length, rest @ ..] = from else { return None };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let digits = match digits {
        [] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => return None,
        [0, digits @ ..] if !digits.is_empty() => digits,
        digits => digits,
    };
    let padding = half.checked_sub(digits.len())?;
    Some(([vec![0; padding], digits.to_vec()].concat(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_numbers_are_padded_and_high_bits_get_a_sign_byte() {
        let mut fixed = [0; 64];
        fixed[31] = 1;
        fixed[32] = 0x80;
        let der = to_der(&fixed).unwrap();
        assert_eq!(&der[..7], [0x30, 3 + 35, 2, 1, 1, 2, 33]);
        assert_eq!(to_fixed(&der, 32).unwrap(), fixed);
    }

    #[test]
    fn what_is_not_der_is_refused() {
        for bad in [
            [0x30, 7, 2, 2, 0, 1, 2, 1, 1].as_slice(), // needless zero
            &[0x30, 6, 2, 1, 0x81, 2, 1, 1],           // negative
            &[0x30, 6, 2, 1, 1, 2, 1],                 // too short
            &[0x30, 7, 2, 1, 1, 2, 1, 1, 0],           // something behind
            &[0x30, 5, 2, 0, 2, 1, 1],                 // empty number
            &[],
        ] {
            assert_eq!(to_fixed(bad, 32), None, "{bad:?}");
        }
        assert_eq!(to_der(&[1; 63]), None);
    }

    proptest! {
        #[test]
        fn any_fixed_form_comes_back(fixed in proptest::array::uniform32(any::<u8>())) {
            let fixed = [fixed, fixed].concat();
            let der = to_der(&fixed).unwrap();
            prop_assert_eq!(to_fixed(&der, 32).unwrap(), fixed);
        }

        #[test]
        fn any_bytes_are_read_without_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..80), half in 0usize..50
        ) {
            if let Some(fixed) = to_fixed(&bytes, half) {
                prop_assert_eq!(fixed.len(), 2 * half);
            }
        }
    }
}
