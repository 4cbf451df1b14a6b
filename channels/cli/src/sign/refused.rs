//! Why nothing was signed, or not all.

use std::io;
use std::path::{Path, PathBuf};

use activation_contract::remote::ITEMS_MAX;
use base::Problem;
use ui::Voice;
use ui::text::cli;

use crate::fault::Fault;
use crate::web::{Reply, Unreached};

/// Why nothing was signed, or not all.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// More files than one approval can list.
    #[error("more than {ITEMS_MAX} files")]
    TooMany,
    /// The signed file stands already, or two files would become one.
    #[error("{} stands already", .0.display())]
    Exists(PathBuf),
    /// Two files hold the same bytes: one signature would be both.
    #[error("{} holds the same bytes as another file", .0.display())]
    Twice(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {why}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// The signed form of a file, or a session, cannot be written.
    #[error("{} cannot be written: {why}", file.display())]
    Write {
        /// Which.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// A file cannot be signed.
    #[error("{}: {}", file.display(), why.text())]
    Document {
        /// Which.
        file: PathBuf,
        /// Why.
        why: Unsignable,
    },
    /// Some of the files cannot be signed, each for its own reason; nobody was asked for anything.
    #[error("{}", lines(.0.iter().map(ToString::to_string)))]
    LeaveOut(Vec<SignError>),
    /// Some of the files were not signed, each for its own reason; the others were.
    #[error("{}", lines(.0.iter().map(ToString::to_string)))]
    NotAll(Vec<SignError>),
    /// The file became another one while the phone was asked.
    #[error("{} was changed meanwhile", .0.display())]
    Changed(PathBuf),
    /// What came back does not make a sound signed file.
    #[error("the signature for {} does not pass its check", .0.display())]
    Unsound(PathBuf),
    /// The file of PINs has another form.
    #[error("not PIN1 and PIN2, a line each")]
    Pins,
    /// PINs were given, but nothing can answer as a phone here.
    #[error("no phone of that person is here")]
    NoPhone,
    /// The phone did not do what was asked.
    #[error("the phone: {0}")]
    Phone(String),
    /// The installation was not reached.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// It answered something else than it should.
    #[error("the server: {0}")]
    Server(String),
    /// The login was refused, or ran out.
    #[error("the login was refused or ran out")]
    Login,
    /// The session has ended.
    #[error("the session has ended")]
    Session,
    /// The person has no certificate that can sign.
    #[error("no certificate that can sign")]
    NoCertificate,
    /// The person said no on the phone.
    #[error("refused on the phone")]
    Refused,
    /// Nobody answered in time.
    #[error("nobody answered in time")]
    Expired,
    /// It was not signed, or not completed: a stable word.
    #[error("not signed: {0}")]
    NotSigned(String),
    /// What is said cannot be written.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// Why a file cannot be signed.
#[derive(Debug)]
pub struct Unsignable(pub(crate) Fault);

impl Unsignable {
    fn text(&self) -> String {
        self.0.line().text
    }
}

fn lines(each: impl Iterator<Item = String>) -> String {
    each.collect::<Vec<_>>().join("\n")
}

impl SignError {
    pub(crate) fn read(file: &Path, why: &io::Error) -> Self {
        Self::File { file: file.to_owned(), why: why.to_string() }
    }

    pub(crate) fn write(file: &Path, why: &io::Error) -> Self {
        match why.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists(file.to_owned()),
            _ => Self::Write { file: file.to_owned(), why: why.to_string() },
        }
    }

    pub(crate) fn document(file: &Path, why: Fault) -> Self {
        Self::Document { file: file.to_owned(), why: Unsignable(why) }
    }

    /// What a reply that is no success says.
    pub(crate) fn of(reply: &Reply) -> Self {
        let problem: Option<Problem> = serde_json::from_slice(&reply.body).ok();
        let kind = problem.as_ref().and_then(|problem| problem.kind.rsplit(':').next());
        match (reply.status, kind) {
            (401, _) => Self::Session,
            (_, Some("no-certificate")) => Self::NoCertificate,
            (status, _) => {
                let title = problem.map_or_else(String::new, |problem| problem.title);
                Self::Server(format!("{status} {title}").trim_end().to_owned())
            }
        }
    }

    /// The exit code: 1 nothing was signed, 2 a file or an argument is wrong.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::TooMany
            | Self::Exists(_)
            | Self::Twice(_)
            | Self::File { .. }
            | Self::Write { .. }
            | Self::Document { .. }
            | Self::LeaveOut(_)
            | Self::Pins
            | Self::NoPhone
            | Self::Output(_) => 2,
            _ => 1,
        }
    }

    /// A sentence of the reader's language.
    #[must_use]
    pub fn say(&self, voice: Voice) -> String {
        let shown = |file: &Path| file.display().to_string();
        let most = u64::try_from(ITEMS_MAX).unwrap_or(u64::MAX);
        match self {
            Self::TooMany => voice.say(cli::too_many(voice.number(most))),
            Self::Exists(file) => voice.say(cli::exists(shown(file))),
            Self::Twice(file) => voice.say(cli::twice(shown(file))),
            Self::File { file, why } => {
                format!("{}: {}", shown(file), voice.say(cli::unreadable(why.as_str())))
            }
            Self::Write { file, why } => voice.say(cli::unwritable(shown(file), why.as_str())),
            Self::Document { file, why } => {
                let size = u64::try_from(pdf::Limits::default().signable()).unwrap_or(u64::MAX);
                format!("{}: {}", shown(file), why.0.say(voice, size))
            }
            Self::LeaveOut(all) => {
                let count = u64::try_from(all.len()).unwrap_or(u64::MAX);
                let advice = voice.say(cli::leave_out(count));
                lines(all.iter().map(|one| one.say(voice)).chain([advice]))
            }
            Self::NotAll(all) => lines(all.iter().map(|one| one.say(voice))),
            Self::Changed(file) => voice.say(cli::changed(shown(file))),
            Self::Unsound(file) => voice.say(cli::unsound(shown(file))),
            Self::Pins => voice.say(cli::PINS),
            Self::NoPhone => voice.say(cli::NO_PHONE),
            Self::Phone(why) => voice.say(cli::phone(why.as_str())),
            Self::Unreached(why) => voice.say(cli::unreached(why.0.as_str())),
            Self::Server(what) => voice.say(cli::server(what.as_str())),
            Self::Login => voice.say(cli::LOGIN_REFUSED),
            Self::Session => voice.say(cli::SESSION),
            Self::NoCertificate => voice.say(cli::NO_CERTIFICATE),
            Self::Refused => voice.say(cli::REFUSED),
            Self::Expired => voice.say(cli::EXPIRED),
            Self::NotSigned(why) => voice.say(cli::not_signed(why.as_str())),
            Self::Output(why) => why.to_string(),
        }
    }
}
