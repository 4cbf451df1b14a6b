//! Each change of a signed file, and who notices it.

use std::fs;
use std::path::Path;

use super::changes::{CHANGES, Wanted};
use super::der::place;
use super::documents::{Paper, Signed};
use super::judges::{Judges, Look, Pyhanko};
use crate::demo::Demo;

/// The table, line by line, and what is wrong with it.
pub(super) struct Table {
    /// Markdown.
    pub(super) lines: Vec<String>,
    /// What a tool or `sakta check` made of a file that it should not have.
    pub(super) wrong: Vec<String>,
}

/// Signs, changes, and lets everybody judge.
///
/// # Errors
/// When something could not be made or judged at all.
pub(super) fn made(demo: &Demo, judges: &Judges) -> Result<Table, String> {
    let signed = Signed::new(demo)?;
    let folder = demo.folder().join("changed");
    fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
    let mut rows = vec![Row::new("nothing", Wanted::Passed, signed.first.bytes.clone())];
    for (what, wanted, make) in CHANGES {
        let bytes = make(&signed).map_err(|why| format!("{what}: {why}"))?;
        rows.push(Row::new(what, *wanted, bytes));
    }
    let mut files = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let file = folder.join(format!("{number:02}.pdf"));
        fs::write(&file, &row.bytes).map_err(|why| why.to_string())?;
        files.push(file);
    }
    let known = Known::new(judges, &signed)?;
    let mut table = Table { lines: heading(), wrong: Vec::new() };
    let mut untouched = None;
    for ((row, file), pyhanko) in rows.iter().zip(&files).zip(judges.pyhanko(&files)?) {
        let looks = Looks::of(judges, file, pyhanko)?;
        let untouched = untouched.get_or_insert_with(|| looks.clone());
        table.wrong.extend(row.wrong(&looks, &untouched.own));
        let mut cells = looks.cells(untouched);
        cells.extend(known.cells(row)?);
        table.lines.push(format!("| {} | {} |", row.what, cells.join(" | ")));
    }
    table.wrong.extend(untouched.iter().flat_map(Looks::refusals));
    Ok(table)
}

fn heading() -> Vec<String> {
    let names = "| change | sakta check | pdfsig | pyHanko | pyHanko, EN 319 102-1 \
                 | openssl cms | openssl ts | openssl ocsp |";
    vec![names.to_owned(), "|---|---|---|---|---|---|---|---|".to_owned()]
}

/// A changed file.
struct Row {
    what: &'static str,
    wanted: Wanted,
    bytes: Vec<u8>,
}

impl Row {
    fn new(what: &'static str, wanted: Wanted, bytes: Vec<u8>) -> Self {
        Self { what, wanted, bytes }
    }

    /// What `sakta check` should have made of it and did not.
    fn wrong(&self, looks: &Looks, untouched: &Look) -> Option<String> {
        let Look { accepted, said, scope } = &looks.own;
        let why = match (self.wanted, accepted) {
            (Wanted::Refused, true) => "passes",
            (Wanted::Told, true) if said.is_empty() => "passes and says nothing of it",
            (Wanted::Added, true) if *scope == untouched.scope => "passes and says nothing of it",
            (Wanted::Told | Wanted::Added | Wanted::Passed, false) => "does not pass",
            _ => return None,
        };
        Some(format!("sakta check: {}: {why} ({said})", self.what))
    }
}

/// What those who see the whole file make of it.
#[derive(Clone)]
struct Looks {
    own: Look,
    pdfsig: Look,
    pyhanko: Pyhanko,
}

impl Looks {
    fn of(judges: &Judges, file: &Path, pyhanko: Pyhanko) -> Result<Self, String> {
        Ok(Self { own: judges.own(file)?, pdfsig: judges.pdfsig(file)?, pyhanko })
    }

    /// Who refuses the untouched file.
    fn refusals(&self) -> Vec<String> {
        let Pyhanko { usual, ades, .. } = &self.pyhanko;
        let all = [("pdfsig", &self.pdfsig), ("pyHanko", usual), ("pyHanko, EN 319 102-1", ades)];
        let refusing = all.into_iter().filter(|(_, look)| !look.accepted);
        refusing
            .map(|(who, look)| format!("{who} refuses what is untouched: {}", look.said))
            .collect()
    }

