//! Revocation lists and OCSP answers, read again and read by OpenSSL.

use super::support::{Hierarchy, Key, NOW, algorithms, file, folder, openssl, pem};
use crate::crl::{self, Crl, CrlPrepareError, CrlVerifyError, List, Reason, Revoked};
use crate::ocsp::{
    Answer, AnswerError, Basic, CertId, IssuerHashes, Refusal, Request, Response, Single, Status,
    VerifyError,
};
use crate::{Certificate, Kind, SignatureAlgorithm};

fn revoked(certificate: &Certificate, reason: Reason) -> Revoked {
    let serial = certificate.serial().to_vec();
    Revoked { serial, at: NOW + 60, reason: Some(reason), invalid_since: Some(NOW) }
}

fn list<'a>(revoked: &'a [Revoked]) -> List<'a> {
    List {
        number: 300,
        this_update: NOW + 3600,
        next_update: NOW + 7200,
        revoked,
        expired_since: Some(NOW),
    }
}

fn make_list(hierarchy: &Hierarchy, revoked: &[Revoked]) -> Crl {
    let key = &hierarchy.issuing_key;
    let prepared = crl::prepare(&list(revoked), &hierarchy.issuing, key.algorithm).unwrap();
    Crl::parse(&key.finish(&prepared)).unwrap()
}

#[test]
fn a_list_says_who_is_revoked_and_since_when() {
    let hierarchy = Hierarchy::new();
    let held = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let good = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let list = make_list(&hierarchy, &[revoked(&held, Reason::Hold)]);
    assert_eq!(list.find(held.serial()), Some(&revoked(&held, Reason::Hold)));
    assert_eq!(list.find(good.serial()), None);
    assert_eq!(list.number(), Some(&[1, 44][..]));
    assert_eq!(list.expired_since(), Some(NOW));
    assert_eq!(list.verify_at(&hierarchy.issuing, NOW + 3600, algorithms()), Ok(()));
    let late = list.verify_at(&hierarchy.issuing, NOW + 7201, algorithms());
    assert_eq!(late, Err(CrlVerifyError::NotCurrent));
    let other = list.verify(&hierarchy.root, algorithms());
    assert_eq!(other, Err(CrlVerifyError::Issuer));
}

#[test]
fn a_list_with_one_wrong_bit_does_not_count() {
    let hierarchy = Hierarchy::new();
    let list = make_list(&hierarchy, &[]);
    let mut der = list.der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    assert!(Crl::parse(&der).unwrap().verify(&hierarchy.issuing, algorithms()).is_err());
}

#[test]
fn a_list_that_contradicts_itself_is_not_prepared() {
    let hierarchy = Hierarchy::new();
    let leaf = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let prepare = |list: &List<'_>, issuer: &Certificate| {
        crl::prepare(list, issuer, SignatureAlgorithm::EcdsaSha256).map(drop)
    };
    let twice = [revoked(&leaf, Reason::Hold), revoked(&leaf, Reason::Superseded)];
    let issuing = &hierarchy.issuing;
    assert_eq!(prepare(&list(&twice), issuing), Err(CrlPrepareError::Serial));
    assert_eq!(prepare(&list(&[]), &leaf), Err(CrlPrepareError::Issuer));
    let removed = [revoked(&leaf, Reason::RemovedFromList)];
    assert_eq!(prepare(&list(&removed), issuing), Err(CrlPrepareError::Entry));
    let back = List { next_update: NOW, ..list(&[]) };
    assert_eq!(prepare(&back, issuing), Err(CrlPrepareError::Updates));
}

#[test]
fn openssl_reads_a_list_and_refuses_who_is_on_it() {
    let hierarchy = Hierarchy::new();
    let folder = folder("openssl_reads_a_list");
    let leaf = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let good = hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let list = make_list(&hierarchy, &[revoked(&leaf, Reason::KeyCompromise)]);
    let list = file(&folder, "list.der", list.der());
    let Some((_, text)) = openssl(&["crl", "-inform", "DER", "-in", &list, "-noout", "-text"])
    else {
        return;
    };
    assert!(text.contains("X509v3 CRL Number") && text.contains("Key Compromise"), "{text}");
    let pem_list = folder.join("list.pem").to_str().unwrap().to_owned();
    openssl(&["crl", "-inform", "DER", "-in", &list, "-out", &pem_list]);
    let root = file(&folder, "root.pem", pem(&hierarchy.root).as_bytes());
    let issuing = file(&folder, "issuing.pem", pem(&hierarchy.issuing).as_bytes());
    let at = (NOW + 4000).to_string();
    let check = |certificate: &Certificate| {
        let leaf = file(&folder, "leaf.pem", pem(certificate).as_bytes());
        let how = ["verify", "-attime", &at, "-crl_check", "-CRLfile", &pem_list];
        let files = ["-CAfile", &root, "-untrusted", &issuing, &leaf];
        openssl(&[&how[..], &files].concat()).unwrap()
    };
    let (passed, text) = check(&leaf);
    assert!(!passed && text.contains("certificate revoked"), "{text}");
    let (passed, text) = check(&good);
    assert!(passed, "{text}");
}

