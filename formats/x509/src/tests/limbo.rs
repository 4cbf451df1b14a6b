//! The cases of x509-limbo: how many verdicts agree, and which do not, with the reason of each.

use std::collections::BTreeMap;

use serde_json::Value;

use super::support::{algorithms, vectors};
use crate::crl::Crl;
use crate::path::{Anchors, Question, find};
use crate::{Certificate, GeneralName, KeyUsage, oid};

/// Cases whose verdict here is another than the corpus expects, and why that is so.
const DISAGREEMENTS: &[(&str, &str)] = &[
    ("rfc5280::aki::cross-signed-root-missing-aki", ANCHOR),
    ("webpki::aki::root-with-aki-all-fields", ANCHOR),
    ("webpki::aki::root-with-aki-authoritycertissuer", ANCHOR),
    ("webpki::aki::root-with-aki-authoritycertserialnumber", ANCHOR),
    ("webpki::aki::root-with-aki-missing-keyidentifier", ANCHOR),
    ("webpki::aki::root-with-aki-ski-mismatch", ANCHOR),
    ("webpki::ca-as-leaf", AUTHORITY_END),
    ("webpki::cn::case-mismatch", COMMON_NAME),
    ("webpki::cn::ipv4-hex-mismatch", COMMON_NAME),
    ("webpki::cn::ipv4-leading-zeros-mismatch", COMMON_NAME),
    ("webpki::cn::ipv6-non-rfc5952-mismatch", COMMON_NAME),
    ("webpki::cn::ipv6-uncompressed-mismatch", COMMON_NAME),
    ("webpki::cn::ipv6-uppercase-mismatch", COMMON_NAME),
    ("webpki::cn::not-in-san", COMMON_NAME),
    ("webpki::cn::punycode-not-in-san", COMMON_NAME),
    ("webpki::cn::utf8-vs-punycode-mismatch", COMMON_NAME),
    ("webpki::ee-basicconstraints-ca", AUTHORITY_END),
    ("webpki::eku::ee-anyeku", PURPOSE),
    ("webpki::eku::ee-critical-eku", PURPOSE),
    ("webpki::eku::ee-without-eku", PURPOSE),
    ("webpki::eku::root-has-eku", PURPOSE),
    ("webpki::forbidden-dsa-leaf", STRENGTH),
    ("webpki::forbidden-p192-leaf", STRENGTH),
    ("webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf", STRENGTH),
    ("webpki::forbidden-rsa-not-divisible-by-8-in-root", STRENGTH),
    ("webpki::forbidden-weak-rsa-in-leaf", STRENGTH),
    (
        "webpki::nc::permitted-dns-match-noncritical",
        "RFC 5280 wants it critical, as the corpus says itself elsewhere",
    ),
    ("webpki::san::public-suffix-multi-label-wildcard-san", SUFFIX),
    ("webpki::san::public-suffix-private-namespace-wildcard-san", SUFFIX),
    ("webpki::san::san-critical-with-nonempty-subject", "RFC 5280 says SHOULD"),
];

const ANCHOR: &str = "an anchor's own identifiers are not judged";
const PURPOSE: &str = "the rules of browsers for purposes are not those of this house";
const STRENGTH: &str = "key strength is judged by lints and by the caller's algorithms";
const SUFFIX: &str = "there is no list of public suffixes here";
const COMMON_NAME: &str = "a common name is a text, not a host name";
const AUTHORITY_END: &str =
    "an authority may be the end of a path, as the corpus says itself elsewhere";

/// A feature of the corpus that [`find`] does not offer: such cases are left out.
const LEFT_OUT: &[&str] = &["max-chain-depth"];

