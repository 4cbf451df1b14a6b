//! Certificates of persons' keys: their arrival, and what becomes of the key with each change
//! of status.

use activation_contract::{Certified, Credential, HolderStatement, Will, typ};
use base::{Bytes, Digest, Id, Time};
use jose::jws::{Accept, Algorithm, Jws};
use keys::{Suite, allowed};
use pki_contract::ChangeOfStatus;
use pki_contract::approval::{STATUS, StatusApproval};
use sam_contract::{Certify, ChangeKeyStatus, CredentialState, SamRefusal};
use store::{Tx, values};
use x509::{Algorithms, Certificate};

use crate::credential::{self, CredentialRow};
use crate::life::{KeyInput, key_step};
use crate::means::{Spent, last, spend};
use crate::officer::{OfficerRole, heard, name};
use crate::row::word;
use crate::{Sam, Stop};

/// By whose will a status changes.
enum Proof {
    /// An officer's approval: spent once.
    Officer { id: String, digest: Bytes },
    /// The holder's, which `sam` itself stated.
    Holder,
}

impl Sam {
    /// Takes the certificate of a key; again: the same answer.
    pub(crate) async fn certified(&self, given: Certify) -> Result<CredentialState, Stop> {
        self.epoch()?;
        let arrival = Arrival::of(&given, &self.issuers)?;
        self.store.write("sam.certified", move |tx| arrived(tx, &arrival)).await
    }

    /// Changes how a key stands, as the proof says.
    pub(crate) async fn changed(&self, asked: ChangeKeyStatus) -> Result<CredentialState, Stop> {
        self.epoch()?;
        let now = self.clock.now();
        let proof = self.proved(&asked, now).await?;
        let input = match asked.change {
            ChangeOfStatus::Suspend => KeyInput::Suspend,
            ChangeOfStatus::Resume => KeyInput::Resume,
            ChangeOfStatus::Revoke { .. } if asked.destroy => KeyInput::Destroy,
            ChangeOfStatus::Revoke { .. } => KeyInput::Revoke,
        };
        let named = Certified { issuer: asked.issuer, serial: asked.serial };
        if input == KeyInput::Destroy {
            self.destroyed(&named).await?;
        }
        let write = move |tx: &mut Tx| stepped(tx, &named, &proof, input, now);
        let (state, ending) = self.store.write("sam.status", write).await?;
        if self.is_safe(ending).await? {
            Ok(state)
        } else {
            Err(SamRefusal::BeingCarriedOut.into())
        }
    }

    async fn proved(&self, asked: &ChangeKeyStatus, now: Time) -> Result<Proof, Stop> {
        if let Some(stated) = self.stated(&asked.proof) {
            let named = Certified { issuer: asked.issuer, serial: asked.serial.clone() };
            let will = match asked.change {
                ChangeOfStatus::Suspend => Some(Will::Suspend),
                ChangeOfStatus::Revoke { .. } => Some(Will::Revoke),
                ChangeOfStatus::Resume => None,
            };
            let holds = will == Some(stated.will) && stated.certificates.contains(&named);
            return if holds { Ok(Proof::Holder) } else { Err(SamRefusal::Proof.into()) };
        }
        let roles = &[OfficerRole::Revocation];
        let said =
            heard::<StatusApproval>(&self.store, &asked.proof, STATUS, roles, now).await?.says;
        let fits = said.roles.contains(&self.role)
            && said.issuer == asked.issuer
            && said.serial == asked.serial
            && said.change == asked.change;
        // A job repeats what was begun in time until all have answered.
        let late = said.use_before <= now && !self.was_spent(&said.id).await?;
        if fits && !late {
            Ok(Proof::Officer { id: said.id, digest: name(&asked.proof) })
        } else {
            Err(SamRefusal::Proof.into())
        }
    }

    /// Our own statement of the holder's will, if the proof is one.
    fn stated(&self, proof: &str) -> Option<HolderStatement> {
        let read = Jws::parse(proof, Accept::only(typ::HOLDER, &[Algorithm::Es256])).ok()?;
        let key = self.own.answer_key().jwk()?;
        read.verify(&key, allowed(Suite::House)).ok()?.claims().ok()
    }

    async fn was_spent(&self, id: &str) -> Result<bool, Stop> {
        let id = id.to_owned();
        let found: Option<(i64,)> = self
            .store
            .read::<_, Stop>("sam.spent", move |tx| {
                Ok(tx.first("SELECT spent_at FROM sam_proof WHERE id = $1", values![&id])?)
            })
            .await?;
        Ok(found.is_some())
    }

