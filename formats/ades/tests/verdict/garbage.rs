use ades::Evidence;
use proptest::prelude::*;

use crate::country::{Country, DOCUMENT, NOW, check_with};

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn garbage_never_panics_and_never_passes(cms: Vec<u8>, other: Vec<u8>) {
        let pile = vec![other.clone()];
        let evidence = Evidence { certificates: pile.clone(), ocsp: pile.clone(), crls: pile };
        let report = check_with(&cms, &evidence, &[], NOW);
        prop_assert_ne!(report.signatures[0].indication, ades::Indication::TotalPassed);
    }

    #[test]
    fn near_misses_never_panic(
        changes in prop::collection::vec((any::<u16>(), any::<u8>()), 1..4),
    ) {
        thread_local!(static MADE: (Country, Vec<u8>, Evidence) = {
            let country = Country::new();
            let cms = country.signature(DOCUMENT, Some(&country.unit));
            let evidence = country.evidence();
            (country, cms, evidence)
        });
        MADE.with(|(country, cms, evidence)| {
            let (mut cms, mut evidence) = (cms.clone(), evidence.clone());
            for (at, byte) in changes {
                let place = usize::from(at) % cms.len();
                cms[place] = byte;
                let answer = &mut evidence.ocsp[0];
                let place = usize::from(at) % answer.len();
                answer[place] = byte;
            }
            let _ = country.check(&cms, &evidence, NOW);
        });
    }
}
