//! `cargo xtask corpus [--small]`: real PDF files of many producers, several broken on purpose, go
//! through `sakta sign` against a demo. Each is signed or refused, with a reason for people; what
//! is signed is judged by our check, pdfsig and pyHanko, and shows the same pages as before.
//!
//! Beside that: how much memory each file needs to be signed and checked, and what the portal needs
//! to sign an upload. With `--small` a few files of every kind, in about half a minute.

mod memory;
mod portal;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::demo::Demo;
use crate::peers::documents::Hand;
use crate::peers::judges::{Judges, Look, Pyhanko};
use crate::task;

/// Where the files lie, seen from the root of the house.
const PLACE: &str = "../shared/vectors/pdf";
/// Bytes of the file that is made beside them, all of them content of one page.
const GREAT: usize = 60 << 20;

/// Some of each kind: tables, streams, forms, attachments; what others warn of; broken, protected.
const SMALL: [&str; 12] = [
    "002-trivial-libre-office-writer.pdf",
    "bitmap-mmr.pdf",
    "bug1606566.pdf",
    "helloworld-bad.pdf",
    "issue15590.pdf",
    "libreoffice-form.pdf",
    "libreoffice-writer-password.pdf",
    "minimal-document.pdf",
    "pdflatex-forms.pdf",
    "print_protection.pdf",
    "with-attachment.pdf",
    "xobject-image.pdf",
];

/// Runs it.
///
/// # Errors
/// Which files were not signed, refused or judged as they should be.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let small = match args {
        [] => false,
        [flag] if flag == "--small" => true,
        _ => return Err("usage: cargo xtask corpus [--small]".to_owned()),
    };
    let programs = ["openssl", "curl", "pdfsig", "pdftoppm", "certutil", "python3"];
    let packages = ["openssl", "curl", "poppler-utils", "libnss3-tools", "python3", "python3-venv"];
    task::installed(&programs, &packages)?;
    let files = files(small)?;
    if files.is_empty() {
        task::say(&format!("SKIPPED: no files in {PLACE}"));
        return Ok(());
    }
    let began = task::elapsed();
    let mut demo = Demo::start("corpus", 20)?;
    let wrong = Corpus { demo: &demo, hand: Hand::new(&demo)?, files, small }.tried()?;
    demo.end()?;
    wrong.iter().for_each(|what| task::say(&format!("FAILED   {what}")));
    task::say(&format!("corpus: {:.0} s", task::elapsed() - began));
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} files", wrong.len())) }
}

/// A file and what qpdf and pdfinfo said of it: `ok ok no` can be read by both, and is not
/// encrypted.
struct File {
    path: PathBuf,
    known: String,
}

impl File {
    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// The files that are listed, in the list's order.
fn files(small: bool) -> Result<Vec<File>, String> {
    let place = task::root().join(PLACE);
    let Ok(list) = fs::read_to_string(place.join("baseline.tsv")) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for line in list.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, _, qpdf, pdfinfo, _, encrypted, ..] = columns.as_slice() else {
            return Err(format!("the list of files has another form: {line}"));
        };
        let known = format!("{qpdf} {pdfinfo} {encrypted}");
        files.push(File { path: place.join(name), known });
    }
    if small {
        files.retain(|file| SMALL.contains(&file.name().as_str()));
    }
    Ok(files)
}

/// What one signed file came to.
struct Judged {
    own: Look,
    pdfsig: Look,
    /// The check by EN 319 102-1, or the usual one where that refuses.
    pyhanko: Look,
    /// What is said where later additions are not looked at.
    bare: Look,
    /// Whether the pages look as before; nothing when they cannot be shown, before or after.
    shown: Option<bool>,
}

struct Corpus<'d> {
    demo: &'d Demo,
    hand: Hand<'d>,
    files: Vec<File>,
    small: bool,
}

