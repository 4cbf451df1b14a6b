//! The person's phones, remembered browsers, sessions and certificate.

use axum::response::{IntoResponse, Redirect, Response};
use identity_contract::{BrowsersAndDevices, ForgetBrowser, Means, MeansOf};
use pki_contract::{CertificateRow, CertificatesOf, Status};
use serde::Deserialize;
use ui::Tag;
use web::{Failed, Form};

use crate::browser::browser;
use crate::pages::{self, Browser, Certificate, Phone, Security};
use crate::paths;
use crate::reader::{SignedIn, page};

/// What calls about one's own means are for.
const PURPOSE: &str = "own-means";

/// The page. A certificate is shown where the trust platform answers.
pub(crate) async fn show(person: SignedIn) -> Result<Response, Failed> {
    let (portal, own) = (person.portal(), person.session.person);
    let (identity, pki) = (&portal.links.identity, &portal.links.pki);
    let means = person.call(identity, MeansOf { person: own }, PURPOSE);
    let certificates = person.call(pki, CertificatesOf { person: own }, PURPOSE);
    let others = portal.sessions.others(&person.session);
    let (means, certificates, others) = tokio::join!(means, certificates, others);
    let view = view(&person, means?, certificates.ok(), others?);
    Ok(page(pages::security(&person.seat(), &view)))
}

#[derive(Deserialize)]
pub(crate) struct Pressed {
    forget: Option<String>,
    end: Option<String>,
}

/// Forgets a browser, or ends the other sessions.
pub(crate) async fn change(
    person: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failed> {
    let (portal, own) = (person.portal(), person.session.person);
    if let Some(browser) = pressed.forget {
        let forget = ForgetBrowser { person: own, browser };
        person.call(&portal.links.identity, forget, PURPOSE).await?;
    } else if pressed.end.is_some() {
        portal.sessions.end_others(&person.session).await?;
    }
    Ok(Redirect::to(paths::SECURITY).into_response())
}

fn view(
    person: &SignedIn,
    means: BrowsersAndDevices,
    certificates: Option<Vec<CertificateRow>>,
    other_sessions: u64,
) -> Security {
    let here = browser(&person.reader.headers);
    let browsers = means.browsers.into_iter().map(|one| Browser {
        id: one.id,
        here: here.as_ref() == Some(&one.label),
        name: one.label,
        used: one.used,
    });
    let frozen = means.frozen;
    Security {
        phones: means.devices.into_iter().map(|one| phone(one, frozen)).collect(),
        browsers: browsers.collect(),
        other_sessions,
        certificate_known: certificates.is_some(),
        certificate: certificates.and_then(newest).as_ref().map(certificate),
        virtual_phones: person.portal().phones.clone(),
    }
}

fn phone(means: Means, frozen: bool) -> Phone {
    let state = match means.ended {
        Some(_) => Tag::Revoked,
        None if frozen => Tag::Frozen,
        None => Tag::Running,
    };
    let (id, name, since) = (means.device.to_string(), means.label, means.since);
    Phone { id, name, thumbprint: None, since, used: None, state }
}

/// Of the certificates whose key `sam` holds, the one that lasts longest.
pub(crate) fn newest(all: Vec<CertificateRow>) -> Option<CertificateRow> {
    let own = all.into_iter().filter(|one| one.credential.is_some());
    own.max_by_key(|one| (one.status == Status::Good, one.valid_until))
}

pub(crate) fn certificate(row: &CertificateRow) -> Certificate {
    let state = match row.status {
        Status::Good => Tag::Valid,
        Status::Suspended { .. } => Tag::Suspended,
        Status::Revoked { .. } => Tag::Revoked,
    };
    let phone = "eParaksts mobile".to_owned();
    Certificate { serial: grouped(&row.serial), phone, until: row.valid_until, state }
}

/// Hexadecimal digits in pairs: `4F 2A 91`.
pub(crate) fn grouped(serial: &str) -> String {
    let digits: Vec<char> = serial.to_uppercase().chars().collect();
    let pairs: Vec<String> = digits.rchunks(2).rev().map(|pair| pair.iter().collect()).collect();
    pairs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_shown_in_pairs() {
        assert_eq!(grouped("4f2a910c"), "4F 2A 91 0C");
        assert_eq!(grouped("f2a"), "F 2A");
        assert_eq!(grouped(""), "");
    }
}
