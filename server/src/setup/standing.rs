//! `ca-signer`'s store, and the standing approvals that both officers sign.

use std::sync::Arc;
use std::time::Duration;

use base::{Id, hex};
use ca_signer::{CaSigner, Foundation, NewAuthority, NewProfile, Parts};
use jose::jws;
use keys::{Algorithm, SealKey};
use pki_contract::approval::{STANDING, StandingApproval};
use pki_contract::{EnterStanding, Subject};
use serde::{Deserialize, Serialize};
use store::Store;
use x509::Certificate;

use super::ceremony::{Ceremony, signers_keeper};
use super::officers::Officers;
use super::profiles::{OCSP, Profiles, TSU};
use super::{Ground, SetupError};
use crate::place::{Data, HomeError};

/// Role and instance of the process that issues, as approvals name it.
pub(crate) const SIGNER_ROLE: &str = "ca-signer/1";

/// A standing approval as whoever uses it knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Its id.
    pub(crate) id: String,
    /// Whom its certificates name.
    pub(crate) subject: Subject,
    /// How long each is valid, days.
    pub(crate) days: u32,
}

/// How long a standing approval holds.
const HOLDS: Duration = Duration::from_hours(10 * 365 * 24);

/// A responder's certificate: there is no status of its own to be asked.
const OCSP_DAYS: u32 = 30;

/// A unit's certificate: its key signs in the first year, tokens are checked in the second.
const TSU_DAYS: u32 = 730;

/// The standing approvals for the responder and the time-stamp unit.
pub(super) async fn found(
    ground: &Ground<'_>,
    ceremony: &Ceremony,
    (officers, sam): (&Officers, &[u8]),
    (profiles, transport): (&Profiles, Vec<Certificate>),
) -> Result<(Standing, Standing), SetupError> {
    let founding = (officers, sam);
    let store = founded(ground, ceremony, founding, (profiles, transport)).await?;
    let signer = opened(ground, store).await?;
    let ocsp = (("ocsp", OCSP), &profiles.ocsp, 240, OCSP_DAYS);
    let ocsp = enter(ground, (&signer, officers, profiles), ocsp).await?;
    let tsu = (("tsu", TSU), &profiles.tsu, 20, TSU_DAYS);
    let tsu = enter(ground, (&signer, officers, profiles), tsu).await?;
    Ok((ocsp, tsu))
}

async fn founded(
    ground: &Ground<'_>,
    ceremony: &Ceremony,
    (officers, sam): (&Officers, &[u8]),
    (profiles, transport): (&Profiles, Vec<Certificate>),
) -> Result<Store, SetupError> {
    let home = ground.data.home("ca-signer")?;
    let store = home.store("ca-signer", ground.clock, ground.chance, &[ca_signer::SCHEMA])?;
    let root = base::Digest(ceremony.root.spki_digest());
    let issuer = ceremony.issuer();
    let authorities = vec![
        NewAuthority {
            certificate: ceremony.root.clone(),
            parent: root,
            key: None,
            list: Some(ceremony.root_list.clone()),
        },
        NewAuthority {
            certificate: ceremony.issuing.clone(),
            parent: root,
            key: Some(ceremony.issuing_key.clone()),
            list: None,
        },
    ];
    let new = |data: &_| NewProfile { data: Clone::clone(data), issuer };
    let foundation = Foundation {
        officers: officers.entries.clone(),
        sam: vec![sam.to_vec()],
        authorities,
        profiles: profiles.all.iter().map(new).collect(),
        imported: [vec![ceremony.transport.certificate.clone()], transport].concat(),
    };
    ca_signer::found(&store, foundation, ground.clock.now()).await?;
    Ok(store)
}

/// What the process of `ca-signer` is made of.
///
/// # Errors
/// [`HomeError`].
pub(crate) fn parts(data: &Data, store: Store, party: &links::Party) -> Result<Parts, HomeError> {
    let home = data
        .home("ca-signer")
        .map_err(|source| HomeError::File { file: data.path().display().to_string(), source })?;
    let keeper = home.keeper(&party.to_string(), Arc::clone(store.chance()))?;
    let endings: SealKey<ca_signer::Endings> =
        home.key(&keeper, "ca-signer.endings", Algorithm::Aes256Gcm)?;
    Ok(Parts {
        role: SIGNER_ROLE.to_owned(),
        clock: Arc::clone(store.clock()),
        chance: Arc::clone(store.chance()),
        store,
        keeper,
        endings,
        archive: home.file("archive").join("endings"),
    })
}

async fn opened(ground: &Ground<'_>, store: Store) -> Result<CaSigner, SetupError> {
    signers_keeper(ground)?;
    let party = ground.options.party("ca-signer")?;
    Ok(CaSigner::open(parts(ground.data, store, &party)?).await?)
}

async fn enter(
    ground: &Ground<'_>,
    (signer, officers, profiles): (&CaSigner, &Officers, &Profiles),
    ((part, profile), subject, count, days): ((&str, &str), &Subject, u32, u32),
) -> Result<Standing, SetupError> {
    let data = profiles.all.iter().find(|data| data.name == profile);
    let hash = data.and_then(|data| data.hash().ok());
    let id = hex(Id::<()>::random(ground.chance.as_ref()).bytes());
    let approval = StandingApproval {
        id: id.clone(),
        role: SIGNER_ROLE.to_owned(),
        profile: hash.ok_or(SetupError::Form("a profile without hash"))?,
        party: ground.options.party(part)?.to_string(),
        subject: subject.clone(),
        count,
        days,
        until: ground.clock.now().plus(HOLDS),
    };
    let sign = |key: &keys::Signer<super::OfficerKeys>| {
        let failed = |_| SetupError::Form("a standing approval cannot be signed");
        let header = key.token_header(STANDING).map_err(failed)?;
        let token = jws::prepare_claims(&header, &approval);
        let token = token.map_err(|_| SetupError::Form("a standing approval"))?;
        key.sign_token(token).map_err(failed)
    };
    let [one, two] = officers.keys.as_slice() else {
        return Err(SetupError::Form("two officers sign"));
    };
    let approvals = [sign(one)?, sign(two)?];
    signer.enter_standing(EnterStanding { approvals }).await?;
    Ok(Standing { id, subject: subject.clone(), days })
}
