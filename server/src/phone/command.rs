//! `sakta phone --state DIR …`: a phone without screen, for scripts and tests of integrators.
//!
//! It says what it did on standard output, in words or (`--json`) as one JSON object a line, and
//! ends with 0: done; 1: refused, by `sam` or the server; 2: cannot be read (a file, an
//! invitation, the phone); 3: the server was not reached; 4: nothing waits, or not yet.

mod keys;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use activation_contract::{Invitation, Op, Pin, Verdict, app as wire};
use app::{
    Approved, Consent, Cost, Found, KeysError, Phone, PinCode, PinError, Pins, ShownError, Stage,
    Talk, TalkError, Waiting,
};
use base::Locale;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::folder::{Folder, FolderError};
use super::{report, service};
use crate::World;
use crate::outside::{Outside, OutsideError};

/// A phone, and what it does.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// The phone's folder; `enrol` makes it.
    #[arg(long)]
    state: PathBuf,
    /// Say it as JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Binds the phone by what the desk shows, then says the eight digits to compare.
    Enrol {
        /// The text of the desk's QR: `sakta-enrol:…`.
        invitation: String,
        /// PIN1 and PIN2, a line each; `-`: standard input.
        #[arg(long)]
        pin_file: PathBuf,
        /// What the phone calls itself.
        #[arg(long, default_value = "sakta phone")]
        label: String,
    },
    /// Makes the keys of a new phone that another phone of the person is to approve, and says what
    /// `add` takes there: `sakta-keys:…`, with eight digits to compare.
    Ask {
        #[command(flatten)]
        made: Made,
        /// What the phone calls itself.
        #[arg(long, default_value = "sakta phone")]
        label: String,
        /// What an app has built in; left out: `service.json` beside the phone's folder.
        #[arg(long)]
        service: Option<PathBuf>,
    },
    /// Makes new PINs of this phone, for another phone of the person to approve as with `ask`, or
    /// for an official.
    Forgot {
        #[command(flatten)]
        made: Made,
        /// The text of the official's QR: `sakta-enrol:…`.
        #[arg(long)]
        invitation: Option<String>,
    },
    /// Says whether what `ask` or `forgot` made is approved; from then on it is the phone's.
    Check {
        /// Waits for it, so many seconds.
        #[arg(long, default_value_t = 0)]
        wait: u64,
    },
    /// Approves another phone of the person, or its new PINs.
    Add {
        /// What the other phone says: `sakta-keys:…`.
        keys: String,
        /// The eight digits that the other phone shows: others are refused.
        #[arg(long)]
        digits: Option<String>,
        /// PIN1 and PIN2, a line each; `-`: standard input.
        #[arg(long)]
        pin_file: PathBuf,
    },
    /// Says what waits.
    Pending {
        /// Waits for something, up to 25 seconds.
        #[arg(long)]
        wait: bool,
    },
    /// Approves what waits.
    Approve {
        /// The request's id, the eight characters of a login, or its link; left out: the only one
        /// that waits. Waits for one up to 25 seconds.
        request: Option<String>,
        /// The two-digit number that the other screen shows, where it shows one.
        #[arg(long)]
        number: Option<u8>,
        /// PIN1 and PIN2, a line each; `-`: standard input.
        #[arg(long)]
        pin_file: PathBuf,
    },
    /// Refuses a request.
    Refuse {
        /// The request's id.
        request: String,
        /// Says that it was not asked for by this person.
        #[arg(long)]
        report: bool,
    },
    /// Freezes everything of the person: no PIN. Only an officer can undo it.
    Freeze,
}

/// How new keys are made.
#[derive(Clone, Debug, Args)]
struct Made {
    /// The new PIN1 and PIN2, a line each; `-`: standard input.
    #[arg(long)]
    pin_file: PathBuf,
    /// Throws away what was made before and is not approved yet.
    #[arg(long)]
    anew: bool,
}

/// Why the command did not do it.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Outside(#[from] OutsideError),
    #[error(transparent)]
    Talk(#[from] TalkError),
    #[error(transparent)]
    Pin(#[from] PinError),
    #[error("{}", file.display())]
    Pins { file: PathBuf, source: std::io::Error },
    #[error("not an invitation: it begins with sakta-enrol:")]
    Invitation,
    #[error("the phone is enrolled already")]
    Enrolled,
    #[error("new keys wait for an approval already: check them, or make others with --anew")]
    Asking,
    #[error("no new keys wait for an approval")]
    NotAsking,
    #[error("nobody has approved it yet")]
    NotApproved,
    #[error("what the app has built in is not known: say --service")]
    Service,
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("the other phone shows other digits than these: {0}")]
    Digits(String),
    #[error("nothing waits")]
    Nothing,
    #[error("several requests wait: name one of {0}")]
    Several(String),
    #[error("no such request waits")]
    Unknown,
}

