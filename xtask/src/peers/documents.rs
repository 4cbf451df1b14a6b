//! Files that the command line signs as Anna, and what is in a signed one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pdf::{Dss, Limits, SignatureField};

use super::der::{place, wrapped};
use super::shown;
use crate::demo::Demo;
use crate::task;

/// Whoever signs by the command line, with the demo's phone in the other hand.
pub(crate) struct Hand<'d> {
    demo: &'d Demo,
    alias: String,
    phone: String,
    pins: String,
}

impl<'d> Hand<'d> {
    /// The first of the cast.
    ///
    /// # Errors
    /// When the demo gives nobody a phone.
    pub(crate) fn new(demo: &'d Demo) -> Result<Self, String> {
        let told = |key: &str| {
            let said = demo.says(&format!("/persons/0/{key}"));
            said.map(str::to_owned).ok_or_else(|| format!("the demo says no {key} of the first"))
        };
        let (alias, phone, pins) = (told("alias")?, told("phone")?, told("pinFile")?);
        Ok(Self { demo, alias, phone, pins })
    }

    /// `sakta sign` of these files with one approval; signed ones lie in `out` under their names.
    pub(crate) fn command(&self, files: &[PathBuf], out: &Path) -> Command {
        let mut sign = Command::new(self.demo.program());
        sign.arg("sign").args(files).args(["--as", &self.alias, "--pin-file", &self.pins]);
        sign.arg("--out").arg(out).arg("--data").arg(self.demo.data());
        self.at_home(&mut sign);
        sign
    }

    /// The same of one file, as words, for somebody who has a session and approves elsewhere.
    pub(crate) fn without_phone(&self, file: &Path, out: &Path) -> Vec<String> {
        let [file, out] = [file, out].map(shown);
        let (program, data) = (shown(self.demo.program()), shown(&self.demo.data()));
        let words = [&program, "sign", &file, "--as", &self.alias, "--out", &out, "--data", &data];
        words.map(str::to_owned).to_vec()
    }

    /// Approves what waits on the phone, or comes within 25 seconds.
    ///
    /// # Errors
    /// What the phone said.
    pub(crate) fn approve(&self) -> Result<(), String> {
        let mut phone = Command::new(self.demo.program());
        phone.args(["phone", "--state", &self.phone, "approve", "--pin-file", &self.pins]);
        task::output(&mut phone).map(drop)
    }

    /// Lets a command keep its session where this hand has it.
    pub(crate) fn at_home(&self, command: &mut Command) {
        command.env("XDG_STATE_HOME", self.state());
    }

    /// Ends the session.
    pub(crate) fn forget(&self) {
        // Absent before the first login.
        let _ = fs::remove_dir_all(self.state());
    }

    fn state(&self) -> PathBuf {
        self.demo.folder().join("state")
    }

    /// Signs the files.
    ///
    /// # Errors
    /// What the command line said.
    pub(crate) fn sign(&self, files: &[PathBuf], out: &Path) -> Result<(), String> {
        let done = self.command(files, out).output();
        let done = done.map_err(|why| format!("sakta sign: {why}"))?;
        match done.status.success() {
            true => Ok(()),
            false => Err(format!("sakta sign: {}", String::from_utf8_lossy(&done.stderr))),
        }
    }
}

/// A file with one signature, taken apart.
pub(super) struct Paper {
    /// The whole file.
    pub(super) bytes: Vec<u8>,
    /// Its signature.
    pub(super) field: SignatureField,
    /// The CMS of it.
    pub(super) cms: cms::SignedData,
    /// The certificates and their status beside it.
    pub(super) store: Dss,
}

impl Paper {
    /// Takes the first signature of a file apart.
    ///
    /// # Errors
    /// When it has none, or one that cannot be read.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, String> {
        let limits = Limits::default();
        let fields = pdf::signatures(&bytes, &limits).map_err(|why| why.to_string())?;
        let field = fields.into_iter().next().ok_or("no signature")?;
        let cms = cms::parse(&field.contents).map_err(|why| why.to_string())?;
        let store = pdf::dss(&bytes, &limits).map_err(|why| why.to_string())?;
        Ok(Self { bytes, field, cms, store: store.unwrap_or_default() })
    }

    /// The one signer.
    pub(super) fn signer(&self) -> Result<&cms::SignerInfo, String> {
        self.cms.signers.first().ok_or_else(|| "no signer".to_owned())
    }

    /// The signature's time-stamp.
    pub(super) fn token(&self) -> Result<&[u8], String> {
        self.signer()?.time_stamps().next().ok_or_else(|| "no time-stamp".to_owned())
    }

    /// The covered bytes, as the file says itself which they are.
    pub(super) fn covered(&self) -> Option<Vec<u8>> {
        self.field.covered(&self.bytes).map(|parts| parts.concat())
    }

    /// The file as it was signed, before anything was added.
    pub(super) fn revision(&self) -> Result<&[u8], String> {
        self.field.revision(&self.bytes).ok_or_else(|| "it covers nothing".to_owned())
    }

    /// Where the `<…>` of the signature stands.
    pub(super) fn hole(&self) -> Result<std::ops::Range<usize>, String> {
        let range = self.field.byte_range.clone().ok_or("no byte range")?;
        Ok(range.hole)
    }

    /// The file with another CMS in its place.
    ///
    /// # Errors
    /// When there is no room for it.
    pub(super) fn with_cms(&self, der: &[u8]) -> Result<Vec<u8>, String> {
        let hole = self.hole()?;
        let room = hole.len().saturating_sub(2);
        let mut hex: String = der.iter().map(|byte| format!("{byte:02X}")).collect();
        if hex.len() > room {
            return Err("no room for another CMS".to_owned());
        }
        hex.extend(std::iter::repeat_n('0', room - hex.len()));
        let mut changed = self.bytes.clone();
        match changed.get_mut(hole.start + 1..hole.end - 1) {
            Some(place) => place.copy_from_slice(hex.as_bytes()),
            None => return Err("the signature stands nowhere".to_owned()),
        }
        Ok(changed)
    }

    /// The file as it was signed, with this store.
    ///
    /// # Errors
    /// When it cannot be added.
    pub(super) fn with_store(&self, store: &Dss) -> Result<Vec<u8>, String> {
        stored(self.revision()?.to_vec(), store)
    }
}