impl Corpus<'_> {
    /// Everything, with what is wrong as the answer.
    fn tried(&self) -> Result<Vec<String>, String> {
        let out = self.demo.folder().join("signed");
        let refused = self.refused(&out)?;
        let signed: Vec<&File> =
            self.files.iter().filter(|file| !refused.contains_key(&file.path)).collect();
        let mut paths: Vec<PathBuf> = signed.iter().map(|file| file.path.clone()).collect();
        self.hand.sign(&paths, &out)?;
        let judged = self.judged(&signed, &out)?;
        let mut wrong: Vec<String> = self.wrongly_refused(&refused);
        for (file, judged) in signed.iter().zip(&judged) {
            wrong.extend(judged.wrong().map(|why| format!("{}: {why}", file.name())));
        }
        print_counts(&judged, refused.len());
        self.print_refusals(&refused);
        print_unread(&signed, &judged);
        paths.extend(self.great()?);
        wrong.extend(memory::tried(self.demo, &self.hand, &paths)?);
        paths.sort_by_key(|path| path.metadata().map_or(0, |own| own.len()));
        // The largest that is real, and the one that was made.
        portal::tried(self.demo, paths.split_off(paths.len().saturating_sub(2)).as_slice())?;
        Ok(wrong)
    }

    /// A file near the limit, in a long round.
    fn great(&self) -> Result<Option<PathBuf>, String> {
        if self.small {
            return Ok(None);
        }
        let file = self.demo.folder().join("great.pdf");
        let page = pdf::trial::page(&"filling  ".repeat(GREAT / 9));
        fs::write(&file, page).map_err(|why| why.to_string())?;
        Ok(Some(file))
    }

    /// Tries to sign all at once: nobody is asked, and each that cannot be signed has its reason.
    fn refused(&self, out: &Path) -> Result<BTreeMap<PathBuf, String>, String> {
        let all: Vec<PathBuf> = self.files.iter().map(|file| file.path.clone()).collect();
        let done = self.hand.command(&all, out).output();
        let done = done.map_err(|why| format!("sakta sign: {why}"))?;
        let said = String::from_utf8_lossy(&done.stderr);
        let lines = said.lines().map(|line| line.trim_start_matches("sakta: "));
        let reason = |line: &str| {
            let (path, why) = line.split_once(": ")?;
            let path = all.iter().find(|file| file.display().to_string() == path)?;
            Some((path.clone(), why.to_owned()))
        };
        let refused: BTreeMap<_, _> = lines.filter_map(reason).collect();
        match done.status.code() {
            Some(2) if !refused.is_empty() => Ok(refused),
            _ => Err(format!("sakta sign did not refuse the broken ones: {said}")),
        }
    }

    fn judged(&self, signed: &[&File], out: &Path) -> Result<Vec<Judged>, String> {
        let judges = Judges::new(self.demo)?;
        let files: Vec<PathBuf> = signed.iter().map(|file| out.join(file.name())).collect();
        let mut judged = Vec::new();
        for ((file, now), pyhanko) in signed.iter().zip(&files).zip(judges.pyhanko(&files)?) {
            let Pyhanko { usual, ades, bare } = pyhanko;
            let pyhanko = if usual.accepted { ades } else { usual };
            let (before, after) = (rendered(&file.path)?, rendered(now)?);
            let shown = (!before.is_empty() || !after.is_empty()).then_some(before == after);
            let (own, pdfsig) = (judges.own(now)?, judges.pdfsig(now)?);
            judged.push(Judged { own, pdfsig, pyhanko, bare, shown });
        }
        Ok(judged)
    }

    /// Those that others read without a warning.
    fn wrongly_refused(&self, refused: &BTreeMap<PathBuf, String>) -> Vec<String> {
        let sound = self.files.iter().filter(|file| file.known == "ok ok no");
        let found = sound.filter_map(|file| Some((file.name(), refused.get(&file.path)?)));
        found.map(|(name, why)| format!("{name}: refused although sound: {why}")).collect()
    }

    fn print_refusals(&self, refused: &BTreeMap<PathBuf, String>) {
        task::say("\n| refused | qpdf, pdfinfo | as the person reads it |\n|---|---|---|");
        for file in &self.files {
            if let Some(why) = refused.get(&file.path) {
                let known = file.known.split(' ').take(2).collect::<Vec<_>>().join(", ");
                task::say(&format!("| {} | {known} | {why} |", file.name()));
            }
        }
    }
}

