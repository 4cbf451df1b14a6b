//! `sakta check`: a verdict on each signed file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ades::{Algorithms, Certificate, Evidence, Indication, Report, Trust};
use base::{Locale, Time};
use pdf::{Limits, Refusal};
use serde::Serialize;
use ui::Voice;

use crate::disk::Files;
use crate::fault::{Fault, FaultLine};
use crate::story::story;

/// The most bytes of a file of trusted certificates: 1 MiB.
const TRUST_BYTES_MAX: usize = 1 << 20;

/// What `sakta check` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// The signed files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The document of a signature that lies beside it (not for PDF)
    #[arg(long, value_name = "F")]
    pub detached: Option<PathBuf>,
    /// Trusted certificates in PEM, each trusted as it is; instead of the demo's list
    #[arg(long, value_name = "PEM")]
    pub trust: Vec<PathBuf>,
    /// The moment for which is checked, RFC 3339; now when absent
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<Time>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How the answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, in their language.
    #[default]
    Text,
    /// One JSON object a file and line.
    Json,
}

/// What a check stands on.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    /// Where files are read.
    pub files: &'a dyn Files,
    /// What is trusted when the arguments name nothing.
    pub anchors: &'a [Certificate],
    /// The signature algorithms that can be verified.
    pub algorithms: Algorithms<'a>,
    /// The present moment.
    pub now: Time,
    /// The language of people's text.
    pub locale: Locale,
}

/// How a check ended: the worst of all files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Every file has signatures, and all passed.
    Passed,
    /// Something did not pass, or a file has no signature.
    NotPassed,
    /// A file could not be read.
    Unreadable,
}

impl Exit {
    /// The exit code of the process: 0, 1 or 2.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::NotPassed => 1,
            Self::Unreadable => 2,
        }
    }
}

/// Why no file could be checked. The exit code is 2.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A file of trusted certificates cannot be read.
    #[error("{}: {why}", file.display())]
    Trust {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// The answer cannot be written.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// Checks each file and writes one answer each to `out`, in their order.
///
/// # Errors
/// [`CheckError`]; a file that cannot be read is no error but an answer.
pub fn check(args: &CheckArgs, with: &Check<'_>, out: &mut dyn Write) -> Result<Exit, CheckError> {
    let given = trusted(&args.trust, with.files)?;
    let anchors = if args.trust.is_empty() { with.anchors } else { &given };
    let trust = Trust { anchors, algorithms: with.algorithms, rules: ades::TS_119_312_V2_1_1 };
    let at = args.at.unwrap_or(with.now).seconds();
    let mut worst = Exit::Passed;
    for file in &args.files {
        let found = match args.detached {
            Some(_) => Err(Fault::Detached),
            None => report(file, with.files, &trust, at),
        };
        worst = worst.max(exit_of(&found));
        match args.format {
            Format::Text => write_text(file, &found, with.locale, out)?,
            Format::Json => write_json(file, &found, out)?,
        }
    }
    Ok(worst)
}

/// All certificates of the PEM files.
fn trusted(paths: &[PathBuf], files: &dyn Files) -> Result<Vec<Certificate>, CheckError> {
    let mut all = Vec::new();
    for path in paths {
        let found = certificates(path, files);
        all.extend(found.map_err(|why| CheckError::Trust { file: path.clone(), why })?);
    }
    Ok(all)
}

fn certificates(path: &Path, files: &dyn Files) -> Result<Vec<Certificate>, String> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    let bytes = files.read(path, TRUST_BYTES_MAX).map_err(|why| why.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "not PEM text".to_owned())?;
    let blocks = text.split(BEGIN).skip(1).map(|block| format!("{BEGIN}{block}"));
    let found: Result<Vec<_>, _> = blocks.map(|pem| Certificate::from_pem(&pem)).collect();
    match found {
        Ok(found) if found.is_empty() => Err("no certificate in PEM".to_owned()),
        found => found.map_err(|why| why.to_string()),
    }
}

fn report(file: &Path, files: &dyn Files, trust: &Trust<'_>, at: i64) -> Result<Report, Fault> {
    let most = Limits::default().bytes;
    let bytes = files.read(file, most).map_err(Fault::Unreadable)?;
    if bytes.len() > most {
        return Err(Fault::Refused(Refusal::TooLarge));
    }
    ades::check_pdf(&bytes, &Evidence::default(), trust, at).map_err(Fault::Refused)
}

fn exit_of(found: &Result<Report, Fault>) -> Exit {
    match found {
        Err(_) => Exit::Unreadable,
        Ok(report) if report.signatures.is_empty() => Exit::NotPassed,
        Ok(report) if report.worst() == Some(Indication::TotalPassed) => Exit::Passed,
        Ok(_) => Exit::NotPassed,
    }
}

fn write_text(
    file: &Path,
    found: &Result<Report, Fault>,
    locale: Locale,
    out: &mut dyn Write,
) -> io::Result<()> {
    let voice = Voice::new(locale);
    let most = u64::try_from(Limits::default().bytes).unwrap_or(u64::MAX);
    writeln!(out, "{}", file.display())?;
    match found {
        Ok(report) => write!(out, "{}", story(voice, report)),
        Err(fault) => writeln!(out, "  {}", fault.say(voice, most)),
    }
}

/// The answer for programs. Names and shapes stay.
#[derive(Serialize)]
struct Line<'a> {
    file: String,
    signatures: &'a [ades::SignatureReport],
    timestamps: &'a [ades::StampReport],
    error: Option<FaultLine>,
}

fn write_json(file: &Path, found: &Result<Report, Fault>, out: &mut dyn Write) -> io::Result<()> {
    let file = file.display().to_string();
    let line = match found {
        Ok(Report { signatures, timestamps, .. }) => {
            Line { file, signatures, timestamps, error: None }
        }
        Err(fault) => Line { file, signatures: &[], timestamps: &[], error: Some(fault.line()) },
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}
