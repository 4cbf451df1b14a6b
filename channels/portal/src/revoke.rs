//! Revoking one's certificate: approved on the phone with PIN2, demanded of the trust platform
//! with `sam`'s statement of it. The web alone can revoke nothing (PROTOCOLS §2).

use std::time::Duration;

use activation_contract::{Item, Op, Outcome, Request, RequestKind};
use axum::response::Response;
use base::{Digest, Id, Time};
use identity_contract::{AskState, AskedOf};
use pki_contract::{
    CertificateRow, CertificatesOf, ChangeOfStatus, Demand, DemandState, Reason, Status,
};
use serde::Deserialize;
use sha2::Digest as _;
use ui::Tag;
use ui::login::Pending;
use ui::text::revoke as words;
use web::{Failed, Form, Refused};

use crate::act;
use crate::pages::{self, Certificate, RevokePending, Revoked};
use crate::paths;
use crate::portal::{PortalSession, Revoking};
use crate::reader::{SignedIn, leading, page};
use crate::security::{certificate, newest};

/// What calls about it are for.
const PURPOSE: &str = "revoke";

/// How often the portal itself asks whether the phone has.
const PAUSE: Duration = Duration::from_secs(2);

/// How far it is.
enum Standing {
    Waits(RevokePending),
    Demanded(DemandState),
}

/// Which button was pressed.
#[derive(Deserialize)]
pub(crate) struct Pressed {
    check: Option<String>,
    again: Option<String>,
}

/// Asks whether to revoke.
pub(crate) async fn show(person: SignedIn) -> Result<Response, Failed> {
    let row = own(&person).await?;
    Ok(page(pages::revoke(&person.seat(), &certificate(&row))))
}

/// Asks the phone.
pub(crate) async fn demand(person: SignedIn) -> Result<Response, Failed> {
    let row = own(&person).await?;
    let (request, revoking) = asked(&person, &row)?;
    act::ask(&person, &request, PURPOSE).await?;
    let body = PortalSession { revoking: Some(revoking), ..person.session.body.clone() };
    person.portal().sessions.change(&person.session, &body).await?;
    let mut waiting = person;
    waiting.session.body = body;
    tokio::spawn(carried(waiting));
    Ok(leading(paths::REVOKE_WAIT))
}

/// Waits for the phone, or says what holds.
pub(crate) async fn wait(person: SignedIn) -> Result<Response, Failed> {
    let Some(revoking) = person.session.body.revoking.clone() else {
        return Ok(leading(paths::SECURITY));
    };
    let seat = person.seat();
    Ok(page(match standing(&person, &revoking).await? {
        Standing::Waits(pending) => {
            pages::revoke_wait(&seat, &shown(&revoking, Tag::Valid), pending, revoking.until)
        }
        Standing::Demanded(state) => {
            let certificate = shown(&revoking, Tag::Revoked);
            let since = revoked_since(&person, &revoking, state).await?;
            pages::revoked(&seat, &Revoked { certificate, since })
        }
    }))
}

/// Asks where it stands, asks anew, or leaves it.
pub(crate) async fn go_on(person: SignedIn, Form(pressed): Form<Pressed>) -> Response {
    match (person.session.body.revoking.is_some(), pressed) {
        (true, Pressed { check: Some(_), .. }) => leading(paths::REVOKE_WAIT),
        (_, Pressed { again: Some(_), .. }) => leading(paths::REVOKE),
        _ => leading(paths::SECURITY),
    }
}

/// Where it stands, for the script.
pub(crate) async fn state(person: SignedIn) -> Result<Response, Failed> {
    let revoking = person.session.body.revoking.clone().ok_or(Refused::NotFound)?;
    let standing = standing(&person, &revoking).await?;
    let waits = matches!(standing, Standing::Waits(RevokePending::Phone(Pending::OnPhone)));
    Ok(act::state(waits))
}

