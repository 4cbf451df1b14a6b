//! Whose name a demonstration issues in: made up, and it says so.

/// The provider of a demonstration: its name, and its number in the trade register, which no
/// organisation has.
pub const DEMO_PROVIDER: (&str, &str) = ("Demonstrācijas valsts", "00000000000");

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Identifier, Scheme};

    #[test]
    fn the_number_is_an_identifier_of_a_legal_person() {
        let (name, number) = DEMO_PROVIDER;
        let identifier = Identifier::new(Scheme::Ntr, crate::COUNTRY, number).unwrap();
        assert_eq!(identifier.x509(), format!("NTR{}-00000000000", crate::COUNTRY));
        assert!(name.starts_with("Demonstrācija"));
    }
}
