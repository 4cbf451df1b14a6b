//! Paths over a small hierarchy.

use super::support::{self, DAY, Hierarchy, Key, NOW, algorithms};
use crate::path::{Anchors, MAX_CANDIDATES, Path, PathError, Question, Refused, find};
use crate::{Algorithms, Certificate, Issuer, KeyUsage, Kind, oid};

struct Case {
    hierarchy: Hierarchy,
    leaf: Certificate,
}

impl Case {
    fn new(kind: Kind) -> Self {
        let hierarchy = Hierarchy::new();
        let leaf = hierarchy.leaf(kind, &Key::p256());
        Self { hierarchy, leaf }
    }

    fn ask(&self, question: &Question<'_>) -> Result<usize, PathError> {
        let anchors = [self.hierarchy.root.clone()];
        let others = [self.hierarchy.issuing.clone()];
        let path = find(&self.leaf, &others, Anchors(&anchors), question, algorithms())?;
        assert_eq!(path.anchor(), Some(&anchors[0]));
        assert_eq!(path.issuer(), Some(&others[0]));
        Ok(path.0.len())
    }
}

#[test]
fn a_path_leads_over_the_issuing_authority_to_the_root() {
    assert_eq!(Case::new(Kind::PersonSign).ask(&Question::at(NOW + DAY)), Ok(3));
}

#[test]
fn a_path_holds_only_in_the_life_of_all() {
    let case = Case::new(Kind::PersonSign);
    assert_eq!(case.ask(&Question::at(NOW)), Ok(3));
    assert_eq!(case.ask(&Question::at(NOW - 1)), Err(PathError::Refused(Refused::Life)));
    let after = Question::at(NOW + 365 * DAY);
    assert_eq!(case.ask(&after), Err(PathError::Refused(Refused::Life)));
}

#[test]
fn the_end_must_be_for_what_is_asked() {
    let sign = Case::new(Kind::PersonSign);
    let usage = Question { key_usage: KeyUsage::NON_REPUDIATION, ..Question::at(NOW) };
    assert_eq!(sign.ask(&usage), Ok(3));
    let other = Question { key_usage: KeyUsage::DIGITAL_SIGNATURE, ..Question::at(NOW) };
    assert_eq!(sign.ask(&other), Err(PathError::Refused(Refused::Usage)));
    let stamps = Question { purpose: Some(&oid::TIME_STAMPING), ..Question::at(NOW) };
    assert_eq!(Case::new(Kind::TimeStampUnit).ask(&stamps), Ok(3));
    let auth = Case::new(Kind::PersonAuth);
    assert_eq!(auth.ask(&stamps), Err(PathError::Refused(Refused::Usage)));
    let policy = support::policy().id;
    let under = Question { policy: Some(&policy), ..Question::at(NOW) };
    assert_eq!(sign.ask(&under), Ok(3));
    let other = Question { policy: Some(&oid::ANY_POLICY), ..Question::at(NOW) };
    assert_eq!(sign.ask(&other), Err(PathError::Refused(Refused::Policy)));
}

#[test]
fn a_certificate_may_be_its_own_anchor() {
    let case = Case::new(Kind::Transport);
    let anchors = [case.leaf.clone()];
    let path = find(&case.leaf, &[], Anchors(&anchors), &Question::at(NOW), algorithms());
    assert_eq!(path, Ok(Path(vec![&case.leaf])));
}

#[test]
fn an_end_does_not_issue() {
    let hierarchy = Hierarchy::new();
    let key = Key::p256();
    let middle = hierarchy.leaf(Kind::Seal, &key);
    let prepared = crate::prepare(
        &support::profile(Kind::Seal),
        &crate::Request {
            subject: &support::organisation("below"),
            spki: &Key::p256().spki(),
            serial: &[0x41; 16],
            not_before: NOW,
            not_after: NOW + DAY,
            names: &[],
        },
        Issuer::Authority(&middle),
        key.algorithm,
    );
    assert_eq!(prepared, Err(crate::PrepareError::Issuer));
    let anchors = [middle];
    let stranger = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let path = find(&stranger, &[], Anchors(&anchors), &Question::at(NOW), algorithms());
    assert_eq!(path, Err(PathError::NoAnchor));
}

#[test]
fn without_the_issuing_authority_or_a_trusted_algorithm_there_is_no_path() {
    let case = Case::new(Kind::PersonSign);
    let anchors = [case.hierarchy.root.clone()];
    let others = [case.hierarchy.issuing.clone()];
    let question = Question::at(NOW);
    let without = find(&case.leaf, &[], Anchors(&anchors), &question, algorithms());
    assert_eq!(without, Err(PathError::NoAnchor));
    let untrusted = find(&case.leaf, &others, Anchors(&anchors), &question, Algorithms(&[]));
    assert_eq!(untrusted, Err(PathError::Refused(Refused::Signature)));
}

#[test]
fn a_hierarchy_of_the_same_names_and_other_keys_is_not_the_anchor() {
    let (case, other) = (Case::new(Kind::PersonSign), Hierarchy::new());
    let anchors = [other.root];
    let others = [case.hierarchy.issuing.clone(), other.issuing, case.hierarchy.root.clone()];
    let path = find(&case.leaf, &others, Anchors(&anchors), &Question::at(NOW), algorithms());
    assert!(path.is_err(), "{path:?}");
}

#[test]
fn too_many_candidates_are_refused() {
    let case = Case::new(Kind::PersonSign);
    let many = vec![case.hierarchy.issuing.clone(); MAX_CANDIDATES + 1];
    let path = find(&case.leaf, &many, Anchors(&[]), &Question::at(NOW), algorithms());
    assert_eq!(path, Err(PathError::TooMuch));
}