    /// Has the signing device destroy a revoked key, before the store forgets how to use it.
    async fn destroyed(&self, named: &Certified) -> Result<(), Stop> {
        let named = named.clone();
        let look = move |tx: &mut Tx| Ok::<_, Stop>(credential::by_certificate(tx, &named)?);
        let row = self.store.read("sam.key", look).await?.ok_or(SamRefusal::Unknown)?;
        key_step(row.state()?, KeyInput::Destroy)?;
        let Some(held) = row.held else { return Ok(()) };
        let hand = self.hand(&row.hand)?;
        let done = tokio::task::spawn_blocking(move || hand.destroy(&held)).await;
        let done = done.map_err(|_| Stop::Damaged("a signing device that panics"))?;
        done.map_err(|_| SamRefusal::BeingCarriedOut.into())
    }
}

fn stepped(
    tx: &mut Tx,
    named: &Certified,
    proof: &Proof,
    input: KeyInput,
    now: Time,
) -> Result<(CredentialState, Option<i64>), Stop> {
    let key = credential::by_certificate(tx, named)?.ok_or(SamRefusal::Unknown)?;
    let Proof::Officer { id, digest } = proof else {
        // What the holder willed was done with the instruction: an old statement does it no more.
        return match input {
            KeyInput::Destroy => credential::step(tx, &key, input),
            _ => Ok((key.state()?, None)),
        };
    };
    match spend(tx, id, digest, now)? {
        // Acted on before: it answers how the key stands, and destroys what it revoked.
        Spent::Again(_) if input == KeyInput::Destroy => credential::step(tx, &key, input),
        Spent::Again(ending) => Ok((key.state()?, ending)),
        Spent::Now(number) => {
            let (state, _) = credential::step(tx, &key, input)?;
            Ok((state, last(tx, id, number)?))
        }
    }
}

/// A certificate for a key, read.
struct Arrival {
    credential: Id<Credential>,
    der: Vec<u8>,
    spki: Vec<u8>,
    named: Certified,
    valid: (Time, Time),
}

impl Arrival {
    /// The certificate, if one of `issuers` signed it.
    fn of(given: &Certify, issuers: &[Certificate]) -> Result<Self, Stop> {
        let leaf = given.chain.first().ok_or(SamRefusal::Proof)?;
        let certificate = Certificate::parse(&leaf.0).map_err(|_| SamRefusal::Proof)?;
        let signed = |issuer: &&Certificate| {
            certificate.issuer().matches(issuer.subject())
                && certificate.verify(issuer.spki(), Algorithms(allowed(Suite::Agreed))).is_ok()
        };
        let issuer = issuers.iter().find(signed).ok_or(SamRefusal::Proof)?;
        let serial = base::hex(certificate.serial()).trim_start_matches('0').to_owned();
        Ok(Self {
            credential: given.credential,
            der: leaf.0.clone(),
            spki: certificate.spki().to_vec(),
            named: Certified { issuer: Digest(issuer.spki_digest()), serial },
            valid: (
                Time::from_seconds(certificate.not_before()),
                Time::from_seconds(certificate.not_after()),
            ),
        })
    }
}

fn arrived(tx: &mut Tx, new: &Arrival) -> Result<CredentialState, Stop> {
    let key = credential::find(tx, new.credential)?.ok_or(SamRefusal::Unknown)?;
    if key.spki != new.spki {
        return Err(SamRefusal::Proof.into());
    }
    if let Some(old) = &key.certificate {
        return if *old == new.der { key.state() } else { Err(SamRefusal::Spent.into()) };
    }
    let state = kept(tx, &key, new)?;
    Ok(state)
}

fn kept(tx: &mut Tx, key: &CredentialRow, new: &Arrival) -> Result<CredentialState, Stop> {
    let state = key_step(key.state()?, KeyInput::Certify)?;
    tx.update(
        "UPDATE sam_credential
         SET state = $2, issuer = $3, serial = $4, certificate = $5, from_at = $6, until_at = $7
         WHERE id = $1",
        values![
            key.id,
            word(&state),
            new.named.issuer.0,
            &new.named.serial,
            &new.der,
            new.valid.0,
            new.valid.1
        ],
    )?;
    Ok(state)
}
