//! The real chance: the generator of the cryptographic library.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base::Chance;

/// The cryptographic generator of the machine.
#[derive(Clone, Debug, Default)]
pub struct SystemChance(SystemRandom);

impl SystemChance {
    /// The generator.
    #[must_use]
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Chance for SystemChance {
    /// Fills `bytes`; ends the process when the machine gives no chance, since nothing that is
    /// drawn afterwards could be trusted.
    fn fill(&self, bytes: &mut [u8]) {
        if self.0.fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ() {
        let chance: &dyn Chance = &SystemChance::new();
        assert_ne!(chance.bytes::<32>(), chance.bytes::<32>());
    }
}
