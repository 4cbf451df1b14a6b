//! The row of a certificate, and who sees it.

use activation_contract::Credential;
use audit::Seen;
use base::{Bytes, Digest, Id, PersonId, Time};
use links::Asked;
use pki_contract::{
    CertificateBySerial, CertificateRow, CertificatesOf, ChangeOfStatus, PkiRefusal, Status,
};
use store::{Columns, FromRow, StoreError, Tx, values};

use crate::asking::{may_see, sight};
use crate::demand;
use crate::failed::{Failed, unreadable};
use crate::pki::Pki;

/// A certificate that was issued, and the exact versions it was made from (R9).
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) serial: String,
    pub(crate) issuer: Digest,
    pub(crate) spki: Digest,
    pub(crate) person: Option<PersonId>,
    pub(crate) register_version: u64,
    pub(crate) application: String,
    pub(crate) profile: String,
    pub(crate) profile_hash: Digest,
    pub(crate) terms: Digest,
    pub(crate) officer: String,
    pub(crate) approval: String,
    pub(crate) credential: Option<Id<Credential>>,
    pub(crate) certificate: Vec<u8>,
    pub(crate) chain: Vec<Bytes>,
    pub(crate) valid_from: Time,
    pub(crate) valid_until: Time,
}

/// What is read of it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) serial: String,
    pub(crate) issuer: Digest,
    pub(crate) person: Option<PersonId>,
    pub(crate) register_version: i64,
    pub(crate) profile: String,
    pub(crate) credential: Option<Id<Credential>>,
    pub(crate) certificate: Vec<u8>,
    pub(crate) chain: Vec<Bytes>,
    pub(crate) valid_from: Time,
    pub(crate) valid_until: Time,
    pub(crate) status: Status,
}

impl FromRow for Row {
    fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
        let (serial, issuer, person) = (row.next()?, row.next()?, row.next()?);
        let (register_version, profile) = (row.next()?, row.next()?);
        let (credential, certificate) = (row.next()?, row.next()?);
        let chain: String = row.next()?;
        let (valid_from, valid_until) = (row.next()?, row.next()?);
        let status: String = row.next()?;
        Ok(Self {
            serial,
            issuer: Digest(issuer),
            person,
            register_version,
            profile,
            credential,
            certificate,
            chain: serde_json::from_str(&chain).map_err(unreadable)?,
            valid_from,
            valid_until,
            status: serde_json::from_str(&status).map_err(unreadable)?,
        })
    }
}

impl Row {
    /// As others see it, with a change that is being carried out.
    fn shown(self, demanded: Option<ChangeOfStatus>) -> CertificateRow {
        CertificateRow {
            certificate: Bytes(self.certificate),
            chain: self.chain,
            serial: self.serial,
            issuer: self.issuer,
            profile: self.profile,
            credential: self.credential.map(|credential| credential.to_string()),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            status: self.status,
            demanded,
        }
    }

    fn sight(&self) -> Option<audit::Sight> {
        let version = u64::try_from(self.register_version).unwrap_or(0);
        self.person.map(|person| sight(person, version))
    }
}

pub(crate) fn enter(tx: &mut Tx, made: &Made, now: Time) -> Result<(), StoreError> {
    let chain = serde_json::to_string(&made.chain).map_err(unreadable)?;
    let status = serde_json::to_string(&Status::Good).map_err(unreadable)?;
    let version = i64::try_from(made.register_version).unwrap_or(i64::MAX);
    tx.insert(
        "INSERT INTO pki_certificate
             (serial, issuer, spki, person, register_version, application, profile, profile_hash,
              terms, officer, approval, credential, certificate, chain, valid_from, valid_until,
              status, status_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         ON CONFLICT (serial) DO NOTHING",
        values![
            &made.serial,
            made.issuer.0,
            made.spki.0,
            made.person,
            version,
            &made.application,
            &made.profile,
            made.profile_hash.0,
            made.terms.0,
            &made.officer,
            &made.approval,
            made.credential,
            &made.certificate,
            chain,
            made.valid_from,
            made.valid_until,
            status,
            now
        ],
    )
}

/// Writes the status that the signer says holds.
pub(crate) fn set_status(
    tx: &mut Tx,
    serial: &str,
    status: Status,
    now: Time,
) -> Result<(), StoreError> {
    let status = serde_json::to_string(&status).map_err(unreadable)?;
    tx.insert(
        "UPDATE pki_certificate SET status = $2, status_at = $3 WHERE serial = $1",
        values![serial, status, now],
    )
}

pub(crate) fn of_serial(tx: &mut Tx, serial: &str) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT serial, issuer, person, register_version, profile, credential, certificate, chain,
                valid_from, valid_until, status
         FROM pki_certificate WHERE serial = $1",
        values![serial],
    )
}

pub(crate) fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Row>, StoreError> {
    tx.all(
        "SELECT serial, issuer, person, register_version, profile, credential, certificate, chain,
                valid_from, valid_until, status
         FROM pki_certificate WHERE person = $1 ORDER BY valid_from DESC, serial",
        values![person],
    )
}

impl Pki {
    /// The row, for the platform's own work: it does not leave.
    pub(crate) async fn certificate(&self, serial: &str) -> Result<Row, Failed> {
        let serial = serial.to_owned();
        let row = self.store.read("pki.certificate", move |tx| of_serial(tx, &serial));
        let row: Option<Row> = row.await.map_err(Failed::Store)?;
        Ok(row.ok_or(PkiRefusal::Unknown)?)
    }

    pub(crate) async fn certificates_of(
        &self,
        asked: Asked,
        of: CertificatesOf,
    ) -> Result<Vec<CertificateRow>, Failed> {
        may_see(&asked, of.person)?;
        let look = self.look(&asked, "look");
        self.log
            .seen("pki.certificates_of", &look, move |tx| {
                let rows = of_person(tx, of.person)?;
                let sights = rows.first().and_then(Row::sight).into_iter().collect();
                let rows = rows.into_iter().map(|row| shown(tx, row));
                let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
                Ok::<_, Failed>(Seen::returned(rows, sights))
            })
            .await
    }

    pub(crate) async fn certificate_by_serial(
        &self,
        asked: Asked,
        wanted: CertificateBySerial,
    ) -> Result<CertificateRow, Failed> {
        let look = self.look(&asked, "look");
        self.log
            .seen("pki.certificate_by_serial", &look, move |tx| {
                let row = of_serial(tx, &wanted.serial)?.ok_or(PkiRefusal::Unknown)?;
                let sights = row.sight().into_iter().collect();
                Ok::<_, Failed>(Seen::returned(shown(tx, row)?, sights))
            })
            .await
    }
}

fn shown(tx: &mut Tx, row: Row) -> Result<CertificateRow, StoreError> {
    let demanded = demand::carried(tx, &row.serial)?;
    Ok(row.shown(demanded))
}
