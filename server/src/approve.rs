//! `sakta approve`: the officer's own process, with the officer's key. It shows what is asked for,
//! and signs what the officer then says yes to; nothing else signs approvals (PROTOCOLS §2).

mod hand;
mod shown;

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use links::CallFault;
use pki_contract::{
    Application, ApplicationState, Apply, ApproveApplication, Approved, CertificateBySerial,
    ChangeOfStatus, Demand, DemandState, PendingApplications, PkiRefusal, Reason,
    RefuseApplication,
};

use serde::de::DeserializeOwned;

use crate::World;
use crate::place::{Data, HomeError};
use crate::setup;
use crate::transport::{Address, TransportError};
use hand::Hand;

/// Which officer, and what about.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// The data folder of the installation.
    #[arg(long, default_value = "sakta-data")]
    data: PathBuf,
    /// Which officer: 1 or 2.
    #[arg(long, default_value_t = 1)]
    officer: u8,
    /// Where the trust platform is called, over mutual TLS; without it, as `demo.json` says.
    #[arg(long)]
    pki: Option<Address>,
    /// Signs without asking.
    #[arg(long)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Shows the applications that wait.
    List,
    /// Approves an application for a certificate.
    Certificate {
        /// Its id.
        id: String,
        /// How many days the certificate is valid.
        #[arg(long, default_value_t = 730)]
        days: u32,
        /// Where the certificate goes, PEM.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Enters applications, as somebody at the counter brings them.
    Apply {
        /// A file of JSON, an array of applications.
        file: PathBuf,
    },
    /// Refuses an application.
    Refuse {
        /// Its id.
        id: String,
        /// Why, for the applicant.
        #[arg(long)]
        why: String,
    },
    /// Suspends a certificate.
    Suspend {
        /// Its serial number, hexadecimal.
        serial: String,
    },
    /// Ends a certificate's suspension.
    Resume {
        /// Its serial number, hexadecimal.
        serial: String,
    },
    /// Revokes a certificate, for ever.
    Revoke {
        /// Its serial number, hexadecimal.
        serial: String,
        /// Why.
        #[arg(long, value_enum)]
        reason: Why,
    },
}

/// Why a certificate is revoked. Spec: RFC 5280 §5.3.1.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Why {
    /// What it states is no longer so.
    AffiliationChanged,
    /// It is no longer needed.
    CessationOfOperation,
    /// The key is no longer its holder's alone.
    KeyCompromise,
    /// A privilege was withdrawn; used for death.
    PrivilegeWithdrawn,
    /// Another took its place.
    Superseded,
    /// No reason is given.
    Unspecified,
}