struct Responder {
    hierarchy: Hierarchy,
    key: Key,
    certificate: Certificate,
    hashes: IssuerHashes,
}

impl Responder {
    fn new() -> Self {
        let (hierarchy, key) = (Hierarchy::new(), Key::p256());
        let certificate = hierarchy.leaf(Kind::OcspResponder, &key);
        let hashes = IssuerHashes::of(&hierarchy.issuing);
        Self { hierarchy, key, certificate, hashes }
    }

    fn single(&self, serial: &[u8], status: Status) -> Single {
        Single {
            id: CertId::sha1(&self.hashes, serial),
            status,
            this_update: NOW + 3600,
            next_update: Some(NOW + 7200),
            archive_cutoff: Some(NOW - 3600),
        }
    }

    fn respond(&self, singles: &[Single], nonce: Option<&[u8]>) -> Vec<u8> {
        let produced_at = NOW + 3600;
        let answer = Answer { produced_at, singles, nonce, extended_revoke: true };
        let prepared = answer.prepare(&self.certificate, self.key.algorithm).unwrap();
        prepared.finish(&self.key.sign(prepared.bytes()))
    }

    fn read(&self, singles: &[Single], nonce: Option<&[u8]>) -> Basic {
        match Response::parse(&self.respond(singles, nonce)).unwrap() {
            Response::Basic(basic) => *basic,
            Response::Refused(refusal) => panic!("{refusal:?}"),
        }
    }
}

#[test]
fn an_answer_says_what_was_asked_and_repeats_the_nonce() {
    let responder = Responder::new();
    let held = Status::Revoked { at: NOW, reason: Some(Reason::Hold) };
    let singles = [
        responder.single(&[0x41], Status::Good),
        responder.single(&[0x42], held),
        responder.single(&[0x43], Status::Unknown),
        responder.single(&[0x44], Status::NOT_ISSUED),
    ];
    let basic = responder.read(&singles, Some(&[9; 32]));
    assert_eq!(basic.singles(), singles);
    assert_eq!(basic.nonce(), Some(&[9; 32][..]));
    assert!(basic.is_extended_revoke());
    let issuing = &responder.hierarchy.issuing;
    assert_eq!(basic.find(issuing, &[0x42]).unwrap().status, held);
    assert_eq!(basic.find(&responder.hierarchy.root, &[0x42]), None);
    assert_eq!(basic.verify(issuing, algorithms()), Ok(&responder.certificate));
    assert_eq!(Basic::parse(basic.basic_der()).unwrap(), basic);
}

#[test]
fn only_a_responder_of_the_authority_itself_counts() {
    let (responder, other) = (Responder::new(), Responder::new());
    let basic = responder.read(&[responder.single(&[0x41], Status::Good)], None);
    let root = &responder.hierarchy.root;
    assert_eq!(basic.verify(root, algorithms()), Err(VerifyError::Unauthorized));
    let stranger = basic.verify(&other.hierarchy.issuing, algorithms());
    assert_eq!(stranger, Err(VerifyError::Unauthorized));
    let key = Key::p256();
    let certificate = responder.hierarchy.leaf(Kind::Transport, &key);
    let wrong = Responder { key, certificate, ..responder };
    let basic = wrong.read(&[wrong.single(&[0x41], Status::Good)], None);
    let outcome = basic.verify(&wrong.hierarchy.issuing, algorithms());
    assert_eq!(outcome, Err(VerifyError::Unauthorized));
}

