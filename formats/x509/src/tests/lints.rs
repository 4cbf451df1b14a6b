//! What lints find, and that they find nothing in what is right.

use super::support::{self, DAY, Hierarchy, Key, NOW, golden, subject};
use crate::tlv::{self, INTEGER, SEQUENCE};
use crate::{
    Certificate, Claims, Disclosure, Extension, Issuer, Kind, Places, Policy, Profile, Request,
    TestClaims, lint, oid,
};

fn codes(certificate: &Certificate, profile: &Profile, issuer: Issuer<'_>) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        lint(certificate, profile, issuer).iter().map(|finding| finding.code).collect();
    codes.dedup();
    codes
}

#[test]
fn what_is_prepared_has_no_finding() {
    let hierarchy = Hierarchy::new();
    let root = lint(&hierarchy.root, &support::profile(Kind::Root), Issuer::Itself);
    assert_eq!(root, []);
    let by_root = Issuer::Authority(&hierarchy.root);
    let issuing = lint(&hierarchy.issuing, &support::profile(Kind::Issuing), by_root);
    assert_eq!(issuing, []);
    for kind in super::certificates::KINDS {
        let leaf = hierarchy.leaf(kind, &Key::p256());
        let by = Issuer::Authority(&hierarchy.issuing);
        assert_eq!(lint(&leaf, &support::profile(kind), by), [], "{kind:?}");
    }
}

fn golden_profile(name: &str, kind: Kind, policies: &[&str]) -> Profile {
    let cps = "https://www.eparaksts.lv/repository";
    let policies: Vec<_> = policies
        .iter()
        .map(|text| Policy::new(text.parse().unwrap(), Some(cps.to_owned())))
        .collect();
    let uri = |uri: &str| vec![uri.to_owned()];
    let mut places = Places {
        ca_issuers: uri("http://www.eparaksts.lv/cert/ica.crt"),
        ocsp: uri("http://ocsp.eparaksts.lv"),
        crl: uri("http://www.eparaksts.lv/crl/ica-7.crl"),
    };
    match kind {
        Kind::OcspResponder => places = Places::default(),
        Kind::Issuing => places.ocsp.clear(),
        _ => {}
    }
    let pds = |language: &str| Disclosure {
        uri: format!("{cps}/pds_{language}.pdf"),
        language: language.to_owned(),
    };
    let disclosures = vec![pds("en"), pds("lv")];
    let claims = Claims::Test(TestClaims { device: true, disclosures });
    Profile::new(kind, name, &policies, &places).claiming(&claims)
}

fn golden_profiles() -> Vec<Profile> {
    const NCP_PLUS: &str = "0.4.0.2042.1.2";
    vec![
        golden_profile("root", Kind::Root, &[]),
        golden_profile("ica", Kind::Issuing, &["0.4.0.194112.1.2", "0.4.0.194112.1.0", NCP_PLUS]),
        golden_profile("eid_auth", Kind::PersonAuth, &[NCP_PLUS]),
        golden_profile(
            "eid_sign",
            Kind::PersonSign,
            &["0.4.0.194112.1.2", "1.3.6.1.4.1.32061.2.1.2.1"],
        ),
        golden_profile("seal_q", Kind::Seal, &["0.4.0.194112.1.3"]),
        golden_profile("qwac_gen", Kind::Web, &["0.4.0.194112.1.6"]),
        golden_profile("tsu", Kind::TimeStampUnit, &[NCP_PLUS]),
        golden_profile("ocsp", Kind::OcspResponder, &[]),
        golden_profile("pid", Kind::IdentityProvider, &[NCP_PLUS]),
        golden_profile("wrpac", Kind::Access, &["0.4.0.194118.1.2"]),
    ]
}

#[test]
fn the_golden_certificates_have_no_finding() {
    let (Some(root), Some(issuing)) = (golden("root"), golden("ica")) else { return };
    for profile in golden_profiles() {
        let certificate = golden(&profile.name).unwrap();
        let issuer = match profile.kind {
            Kind::Root => Issuer::Itself,
            Kind::Issuing => Issuer::Authority(&root),
            _ => Issuer::Authority(&issuing),
        };
        assert_eq!(lint(&certificate, &profile, issuer), [], "{}", profile.name);
    }
}