/// Why nothing was approved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApproveError {
    /// A folder that was never set up.
    #[error("{} is not set up: run `sakta setup` first", .0.display())]
    NotSetUp(PathBuf),
    /// There is no such officer.
    #[error("there are officers 1 and 2")]
    Officer,
    /// Nobody said where the trust platform is.
    #[error("where the trust platform answers is not known: give --pki")]
    Address,
    /// No application of that id waits.
    #[error("no application {0} waits")]
    Waiting(String),
    /// The application's profile is not the one that this installation was set up with.
    #[error("the application names a profile {0} that is another here")]
    Profile(String),
    /// The file holds something else.
    #[error("{0} is no array of what this command takes")]
    Listed(String),
    /// The officer said no.
    #[error("not signed")]
    No,
    /// Something could not be signed.
    #[error("the officer's key does not sign")]
    Sign,
    /// A key.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The transport.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The trust platform.
    #[error(transparent)]
    Call(#[from] CallFault<PkiRefusal>),
    /// The machine.
    #[error("the machine refused")]
    Machine(#[from] std::io::Error),
}

/// For how long an approval may be used where the key exists.
const AT_ONCE: Duration = Duration::from_hours(1);

/// And where the person still makes the key on the phone: one visit, then a fortnight.
const FORTNIGHT: Duration = Duration::from_hours(14 * 24);

/// Does what the officer asks.
///
/// # Errors
/// [`ApproveError`].
pub(crate) async fn approve(options: Options, world: &World) -> Result<(), ApproveError> {
    let data = Data::at(&options.data)?;
    let installation = setup::installed(&data)?;
    let installation = installation.ok_or_else(|| ApproveError::NotSetUp(options.data.clone()))?;
    let hand = Hand::of(&data, &installation, (options.officer, options.pki), world)?;
    let officer = Officer { hand, yes: options.yes };
    match options.command {
        Command::List => officer.list().await,
        Command::Certificate { id, days, out } => officer.certificate(&id, days, out).await,
        Command::Apply { file } => officer.apply(listed(&file)?).await,
        Command::Refuse { id, why } => officer.refuse(id, why).await,
        Command::Suspend { serial } => officer.change(serial, ChangeOfStatus::Suspend).await,
        Command::Resume { serial } => officer.change(serial, ChangeOfStatus::Resume).await,
        Command::Revoke { serial, reason } => {
            let reason = reason.reason();
            officer.change(serial, ChangeOfStatus::Revoke { reason }).await
        }
    }
}

/// What a file lists.
fn listed<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, ApproveError> {
    let bytes = std::fs::read(file)?;
    serde_json::from_slice(&bytes).map_err(|_| ApproveError::Listed(file.display().to_string()))
}

/// An officer at the terminal.
struct Officer {
    hand: Hand,
    yes: bool,
}

impl Officer {
    async fn list(&self) -> Result<(), ApproveError> {
        let waiting = self.waiting().await?;
        if waiting.is_empty() {
            say("No application waits.");
        }
        for application in &waiting {
            say(&shown::application(application));
        }
        Ok(())
    }

    async fn waiting(&self) -> Result<Vec<Application>, ApproveError> {
        Ok(self.hand.call(PendingApplications {}, "approve applications").await?.applications)
    }

    async fn certificate(
        &self,
        id: &str,
        days: u32,
        out: Option<PathBuf>,
    ) -> Result<(), ApproveError> {
        let waiting = self.waiting().await?.into_iter().find(|waiting| waiting.id == id);
        let application = waiting.ok_or_else(|| ApproveError::Waiting(id.to_owned()))?;
        let approved = self.approved(&application, days).await?;
        match approved.application.state {
            ApplicationState::Issued { serial } => say(&format!("Issued: {serial}")),
            ApplicationState::WaitingForKey { .. } => {
                say("Approved: the person now makes the key on the phone.");
            }
            ApplicationState::Waiting | ApplicationState::Refused { .. } => say("Not issued yet."),
        }
        match (approved.certificate, out) {
            (Some(der), Some(out)) => Ok(std::fs::write(out, shown::pem(&der.0))?),
            _ => Ok(()),
        }
    }

    /// Shows what is to be signed, asks, signs, and hands the approval on.
    async fn approved(
        &self,
        application: &Application,
        days: u32,
    ) -> Result<Approved, ApproveError> {
        let approval = self.hand.issue_approval(application, days, (AT_ONCE, FORTNIGHT))?;
        say(&shown::application(application));
        say(&shown::approval(&approval));
        self.ask("Sign this approval?")?;
        let approval = self.hand.sign(pki_contract::approval::ISSUE, &approval)?;
        let application = application.id.clone();
        let approve = ApproveApplication { application, approval, key: None };
        self.hand.call(approve, "approve an application").await
    }

    async fn apply(&self, all: Vec<Apply>) -> Result<(), ApproveError> {
        for apply in all {
            let application = self.hand.call(apply, "enter an application").await?;
            say(&shown::application(&application));
        }
        Ok(())
    }

    async fn refuse(&self, application: String, why: String) -> Result<(), ApproveError> {
        self.ask(&format!("Refuse {application} with “{why}”?"))?;
        let refuse = RefuseApplication { application, why };
        self.hand.call(refuse, "refuse an application").await?;
        say("Refused.");
        Ok(())
    }

    async fn change(&self, serial: String, change: ChangeOfStatus) -> Result<(), ApproveError> {
        let wanted = CertificateBySerial { serial };
        let row = self.hand.call(wanted, "change a status").await?;
        say(&shown::certificate(&row));
        let approval = self.hand.status_approval(&row, change, AT_ONCE);
        self.ask(&format!("Sign: {}?", shown::change(change)))?;
        let proof = self.hand.sign(pki_contract::approval::STATUS, &approval)?;
        let demand = Demand { issuer: row.issuer, serial: row.serial, change, proof };
        match self.hand.call(demand, "change a status").await? {
            DemandState::Done => say("Done."),
            DemandState::BeingCarriedOut => say("Being carried out."),
        }
        Ok(())
    }

    fn ask(&self, question: &str) -> Result<(), ApproveError> {
        if self.yes {
            return Ok(());
        }
        let mut out = std::io::stdout();
        write!(out, "{question} [y/n] ")?;
        out.flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if answer.trim().eq_ignore_ascii_case("y") { Ok(()) } else { Err(ApproveError::No) }
    }
}

impl Why {
    fn reason(self) -> Reason {
        match self {
            Self::AffiliationChanged => Reason::AffiliationChanged,
            Self::CessationOfOperation => Reason::CessationOfOperation,
            Self::KeyCompromise => Reason::KeyCompromise,
            Self::PrivilegeWithdrawn => Reason::PrivilegeWithdrawn,
            Self::Superseded => Reason::Superseded,
            Self::Unspecified => Reason::Unspecified,
        }
    }
}

#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
fn say(line: &str) {
    println!("{line}");
}
