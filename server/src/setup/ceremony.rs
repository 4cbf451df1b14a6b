//! The root, its list, the issuing authority, and the transport authority beside them.

use std::sync::Arc;
use std::time::Duration;

use base::{Chance, Digest, Identifier, Scheme, Time};
use ca_signer::Authorities;
use keys::{Algorithm, Keeper, Purpose, Signer, Suite, WrappedKey, allowed};
use links::Party;
use x509::crl::{self, Crl, List};
use x509::{Attribute, Certificate, GeneralName, Issuer, Kind, Places, Policy, Profile, oid};

use super::{Ground, SetupError};
use crate::place::{Data, write_whole};

/// The purpose of the root's key.
pub(super) enum Root {}

impl Purpose for Root {
    const NAME: &'static str = "ceremony.root";
}

/// The purpose of the transport authority's key.
pub(super) enum TransportRoot {}

impl Purpose for TransportRoot {
    const NAME: &'static str = "ceremony.transport";
}

/// How long the root's list holds: it is made by hand.
const ROOT_LIST_HOLDS: Duration = Duration::from_hours(365 * 24);

/// What came of it.
pub(super) struct Ceremony {
    pub(super) root: Certificate,
    pub(super) root_list: Crl,
    pub(super) issuing: Certificate,
    /// Wrapped for `ca-signer`.
    pub(super) issuing_key: WrappedKey,
    pub(super) transport: TransportAuthority,
    /// The policy of everything that is issued: one of our own, which claims nothing (R24).
    pub(super) policy: Policy,
    /// The policy of time-stamp tokens.
    pub(super) stamps: String,
    pub(super) places: Places,
    pub(super) provider: Provider,
}

/// Who vouches for parties: apart from the hierarchy of signatures.
pub(super) struct TransportAuthority {
    pub(super) certificate: Certificate,
    key: Signer<TransportRoot>,
    provider: Provider,
}

impl TransportAuthority {
    /// That of an installation whose folder `ceremony` lies in `kept`.
    pub(super) fn kept(
        data: &Data,
        kept: &Data,
        chance: &Arc<dyn Chance>,
    ) -> Result<Self, SetupError> {
        let folder = kept.path().join("ceremony");
        if !folder.join("transport.key").exists() {
            return Err(SetupError::Ceremony(folder));
        }
        let home = kept.home("ceremony")?;
        let keeper = home.keeper("ceremony", Arc::clone(chance))?;
        let key: Signer<TransportRoot> = home.key(&keeper, "transport", Algorithm::P256)?;
        let file = data.path().join("transport").join("ca.pem");
        let certificate = Certificate::from_pem(&std::fs::read_to_string(file)?);
        let certificate = certificate.map_err(|_| SetupError::Form("transport/ca.pem"))?;
        if certificate.spki() != key.public_key().spki() {
            return Err(SetupError::Form("the folder ceremony/ is of another installation"));
        }
        Ok(Self { certificate, key, provider: provider()? })
    }

    /// The certificate of `party` for the key of `spki`: who it is and the names it is called by.
    pub(super) fn vouch(
        &self,
        making: &Making<'_>,
        (party, organisation): (&Party, Option<&str>),
        common_name: String,
        names: &[GeneralName],
        spki: &[u8],
    ) -> Result<Certificate, SetupError> {
        let organisation = organisation.unwrap_or(&self.provider.name).to_owned();
        let subject = [
            Attribute::new(oid::COUNTRY, self.provider.country.clone()),
            Attribute::new(oid::ORGANIZATION, organisation),
            Attribute::new(oid::COMMON_NAME, common_name),
        ];
        let names = [&[GeneralName::Uri(party.urn())], names].concat();
        let profile = Profile::new(Kind::Transport, "transport", &[], &Places::default());
        let named = Named { subject: &subject, names: &names, spki };
        making.certified(&profile, &named, Issuer::Authority(&self.certificate), &self.key)
    }
}

/// In whose name certificates are issued.
#[derive(Clone, Debug)]
pub(super) struct Provider {
    pub(super) name: String,
    pub(super) identifier: String,
    pub(super) country: String,
}

impl Ceremony {
    /// The issuing authority, by the SHA-256 of its SPKI.
    pub(super) fn issuer(&self) -> Digest {
        Digest(self.issuing.spki_digest())
    }
}