    fn cells(&self, untouched: &Self) -> Vec<String> {
        let own = match (self.own.accepted, self.own.said.as_str()) {
            (false, said) => said.to_owned(),
            (true, "") if self.own.scope != untouched.own.scope => {
                "passes; told by its scope".to_owned()
            }
            (true, "") => "passes".to_owned(),
            (true, said) => format!("passes; told: {said}"),
        };
        let others = [&self.pdfsig, &self.pyhanko.usual, &self.pyhanko.ades];
        let before = [&untouched.pdfsig, &untouched.pyhanko.usual, &untouched.pyhanko.ades];
        let cells = others.into_iter().zip(before).map(|(look, before)| noticed(look, before));
        [own].into_iter().chain(cells.map(str::to_owned)).collect()
    }
}

fn noticed(look: &Look, before: &Look) -> &'static str {
    match (look.accepted, look.said == before.said) {
        (false, _) => "noticed",
        (true, false) => "told",
        (true, true) => "not noticed",
    }
}

/// What openssl can be given of a file: a CMS and what it covers, a token and what it is over, an
/// answer and the certificate that it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parts([Option<(Vec<u8>, Vec<u8>)>; 3]);

impl Parts {
    fn of(bytes: &[u8], serial: &[u8], signer: &[u8]) -> Self {
        let Ok(paper) = Paper::read(bytes.to_vec()) else { return Self::default() };
        let cms = paper.covered().map(|covered| (paper.field.contents.clone(), covered));
        let value = paper.signer().map(|signer| signer.signature.clone()).unwrap_or_default();
        let token = paper.token().ok().map(|token| (token.to_vec(), value));
        let answer = paper.store.ocsps.iter().find(|answer| place(answer, serial).is_some());
        let answer = answer.map(|answer| (answer.clone(), signer.to_vec()));
        Self([cms, token, answer])
    }
}

/// The parts of what is untouched; openssl is asked only about others.
struct Known<'j> {
    judges: &'j Judges,
    serial: Vec<u8>,
    signer: Vec<u8>,
    untouched: Vec<Parts>,
}

impl<'j> Known<'j> {
    fn new(judges: &'j Judges, signed: &Signed) -> Result<Self, String> {
        let serial = signed.serial()?;
        let signer = signed.certificate()?.to_vec();
        let files = [&signed.first.bytes, &signed.other.bytes, &signed.awaiting.bytes];
        let untouched = files.map(|bytes| Parts::of(bytes, &serial, &signer)).to_vec();
        let known = Self { judges, serial, signer, untouched };
        let first = known.untouched.first().cloned().unwrap_or_default();
        for look in known.looks(&first)? {
            match look {
                Some(look) if look.accepted => {}
                look => return Err(format!("openssl refuses what is untouched: {look:?}")),
            }
        }
        Ok(known)
    }

    fn looks(&self, Parts([cms, token, answer]): &Parts) -> Result<[Option<Look>; 3], String> {
        let judges = self.judges;
        Ok([
            cms.as_ref().map(|(cms, over)| judges.cms(cms, over)).transpose()?,
            token.as_ref().map(|(token, over)| judges.token(token, over)).transpose()?,
            answer.as_ref().map(|(answer, of)| judges.answer(answer, of)).transpose()?,
        ])
    }

    fn cells(&self, row: &Row) -> Result<Vec<String>, String> {
        let mut parts = Parts::of(&row.bytes, &self.serial, &self.signer);
        for (place, part) in parts.0.iter_mut().enumerate() {
            let is_known = self.untouched.iter().any(|known| known.0.get(place) == Some(part));
            if is_known {
                *part = None;
            }
        }
        let cell = |look: Option<Look>| match look.map(|look| look.accepted) {
            None => "—",
            Some(false) => "noticed",
            Some(true) => "not noticed",
        };
        Ok(self.looks(&parts)?.map(|look| cell(look).to_owned()).to_vec())
    }
}