impl Judged {
    /// pyHanko may be unable to read a file that was broken before; what it reads it must accept.
    fn wrong(&self) -> Option<String> {
        let refused = |look: &Look| !look.accepted && !is_unread(look);
        let hanko = [&self.pyhanko, &self.bare].into_iter().find(|look| refused(look));
        match (self.shown, hanko) {
            _ if !self.own.accepted || !self.own.said.is_empty() => {
                Some(format!("sakta check: {}", self.own.said))
            }
            _ if !self.pdfsig.accepted => Some(format!("pdfsig: {}", self.pdfsig.said)),
            (_, Some(look)) => Some(format!("pyHanko: {}", look.said)),
            (Some(false), _) => Some("the pages look otherwise".to_owned()),
            _ => None,
        }
    }
}

/// Whether pyHanko stumbled over the file instead of judging it.
fn is_unread(look: &Look) -> bool {
    !look.accepted && look.said.contains("Error: ")
}

/// The pages, small; nothing when they cannot be shown.
fn rendered(file: &Path) -> Result<Vec<u8>, String> {
    let mut show = Command::new("timeout");
    show.args(["60", "pdftoppm", "-q", "-r", "20"]).arg(file);
    let done = show.output().map_err(|why| format!("pdftoppm: {why}"))?;
    Ok(done.stdout)
}

fn print_counts(judged: &[Judged], refused: usize) {
    let count = |is: &dyn Fn(&Judged) -> bool| judged.iter().filter(|each| is(each)).count();
    let strict = |each: &Judged| each.pyhanko.accepted && !each.pyhanko.said.contains(LENIENT);
    let bare = |each: &Judged| !each.pyhanko.accepted && each.bare.accepted;
    let rows = [
        ("files", judged.len() + refused),
        ("refused before anybody is asked", refused),
        ("signed, with one approval", judged.len()),
        ("passed by sakta check", count(&|each| each.own.accepted)),
        ("valid and trusted by pdfsig", count(&|each| each.pdfsig.accepted)),
        ("accepted by pyHanko's strict reader", count(&strict)),
        (
            "accepted by its lenient reader only",
            count(&|each| each.pyhanko.accepted) - count(&strict),
        ),
        ("accepted by pyHanko, which cannot compare what was added", count(&bare)),
        ("not read by pyHanko", count(&|each| is_unread(&each.bare))),
        ("pages as before", count(&|each| each.shown == Some(true))),
        ("pages that cannot be shown, before or after", count(&|each| each.shown.is_none())),
    ];
    task::say("\n| | files |\n|---|---|");
    rows.iter().for_each(|(what, number)| task::say(&format!("| {what} | {number} |")));
}

/// What [`Judges::pyhanko`] adds to its words where only the lenient reader could read.
const LENIENT: &str = "(lenient)";

fn print_unread(signed: &[&File], judged: &[Judged]) {
    task::say("\n| not wholly read by pyHanko | qpdf, pdfinfo of the original | why |");
    task::say("|---|---|---|");
    for (file, judged) in signed.iter().zip(judged) {
        if is_unread(&judged.pyhanko) {
            let known = file.known.split(' ').take(2).collect::<Vec<_>>().join(", ");
            task::say(&format!("| {} | {known} | {} |", file.name(), judged.pyhanko.said));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(accepted: bool, said: &str) -> Look {
        Look { accepted, said: said.to_owned(), ..Look::default() }
    }

    #[test]
    fn a_file_is_wrong_when_anybody_who_read_it_refuses() {
        let judged = |own: Look, pyhanko: Look, bare: Look, shown| {
            Judged { own, pdfsig: look(true, "valid"), pyhanko, bare, shown }.wrong()
        };
        let (good, passed) = (|| look(true, "TRUSTED"), || look(true, ""));
        let unread = || look(false, "KeyError: 2");
        assert_eq!(judged(passed(), good(), good(), Some(true)), None);
        assert_eq!(judged(passed(), unread(), good(), None), None);
        assert_eq!(judged(passed(), unread(), unread(), Some(true)), None);
        assert!(judged(passed(), look(false, "INVALID"), good(), Some(true)).is_some());
        assert!(judged(passed(), unread(), look(false, "INVALID"), Some(true)).is_some());
        assert!(judged(passed(), good(), good(), Some(false)).is_some());
        assert!(judged(look(false, "TOTAL-FAILED"), good(), good(), Some(true)).is_some());
        assert!(judged(look(true, "WAS_BER"), good(), good(), Some(true)).is_some());
    }
}
