//! Obtaining a certificate for signing: she applies, an officer approves elsewhere, her phone makes
//! the key, the trust platform issues (PROTOCOLS §2). The portal carries each step and takes none
//! for anybody: what has not happened is said to wait.

use std::time::Duration;

use activation_contract::{Item, KeyStatement, Op, Outcome, Request, RequestKind};
use axum::response::Response;
use base::{Bytes, Digest};
use identity_contract::{AskState, AskedOf};
use persons_contract::{NameForm, OwnEntry, Person};
use pki_contract::approval::IssueApproval;
use pki_contract::{
    Application, ApplicationState, ApplicationsOf, Apply, ApproveApplication, CertificatesOf,
    Status, Subject, SubjectKey,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::Digest as _;
use ui::FieldError;
use ui::login::Pending;
use ui::text::certificate as words;
use web::{Failed, Form, Refused};

use crate::act;
use crate::pages::{self, Applying, KeyPending, Obtain};
use crate::paths;
use crate::portal::{MakingKey, PortalSession};
use crate::reader::{SignedIn, leading, page};
use crate::security::{certificate, newest};

/// What calls about it are for.
const PURPOSE: &str = "certificate";

/// The profile of what persons sign with.
const PROFILE: &str = "person-signature";

/// How often the portal itself asks whether one has.
const PAUSE: Duration = Duration::from_secs(2);

/// Which button was pressed.
#[derive(Deserialize)]
pub(crate) struct Pressed {
    apply: Option<String>,
    terms: Option<String>,
    make: Option<String>,
}

/// Where it stands.
pub(crate) async fn show(person: SignedIn) -> Result<Response, Failed> {
    let view = standing(&person).await?;
    Ok(page(pages::obtain(&person.seat(), &view)))
}

/// Applies, asks a phone for the key, or asks where it stands.
pub(crate) async fn go_on(
    person: SignedIn,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failed> {
    let view = standing(&person).await?;
    match (view, pressed) {
        (Obtain::Apply(view), Pressed { apply: Some(_), terms, .. }) => {
            if terms.is_none() {
                let words = person.reader.voice.say(words::ACCEPT_MISSING);
                let errors = vec![FieldError { field: "terms", words }];
                let view = Obtain::Apply(Applying { errors, ..view });
                return Ok(page(pages::obtain(&person.seat(), &view)));
            }
            apply(&person).await?;
        }
        (Obtain::Approved { .. } | Obtain::Phone { .. }, Pressed { make: Some(_), .. }) => {
            make(person).await?;
        }
        _ => {}
    }
    Ok(leading(paths::CERTIFICATE))
}

/// Whether a phone still has to answer, for the script: only that is asked, for each look at the
/// application is recorded.
pub(crate) async fn state(person: SignedIn) -> Result<Response, Failed> {
    let making = person.session.body.making.clone().ok_or(Refused::NotFound)?;
    let of = AskedOf { request: making.request };
    let answer = person.call(&person.portal().links.identity, of, PURPOSE).await?;
    Ok(act::state(matches!(answer, AskState::Waiting)))
}

async fn standing(person: &SignedIn) -> Result<Obtain, Failed> {
    let (pki, own) = (&person.portal().links.pki, person.session.person);
    let held = person.call(pki, CertificatesOf { person: own }, PURPOSE).await?;
    let now = person.portal().clock.now();
    let live = |status: &Status| !matches!(status, Status::Revoked { .. });
    let held = newest(held).filter(|row| live(&row.status) && row.valid_until > now);
    if let Some(row) = held {
        return Ok(Obtain::Have(certificate(&row)));
    }
    let Some(application) = latest(person).await? else {
        return applying(person, None).await.map(Obtain::Apply);
    };
    let (number, since) = (application.id.clone(), application.at);
    match application.state {
        ApplicationState::Waiting => Ok(Obtain::Officer { number, since, lapsed: false }),
        ApplicationState::Refused { why } => applying(person, Some(why)).await.map(Obtain::Apply),
        // Its certificate is revoked or has ended by now.
        ApplicationState::Issued { .. } => applying(person, None).await.map(Obtain::Apply),
        ApplicationState::WaitingForKey { approval } => {
            let approved: IssueApproval = claims(&approval)?;
            let making = person.session.body.making.clone();
            match making.filter(|one| one.application == number && one.approval == approval) {
                Some(making) => with_phone(person, &making, approved.id).await,
                None if approved.use_before <= now => {
                    Ok(Obtain::Officer { number, since, lapsed: true })
                }
                None => Ok(Obtain::Approved { number }),
            }
        }
    }
}

/// The last application for a key that a phone makes.
async fn latest(person: &SignedIn) -> Result<Option<Application>, Failed> {
    let of = ApplicationsOf { person: person.session.person };
    let all = person.call(&person.portal().links.pki, of, PURPOSE).await?.applications;
    let own =
        |one: &Application| one.apply.profile == PROFILE && one.apply.key == SubjectKey::Remote;
    Ok(all.into_iter().find(own))
}

async fn applying(person: &SignedIn, refused: Option<String>) -> Result<Applying, Failed> {
    let entry = person.call(&person.portal().links.persons, OwnEntry::default(), PURPOSE).await;
    let subject = match entry {
        Ok(entry) => named(&entry)
            .map(|(given, surname, code)| (format!("{given} {surname}"), code.shown().to_owned())),
        Err(failed) if failed.problem().status < 500 => None,
        Err(failed) => return Err(failed),
    };
    Ok(Applying { subject, refused, errors: Vec::new() })
}

/// Given names, surname and code as the register has them now.
fn named(entry: &Person) -> Option<(String, String, &base::Identifier)> {
    let (given, surname) = entry.name(NameForm::National)?;
    Some((given.join(" "), surname.join(" "), entry.code()?))
}

/// Applies for what the register says at this moment, not for what a page said.
async fn apply(person: &SignedIn) -> Result<(), Failed> {
    let portal = person.portal();
    let entry = person.call(&portal.links.persons, OwnEntry::default(), PURPOSE).await?;
    let (given_names, surname, code) = named(&entry).ok_or(Refused::NotFound)?;
    let terms = person.reader.voice.say(words::TERMS_TEXT);
    let apply = Apply {
        profile: PROFILE.to_owned(),
        subject: Subject::Person {
            person: person.session.person,
            register_version: u64::try_from(entry.revision).map_err(|_| Refused::Parameters)?,
            identifier: code.x509(),
            given_names,
            surname,
            country: code.country().to_owned(),
        },
        key: SubjectKey::Remote,
        terms: Digest(sha2::Sha256::digest(terms.as_bytes()).into()),
    };
    person.call(&portal.links.pki, apply, PURPOSE).await?;
    Ok(())
}

/// Asks the phones to make the key of the approval that stands now.
async fn make(person: SignedIn) -> Result<(), Failed> {
    let application = latest(&person).await?.ok_or(Refused::NotFound)?;
    let ApplicationState::WaitingForKey { approval } = application.state else { return Ok(()) };
    let (request, making) = asked(&person, application.id, approval)?;
    act::ask(&person, &request, PURPOSE).await?;
    let body = PortalSession { making: Some(making), ..person.session.body.clone() };
    person.portal().sessions.change(&person.session, &body).await?;
    let mut waiting = person;
    waiting.session.body = body;
    tokio::spawn(carried(waiting));
    Ok(())
}

fn asked(
    person: &SignedIn,
    application: String,
    approval: String,
) -> Result<(Request, MakingKey), Failed> {
    let approved: IssueApproval = claims(&approval)?;
    let item = Item {
        label: approved.id,
        media_type: String::new(),
        size: 0,
        document_digest: Digest(sha2::Sha256::digest(approval.as_bytes()).into()),
        dtbs: None,
    };
    let kind = RequestKind::Act { op: Op::MakeKey, credential: None, items: vec![item] };
    let request = act::request(person, words::PURPOSE, kind);
    let making =
        MakingKey { request: request.id.clone(), until: request.until, application, approval };
    Ok((request, making))
}

/// What the phone says; once it has made the key, the trust platform is asked to issue.
async fn with_phone(
    person: &SignedIn,
    making: &MakingKey,
    approval: String,
) -> Result<Obtain, Failed> {
    let of = AskedOf { request: making.request.clone() };
    let answer = person.call(&person.portal().links.identity, of, PURPOSE).await?;
    let pending = match answer {
        AskState::Answered { outcome: Outcome::Done { statement: Some(stated), .. }, .. } => {
            return issued(person, making, (approval, stated)).await;
        }
        AskState::Waiting | AskState::Answered { outcome: Outcome::BeingCarriedOut, .. } => {
            KeyPending::Phone(Pending::OnPhone)
        }
        AskState::Answered { .. } => KeyPending::Stopped,
        AskState::Refused { .. } => KeyPending::Phone(Pending::Refused),
        AskState::Expired => KeyPending::Phone(Pending::Late),
    };
    Ok(Obtain::Phone { approval, pending, until: making.until })
}

/// Brings the key with the officer's approval; the same again is the same certificate.
async fn issued(
    person: &SignedIn,
    making: &MakingKey,
    (approval, stated): (String, String),
) -> Result<Obtain, Failed> {
    let key: KeyStatement = claims(&stated)?;
    let complete = ApproveApplication {
        application: making.application.clone(),
        approval: making.approval.clone(),
        key: Some((stated, key.key)),
    };
    let pki = &person.portal().links.pki;
    match person.call(pki, complete, PURPOSE).await {
        Err(failed) if failed.problem().status < 500 => return Err(failed),
        // The trust platform goes on by itself with what it has kept.
        _ => {}
    }
    let of = CertificatesOf { person: person.session.person };
    let held = person.call(pki, of, PURPOSE).await?;
    let made = newest(held).filter(|row| row.status == Status::Good);
    Ok(match made {
        Some(row) => Obtain::Have(certificate(&row)),
        None => Obtain::Phone { approval, pending: KeyPending::Issuing, until: making.until },
    })
}

/// Hands the key on as soon as the phone has made it, whether or not the browser waits.
async fn carried(person: SignedIn) {
    let Some(making) = person.session.body.making.clone() else { return };
    let clock = std::sync::Arc::clone(&person.portal().clock);
    while clock.now() < making.until.plus(PAUSE) {
        clock.until(clock.now().plus(PAUSE)).await;
        let Ok(approved) = claims::<IssueApproval>(&making.approval) else { return };
        match with_phone(&person, &making, approved.id).await {
            Ok(Obtain::Phone {
                pending: KeyPending::Phone(Pending::OnPhone) | KeyPending::Issuing,
                ..
            })
            | Err(_) => {}
            Ok(_) => return,
        }
    }
}

/// What a token says; whoever acts on it checks it.
fn claims<T: DeserializeOwned>(token: &str) -> Result<T, Failed> {
    let payload = token.split('.').nth(1).and_then(|part| part.parse::<Bytes>().ok());
    let read = payload.and_then(|payload| serde_json::from_slice(&payload.0).ok());
    Ok(read.ok_or(Refused::Parameters)?)
}