/// The file with this store added.
pub(super) fn stored(mut bytes: Vec<u8>, store: &Dss) -> Result<Vec<u8>, String> {
    let update = pdf::add_dss(&bytes, store, &Limits::default());
    bytes.extend(update.map_err(|why| why.to_string())?);
    Ok(bytes)
}

/// Three files of one page, signed with one approval, and the first signed once more.
pub(super) struct Signed {
    /// The one that is changed.
    pub(super) first: Paper,
    /// Another.
    pub(super) other: Paper,
    /// One that refers to an object that it does not have.
    pub(super) awaiting: Paper,
    /// The first with a second signature.
    pub(super) twice: Vec<u8>,
}

impl Signed {
    /// Makes and signs them.
    ///
    /// # Errors
    /// What the command line said.
    pub(super) fn new(demo: &Demo) -> Result<Self, String> {
        let hand = Hand::new(demo)?;
        let folder = demo.folder().join("documents");
        let failed = |why: std::io::Error| why.to_string();
        fs::create_dir_all(&folder).map_err(failed)?;
        let page = pdf::trial::page(SUM);
        let awaiting = pdf::trial::updated(page.clone(), &[(3, AWAITING)], ROOT);
        let other = pdf::trial::page("Sum: 900 EUR");
        let pages = [("first.pdf", page), ("other.pdf", other), ("awaiting.pdf", awaiting)];
        let mut files = Vec::new();
        for (name, page) in &pages {
            let file = folder.join(name);
            fs::write(&file, page).map_err(failed)?;
            files.push(file);
        }
        let [once, again] = ["once", "again"].map(|name| folder.join(name));
        hand.sign(&files, &once)?;
        hand.sign(&[once.join("first.pdf")], &again)?;
        let read = |name: &str| Paper::read(fs::read(once.join(name)).map_err(failed)?);
        Ok(Self {
            first: read("first.pdf")?,
            other: read("other.pdf")?,
            awaiting: read("awaiting.pdf")?,
            twice: fs::read(again.join("first.pdf")).map_err(failed)?,
        })
    }
}

impl Signed {
    /// The serial number of the signer's certificate, as an INTEGER.
    pub(super) fn serial(&self) -> Result<Vec<u8>, String> {
        serial(self.first.signer()?)
    }

    /// The signer's certificate.
    pub(super) fn certificate(&self) -> Result<&[u8], String> {
        let serial = self.serial()?;
        let mut all = self.first.cms.certificates.iter();
        let own = all.find(|each| place(each, &serial).is_some());
        own.map(Vec::as_slice).ok_or_else(|| "the CMS lacks the signer's certificate".to_owned())
    }

    /// The serial number of the time-stamp unit's certificate.
    pub(super) fn unit_serial(&self) -> Result<Vec<u8>, String> {
        let token = cms::timestamp::parse_token(self.first.token()?);
        let token = token.map_err(|why| why.to_string())?;
        serial(token.signed.signers.first().ok_or("a token without signer")?)
    }

    /// The newest catalog with something more in it.
    pub(super) fn catalog(&self, more: &str) -> Result<String, String> {
        let catalog = object(&self.first.bytes, 1)?;
        Ok(format!("{} {more}>>", catalog.trim_end_matches('>')))
    }

    /// The newest page with another annotation.
    pub(super) fn page(&self, annotation: &str) -> Result<String, String> {
        let page = object(&self.first.bytes, 3)?;
        Ok(page.replace("/Annots [", &format!("/Annots [{annotation} ")))
    }

    /// The newest form with another field, and its number.
    pub(super) fn form(&self, field: &str) -> Result<(u32, String), String> {
        let catalog = object(&self.first.bytes, 1)?;
        let number = catalog.split("/AcroForm ").nth(1).and_then(|rest| rest.split(' ').next());
        let number = number.and_then(|number| number.parse().ok()).ok_or("no form")?;
        let form = object(&self.first.bytes, number)?;
        Ok((number, form.replace(" R]", &format!(" R {field}]"))))
    }
}

fn serial(signer: &cms::SignerInfo) -> Result<Vec<u8>, String> {
    match &signer.id {
        cms::SignerId::IssuerSerial { serial, .. } => Ok(wrapped(0x02, serial)),
        cms::SignerId::KeyId(_) => Err("the signer is named by its key".to_owned()),
    }
}

/// The newest object of this number as it is written.
fn object(bytes: &[u8], number: u32) -> Result<String, String> {
    let text = String::from_utf8_lossy(bytes);
    let newest = text.rsplit(&format!("\n{number} 0 obj\n")).next().unwrap_or_default();
    let object = newest.split("\nendobj").next().unwrap_or_default();
    if object.starts_with("<<") { Ok(object.to_owned()) } else { Err("no such object".to_owned()) }
}

/// What the first page says.
pub(super) const SUM: &str = "Sum: 100 EUR";
/// What every trailer of these files says.
pub(super) const ROOT: &str = "/Root 1 0 R";
/// The page with a second piece of content, which nobody has written.
const AWAITING: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]\
                        /Contents[4 0 R 50 0 R]/Resources<</Font<</F 5 0 R>>>>>>";
