//! Small exact changes of bytes, and of DER whose lengths must fit afterwards.

/// The bytes with every `old` exchanged for `new`, which is as long, so that nothing moves.
///
/// # Errors
/// When `old` is not there, or `new` has another length.
pub(super) fn exchanged(bytes: &[u8], old: &[u8], new: &[u8]) -> Result<Vec<u8>, String> {
    if old.is_empty() || old.len() != new.len() {
        return Err(format!("{} bytes cannot stand for {}", new.len(), old.len()));
    }
    let mut changed = bytes.to_vec();
    let mut found = false;
    let mut from = 0;
    while let Some(place) = place(changed.get(from..).unwrap_or_default(), old) {
        let start = from + place;
        from = start + old.len();
        if let Some(room) = changed.get_mut(start..from) {
            room.copy_from_slice(new);
            found = true;
        }
    }
    if found { Ok(changed) } else { Err("what is to be changed is not there".to_owned()) }
}

/// The bytes with the lowest bit of the last byte turned.
pub(super) fn turned(bytes: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    if let Some(last) = changed.last_mut() {
        *last ^= 1;
    }
    changed
}

/// Where `wanted` first stands.
pub(super) fn place(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len().max(1)).position(|window| window == wanted)
}

/// DER made anew: each element for which `change` has other bytes stands as those, or not at all
/// when they are none; what is around it gets its new length, or goes too when nothing is left.
///
/// # Errors
/// When the bytes are no DER.
pub(super) fn rebuilt(
    der: &[u8],
    change: &dyn Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, String> {
    let mut rest = der;
    let mut made = Vec::new();
    while !rest.is_empty() {
        let (tag, header, length) = header(rest).ok_or("no DER")?;
        let (element, after) = rest.split_at_checked(header + length).ok_or("no DER")?;
        rest = after;
        let contents = element.get(header..).unwrap_or_default();
        match change(element) {
            Some(other) => made.extend(other),
            None if tag & CONSTRUCTED == 0 => made.extend_from_slice(element),
            None => {
                let inner = rebuilt(contents, change)?;
                if !inner.is_empty() || contents.is_empty() {
                    made.extend(wrapped(tag, &inner));
                }
            }
        }
    }
    Ok(made)
}

const CONSTRUCTED: u8 = 0x20;

/// An element of this tag.
pub(super) fn wrapped(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut made = vec![tag];
    match (length.as_slice(), u8::try_from(length.len())) {
        ([], _) => made.push(0),
        ([short @ 0..0x80], _) => made.push(*short),
        (long, count) => {
            made.push(0x80 | count.unwrap_or_default());
            made.extend_from_slice(long);
        }
    }
    made.extend_from_slice(contents);
    made
}

/// The tag, and how long header and contents are.
fn header(der: &[u8]) -> Option<(u8, usize, usize)> {
    let [tag, first, rest @ ..] = der else { return None };
    if *first < 0x80 {
        return Some((*tag, 2, usize::from(*first)));
    }
    let count = usize::from(first & 0x7F);
    let octets = rest.get(..count).filter(|_| (1..=4).contains(&count))?;
    let length = octets.iter().fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet));
    Some((*tag, 2 + count, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_exchanged_where_they_stand() {
        assert_eq!(exchanged(b"a bb a", b"a", b"c").unwrap(), b"c bb c");
        assert!(exchanged(b"a", b"b", b"c").is_err() && exchanged(b"a", b"a", b"cc").is_err());
        assert_eq!(turned(&[1, 2]), [1, 3]);
    }

    #[test]
    fn lengths_follow_what_is_taken_out_and_put_in() {
        let long = wrapped(0x04, &[7; 300]);
        let der = wrapped(0x30, &[wrapped(0xA1, &wrapped(0x02, &[1])), long.clone()].concat());
        assert_eq!(rebuilt(&der, &|_| None).unwrap(), der);
        let out = rebuilt(&der, &|each| (each == [2, 1, 1]).then(Vec::new)).unwrap();
        assert_eq!(out, wrapped(0x30, &long), "and what held nothing else");
        let other = rebuilt(&der, &|each| (each == long).then(|| vec![5, 0])).unwrap();
        assert_eq!(other, [0x30, 7, 0xA1, 3, 2, 1, 1, 5, 0]);
        assert!(rebuilt(&[0x30, 5, 0], &|_| None).is_err());
    }
}
