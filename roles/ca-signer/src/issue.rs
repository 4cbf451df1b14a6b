//! Issuing, in the order of PROTOCOLS §2.

use std::time::Duration;

use activation_contract::KeyStatement;
use base::{Bytes, Digest, PersonId, Time, hex};
use keys::{PublicKey, Suite, allowed, sha256};
use pki_contract::approval::{ApprovedKey, ISSUE, IssueApproval};
use pki_contract::{Issue, Issued, SignerRefusal, Status, Subject};
use store::{StoreError, Tx};
use x509::{Certificate, Issuer, PrepareError, Request, ToBeSigned};

use crate::approval::{self, Signed, Spent};
use crate::archive::{self, Approved, Certified, Ending};
use crate::authority::{Authority, Hand};
use crate::certificate::{self, Row};
use crate::failed::Failed;
use crate::life::{Input, Issuing};
use crate::officer::{self, Role};
use crate::signer::CaSigner;
use crate::{counter, subject};

/// What a signature by a key over its own SPKI begins with.
const PROOF: &[u8] = b"sakta proof 1";

/// By how much a certificate may begin before it is asked for.
const BACKDATED: Duration = Duration::from_hours(24);

/// What is to be certified, checked and not yet stored.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) profile: Digest,
    pub(crate) subject: &'a Subject,
    pub(crate) spki: &'a PublicKey,
    pub(crate) approval: &'a str,
    pub(crate) life: (Time, Time),
}

impl CaSigner {
    /// Issues the certificate of an approval; the same approval again: the same certificate.
    ///
    /// # Errors
    /// [`SignerRefusal`].
    pub async fn issue(&self, issue: Issue) -> Result<Issued, SignerRefusal> {
        let (signed, key) = self.checked(&issue).await?;
        let serial = self.drawn(signed, key).await?;
        Ok(self.go_on(&serial).await?)
    }

    /// Step 1: the approval, the key statement or possession.
    pub(crate) async fn checked(
        &self,
        issue: &Issue,
    ) -> Result<(Signed<IssueApproval>, PublicKey), Failed> {
        let signed: Signed<IssueApproval> =
            approval::by_officer(&self.store, &issue.approval, ISSUE).await?;
        let approval = &signed.claims;
        if approval.role != self.role || !approval::is_id(&approval.id) {
            return Err(SignerRefusal::Approval.into());
        }
        let key = PublicKey::parse(&issue.spki.0).map_err(|_| SignerRefusal::Key)?;
        match &approval.key {
            ApprovedKey::Spki { digest } => {
                if *digest != key.sha256() {
                    return Err(self.other_key(&signed).await?.into());
                }
                possessed(&key, issue.proof.as_ref())?;
            }
            ApprovedKey::Remote { person } => self.stated(issue, approval, *person, &key).await?,
        }
        Ok((signed, key))
    }

    /// Another key than the approved one: spent where the approval was, else it does not hold.
    async fn other_key(&self, signed: &Signed<IssueApproval>) -> Result<SignerRefusal, StoreError> {
        let id = signed.claims.id.clone();
        let spent = self.store.read("ca_signer.spent", move |tx| approval::spent(tx, &id)).await?;
        Ok(spent.map_or(SignerRefusal::Approval, |_: Spent| SignerRefusal::Spent))
    }

    /// `sam`'s key statement names this approval, this person and this key.
    async fn stated(
        &self,
        issue: &Issue,
        approval: &IssueApproval,
        person: PersonId,
        key: &PublicKey,
    ) -> Result<(), Failed> {
        let text = issue.statement.as_deref().ok_or(SignerRefusal::Approval)?;
        let stated: Signed<KeyStatement> =
            approval::by_sam(&self.store, text, activation_contract::typ::KEY).await?;
        let stated = stated.claims;
        let same = matches!(&approval.subject, Subject::Person { person: own, .. }
            if *own == person && stated.person == person);
        if same && stated.approval == approval.id && stated.spki == key.sha256() {
            Ok(())
        } else {
            Err(SignerRefusal::Approval.into())
        }
    }

    /// Step 2: the bytes to sign, then one transaction: id spent, key new, serial unique, bytes
    /// stored. The serial number, of an earlier time for the same approval.
    pub(crate) async fn drawn(
        &self,
        signed: Signed<IssueApproval>,
        key: PublicKey,
    ) -> Result<String, Failed> {
        let (id, digest) = (signed.claims.id.clone(), signed.digest);
        let spent = self.store.read("ca_signer.spent", move |tx| approval::spent(tx, &id)).await?;
        if let Some(spent) = spent {
            return self.again(spent, digest, &key).await;
        }
        let now = self.now();
        let approval = &signed.claims;
        let late = approval.use_before <= now || approval.valid_from < now.minus(BACKDATED);
        if late {
            return Err(SignerRefusal::Approval.into());
        }
        let row = self.prepared(&Draft {
            profile: approval.profile,
            subject: &approval.subject,
            spki: &key,
            approval: &approval.id,
            life: (approval.valid_from, approval.valid_until),
        })?;
        let serial = row.serial.clone();
        let done = self.store.write("ca_signer.draw", move |tx| spend(tx, &signed, &row, now));
        match done.await? {
            None => Ok(serial),
            Some(spent) => self.again(spent, digest, &key).await,
        }
    }

