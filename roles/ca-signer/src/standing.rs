//! Standing approvals: certificates for machines, so many, until a day, by two officers.

use std::time::Duration;

use base::{Digest, Time};
use keys::PublicKey;
use links::Party;
use pki_contract::approval::{STANDING, StandingApproval};
use pki_contract::{EnterStanding, Entered, IssueInfrastructure, Issued, SignerRefusal};
use store::{StoreError, Tx, values};

use crate::approval::{self, Signed};
use crate::certificate::{self, Row};
use crate::failed::Failed;
use crate::issue::{Draft, possessed, store_drawn};
use crate::officer::{self, Role};
use crate::signer::CaSigner;

const DAY: Duration = Duration::from_hours(24);

impl CaSigner {
    /// Enters a standing approval that two security officers signed, who are two persons.
    ///
    /// # Errors
    /// [`SignerRefusal`].
    pub async fn enter_standing(&self, enter: EnterStanding) -> Result<Entered, SignerRefusal> {
        let [one, two] = &enter.approvals;
        let one: Signed<StandingApproval> = self.standing(one).await?;
        let two: Signed<StandingApproval> = self.standing(two).await?;
        let (standing, now) = (one.claims.id.clone(), self.now());
        let same = one.digest == two.digest && one.claims.until > now;
        if !same || !approval::is_id(&standing) || !self.knows(&one.claims) {
            return Err(SignerRefusal::Approval);
        }
        let entered = self
            .store
            .write("ca_signer.enter_standing", move |tx| enter_both(tx, &one, &two.key, now));
        entered.await?;
        Ok(Entered { standing })
    }

    async fn standing(&self, text: &str) -> Result<Signed<StandingApproval>, Failed> {
        approval::by_officer(&self.store, text, STANDING).await
    }

    fn knows(&self, standing: &StandingApproval) -> bool {
        standing.role == self.role
            && standing.party.parse::<Party>().is_ok()
            && self.book.profiles.contains_key(&standing.profile)
    }

    /// Issues a machine's certificate to `from`; for the same key again, the same certificate.
    ///
    /// # Errors
    /// [`SignerRefusal::Approval`], too, where the standing approval names another system.
    pub async fn issue_infrastructure(
        &self,
        from: &Party,
        issue: IssueInfrastructure,
    ) -> Result<Issued, SignerRefusal> {
        let serial = self.drawn_for_machine(from, issue).await?;
        Ok(self.go_on(&serial).await?)
    }

    async fn drawn_for_machine(
        &self,
        from: &Party,
        issue: IssueInfrastructure,
    ) -> Result<String, Failed> {
        let key = PublicKey::parse(&issue.spki.0).map_err(|_| SignerRefusal::Key)?;
        possessed(&key, Some(&issue.proof))?;
        let (id, spki) = (issue.standing.clone(), key.sha256());
        let (standing, known) = self
            .store
            .read::<_, StoreError>("ca_signer.standing", move |tx| {
                Ok((read(tx, &id)?, certificate::of_key(tx, spki)?))
            })
            .await?;
        let standing = standing.ok_or(SignerRefusal::Approval)?;
        // Whoever carries calls for persons must not get a responder's or a unit's certificate.
        if standing.party != from.to_string() || standing.subject != issue.subject {
            return Err(SignerRefusal::Approval.into());
        }
        if let Some(row) = known {
            let own = row.approval == standing.id;
            return if own { Ok(row.serial) } else { Err(SignerRefusal::KnownKey.into()) };
        }
        self.draw_machine(standing, &key).await
    }

    async fn draw_machine(
        &self,
        standing: StandingApproval,
        key: &PublicKey,
    ) -> Result<String, Failed> {
        let now = self.now();
        let begin = now.floor();
        // Both ends are within a certificate's life.
        let life = DAY.saturating_mul(standing.days).saturating_sub(Duration::from_secs(1));
        let row = self.prepared(&Draft {
            profile: standing.profile,
            subject: &standing.subject,
            spki: key,
            approval: &standing.id,
            life: (begin, begin.plus(life)),
        })?;
        let serial = row.serial.clone();
        let use_up = move |tx: &mut Tx| use_up(tx, &standing, &row, now);
        self.store.write("ca_signer.use_standing", use_up).await?;
        Ok(serial)
    }
}

fn enter_both(
    tx: &mut Tx,
    one: &Signed<StandingApproval>,
    two: &str,
    now: Time,
) -> Result<(), Failed> {
    officer::two(tx, (&one.key, two), Role::SecurityOfficer, now)?;
    let data = serde_json::to_string(&one.claims);
    let data = data.map_err(|why| StoreError::Column(why.to_string()))?;
    let officers = format!("{} {two}", one.key);
    let id = &one.claims.id;
    let new = tx.update(
        "INSERT INTO ca_signer_standing (id, digest, data, officers, used)
         VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING",
        values![id, one.digest.0, data, officers],
    )?;
    if new == 1 {
        return Ok(());
    }
    let stood: Option<([u8; 32],)> =
        tx.first("SELECT digest FROM ca_signer_standing WHERE id = $1", values![id])?;
    let same = stood.is_some_and(|(digest,)| Digest(digest) == one.digest);
    if same { Ok(()) } else { Err(SignerRefusal::Spent.into()) }
}

fn read(tx: &mut Tx, id: &str) -> Result<Option<StandingApproval>, StoreError> {
    let found: Option<(String,)> =
        tx.first("SELECT data FROM ca_signer_standing WHERE id = $1", values![id])?;
    let read = |(data,): (String,)| serde_json::from_str(&data);
    found.map(read).transpose().map_err(|why| StoreError::Column(why.to_string()))
}

fn use_up(tx: &mut Tx, standing: &StandingApproval, row: &Row, now: Time) -> Result<(), Failed> {
    if standing.until <= now {
        return Err(SignerRefusal::Approval.into());
    }
    let used = tx.update(
        "UPDATE ca_signer_standing SET used = used + 1 WHERE id = $1 AND used < $2",
        values![&standing.id, standing.count],
    )?;
    if used == 0 {
        return Err(SignerRefusal::Spent.into());
    }
    store_drawn(tx, row, now)
}
