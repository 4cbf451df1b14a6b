//! `sakta sign`: signs PDF files that stay where they are; only digests travel.
//!
//! In order: each file is looked through, and all that cannot be signed are named before anybody is
//! asked for anything; whoever has no session logs in by RFC 8628; one approval on the phone lists
//! all files; time-stamps and status are fetched; each signed file is checked before it is written.
//! A file that was not signed whole is not written at all (R28), and keeps no other from it.

mod activation;
mod document;
mod login;
mod refused;
mod session;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use activation_contract::remote::ITEMS_MAX;
use ades::{Algorithms, Certificate};
use base::{Chance, Clock, Locale};
use ui::Voice;
use ui::text::cli;
use zeroize::Zeroizing;

use crate::disk::Files;
use crate::web::{Approval, Phone, Web};
use activation::Platform;
use document::Document;
pub use login::CLIENT;
pub use refused::{SignError, Unsignable};
use session::Session;

/// What `sakta sign` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct SignArgs {
    /// The PDF files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Who signs: names the session kept here, and the person in a demonstration
    #[arg(long = "as", value_name = "ALIAS")]
    pub alias: String,
    /// The address of the installation; the demo's when absent
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Where signed files go under their own names; else beside each file as NAME-signed.pdf
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// PIN1 and PIN2, a line each, from a file or `-`: a demo's phone answers by itself
    #[arg(long, value_name = "F|-")]
    pub pin_file: Option<PathBuf>,
}

/// Where an installation answers, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The identity platform: an OpenID issuer.
    pub issuer: String,
    /// The signing platform.
    pub signing: String,
}

/// What signing reaches the world by.
#[derive(Clone, Copy)]
pub struct Sign<'a> {
    /// Files.
    pub files: &'a dyn Files,
    /// Requests.
    pub web: &'a dyn Web,
    /// The person's phone, where a script answers for it.
    pub phone: Option<&'a dyn Phone>,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Chance.
    pub chance: &'a dyn Chance,
    /// Where the installation answers.
    pub places: &'a Places,
    /// The folder that sessions are kept in, readable by this user only.
    pub state: &'a Path,
    /// What a signed file must lead to before it is written; none: that is not asked.
    pub anchors: &'a [Certificate],
    /// The signature algorithms that can be verified.
    pub algorithms: Algorithms<'a>,
    /// From where is asked, as the phone shows it: `sakta, host workshop`.
    pub place: &'a str,
    /// The language of people's text.
    pub locale: Locale,
}

/// Signs all files with one approval. Writes the path of each signed file to `out`, a line each,
/// and what a person should know meanwhile to `tell`.
///
/// # Errors
/// [`SignError`]: nothing was written, or what it names was not.
pub async fn sign(
    args: &SignArgs,
    with: &Sign<'_>,
    out: &mut (dyn Write + Send),
    tell: &mut (dyn Write + Send),
) -> Result<(), SignError> {
    let voice = Voice::new(with.locale);
    let targets = targets(args, with.files)?;
    let pins = args.pin_file.as_deref().map(|file| Pins::read(file, with.files)).transpose()?;
    let pins = pins.as_ref();
    let phone = match (with.phone, pins) {
        (Some(phone), Some(pins)) => Some((phone, pins)),
        (None, Some(_)) => return Err(SignError::NoPhone),
        (_, None) => None,
    };
    look_through(&targets, with)?;
    let (platform, credential) = signed_in(with, &args.alias, phone, tell).await?;
    let documents = documents(&targets, &credential, with)?;
    let activation = platform.ask(&credential, &documents).await?;
    let approval = Approval {
        control_code: document::control_code(&documents),
        files: documents.iter().map(|one| (one.label(), one.digest())).collect(),
    };
    let many = u64::try_from(documents.len()).unwrap_or(u64::MAX);
    writeln!(tell, "{}", voice.say(cli::ask_phone(many)))?;
    let code = format!("{:04}", approval.control_code);
    writeln!(tell, "{}", voice.say(cli::control_code(code)))?;
    if let Some((phone, pins)) = phone {
        phone.approve(&approval, &pins.pin2).await.map_err(SignError::Phone)?;
    }
    let evidence = platform.ended(&activation, voice, tell).await?;
    let stamped = platform.signatures(&activation, documents.len()).await?;
    let mut failed = Vec::new();
    for (document, stamped) in documents.iter().zip(&stamped) {
        let whole = document.finished(stamped, &credential, &evidence, with);
        let target = document.target();
        let written = whole.and_then(|whole| {
            with.files.create(target, &whole).map_err(|why| SignError::write(target, &why))
        });
        match written {
            Ok(()) => writeln!(out, "{}", target.display())?,
            Err(why) => failed.push(why),
        }
    }
    let failures = u64::try_from(failed.len()).unwrap_or(u64::MAX);
    if failures < many {
        writeln!(tell, "{}", voice.say(cli::signed_all(many - failures)))?;
    }
    if failed.is_empty() { Ok(()) } else { Err(SignError::NotAll(failed)) }
}