#[test]
fn an_answer_with_one_wrong_bit_does_not_count() {
    let responder = Responder::new();
    let basic = responder.read(&[responder.single(&[0x41], Status::Good)], None);
    let place = basic.der().windows(2).position(|pair| pair == [0x80, 0]).unwrap();
    let mut der = basic.der().to_vec();
    der[place] = 0x82;
    let Response::Basic(changed) = Response::parse(&der).unwrap() else { panic!() };
    assert_eq!(changed.singles()[0].status, Status::Unknown);
    assert!(matches!(
        changed.verify(&responder.hierarchy.issuing, algorithms()),
        Err(VerifyError::Signature(_))
    ));
}

#[test]
fn an_authority_answers_for_itself_without_certificate() {
    let hierarchy = Hierarchy::new();
    let (key, certificate) = (Key::p256(), hierarchy.issuing.clone());
    let hashes = IssuerHashes::of(&hierarchy.issuing);
    let responder = Responder { hierarchy, key, certificate, hashes };
    let singles = [responder.single(&[0x41], Status::Good)];
    let answer =
        Answer { produced_at: NOW + 3600, singles: &singles, nonce: None, extended_revoke: false };
    let key = &responder.hierarchy.issuing_key;
    let prepared = answer.prepare(&responder.certificate, key.algorithm).unwrap();
    let der = prepared.finish(&key.sign(prepared.bytes()));
    let Response::Basic(basic) = Response::parse(&der).unwrap() else { panic!() };
    assert!(basic.certificates().is_empty());
    assert!(basic.verify(&responder.hierarchy.issuing, algorithms()).is_ok());
}

#[test]
fn an_answer_that_contradicts_itself_is_not_prepared() {
    let responder = Responder::new();
    let prepare = |singles: &[Single], nonce: Option<&[u8]>| {
        let answer = Answer { produced_at: NOW + 3600, singles, nonce, extended_revoke: false };
        answer.prepare(&responder.certificate, responder.key.algorithm).map(drop)
    };
    let good = responder.single(&[0x41], Status::Good);
    let later = Single { this_update: NOW + 3601, ..good.clone() };
    assert_eq!(prepare(&[], None), Err(AnswerError::Singles));
    assert_eq!(prepare(std::slice::from_ref(&good), Some(&[])), Err(AnswerError::Nonce));
    assert_eq!(prepare(std::slice::from_ref(&good), Some(&[0; 129])), Err(AnswerError::Nonce));
    assert_eq!(prepare(&[later], None), Err(AnswerError::Times));
    assert_eq!(prepare(&[good], Some(&[0; 128])), Ok(()));
}

#[test]
fn openssl_asks_and_reads_the_answer() {
    let responder = Responder::new();
    let folder = folder("openssl_asks");
    let leaf = responder.hierarchy.leaf(Kind::PersonSign, &Key::p256());
    let root = file(&folder, "root.pem", pem(&responder.hierarchy.root).as_bytes());
    let issuing = file(&folder, "issuing.pem", pem(&responder.hierarchy.issuing).as_bytes());
    let leaf_file = file(&folder, "leaf.pem", pem(&leaf).as_bytes());
    let asked = folder.join("request.der").to_str().unwrap().to_owned();
    let ask = ["ocsp", "-issuer", &issuing, "-cert", &leaf_file, "-reqout", &asked];
    let Some((passed, text)) = openssl(&ask) else { return };
    assert!(passed, "{text}");
    let request = Request::parse(&std::fs::read(&asked).unwrap()).unwrap();
    assert_eq!(request.ids[0].serial(), leaf.serial());
    assert!(responder.hashes.issued(&request.ids[0]));
    let single = Single { id: request.ids[0].clone(), ..responder.single(&[1], Status::Good) };
    let der = responder.respond(&[single], request.nonce.as_deref());
    let answered = file(&folder, "response.der", &der);
    let read = ["ocsp", "-issuer", &issuing, "-cert", &leaf_file, "-respin", &answered];
    let trust = ["-CAfile", &root, "-verify_other", &issuing, "-no_nonce"];
    let times = ["-attime", "1795569000", "-validity_period", "1000000000"];
    let (passed, text) = openssl(&[&read[..], &trust, &times].concat()).unwrap();
    assert!(passed && text.contains("Response verify OK"), "{text}");
    assert!(text.contains(": good"), "{text}");
    let refused = file(&folder, "later.der", &Refusal::TryLater.der());
    let (_, text) = openssl(&["ocsp", "-respin", &refused]).unwrap();
    assert!(text.contains("trylater"), "{text}");
}
