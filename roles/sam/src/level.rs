//! The level of a login, computed (R17).

use activation_contract::Proof;
use base::Date;
use country::{DEMO_ACR, LEVELS, Loa};

/// Two factors, a device key and a PIN, on a device whose key store nobody has attested: the
/// least of enrolment, method and device.
const DEVICE: Loa = Loa::Low;

/// What a login by a device that was enrolled by `proof` reaches on `day`: an `acr` value.
pub(crate) fn acr(proof: Proof, day: Date) -> &'static str {
    if proof == Proof::Demo {
        return DEMO_ACR;
    }
    let reached = enrolment(proof).min(DEVICE);
    let national = LEVELS.iter().rev().filter(|rule| rule.holds_on(day));
    let mut fitting = national.filter(|rule| rule.says.at_least.is_some_and(|l| l <= reached));
    fitting.next().map_or(european(reached), |rule| rule.says.acr)
}

/// What an enrolment by `proof` is worth.
pub(crate) fn enrolment(proof: Proof) -> Loa {
    match proof {
        Proof::NotifiedMeans | Proof::Certificate | Proof::CertifiedMethod | Proof::Presence => {
            Loa::High
        }
        Proof::Demo => Loa::Low,
    }
}

/// Spec: eIDAS SAML Message Format 1.2 §3.2.
fn european(loa: Loa) -> &'static str {
    match loa {
        Loa::Low => "http://eidas.europa.eu/LoA/low",
        Loa::Substantial => "http://eidas.europa.eu/LoA/substantial",
        Loa::High => "http://eidas.europa.eu/LoA/high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_enrolment_has_a_value_of_ours_and_no_device_is_better_than_it_shows() {
        let day = Date::constant(2026, 12, 24);
        assert_eq!(acr(Proof::Demo, day), DEMO_ACR);
        assert_eq!(acr(Proof::Presence, day), "http://eidas.europa.eu/LoA/low");
    }
}