#[test]
fn claims_of_a_test_hierarchy_are_a_mixture_in_a_deployment_without() {
    let (Some(sign), Some(issuing)) = (golden("eid_sign"), golden("ica")) else { return };
    let profile = golden_profiles().into_iter().find(|profile| profile.name == "eid_sign").unwrap();
    let honest = Profile { claims: Claims::None, ..profile };
    let found = codes(&sign, &honest, Issuer::Authority(&issuing));
    assert_eq!(found, ["claims-mixture", "statements"]);
}

/// A certificate like `like` with these fields of its body changed.
struct Changed<'a> {
    like: &'a Certificate,
    serial: Vec<u8>,
    subject: Vec<u8>,
    life: Vec<u8>,
    spki: Vec<u8>,
    extensions: Vec<Extension>,
}

impl<'a> Changed<'a> {
    fn new(like: &'a Certificate) -> Self {
        let life = [crate::time::encode(like.not_before()), crate::time::encode(like.not_after())];
        Self {
            like,
            serial: tlv::tlv(INTEGER, like.serial()),
            subject: like.subject().der().to_vec(),
            life: tlv::sequence(&life),
            spki: like.spki().to_vec(),
            extensions: like.raw_extensions().to_vec(),
        }
    }

    fn value(&mut self, id: &oid::Oid) -> &mut Extension {
        self.extensions.iter_mut().find(|extension| extension.id == *id).unwrap()
    }

    fn make(&self) -> Certificate {
        let tbs = tlv::sequence(&[
            tlv::wrap(tlv::context(0), &[tlv::number(2)]),
            self.serial.clone(),
            self.like.algorithm().to_vec(),
            self.like.issuer().der().to_vec(),
            self.life.clone(),
            self.subject.clone(),
            self.spki.clone(),
            tlv::wrap(tlv::context(3), &[crate::extension::list(&self.extensions)]),
        ]);
        let algorithm = self.like.algorithm().to_vec();
        let signed = tlv::sequence(&[tbs, algorithm, tlv::bit_string(&[0; 64])]);
        Certificate::parse(&signed).unwrap()
    }
}