/// Holds it.
pub(super) fn hold(ground: &Ground<'_>) -> Result<Ceremony, SetupError> {
    let home = ground.data.home("ceremony")?;
    let keeper = home.keeper("ceremony", Arc::clone(ground.chance))?;
    let root_key: Signer<Root> = home.key(&keeper, "root", Algorithm::P384)?;
    let transport_key: Signer<TransportRoot> = home.key(&keeper, "transport", Algorithm::P256)?;
    let (provider, policy) = (provider()?, own_policy(ground)?);
    let now = ground.clock.now().floor();
    let making = Making { ground, now };
    let (root, root_list) = making.root(&provider, &root_key)?;
    let (issuing, issuing_key) = making.issuing(&provider, &policy, (&root, &root_key))?;
    let certificate = making.transport(&provider, &transport_key)?;
    let transport =
        TransportAuthority { certificate, key: transport_key, provider: provider.clone() };
    let folder = ground.data.path().join("transport");
    std::fs::create_dir_all(&folder)?;
    let pem = transport.certificate.to_pem();
    write_whole(&folder.join("ca.pem"), pem.as_bytes(), false)?;
    write_whole(&home.file("root.pem"), root.to_pem().as_bytes(), false)?;
    let base = &ground.options.base;
    let places = Places {
        ca_issuers: vec![format!("{base}/pki/issuing.crt")],
        ocsp: vec![format!("{base}/pki/ocsp")],
        crl: vec![format!("{base}/pki/issuing.crl")],
    };
    let stamps = own_policy(ground)?.id.to_string();
    Ok(Ceremony {
        root,
        root_list,
        issuing,
        issuing_key,
        transport,
        policy,
        stamps,
        places,
        provider,
    })
}

fn provider() -> Result<Provider, SetupError> {
    let (name, number) = country::DEMO_PROVIDER;
    let identifier = Identifier::new(Scheme::Ntr, country::COUNTRY, number);
    let identifier = identifier.map_err(|_| SetupError::Form("the provider's number"))?.x509();
    let country = country::COUNTRY.to_owned();
    Ok(Provider { name: name.to_owned(), identifier, country })
}

/// A policy that nobody else has: `2.25.<uuid>`. Spec: X.667 §6.3.
fn own_policy(ground: &Ground<'_>) -> Result<Policy, SetupError> {
    let mut uuid = ground.chance.bytes::<16>();
    // Version 4, variant 1. Spec: RFC 9562 §5.4.
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut uuid;
    *version = 0x40 | (*version & 0x0f);
    *variant = 0x80 | (*variant & 0x3f);
    let id = format!("2.25.{}", u128::from_be_bytes(uuid)).parse();
    Ok(Policy::new(id.map_err(|_| SetupError::Form("a policy's identifier"))?, None))
}

/// Whom a certificate names.
pub(super) struct Named<'a> {
    pub(super) subject: &'a [Attribute],
    pub(super) names: &'a [GeneralName],
    pub(super) spki: &'a [u8],
}

/// Makes certificates at one moment.
pub(super) struct Making<'a> {
    pub(super) ground: &'a Ground<'a>,
    pub(super) now: Time,
}

