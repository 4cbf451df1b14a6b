//! How somebody of the cast gets a signing certificate, each step by whoever does it in life: she
//! logs in and applies, an officer approves, her phone makes the key, the signer issues.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use activation_contract::{Item, Op, Outcome, Request, RequestKind};
use base::{Bytes, Digest, Id, Identifier, Locale, PersonId};
use identity_contract::{Ask, AskState, AskedOf, EvidenceOf};
use links::{Call, Link, OnBehalf};
use pki_contract::{
    ApplicationState, Apply, ApproveApplication, CertificatesOf, Subject, SubjectKey,
};
use serde::Deserialize;
use simulation::CastMember;

use super::DemoError;
use super::enrolment::Enrolled;
use super::web::Web;
use crate::child;

/// What the steps are taken with.
pub(super) struct Journey<'a> {
    /// Public addresses.
    pub(super) web: &'a Web,
    /// The data folder.
    pub(super) data: &'a Path,
    /// Where officers call the trust platform.
    pub(super) officers: SocketAddr,
    /// To the identity and trust platforms, as the signing platform.
    pub(super) identity: &'a Link,
    /// To the trust platform.
    pub(super) pki: &'a Link,
    /// Time and chance.
    pub(super) world: &'a crate::World,
}

#[derive(Deserialize)]
struct Begun {
    device_code: String,
    user_code: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

/// What for, in records and on the phone.
const PURPOSE: &str = "certificate";

/// How long a request waits for a phone.
const WAITS: Duration = Duration::from_mins(5);

impl Journey<'_> {
    /// Gets `one` a certificate, unless there is one.
    ///
    /// # Errors
    /// [`DemoError`].
    pub(super) async fn walk(&self, one: &CastMember, phone: &Enrolled) -> Result<(), DemoError> {
        let me = self.log_in(phone).await?;
        let own = Call::new(CertificatesOf { person: one.person }, me.clone(), PURPOSE);
        if !self.pki.call(own).await.map_err(failed)?.is_empty() {
            return Ok(());
        }
        let application = self.apply(one, &me).await?;
        let at = self.officers.to_string();
        child::approve(self.data, &["--pki", &at, "--yes", "certificate", &application]).await?;
        let (approval, statement, key) =
            self.make_key(one.person, phone, &me, &application).await?;
        let complete = ApproveApplication { application, approval, key: Some((statement, key)) };
        let issued = self.pki.call(Call::new(complete, me, PURPOSE)).await.map_err(failed)?;
        issued.certificate.map(drop).ok_or_else(|| failed("no certificate was issued"))
    }

    /// Logs in as the command line does (RFC 8628): the phone approves with PIN1.
    async fn log_in(&self, phone: &Enrolled) -> Result<OnBehalf, DemoError> {
        let form = "client_id=sakta-cli&scope=openid%20profile%20signing";
        let begun: Begun = self.web.form("/device_authorization", form).await?;
        self.approve(phone, &begun.user_code).await?;
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";
        let form =
            format!("client_id=sakta-cli&grant_type={grant}&device_code={}", begun.device_code);
        let Token { access_token } = self.web.form("/token", &form).await?;
        let job = OnBehalf::System { job: "demo".to_owned() };
        let ask = Call::new(EvidenceOf { access_token }, job, PURPOSE);
        let found = self.identity.call(ask).await.map_err(failed)?;
        Ok(OnBehalf::Person { evidence: found.evidence.statement })
    }

    async fn apply(&self, one: &CastMember, me: &OnBehalf) -> Result<String, DemoError> {
        let code = one.code.as_ref().ok_or(DemoError::Form("a code of the cast"))?;
        let apply = Apply {
            profile: "person-signature".to_owned(),
            subject: subject(one, code)?,
            key: SubjectKey::Remote,
            terms: Digest(keys::sha256(TERMS.as_bytes())),
        };
        let applied = self.pki.call(Call::new(apply, me.clone(), PURPOSE)).await;
        Ok(applied.map_err(failed)?.id)
    }