/// Hands the demand on as soon as the phone has answered, whether or not the browser waits: a
/// will that `sam` has acted on is carried out.
async fn carried(person: SignedIn) {
    let Some(revoking) = person.session.body.revoking.clone() else { return };
    let clock = std::sync::Arc::clone(&person.portal().clock);
    while clock.now() < revoking.until.plus(PAUSE) {
        clock.until(clock.now().plus(PAUSE)).await;
        match standing(&person, &revoking).await {
            Ok(Standing::Waits(RevokePending::Phone(Pending::OnPhone))) | Err(_) => {}
            Ok(_) => return,
        }
    }
}

/// The moment that lists and responders state, once all have acted.
async fn revoked_since(
    person: &SignedIn,
    revoking: &Revoking,
    state: DemandState,
) -> Result<Option<Time>, Failed> {
    if state == DemandState::BeingCarriedOut {
        return Ok(None);
    }
    let of = CertificatesOf { person: person.session.person };
    let all = person.call(&person.portal().links.pki, of, PURPOSE).await?;
    let row = all.into_iter().find(|row| row.serial == revoking.serial);
    Ok(row.and_then(|row| match row.status {
        Status::Revoked { since, .. } => Some(since),
        Status::Good | Status::Suspended { .. } => None,
    }))
}

async fn own(person: &SignedIn) -> Result<CertificateRow, Failed> {
    let of = CertificatesOf { person: person.session.person };
    let all = person.call(&person.portal().links.pki, of, PURPOSE).await?;
    let row = newest(all).filter(|row| !matches!(row.status, Status::Revoked { .. }));
    Ok(row.ok_or(Refused::NotFound)?)
}

fn asked(person: &SignedIn, row: &CertificateRow) -> Result<(Request, Revoking), Failed> {
    let credential: Id<activation_contract::Credential> =
        row.credential.as_deref().and_then(|id| id.parse().ok()).ok_or(Refused::NotFound)?;
    let item = Item {
        // As the page writes it, so that a person can compare the two.
        label: crate::security::grouped(&row.serial),
        media_type: String::new(),
        size: u64::try_from(row.certificate.0.len()).unwrap_or(0),
        document_digest: Digest(sha2::Sha256::digest(&row.certificate.0).into()),
        dtbs: None,
    };
    let kind = RequestKind::Act { op: Op::Revoke, credential: Some(credential), items: vec![item] };
    let request = act::request(person, words::SHORT, kind);
    let revoking = Revoking {
        request: request.id.clone(),
        until: request.until,
        issuer: row.issuer,
        serial: row.serial.clone(),
        valid_until: row.valid_until,
    };
    Ok((request, revoking))
}

async fn standing(person: &SignedIn, revoking: &Revoking) -> Result<Standing, Failed> {
    let of = AskedOf { request: revoking.request.clone() };
    let answer = person.call(&person.portal().links.identity, of, PURPOSE).await?;
    let pending = match answer {
        AskState::Answered { outcome: Outcome::Done { statement: Some(proof), .. }, .. } => {
            return Ok(Standing::Demanded(demanded(person, revoking, proof).await?));
        }
        AskState::Waiting | AskState::Answered { outcome: Outcome::BeingCarriedOut, .. } => {
            RevokePending::Phone(Pending::OnPhone)
        }
        AskState::Answered { .. } => RevokePending::Stopped,
        AskState::Refused { .. } => RevokePending::Phone(Pending::Refused),
        AskState::Expired => RevokePending::Phone(Pending::Late),
    };
    Ok(Standing::Waits(pending))
}

/// The same demand again is the same demand.
async fn demanded(
    person: &SignedIn,
    revoking: &Revoking,
    proof: String,
) -> Result<DemandState, Failed> {
    let change = ChangeOfStatus::Revoke { reason: Reason::Unspecified };
    let (issuer, serial) = (revoking.issuer, revoking.serial.clone());
    let demand = Demand { issuer, serial, change, proof };
    person.call(&person.portal().links.pki, demand, PURPOSE).await
}

fn shown(revoking: &Revoking, state: Tag) -> Certificate {
    let serial = crate::security::grouped(&revoking.serial);
    let phone = "eParaksts mobile".to_owned();
    Certificate { serial, phone, until: revoking.valid_until, state }
}
