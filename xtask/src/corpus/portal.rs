//! What the web process needs while the portal signs an upload, through curl as a browser without
//! script would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::demo::Demo;
use crate::task;

/// Signs these files; prints by how much the process grew.
///
/// # Errors
/// When the portal does not sign.
pub(super) fn tried(demo: &Demo, files: &[PathBuf]) -> Result<(), String> {
    let folder = demo.folder().join("portal");
    fs::create_dir_all(&folder).map_err(|why| why.to_string())?;
    let visitor = Visitor::new(demo, &folder)?;
    task::say("\n| signed by the portal | bytes | web process before, KiB | grew by, KiB |");
    task::say("|---|---|---|---|");
    for file in files {
        let before = memory(demo, "VmRSS")?;
        forget_peak(demo)?;
        visitor.sign(file)?;
        let grown = memory(demo, "VmHWM")?.saturating_sub(before);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let size = file.metadata().map_or(0, |own| own.len());
        task::say(&format!("| {name} | {size} | {before} | {grown} |"));
    }
    Ok(())
}

/// A line of the web process's status, in KiB.
fn memory(demo: &Demo, key: &str) -> Result<u64, String> {
    let status = fs::read_to_string(format!("/proc/{}/status", demo.id()?));
    let status = status.map_err(|why| why.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| format!("no {key}"))
}

/// Lets the peak begin anew. Spec: proc(5), `clear_refs`.
fn forget_peak(demo: &Demo) -> Result<(), String> {
    fs::write(format!("/proc/{}/clear_refs", demo.id()?), "5").map_err(|why| why.to_string())
}

/// Somebody with cookies and a phone.
struct Visitor<'d> {
    demo: &'d Demo,
    portal: String,
    cookies: PathBuf,
    folder: PathBuf,
}

impl<'d> Visitor<'d> {
    /// Signs in.
    fn new(demo: &'d Demo, folder: &Path) -> Result<Self, String> {
        let told = |key: &str| demo.says(key).map(str::to_owned).ok_or(format!("no {key}"));
        let (portal, id) = (told("/addresses/portal")?, told("/addresses/id")?);
        let cookies = folder.join("cookies");
        let visitor = Self { demo, portal, cookies, folder: folder.to_owned() };
        let (_, page) = visitor.get(&format!("{}/sign-in", visitor.portal), &[])?;
        let code = between(&page, "spelled code\">", "<").ok_or("the login shows no code")?;
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let form = between(&page, "action=\"/login/", "\"").ok_or("the login has no form")?;
        visitor.approve(&[&code])?;
        let (address, _) = visitor.get(&format!("{id}/login/{form}"), &["-d", "check=1"])?;
        match address.ends_with("/home") {
            true => Ok(visitor),
            false => Err(format!("signed in at {address}")),
        }
    }

    /// Uploads a file, approves, and fetches what is signed.
    fn sign(&self, file: &Path) -> Result<(), String> {
        let document = format!("document=@{};type=application/pdf", file.display());
        let upload = ["-F", &document, "-F", "upload=1"];
        let (shown, _) = self.get(&format!("{}/sign", self.portal), &upload)?;
        let (waiting, page) = self.get(&shown, &["-d", "sign=1"])?;
        if !waiting.ends_with("/wait") {
            return Err(format!("the portal does not wait for the phone: {waiting}\n{page}"));
        }
        self.approve(&[])?;
        let began = task::elapsed();
        while task::elapsed() - began < 30.0 {
            let (_, page) = self.get(&waiting, &["-d", "check=1"])?;
            if let Some(id) = between(&page, "href=\"/documents/", "/file\"") {
                let address = format!("{}/documents/{id}/file", self.portal);
                let signed = self.folder.join("signed.pdf").display().to_string();
                return self.get(&address, &["-o", &signed]).map(drop);
            }
            task::pause(300);
        }
        Err("the portal does not sign".to_owned())
    }

    /// Where it led to, and the page.
    fn get(&self, address: &str, more: &[&str]) -> Result<(String, String), String> {
        let body = self.folder.join("body").display().to_string();
        let cookies = self.cookies.display().to_string();
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--fail", "-L", "--max-time", "60", "-b", &cookies, "-c", &cookies]);
        curl.args(["-w", "%{url_effective}", "-o", &body]).args(more).arg(address);
        let address = task::output(&mut curl)?;
        Ok((address, fs::read_to_string(body).unwrap_or_default()))
    }

    fn approve(&self, request: &[&str]) -> Result<(), String> {
        let told = |key: &str| self.demo.says(key).ok_or(format!("no {key}"));
        let mut phone = Command::new(self.demo.program());
        phone.args(["phone", "--state", told("/persons/0/phone")?, "approve"]).args(request);
        phone.args(["--pin-file", told("/persons/0/pinFile")?]);
        task::output(&mut phone).map(drop)
    }
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    text.split_once(from)?.1.split_once(to).map(|(found, _)| found)
}