#[test]
fn the_verdicts_agree_with_limbo_but_for_those_named() {
    let Some(folder) = vectors() else { return };
    let text = std::fs::read_to_string(folder.join("limbo-208.json")).unwrap();
    let corpus: Value = serde_json::from_str(&text).unwrap();
    let (mut agreed, mut left_out, mut other) = (0, 0, BTreeMap::new());
    for case in corpus["testcases"].as_array().unwrap() {
        let features = case["features"].as_array().unwrap();
        if features.iter().any(|feature| LEFT_OUT.contains(&feature.as_str().unwrap())) {
            left_out += 1;
            continue;
        }
        let expected = case["expected_result"] == "SUCCESS";
        let outcome = judge(case);
        if outcome.is_ok() == expected {
            agreed += 1;
        } else {
            other.insert(case["id"].as_str().unwrap(), outcome);
        }
    }
    eprintln!("limbo: {agreed} agree, {} do not, {left_out} left out", other.len());
    let named: Vec<_> = DISAGREEMENTS.iter().map(|(id, _)| *id).collect();
    let found: Vec<_> = other.keys().copied().collect();
    assert_eq!(found, named, "{other:#?}");
}

fn judge(case: &Value) -> Result<(), String> {
    let end = certificate(&case["peer_certificate"])?;
    // What is not read is no candidate; it does not spoil the others.
    let read = |key: &str| -> Vec<Certificate> {
        case[key].as_array().unwrap().iter().filter_map(|pem| certificate(pem).ok()).collect()
    };
    let (anchors, others) = (read("trusted_certs"), read("untrusted_intermediates"));
    let listed =
        |key: &str, value: &str| case[key].as_array().unwrap().iter().any(|listed| listed == value);
    let signs = listed("key_usage", "digitalSignature");
    let purpose = if listed("extended_key_usage", "serverAuth") {
        Some(oid::SERVER_AUTH)
    } else {
        listed("extended_key_usage", "clientAuth").then_some(oid::CLIENT_AUTH)
    };
    let question = Question {
        at: moment(case["validation_time"].as_str()),
        key_usage: if signs { KeyUsage::DIGITAL_SIGNATURE } else { KeyUsage::NONE },
        purpose: purpose.as_ref(),
        policy: None,
    };
    let path = find(&end, &others, Anchors(&anchors), &question, algorithms());
    let path = path.map_err(|error| error.to_string())?;
    if let Some(value) = case["expected_peer_name"]["value"].as_str() {
        let kind = case["expected_peer_name"]["kind"].as_str().unwrap();
        if !end.extensions().names.iter().any(|name| is_peer(name, kind, value)) {
            return Err("another peer".to_owned());
        }
    }
    let issuer = path.issuer().unwrap();
    for list in case["crls"].as_array().unwrap() {
        let list = Crl::parse(&der(list.as_str().unwrap())).map_err(|error| error.to_string())?;
        if list.issuer().matches(issuer.subject()) {
            list.verify_at(issuer, question.at, algorithms()).map_err(|error| error.to_string())?;
            if list.find(end.serial()).is_some() {
                return Err("revoked".to_owned());
            }
        }
    }
    Ok(())
}

fn is_peer(name: &GeneralName, kind: &str, value: &str) -> bool {
    match name {
        GeneralName::Dns(name) if kind == "DNS" => match name.strip_prefix("*.") {
            Some(parent) => {
                let below = value.split_once('.').is_some_and(|(_, rest)| rest == parent);
                below && parent.contains('.')
            }
            None => name.eq_ignore_ascii_case(value),
        },
        GeneralName::Ip(octets) if kind == "IP" => {
            value.parse::<std::net::IpAddr>().is_ok_and(|address| match address {
                std::net::IpAddr::V4(address) => address.octets()[..] == octets[..],
                std::net::IpAddr::V6(address) => address.octets()[..] == octets[..],
            })
        }
        _ => false,
    }
}

fn der(pem: &str) -> Vec<u8> {
    use base64::Engine;
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(body).unwrap()
}

fn certificate(pem: &Value) -> Result<Certificate, String> {
    Certificate::parse(&der(pem.as_str().unwrap())).map_err(|error| error.to_string())
}

/// Seconds of an RFC 3339 time in UTC, its fraction dropped; a late 2026 when there is none.
fn moment(text: Option<&str>) -> i64 {
    let Some(text) = text else { return super::support::NOW };
    let digits: String = text.chars().take(19).filter(char::is_ascii_digit).collect();
    crate::time::parse(crate::tlv::GENERALIZED_TIME, format!("{digits}Z").as_bytes()).unwrap()
}
