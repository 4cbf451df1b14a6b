//! The TEST hierarchy: every claim that a qualified provider's certificates carry, made by the
//! same hand as the demo's, held against the golden certificates (R24).

use std::path::PathBuf;

use keys::{Algorithm, Purpose, Signer, Suite, allowed};
use x509::{
    Attribute, Certificate, Claims, Disclosure, GeneralName, Issuer, Kind, Places, Policy, Profile,
    TestClaims, oid,
};

use super::super::ceremony::{Making, Named};
use super::super::{Ground, SetupError};
use super::{Data, folder, ground, options};

enum Test {}

impl Purpose for Test {
    const NAME: &'static str = "trial.test-hierarchy";
}

const CPS: &str = "https://www.eparaksts.lv/repository";

fn claims() -> Claims {
    let disclosure = |language: &str| Disclosure {
        uri: format!("{CPS}/pds_{language}.pdf"),
        language: language.to_owned(),
    };
    let disclosures = vec![disclosure("en"), disclosure("lv")];
    Claims::Test(TestClaims { device: true, disclosures })
}

fn profile(kind: Kind, policies: &[&str]) -> Profile {
    let policy = |id: &&str| Policy::new(id.parse().unwrap(), Some(CPS.to_owned()));
    let policies: Vec<_> = policies.iter().map(policy).collect();
    Profile::new(kind, &format!("TEST {kind:?}"), &policies, &Places::default()).claiming(&claims())
}

fn organisation(name: &str) -> Vec<Attribute> {
    vec![
        Attribute::new(oid::COUNTRY, "LV"),
        Attribute::new(oid::ORGANIZATION, "SIA Piemērs"),
        Attribute::new(oid::ORGANIZATION_IDENTIFIER, "NTRLV-40003000000"),
        Attribute::new(oid::COMMON_NAME, name),
    ]
}

fn person() -> Vec<Attribute> {
    vec![
        Attribute::new(oid::COUNTRY, "LV"),
        Attribute::new(oid::SERIAL_NUMBER, "PNOLV-321846-14724"),
        Attribute::new(oid::SURNAME, "Bērziņš"),
        Attribute::new(oid::GIVEN_NAME, "Jānis"),
        Attribute::new(oid::COMMON_NAME, "Jānis Bērziņš"),
    ]
}

/// The golden certificate, where the test vectors are to be had.
fn golden(name: &str) -> Option<Certificate> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/pki");
    match std::fs::read_to_string(folder.join(format!("{name}.pem"))) {
        Ok(text) => Some(Certificate::from_pem(&text).unwrap()),
        Err(_) => {
            eprintln!("SKIPPED: no test vectors at {}", folder.display());
            None
        }
    }
}

fn key() -> Signer<Test> {
    keys::Keeper::new(
        "trial",
        "trial",
        keys::Kek::from_bytes(&[7; 32]).unwrap(),
        std::sync::Arc::new(keys::SystemChance::new()),
    )
    .make(Algorithm::P256)
    .unwrap()
    .0
}

#[test]
fn the_test_hierarchy_claims_all_and_says_what_the_golden_certificates_say() {
    let path = folder("test-hierarchy");
    let data = Data::at(&path).unwrap();
    let ((clock, chance), options) = (ground(), options());
    let ground = Ground { data: &data, clock: &clock, chance: &chance, options: &options };
    let making = Making { ground: &ground, now: clock.now().floor() };
    let make = |profile: &Profile, subject: &[Attribute], names: &[GeneralName], by| {
        let (issuer, signer): (Issuer<'_>, &Signer<Test>) = by;
        let key = if profile.kind == Kind::Root { signer.clone() } else { key() };
        let named = Named { subject, names, spki: key.public_key().spki() };
        making.certified(profile, &named, issuer, signer).map(|certificate| (certificate, key))
    };
    let root_key = key();
    let by = (Issuer::Itself, &root_key);
    let (root, _) = make(&profile(Kind::Root, &[]), &organisation("TEST root"), &[], by).unwrap();
    let policies = ["0.4.0.194112.1.2", "0.4.0.194112.1.0", "0.4.0.2042.1.2"];
    let by = (Issuer::Authority(&root), &root_key);
    let issuing = profile(Kind::Issuing, &policies);
    let (issuing, issuing_key) = make(&issuing, &organisation("TEST issuing"), &[], by).unwrap();
    let by = || (Issuer::Authority(&issuing), &issuing_key);
    let host = [GeneralName::Dns("api.piemers.lv".to_owned())];
    for (kind, policies, subject, names, name) in [
        (
            Kind::PersonSign,
            &["0.4.0.194112.1.2", "1.3.6.1.4.1.32061.2.1.2.1"][..],
            person(),
            &[][..],
            "eid_sign",
        ),
        (Kind::Seal, &["0.4.0.194112.1.3"], organisation("SIA Piemērs"), &[], "seal_q"),
        (Kind::Web, &["0.4.0.194112.1.6"], organisation("api.piemers.lv"), &host, "qwac_gen"),
        (Kind::TimeStampUnit, &["0.4.0.2042.1.2"], organisation("TEST TSU"), &[], "tsu"),
        (Kind::OcspResponder, &[], organisation("TEST OCSP"), &[], "ocsp"),
    ] {
        let (made, _) = make(&profile(kind, policies), &subject, names, by()).unwrap();
        made.verify(issuing.spki(), x509::Algorithms(allowed(Suite::House))).unwrap();
        let Some(golden) = golden(name) else { continue };
        let (made, golden) = (made.extensions(), golden.extensions());
        assert_eq!(made.statements, golden.statements, "{name}");
        assert_eq!(made.policies, golden.policies, "{name}");
        assert_eq!(made.key_usage, golden.key_usage, "{name}");
        assert_eq!(made.extended_key_usage, golden.extended_key_usage, "{name}");
        assert_eq!(made.no_check, golden.no_check, "{name}");
    }
    // Claims that do not fit each other are never signed.
    let mixed = profile(Kind::PersonSign, &["2.25.1"]);
    let refused = make(&mixed, &person(), &[], by());
    assert!(matches!(refused, Err(SetupError::Certificate { .. })));
    let unclaimed = Profile { claims: Claims::None, ..profile(Kind::Seal, &["0.4.0.194112.1.3"]) };
    let refused = make(&unclaimed, &organisation("SIA Piemērs"), &[], by());
    assert!(matches!(refused, Err(SetupError::Certificate { .. })));
    std::fs::remove_dir_all(&path).unwrap();
}