/// The platform and the key that signs, under the session kept, else under a new one.
async fn signed_in<'a>(
    with: &'a Sign<'a>,
    alias: &str,
    phone: Option<(&dyn Phone, &Pins)>,
    tell: &mut (dyn Write + Send),
) -> Result<(Platform<'a>, activation::Own), SignError> {
    if let Some(session) = Session::kept(with, alias) {
        match Platform::credential(with, &session).await {
            Err(SignError::Session) => Session::forget(with, alias),
            other => return other,
        }
    }
    let session = login::log_in(with, alias, phone, tell).await?;
    Platform::credential(with, &session).await
}

/// Each file with the place of its signed form; none of these exists yet, and all can be made.
fn targets(args: &SignArgs, files: &dyn Files) -> Result<Vec<(PathBuf, PathBuf)>, SignError> {
    if args.files.len() > ITEMS_MAX {
        return Err(SignError::TooMany);
    }
    let mut pairs: Vec<(PathBuf, PathBuf)> = Vec::new();
    for file in &args.files {
        let target = target(file, args.out.as_deref());
        let taken = pairs.iter().any(|(_, other)| *other == target);
        if taken || files.exists(&target) {
            return Err(SignError::Exists(target));
        }
        if pairs.last().is_none_or(|(_, last)| last.parent() != target.parent()) {
            files.ready(&target).map_err(|why| SignError::write(&target, &why))?;
        }
        pairs.push((file.clone(), target));
    }
    Ok(pairs)
}

fn target(file: &Path, out: Option<&Path>) -> PathBuf {
    match out {
        Some(folder) => folder.join(file.file_name().unwrap_or_default()),
        None => {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            file.with_file_name(format!("{stem}-signed.pdf"))
        }
    }
}

/// Reads every file once, so that nobody is asked for an approval that comes to nothing.
fn look_through(targets: &[(PathBuf, PathBuf)], with: &Sign<'_>) -> Result<(), SignError> {
    let mut seen = BTreeSet::new();
    let mut refused = Vec::new();
    for (file, _) in targets {
        match document::look(file, with) {
            Ok(digest) if !seen.insert(digest.0) => refused.push(SignError::Twice(file.clone())),
            Ok(_) => {}
            Err(why) => refused.push(why),
        }
    }
    match refused.pop() {
        None => Ok(()),
        Some(only) if targets.len() == 1 => Err(only),
        Some(last) => {
            refused.push(last);
            Err(SignError::LeaveOut(refused))
        }
    }
}

fn documents(
    targets: &[(PathBuf, PathBuf)],
    credential: &activation::Own,
    with: &Sign<'_>,
) -> Result<Vec<Document>, SignError> {
    let prepared =
        |(file, target): &(PathBuf, PathBuf)| Document::prepare(file, target, credential, with);
    targets.iter().map(prepared).collect()
}

/// Both PINs, wiped when dropped.
struct Pins {
    pin1: Zeroizing<String>,
    pin2: Zeroizing<String>,
}

impl Pins {
    /// From a file of two lines, or from the input for `-`.
    fn read(file: &Path, files: &dyn Files) -> Result<Self, SignError> {
        const MOST: usize = 256;
        let bytes = match file.as_os_str() == "-" {
            true => files.input(MOST),
            false => files.read(file, MOST),
        };
        let bytes = Zeroizing::new(bytes.map_err(|why| SignError::read(file, &why))?);
        let text = std::str::from_utf8(&bytes).map_err(|_| SignError::Pins)?;
        let mut lines = text.lines().map(|line| Zeroizing::new(line.trim().to_owned()));
        match (lines.next(), lines.next()) {
            (Some(pin1), Some(pin2)) if is_pin(&pin1, 4) && is_pin(&pin2, 6) => {
                Ok(Self { pin1, pin2 })
            }
            _ => Err(SignError::Pins),
        }
    }
}

/// Spec: PROTOCOLS §3: PIN1 has 4 to 8 digits, PIN2 6 to 8.
fn is_pin(text: &str, least: usize) -> bool {
    (least..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