    /// The serial number of an approval that was spent, for the same key.
    async fn again(&self, spent: Spent, digest: Digest, key: &PublicKey) -> Result<String, Failed> {
        let serial = spent.again(digest)?;
        let row = self.row(&serial).await?;
        let same = row.spki.is_none_or(|spki| spki == key.sha256());
        if same { Ok(serial) } else { Err(SignerRefusal::Spent.into()) }
    }

    /// The row of a certificate with the exact bytes to sign, under a fresh serial number.
    pub(crate) fn prepared(&self, draft: &Draft<'_>) -> Result<Row, SignerRefusal> {
        let profile = self.book.profiles.get(&draft.profile).ok_or(SignerRefusal::Approval)?;
        let (authority, hand) = self.hand(&profile.issuer)?;
        let named = subject::named(draft.subject, profile.profile.kind);
        let named = named.ok_or(SignerRefusal::Lint)?;
        let serial = x509::serial(self.chance.bytes());
        let request = Request {
            subject: &named.attributes,
            spki: draft.spki.spki(),
            serial: &serial,
            not_before: draft.life.0.seconds(),
            not_after: draft.life.1.seconds(),
            names: &named.names,
        };
        let algorithm = hand.signer.certificate_algorithm();
        let issuer = Issuer::Authority(&authority.certificate);
        let tbs = x509::prepare(&profile.profile, &request, issuer, algorithm);
        let (person, register_version) = match draft.subject {
            Subject::Person { person, register_version, .. } => {
                (Some(*person), i64::try_from(*register_version).ok())
            }
            Subject::Machine { .. } => (None, None),
        };
        Ok(Row {
            serial: hex(&serial),
            issuer: profile.issuer,
            spki: Some(draft.spki.sha256()),
            approval: draft.approval.to_owned(),
            profile: draft.profile,
            person,
            register_version,
            state: Issuing::Drawn,
            tbs: tbs.map_err(|why| unprepared(&why))?.bytes().to_vec(),
            certificate: None,
        })
    }

    pub(crate) fn hand(&self, issuer: &Digest) -> Result<(&Authority, &Hand), SignerRefusal> {
        let authority = self.book.authorities.get(issuer).ok_or(SignerRefusal::Unknown)?;
        let hand = authority.hand.as_ref().ok_or(SignerRefusal::Unknown)?;
        Ok((authority, hand))
    }

    /// Steps 3 to 6 from wherever the row stands.
    pub(crate) async fn go_on(&self, serial: &str) -> Result<Issued, Failed> {
        loop {
            let row = self.row(serial).await?;
            match row.state {
                Issuing::Drawn => self.lint(&row).await?,
                Issuing::Linted => self.sign(&row).await?,
                Issuing::Signed => {
                    self.archived().await?;
                    return self.issued(row);
                }
                Issuing::Refused => return Err(SignerRefusal::Lint.into()),
                Issuing::Imported => return Err(SignerRefusal::Unknown.into()),
            }
        }
    }

    pub(crate) async fn row(&self, serial: &str) -> Result<Row, Failed> {
        let serial = serial.to_owned();
        let row = self
            .store
            .read::<_, StoreError>("ca_signer.row", move |tx| certificate::of_serial(tx, &serial));
        Ok(row.await?.ok_or(SignerRefusal::Unknown)?)
    }

    /// Step 3: the very bytes, under a throw-away key, pass the lint or are never signed.
    pub(crate) async fn lint(&self, row: &Row) -> Result<(), Failed> {
        let input = if self.is_clean(row) { Input::Passed } else { Input::Found };
        let to = row.state.step(input).map_err(|_| SignerRefusal::Lint)?;
        let (serial, from) = (row.serial.clone(), row.state);
        self.store
            .write::<_, StoreError>("ca_signer.lint", move |tx| {
                certificate::move_on(tx, &serial, (from, to), None)
            })
            .await?;
        Ok(())
    }

    fn is_clean(&self, row: &Row) -> bool {
        let profile = self.book.profiles.get(&row.profile);
        let (Some(profile), Ok((authority, hand))) = (profile, self.hand(&row.issuer)) else {
            return false;
        };
        let Ok(tbs) = ToBeSigned::restore(&row.tbs) else { return false };
        let trial = hand.throw_away.sign(tbs.bytes()).ok().map(|trial| tbs.finish(&trial));
        let Some(trial) = trial.and_then(|der| Certificate::parse(&der).ok()) else {
            return false;
        };
        let algorithms = x509::Algorithms(allowed(Suite::House));
        let holds = trial.verify(hand.throw_away.public_key().spki(), algorithms).is_ok();
        let issuer = Issuer::Authority(&authority.certificate);
        let findings = x509::lint(&trial, &profile.profile, issuer);
        for finding in &findings {
            // Its detail may be of a person.
            tracing::error!(code = finding.code, clause = finding.clause, "the lint refuses");
        }
        holds && findings.is_empty()
    }

