//! The institutions that logs name by short names.

/// The official name of each owner's institution, by its short name.
pub const INSTITUTIONS: [(&str, &str); 4] = [
    ("dduk", "Digitālās drošības uzraudzības komiteja"),
    ("lvrtc", "VAS „Latvijas Valsts radio un televīzijas centrs”"),
    ("pmlp", "Pilsonības un migrācijas lietu pārvalde"),
    ("vdaa", "Valsts digitālās attīstības aģentūra"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_has_a_name() {
        for (_, owner) in crate::DEFAULT_OWNERS {
            assert!(INSTITUTIONS.iter().any(|(short, _)| *short == owner), "{owner}");
        }
    }
}