impl Making<'_> {
    fn root(
        &self,
        provider: &Provider,
        key: &Signer<Root>,
    ) -> Result<(Certificate, Crl), SetupError> {
        let subject = provider.authority("demo root");
        let named = Named { subject: &subject, names: &[], spki: key.public_key().spki() };
        let profile = Profile::new(Kind::Root, "root", &[], &Places::default());
        let root = self.certified(&profile, &named, Issuer::Itself, key)?;
        let list = List {
            number: 1,
            this_update: self.now.seconds(),
            next_update: self.now.plus(ROOT_LIST_HOLDS).seconds(),
            revoked: &[],
            expired_since: Some(root.not_before()),
        };
        let failed = |why: &dyn std::fmt::Display| SetupError::certificate("the root's list", why);
        let tbs = crl::prepare(&list, &root, key.certificate_algorithm());
        let tbs = tbs.map_err(|why| failed(&why))?;
        let signature = key.sign(tbs.bytes()).map_err(|why| failed(&why))?;
        let list = Crl::parse(&tbs.finish(&signature)).map_err(|why| failed(&why))?;
        let algorithms = x509::Algorithms(allowed(Suite::House));
        list.verify_at(&root, self.now.seconds(), algorithms).map_err(|why| failed(&why))?;
        Ok((root, list))
    }

    fn issuing(
        &self,
        provider: &Provider,
        policy: &Policy,
        (root, root_key): (&Certificate, &Signer<Root>),
    ) -> Result<(Certificate, WrappedKey), SetupError> {
        let keeper = signers_keeper(self.ground)?;
        let (key, wrapped) = keeper.make::<Signer<Authorities>>(Algorithm::P256)?;
        let base = &self.ground.options.base;
        let places = Places {
            ca_issuers: vec![format!("{base}/pki/root.crt")],
            ocsp: Vec::new(),
            crl: vec![format!("{base}/pki/root.crl")],
        };
        let policies = std::slice::from_ref(policy);
        let profile = Profile::new(Kind::Issuing, "issuing", policies, &places);
        let subject = provider.authority("demo persons and machines");
        let named = Named { subject: &subject, names: &[], spki: key.public_key().spki() };
        let issuer = Issuer::Authority(root);
        Ok((self.certified(&profile, &named, issuer, root_key)?, wrapped))
    }

    fn transport(
        &self,
        provider: &Provider,
        key: &Signer<TransportRoot>,
    ) -> Result<Certificate, SetupError> {
        let subject = provider.authority("demo transport");
        let named = Named { subject: &subject, names: &[], spki: key.public_key().spki() };
        let profile = Profile::new(Kind::Root, "transport-root", &[], &Places::default());
        self.certified(&profile, &named, Issuer::Itself, key)
    }

    /// A certificate of the longest life that profile and issuer allow: under a throw-away key it
    /// passes the lint before `key` signs.
    pub(super) fn certified<K: Purpose>(
        &self,
        profile: &Profile,
        named: &Named<'_>,
        issuer: Issuer<'_>,
        key: &Signer<K>,
    ) -> Result<Certificate, SetupError> {
        let failed = |why: &dyn std::fmt::Display| SetupError::certificate(&profile.name, why);
        let begin = self.now.seconds();
        let end = begin.saturating_add(profile.longest).saturating_sub(1);
        let serial = x509::serial(self.ground.chance.bytes());
        let request = x509::Request {
            subject: named.subject,
            spki: named.spki,
            serial: &serial,
            not_before: begin,
            not_after: match issuer {
                Issuer::Authority(authority) => end.min(authority.not_after()),
                Issuer::Itself => end,
            },
            names: named.names,
        };
        let tbs = x509::prepare(profile, &request, issuer, key.certificate_algorithm());
        let tbs = tbs.map_err(|why| failed(&why))?;
        let trial = key.throw_away()?.sign(tbs.bytes()).map_err(|why| failed(&why))?;
        let trial = Certificate::parse(&tbs.finish(&trial)).map_err(|why| failed(&why))?;
        if let Some(finding) = x509::lint(&trial, profile, issuer).first() {
            return Err(failed(&format!("{} ({})", finding.code, finding.detail)));
        }
        let signature = key.sign(tbs.bytes()).map_err(|why| failed(&why))?;
        Certificate::parse(&tbs.finish(&signature)).map_err(|why| failed(&why))
    }
}

/// Who keeps `ca-signer`'s keys.
pub(super) fn signers_keeper(ground: &Ground<'_>) -> Result<Keeper, SetupError> {
    let home = ground.data.home("ca-signer")?;
    let party = ground.options.party("ca-signer")?;
    Ok(home.keeper(&party.to_string(), Arc::clone(ground.chance))?)
}

impl Provider {
    fn authority(&self, name: &str) -> Vec<Attribute> {
        vec![
            Attribute::new(oid::COUNTRY, self.country.clone()),
            Attribute::new(oid::ORGANIZATION, self.name.clone()),
            Attribute::new(oid::ORGANIZATION_IDENTIFIER, self.identifier.clone()),
            Attribute::new(oid::COMMON_NAME, format!("{} {name}", self.name)),
        ]
    }
}
