//! What can go wrong inside, whatever the edge makes of it.

use audit::LogError;
use base::{Failure, Fault};
use identity_contract::IdentityRefusal;
use links::CallFault;
use persons_contract::FindRefusal;
use sam_contract::SamRefusal;
use store::StoreError;

/// Something inside or another system failed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The login could not be recorded, so it did not happen.
    #[error(transparent)]
    Log(#[from] LogError),
    /// `sam` did not answer as asked.
    #[error("sam")]
    Sam(#[from] CallFault<SamRefusal>),
    /// The register did not answer as asked.
    #[error("the register")]
    Persons(#[from] CallFault<FindRefusal>),
    /// A key could not be had or refused.
    #[error("a key of the platform")]
    Key,
    /// A row that this program did not write.
    #[error("a row of another form")]
    Row,
    /// What was asked changed meanwhile, or was never this browser's.
    #[error("nothing there")]
    Gone,
}

impl Failed {
    fn inner(&self) -> Option<&dyn Failure> {
        match self {
            Self::Store(error) => Some(error),
            Self::Log(error) => Some(error),
            Self::Sam(fault) => Some(fault),
            Self::Persons(fault) => Some(fault),
            Self::Key | Self::Row | Self::Gone => None,
        }
    }
}

impl From<serde_json::Error> for Failed {
    fn from(_: serde_json::Error) -> Self {
        Self::Row
    }
}

impl Failure for Failed {
    fn fault(&self) -> Fault {
        match self {
            Self::Gone => Fault::Caller(404),
            _ => self.inner().map_or(Fault::Ours, Failure::fault),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Gone => "not-found",
            _ => self.inner().map_or("internal", Failure::kind),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Gone => "There is nothing here for you.",
            _ => self.inner().map_or("Something went wrong here.", Failure::title),
        }
    }
}

/// What a failure inside is to a caller over a link.
impl From<Failed> for IdentityRefusal {
    fn from(failed: Failed) -> Self {
        match failed.fault() {
            Fault::Caller(_) => Self::Unknown,
            fault => {
                if matches!(fault, Fault::Ours) {
                    tracing::error!(kind = failed.kind(), cause = %failed, "a call failed");
                }
                Self::Busy
            }
        }
    }
}