impl CommandError {
    fn code(&self) -> u8 {
        match self {
            Self::Talk(TalkError::Unreached(_)) => 3,
            Self::Nothing | Self::NotApproved => 4,
            Self::Talk(
                TalkError::Refused { .. }
                | TalkError::Late
                | TalkError::Sam(_)
                | TalkError::Choose
                | TalkError::Number
                | TalkError::Keys(_),
            )
            | Self::Keys(KeysError::Service | KeysError::Own)
            | Self::Digits(_)
            | Self::Several(_)
            | Self::Unknown => 1,
            _ => 2,
        }
    }
}

/// The longest file of PINs, in bytes.
const PINS: u64 = 64;

/// Runs a command of a phone.
pub(crate) async fn run(options: Options, world: World) -> ExitCode {
    let json = options.json;
    match done(options, &world).await {
        Ok((said, code)) => {
            say(json, &said);
            ExitCode::from(code)
        }
        Err(why) => {
            fail(json, &why);
            ExitCode::from(why.code())
        }
    }
}

async fn done(options: Options, world: &World) -> Result<(Value, u8), CommandError> {
    let Options { state, command, .. } = options;
    let outside = Outside::new()?;
    if !state.exists() && !matches!(command, Command::Enrol { .. } | Command::Ask { .. }) {
        return Err(FolderError::Empty.into());
    }
    let folder = Folder::made(&state)?;
    let _held = folder.hold(world.clock.as_ref()).await?;
    let talk = Talk {
        server: &outside,
        clock: world.clock.as_ref(),
        chance: world.chance.as_ref(),
        cost: Cost::NOW,
    };
    let own = Own { talk, folder: &folder, world };
    match command {
        Command::Enrol { invitation, pin_file, label } => {
            own.enrol(&invitation, &pin_file, &label).await
        }
        Command::Ask { made, label, service } => {
            let service = service.unwrap_or_else(|| service::file(&state.join("..")));
            own.ask(&made, &label, &service).await
        }
        Command::Forgot { made, invitation } => own.forgot(&made, invitation.as_deref()).await,
        Command::Check { wait } => own.check(Duration::from_secs(wait)).await,
        Command::Add { keys, digits, pin_file } => {
            own.add(&keys, digits.as_deref(), &pin_file).await
        }
        Command::Pending { wait } => own.pending(wait).await,
        Command::Approve { request, number, pin_file } => {
            own.approve(request.as_deref(), number, &pin_file).await
        }
        Command::Refuse { request, report } => own.refuse(&request, report).await,
        Command::Freeze => own.freeze().await,
    }
}

/// A phone of one's own.
struct Own<'a> {
    talk: Talk<'a, Outside>,
    folder: &'a Folder,
    world: &'a World,
}

