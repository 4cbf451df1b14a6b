//! Whose a part is unless configuration says otherwise (R47).

/// Part and owner, by the target architecture 2025–2029.
pub const DEFAULT_OWNERS: [(&str, &str); 24] = [
    ("app", "lvrtc"),
    ("attestations", "lvrtc"),
    ("ca-signer", "lvrtc"),
    ("gateway", "lvrtc"),
    ("identity", "lvrtc"),
    ("notifications", "lvrtc"),
    ("ocsp", "lvrtc"),
    ("pki", "lvrtc"),
    ("portal", "lvrtc"),
    ("registrar", "lvrtc"),
    ("sam", "lvrtc"),
    ("seal", "lvrtc"),
    ("signing", "lvrtc"),
    ("tsu", "lvrtc"),
    ("wallet", "lvrtc"),
    ("dagr", "vdaa"),
    ("eaddress", "vdaa"),
    ("eidas", "vdaa"),
    ("login", "vdaa"),
    ("virsis", "vdaa"),
    ("documents", "pmlp"),
    ("persons", "pmlp"),
    ("list-signer", "dduk"),
    ("supervision", "dduk"),
];

/// The owner of `part` by default.
#[must_use]
pub fn default_owner(part: &str) -> Option<&'static str> {
    DEFAULT_OWNERS.iter().find(|(own, _)| *own == part).map(|(_, owner)| *owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_is_a_name_that_rows_can_carry() {
        for (part, owner) in DEFAULT_OWNERS {
            assert!(owner.parse::<base::Owner>().is_ok(), "{owner}");
            assert_eq!(default_owner(part), Some(owner));
        }
        assert_eq!(default_owner("nonsense"), None);
    }

    #[test]
    fn who_signs_trusted_lists_owns_no_authority() {
        let list = default_owner("list-signer");
        assert!(DEFAULT_OWNERS.iter().all(|(part, owner)| *part != "pki" || Some(*owner) != list));
    }
}