fn found(change: impl FnOnce(&mut Changed<'_>)) -> Vec<&'static str> {
    let hierarchy = Hierarchy::new();
    let leaf = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let mut changed = Changed::new(&leaf);
    change(&mut changed);
    let profile = support::profile(Kind::PersonSign);
    codes(&changed.make(), &profile, Issuer::Authority(&hierarchy.issuing))
}

#[test]
fn an_unchanged_copy_has_no_finding() {
    assert!(found(|_| ()).is_empty());
}

#[test]
fn a_serial_number_too_short_too_long_or_negative_is_found() {
    for octets in [&[0x41; 7][..], &[0x41; 21], &[0xc1; 16]] {
        assert_eq!(found(|c| c.serial = tlv::tlv(INTEGER, octets)), ["serial"]);
    }
}

#[test]
fn a_life_turned_round_too_long_or_in_another_form_is_found() {
    let life = |from, to| tlv::sequence(&[crate::time::encode(from), crate::time::encode(to)]);
    assert_eq!(found(|c| c.life = life(NOW + DAY, NOW)), ["validity-order"]);
    assert_eq!(found(|c| c.life = life(NOW, NOW + 1900 * DAY)), ["validity-length"]);
    let outlives = found(|c| c.life = life(NOW - DAY, NOW + DAY));
    assert_eq!(outlives, ["validity-issuer"]);
    let ends = [crate::time::generalized(NOW), crate::time::generalized(NOW + DAY)];
    assert_eq!(found(|c| c.life = tlv::sequence(&ends)), ["der"]);
}

#[test]
fn a_name_of_another_shape_or_string_type_is_found() {
    let name = |attributes: &[crate::Attribute]| crate::Name::build(attributes).unwrap();
    let mut person = subject(Kind::PersonSign);
    person.remove(1);
    assert_eq!(found(|c| c.subject = name(&person).der().to_vec()), ["name-missing"]);
    let mut person = subject(Kind::PersonSign);
    person[1].text = "321846-14724".to_owned();
    assert_eq!(found(|c| c.subject = name(&person).der().to_vec()), ["identifier"]);
    let mut person = subject(Kind::PersonSign);
    person.push(crate::Attribute::new(oid::ORGANIZATION, "x"));
    assert_eq!(found(|c| c.subject = name(&person).der().to_vec()), ["name-attribute"]);
    let country = [0x13, 2, b'L', b'V'];
    let types = found(|c| {
        let place = c.subject.windows(4).position(|four| four == country).unwrap();
        c.subject[place] = tlv::UTF8_STRING;
    });
    assert!(types.contains(&"name-encoding"), "{types:?}");
}

#[test]
fn wrong_usage_purposes_and_criticality_are_found() {
    let usage = found(|c| c.value(&oid::KEY_USAGE).value = vec![3, 2, 6, 0xc0]);
    assert_eq!(usage, ["key-usage"]);
    assert_eq!(found(|c| c.value(&oid::KEY_USAGE).critical = false), ["criticality"]);
    let purposes = tlv::sequence(&[oid::CLIENT_AUTH.der()]);
    let extended = Extension::new(oid::EXTENDED_KEY_USAGE, false, purposes);
    assert_eq!(found(|c| c.extensions.push(extended)), ["extended-key-usage"]);
    let authority = Extension::new(oid::BASIC_CONSTRAINTS, true, vec![0x30, 3, 1, 1, 0xff]);
    assert_eq!(found(|c| c.extensions.push(authority)), ["basic-constraints"]);
}

#[test]
fn extensions_that_an_end_must_not_have_are_found() {
    let mappings = Extension::new(oid::POLICY_MAPPINGS, false, vec![0x30, 0]);
    assert_eq!(found(|c| c.extensions.push(mappings)), ["extension-unknown", "not-for-end"]);
}

#[test]
fn identifiers_of_other_keys_are_found() {
    let own = found(|c| *c.value(&oid::SUBJECT_KEY_IDENTIFIER).value.last_mut().unwrap() ^= 1);
    assert_eq!(own, ["subject-key-identifier"]);
    let other = found(|c| *c.value(&oid::AUTHORITY_KEY_IDENTIFIER).value.last_mut().unwrap() ^= 1);
    assert_eq!(other, ["authority-key-identifier"]);
}

#[test]
fn missing_places_and_policies_are_found() {
    let without = |id: oid::Oid| found(move |c| c.extensions.retain(|one| one.id != id));
    assert_eq!(without(oid::AUTHORITY_INFO_ACCESS), ["ca-issuers", "ocsp-place"]);
    assert_eq!(without(oid::CRL_DISTRIBUTION_POINTS), ["crl-place"]);
    assert_eq!(without(oid::CERTIFICATE_POLICIES), ["policies"]);
    assert_eq!(without(oid::QC_STATEMENTS), ["statements"]);
}

#[test]
fn a_single_claim_is_a_mixture() {
    let claim = crate::Statement::list(&[
        crate::Statement::Compliance,
        crate::Statement::Semantics(oid::SEMANTICS_NATURAL),
    ]);
    let mixed = found(|c| c.value(&oid::QC_STATEMENTS).value = claim);
    assert_eq!(mixed, ["claims-mixture", "statements"]);
}

fn rsa(bits: usize) -> Vec<u8> {
    let modulus = tlv::unsigned(&vec![0xff; bits / 8]);
    let key = tlv::sequence(&[modulus, tlv::number(65_537)]);
    let algorithm = tlv::sequence(&[oid::RSA_ENCRYPTION.der(), tlv::tlv(tlv::NULL, &[])]);
    tlv::wrap(SEQUENCE, &[algorithm, tlv::bit_string(&key)])
}

#[test]
fn weak_keys_are_found_by_the_date_of_the_certificate() {
    let hierarchy = Hierarchy::new();
    let profile = support::profile(Kind::PersonSign);
    let by = Issuer::Authority(&hierarchy.issuing);
    let year_2027 = 1_798_761_600;
    for (bits, from, weak) in
        [(1024, NOW, true), (2048, NOW, false), (2048, year_2027, true), (3072, year_2027, false)]
    {
        let request = Request {
            subject: &subject(Kind::PersonSign),
            spki: &rsa(bits),
            serial: &[0x41; 16],
            not_before: from,
            not_after: from + DAY,
            names: &[],
        };
        let algorithm = hierarchy.issuing_key.algorithm;
        let prepared = crate::prepare(&profile, &request, by, algorithm).unwrap();
        let signed = prepared.finish(&[0; 64]);
        let found = codes(&Certificate::parse(&signed).unwrap(), &profile, by);
        assert_eq!(found.contains(&"key-strength"), weak, "{bits} at {from}");
    }
    let curve = found(|c| {
        let place = c.spki.windows(10).position(|ten| ten.ends_with(&[3, 1, 7])).unwrap();
        c.spki[place + 9] = 6;
    });
    assert_eq!(curve, ["key-algorithm"]);
}