impl Own<'_> {
    async fn enrol(
        &self,
        invitation: &str,
        pin_file: &Path,
        label: &str,
    ) -> Result<(Value, u8), CommandError> {
        if self.folder.phone()?.is_some_and(|phone| phone.stage() != Stage::Made) {
            return Err(CommandError::Enrolled);
        }
        let invitation = Invitation::parse(invitation).ok_or(CommandError::Invitation)?;
        let typed = typed(pin_file)?;
        let (pin1, pin2) = lines(&typed);
        let pins = Pins::new(pin1, pin2)?;
        let enrolling = self.talk.meet(&invitation, &pins, label).await?;
        self.keep(&enrolling.phone)?;
        let phone = self.talk.enrol(&enrolling).await?;
        self.keep(&phone)?;
        let bound = phone.stage() == Stage::Bound;
        let said = json!({
            "device": phone.device(), "digits": phone.digits(),
            "thumbprint": phone.thumbprint(), "bound": bound,
        });
        Ok((said, 0))
    }

    async fn pending(&self, wait: bool) -> Result<(Value, u8), CommandError> {
        let (_, found) = self.found(wait).await?;
        let browsers: Vec<Value> = found.browsers.iter().map(browser).collect();
        let said = json!({
            "user_number": found.user_number, "frozen": found.frozen,
            "requests": found.waiting.iter().map(report::waiting).collect::<Value>(),
            "unshown": found.unshown.iter().map(ToString::to_string).collect::<Value>(),
            "browsers": browsers, "notices": found.notices,
        });
        Ok((said, 0))
    }

    async fn approve(
        &self,
        request: Option<&str>,
        number: Option<u8>,
        pin_file: &Path,
    ) -> Result<(Value, u8), CommandError> {
        let typed = typed(pin_file)?;
        let (mut phone, mut waiting) = self.taken(request).await?;
        if !waiting.choices.is_empty() {
            let number = number.ok_or(TalkError::Choose)?;
            waiting = self.talk.choose(&mut phone, &waiting, number).await?;
            self.keep(&phone)?;
        }
        let (pin1, pin2) = lines(&typed);
        let pin = match waiting.shown.op().pin() {
            Some(Pin::Pin1) => PinCode::new(Pin::Pin1, pin1)?,
            _ => PinCode::new(Pin::Pin2, pin2)?,
        };
        let consent = Consent { pin: &pin, language: Locale::En };
        let done = self.talk.approve(&mut phone, &waiting, consent).await;
        self.keep(&phone)?;
        Ok(ended(waiting.id(), &done?))
    }

    /// The request that is meant: claimed by its characters, found by its id, or the only one.
    async fn taken(&self, request: Option<&str>) -> Result<(Phone, Waiting), CommandError> {
        if let Some(code) = request.and_then(wire::code_of) {
            let mut phone = self.phone()?;
            let waiting = self.talk.claim(&mut phone, &code).await?;
            return Ok((phone, waiting));
        }
        let (phone, mut found) = self.found(true).await?;
        let Some(request) = request else {
            return match (found.waiting.pop(), found.waiting.as_slice()) {
                (Some(only), []) => Ok((phone, only)),
                (Some(last), others) => {
                    let ids: Vec<&str> = others.iter().chain([&last]).map(Waiting::id).collect();
                    Err(CommandError::Several(ids.join(", ")))
                }
                (None, _) => match found.unshown.first() {
                    Some(why) => Err(TalkError::Shown(ShownError::clone(why)).into()),
                    None => Err(CommandError::Nothing),
                },
            };
        };
        let named = found.waiting.into_iter().find(|waiting| waiting.id() == request);
        Ok((phone, named.ok_or(CommandError::Unknown)?))
    }

    async fn refuse(&self, request: &str, report: bool) -> Result<(Value, u8), CommandError> {
        let mut phone = self.phone()?;
        let verdict = if report { Verdict::NotMine } else { Verdict::NotNow };
        self.talk.refuse(&mut phone, request, verdict).await?;
        self.keep(&phone)?;
        let outcome = if report { "reported" } else { "refused" };
        Ok((json!({ "request": request, "outcome": outcome }), 0))
    }

    async fn freeze(&self) -> Result<(Value, u8), CommandError> {
        let mut phone = self.phone()?;
        let done = self.talk.freeze(&mut phone, Locale::En).await;
        self.keep(&phone)?;
        let (mut said, code) = ended("", &done?);
        if let Some(members) = said.as_object_mut() {
            members.insert("request".to_owned(), json!(Op::Freeze));
        }
        Ok((said, code))
    }

    async fn found(&self, wait: bool) -> Result<(Phone, Found), CommandError> {
        let mut phone = self.phone()?;
        let found = self.talk.poll(&phone, wait).await?;
        if phone.note(&found) {
            self.keep(&phone)?;
        }
        Ok((phone, found))
    }

    fn phone(&self) -> Result<Phone, CommandError> {
        Ok(self.folder.phone()?.ok_or(FolderError::Empty)?)
    }

    fn keep(&self, phone: &Phone) -> Result<(), FolderError> {
        self.folder.keep(phone, self.world.chance.as_ref())
    }
}

fn browser(browser: &wire::KnownBrowser) -> Value {
    json!({ "id": browser.id, "label": browser.label, "remembered": browser.remembered })
}

fn ended(request: &str, approved: &Approved) -> (Value, u8) {
    (report::outcome(request, approved), u8::from(!report::is_done(approved)))
}

/// What a file of PINs says; `-` is standard input.
fn typed(file: &Path) -> Result<Zeroizing<String>, CommandError> {
    let mut said = Zeroizing::new(String::new());
    let read = if file == Path::new("-") {
        std::io::stdin().take(PINS).read_to_string(&mut said)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(PINS).read_to_string(&mut said))
    };
    read.map_err(|source| CommandError::Pins { file: file.to_owned(), source })?;
    Ok(said)
}

/// PIN1 and PIN2; one line alone is both.
fn lines(said: &str) -> (&str, &str) {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    (first, lines.next().unwrap_or(first))
}

#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
fn say(json: bool, said: &Value) {
    if json {
        println!("{said}");
    } else {
        print!("{}", in_words("", said));
    }
}

/// One `name: value` a line; what lies deeper is indented.
fn in_words(indent: &str, said: &Value) -> String {
    let members = match said {
        Value::Object(members) => members.iter().map(|(n, v)| (n.clone(), v)).collect(),
        Value::Array(all) => (1..).zip(all).map(|(n, v): (u32, _)| (format!("- {n}"), v)).collect(),
        _ => Vec::new(),
    };
    let line = |(name, value): (String, &Value)| match value {
        Value::Null => String::new(),
        Value::Array(all) if all.is_empty() => String::new(),
        Value::Object(_) | Value::Array(_) => {
            format!("{indent}{name}\n{}", in_words(&format!("{indent}  "), value))
        }
        Value::String(text) => format!("{indent}{name}: {text}\n"),
        other => format!("{indent}{name}: {other}\n"),
    };
    members.into_iter().map(line).collect()
}

#[expect(clippy::print_stderr, clippy::print_stdout, reason = "a command speaks to its terminal")]
fn fail(json: bool, why: &CommandError) {
    if json {
        println!("{}", json!({ "error": why.to_string() }));
    }
    eprintln!("sakta phone: {why}");
    let mut cause = std::error::Error::source(why);
    while let Some(deeper) = cause {
        eprintln!("  because: {deeper}");
        cause = deeper.source();
    }
}
