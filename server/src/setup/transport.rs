//! `sakta transport`: certificates of parties after the setup, by whoever has brought `ceremony/`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use links::Party;
use p256::PublicKey;
use p256::pkcs8::{DecodePublicKey, EncodePublicKey};

use super::ceremony::{Making, TransportAuthority};
use super::identities::{identity, names};
use super::{Ground, Options, PARTS, SetupError, opened, say};
use crate::World;
use crate::config::Config;
use crate::place::{Data, write_whole};

/// Which certificates.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Certify {
    /// Makes those of all parts whose folders are here anew, for the keys that they have. They are
    /// shown from the next start on.
    Renew {
        #[command(flatten)]
        by: By,
    },
    /// Makes one for a system outside, which keeps its key to itself.
    Issue {
        /// The system: `banka/core`.
        party: Party,
        /// Its public key, P-256, PEM (`openssl pkey -pubout`).
        #[arg(long)]
        key: PathBuf,
        /// The organisation that answers for it.
        #[arg(long)]
        organisation: String,
        /// A name or address under which it is called itself, as often as needed.
        #[arg(long)]
        name: Vec<String>,
        /// Where the certificate goes, PEM.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        by: By,
    },
}

/// By which authority.
#[derive(Clone, Debug, Args)]
pub(crate) struct By {
    /// The configuration of the installation.
    #[arg(long, default_value = "sakta.toml")]
    config: PathBuf,
    /// The folder that `ceremony/` is in; without it the data folder.
    #[arg(long)]
    ceremony: Option<PathBuf>,
}

/// Makes them, and says which.
///
/// # Errors
/// [`SetupError`].
pub(crate) fn certify(asked: &Certify, world: &World) -> Result<(), SetupError> {
    let (Certify::Renew { by } | Certify::Issue { by, .. }) = asked;
    let config = Config::read(&by.config)?;
    let (data, installation) = opened(&config)?;
    let kept = by.ceremony.as_deref().map_or_else(|| Ok(data.clone()), Data::found)?;
    let authority = TransportAuthority::kept(&data, &kept, &world.chance)?;
    let options = Options::of(config);
    let (clock, chance) = (&world.clock, &world.chance);
    let ground = Ground { data: &data, clock, chance, options: &options };
    let making = Making { ground: &ground, now: clock.now().floor() };
    match asked {
        Certify::Renew { .. } => {
            for (home, part) in PARTS.iter().filter(|(home, _)| data.path().join(home).exists()) {
                let party = installation.parties.get(*part);
                let party = party.ok_or(SetupError::Form("setup.json"))?;
                let made = identity(&making, &authority, home, party)?;
                say(&format!("{party} in {home}/ until {}", end(&made)));
            }
        }
        Certify::Issue { party, key, organisation, name, out, .. } => {
            if installation.parties.values().any(|own| own == party) {
                return Err(SetupError::Form("this is a part of the installation: renew it"));
            }
            let (who, names) = ((party, Some(organisation.as_str())), names(name.clone()));
            let made = authority.vouch(&making, who, party.to_string(), &names, &spki(key)?)?;
            write_whole(out, made.to_pem().as_bytes(), false)?;
            say(&format!("{party} in {} until {}", out.display(), end(&made)));
        }
    }
    Ok(())
}

fn end(made: &x509::Certificate) -> String {
    let seconds = u64::try_from(made.not_after()).unwrap_or(0);
    base::Time::EPOCH.plus(std::time::Duration::from_secs(seconds)).utc_date().to_string()
}

/// The public key in a file, as a certificate holds it.
fn spki(file: &Path) -> Result<Vec<u8>, SetupError> {
    let wrong =
        |why: &dyn std::fmt::Display| SetupError::certificate(&file.display().to_string(), why);
    let form = "no public key of P-256 in PEM";
    let text = std::fs::read_to_string(file).map_err(|why| wrong(&why))?;
    let key = PublicKey::from_public_key_pem(&text).map_err(|_| wrong(&form))?;
    Ok(key.to_public_key_der().map_err(|_| wrong(&form))?.as_bytes().to_vec())
}