    /// Asks the phone to make the approved key: PIN2.
    async fn make_key(
        &self,
        person: PersonId,
        phone: &Enrolled,
        me: &OnBehalf,
        application: &str,
    ) -> Result<(String, String, Bytes), DemoError> {
        let approval = self.approval(person, me, application).await?;
        let request = self.request(&approval)?;
        let bytes = serde_json::to_vec(&request).map_err(failed)?;
        let ask = Ask { person, request: Bytes(bytes) };
        self.identity.call(Call::new(ask, me.clone(), PURPOSE)).await.map_err(failed)?;
        self.approve(phone, &request.id).await?;
        let asked = AskedOf { request: request.id };
        match self.identity.call(Call::new(asked, me.clone(), PURPOSE)).await.map_err(failed)? {
            AskState::Answered {
                outcome: Outcome::Done { statement: Some(stated), .. }, ..
            } => {
                let key: activation_contract::KeyStatement = claims(&stated)?;
                Ok((approval, stated, key.key))
            }
            other => Err(failed(format!("the phone made no key: {other:?}"))),
        }
    }

    /// The officer's approval of an application.
    async fn approval(
        &self,
        person: PersonId,
        me: &OnBehalf,
        application: &str,
    ) -> Result<String, DemoError> {
        let ask = pki_contract::ApplicationsOf { person };
        let own = self.pki.call(Call::new(ask, me.clone(), PURPOSE)).await.map_err(failed)?;
        let found = own.applications.into_iter().find(|one| one.id == application);
        match found.map(|one| one.state) {
            Some(ApplicationState::WaitingForKey { approval }) => Ok(approval),
            other => Err(failed(format!("the application was not approved: {other:?}"))),
        }
    }

    fn request(&self, approval: &str) -> Result<Request, DemoError> {
        let approved: pki_contract::approval::IssueApproval = claims(approval)?;
        let now = self.world.clock.now();
        let item = Item {
            label: approved.id,
            media_type: String::new(),
            size: 0,
            document_digest: Digest(keys::sha256(approval.as_bytes())),
            dtbs: None,
        };
        let (op, credential, items) = (Op::MakeKey, None, vec![item]);
        Ok(Request {
            id: Id::<()>::random(self.world.chance.as_ref()).to_string(),
            client: "signing".to_owned(),
            client_name: words("Parakstīšanas platforma", "Signing platform"),
            purpose: words("Izveidot parakstīšanas atslēgu", "To make your signing key"),
            kind: RequestKind::Act { op, credential, items },
            place: "Sakta demo".to_owned(),
            at: now,
            until: now.plus(WAITS),
        })
    }

    async fn approve(&self, phone: &Enrolled, request: &str) -> Result<(), DemoError> {
        let pins = phone.pin_file.display().to_string();
        Ok(child::phone(&phone.phone, &["approve", request, "--pin-file", &pins]).await?)
    }
}

/// What somebody of the cast accepts; their digest stands in the certificate's row (R53).
const TERMS: &str = "Demonstration terms, version 1: these certificates have no legal effect.";

fn words(lv: &str, en: &str) -> Vec<(Locale, String)> {
    vec![(Locale::Lv, lv.to_owned()), (Locale::En, en.to_owned())]
}

/// As the register has them when the country is new.
fn subject(one: &CastMember, code: &Identifier) -> Result<Subject, DemoError> {
    let (given, surname) = one.name.rsplit_once(' ').ok_or(DemoError::Form("a name"))?;
    Ok(Subject::Person {
        person: one.person,
        register_version: 1,
        identifier: code.x509(),
        given_names: given.to_owned(),
        surname: surname.to_owned(),
        country: code.country().to_owned(),
    })
}

/// What a token says; whoever acts on it has checked it, or will.
fn claims<T: serde::de::DeserializeOwned>(token: &str) -> Result<T, DemoError> {
    let payload = token.split('.').nth(1).and_then(jose::unbase64url);
    let payload = payload.ok_or(DemoError::Form("a token"))?;
    serde_json::from_slice(&payload).map_err(|_| DemoError::Form("a token"))
}

fn failed(why: impl std::fmt::Display) -> DemoError {
    DemoError::Certificate(why.to_string())
}