    /// Steps 4 and 5: the real key signs; certificate, status and ending are stored. Of two at
    /// once the first stored signature is the one.
    pub(crate) async fn sign(&self, row: &Row) -> Result<(), Failed> {
        let certificate = self.signed(row)?;
        let (row, now) = (row.clone(), self.now());
        self.store
            .write::<_, StoreError>("ca_signer.sign", move |tx| {
                store_signed(tx, &row, &certificate, now)
            })
            .await?;
        Ok(())
    }

    fn signed(&self, row: &Row) -> Result<Vec<u8>, SignerRefusal> {
        let (authority, hand) = self.hand(&row.issuer)?;
        let tbs = ToBeSigned::restore(&row.tbs).map_err(|_| SignerRefusal::Lint)?;
        let signature = hand.signer.sign(tbs.bytes()).map_err(|why| {
            tracing::error!(%why, "the authority's key does not sign");
            SignerRefusal::Store
        })?;
        let der = tbs.finish(&signature);
        // A signature that a fault spoilt could give the key away.
        let algorithms = x509::Algorithms(allowed(Suite::House));
        let holds = Certificate::parse(&der).is_ok_and(|certificate| {
            certificate.verify(authority.certificate.spki(), algorithms).is_ok()
        });
        if holds { Ok(der) } else { Err(SignerRefusal::Store) }
    }

    /// Step 6: what leaves.
    fn issued(&self, row: Row) -> Result<Issued, Failed> {
        let certificate = Bytes(row.certificate.ok_or(SignerRefusal::Unknown)?);
        let chain = self.book.chain(&row.issuer);
        Ok(Issued { certificate, chain, serial: row.serial, issuer: row.issuer })
    }
}

/// Spends the approval and stores the row; how it was spent before, if it was.
fn spend(
    tx: &mut Tx,
    signed: &Signed<IssueApproval>,
    row: &Row,
    now: Time,
) -> Result<Option<Spent>, Failed> {
    let id = &signed.claims.id;
    if !approval::spend(tx, (id, &row.serial), signed, now)? {
        return Ok(approval::spent(tx, id)?);
    }
    officer::holder(tx, &signed.key, Role::RegistrationOfficer, now)?;
    store_drawn(tx, row, now)?;
    Ok(None)
}

/// Stores the row; refuses a key that has a certificate.
pub(crate) fn store_drawn(tx: &mut Tx, row: &Row, now: Time) -> Result<(), Failed> {
    if certificate::draw(tx, row, now)? {
        return Ok(());
    }
    let known = row.spki.map(|spki| certificate::of_key(tx, spki)).transpose()?.flatten();
    // Else the serial number stood already: asked again, another is drawn.
    let refusal = if known.is_some() { SignerRefusal::KnownKey } else { SignerRefusal::Store };
    Err(refusal.into())
}

fn store_signed(tx: &mut Tx, row: &Row, der: &[u8], now: Time) -> Result<(), StoreError> {
    let Ok(signed) = row.state.step(Input::Signature) else { return Ok(()) };
    if !certificate::move_on(tx, &row.serial, (row.state, signed), Some(der))? {
        return Ok(());
    }
    let number = counter::next(tx, counter::CHANGE)?;
    let who = (row.serial.as_str(), row.issuer);
    certificate::enter_status(tx, who, (Status::Good, now), number)?;
    let certified = Certified {
        serial: row.serial.clone(),
        issuer: row.issuer,
        spki: row.spki.unwrap_or(Digest(sha256(b""))),
        approval: approved(tx, &row.approval)?,
        profile: row.profile,
        person: row.person,
        register_version: row.register_version,
        certificate: Bytes(der.to_vec()),
        number,
        at: now,
    };
    archive::keep(tx, &Ending::Signed(certified))
}

/// The approval as it was spent; a standing one by its id alone.
fn approved(tx: &mut Tx, id: &str) -> Result<Approved, StoreError> {
    let found: Option<([u8; 32], String, String)> = tx.first(
        "SELECT digest, text, officer FROM ca_signer_approval WHERE id = $1",
        store::values![id],
    )?;
    let (digest, text, officer) = found.unwrap_or_else(|| ([0; 32], String::new(), String::new()));
    Ok(Approved { id: id.to_owned(), digest: Digest(digest), text, officer })
}

/// Whether who asks holds the private key.
pub(crate) fn possessed(key: &PublicKey, proof: Option<&Bytes>) -> Result<(), SignerRefusal> {
    let message = [PROOF, key.sha256().as_ref()].concat();
    let proof = proof.ok_or(SignerRefusal::Key)?;
    let holds = allowed(Suite::House)
        .iter()
        .any(|algorithm| key.check(*algorithm, &message, &proof.0).is_ok());
    if holds { Ok(()) } else { Err(SignerRefusal::Key) }
}

fn unprepared(why: &PrepareError) -> SignerRefusal {
    match why {
        PrepareError::Key(_) => SignerRefusal::Key,
        _ => SignerRefusal::Lint,
    }
}
