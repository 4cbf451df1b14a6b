//! Assurance as a computed value (R17): never above what enrolment, method and device allow.

use activation_contract::Proof;
use base::{Date, Time};
use country::{DEMO_ACR, Loa};

/// What an identification is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assurance {
    /// The value of `acr`.
    pub(crate) acr: &'static str,
    /// The European level that it stands for; none where it stands for none.
    pub(crate) loa: Option<Loa>,
    /// The scheme of identification.
    pub(crate) scheme: &'static str,
    /// Whether the scheme is notified (Regulation 910/2014 Art. 9).
    pub(crate) notified: bool,
    /// How identity was proved at enrolment.
    pub(crate) proof: Proof,
    /// How the person authenticated (RFC 8176).
    pub(crate) amr: [&'static str; 3],
    /// When.
    pub(crate) at: Time,
}

/// The scheme of the only means there is.
const SCHEME: &str = "eparaksts-mobile";

/// The European levels. Spec: eIDAS SAML Message Format 1.2 §3.2.
const EUROPEAN: [(&str, Loa); 3] = [
    ("http://eidas.europa.eu/LoA/low", Loa::Low),
    ("http://eidas.europa.eu/LoA/substantial", Loa::Substantial),
    ("http://eidas.europa.eu/LoA/high", Loa::High),
];

impl Assurance {
    /// What a login with a phone is worth: the level that `sam` stated, if it is one of the
    /// country's on that day or a European one, and the enrolment allows it; else none, and
    /// nobody is logged in.
    pub(crate) fn of(stated: &str, proof: Proof, at: Time) -> Option<Self> {
        let national = country::level(stated, country::date(at)).map(|rule| rule.says);
        let national = national.map(|level| (level.acr, level.at_least));
        let european = EUROPEAN.iter().find(|(acr, _)| *acr == stated);
        let (acr, loa) = national.or(european.map(|(acr, loa)| (*acr, Some(*loa))))?;
        // A demo enrolment is worth the demo's level and can never be more (R18).
        if (proof == Proof::Demo) != (acr == DEMO_ACR) {
            return None;
        }
        let amr = ["mfa", "pin", "pop"];
        Some(Self { acr, loa, scheme: SCHEME, notified: false, proof, amr, at })
    }
}

/// The values of `acr` that can be reached on a day.
pub(crate) fn reachable(on: Date) -> Vec<&'static str> {
    let known = country::LEVELS.iter().filter(|rule| rule.holds_on(on));
    known.map(|rule| rule.says.acr).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_enrolment_never_reaches_another_level() {
        let at = "2026-12-24T10:00:00Z".parse().unwrap();
        let demo = Assurance::of(DEMO_ACR, Proof::Demo, at).unwrap();
        assert_eq!((demo.acr, demo.loa, demo.notified), (DEMO_ACR, None, false));
        let national = "urn:sakta:acr:lv:kvalificets";
        assert_eq!(Assurance::of(national, Proof::Demo, at), None);
        assert_eq!(Assurance::of(DEMO_ACR, Proof::Presence, at), None);
        assert!(Assurance::of(national, Proof::Presence, at).unwrap().loa.is_some());
        let low = "http://eidas.europa.eu/LoA/low";
        assert_eq!(Assurance::of(low, Proof::Presence, at).unwrap().loa, Some(Loa::Low));
        assert_eq!(Assurance::of(low, Proof::Demo, at), None);
        assert_eq!(Assurance::of("urn:high", Proof::Presence, at), None);
    }
}
