//! Who judges a signed file: our own check, pdfsig, pyHanko; and openssl of its parts.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::certificates::{issuing_pem, root};
use super::{good, shown, tool};
use crate::demo::Demo;
use crate::task;

/// What somebody makes of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether every signature in it is accepted.
    pub(crate) accepted: bool,
    /// What is said beside, in a few words.
    pub(crate) said: String,
    /// What is covered of how much, where that is said.
    pub(crate) scope: String,
}

/// What pyHanko makes of a file, in three ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pyhanko {
    /// Its usual check.
    pub(crate) usual: Look,
    /// Its check by EN 319 102-1.
    pub(crate) ades: Look,
    /// The usual check, but for what was added after the signature.
    pub(crate) bare: Look,
}

/// The tools, with the demo's root as what they trust.
pub(crate) struct Judges {
    program: PathBuf,
    trust: String,
    issuing: String,
    nss: String,
    python: PathBuf,
    folder: PathBuf,
}

impl Judges {
    /// Makes ready what they need.
    ///
    /// # Errors
    /// What one of them said.
    pub(crate) fn new(demo: &Demo) -> Result<Self, String> {
        let folder = demo.folder().join("judges");
        let database = folder.join("nss");
        fs::create_dir_all(&database).map_err(|why| why.to_string())?;
        let trust = root(demo)?;
        let nss = format!("sql:{}", database.display());
        good("certutil", &["-N", "--empty-password", "-d", &nss])?;
        good("certutil", &["-A", "-n", "demo root", "-t", "CT,C,C", "-d", &nss, "-i", &trust])?;
        let issuing = issuing_pem(demo)?.ok_or("the demo does not publish its authority")?;
        let python = environment()?.join("bin/python");
        Ok(Self { program: demo.program().to_owned(), trust, issuing, nss, python, folder })
    }

    /// `sakta check`: accepted when it passes; what is said is the verdict, or what it warns of.
    ///
    /// # Errors
    /// When it does not answer as it should.
    pub(crate) fn own(&self, file: &Path) -> Result<Look, String> {
        let usage = ["check", &shown(file), "--trust", &self.trust, "--format", "json"];
        let (passed, said) = tool(&self.program, &usage)?;
        let line = said.lines().find_map(|line| serde_json::from_str::<Value>(line).ok());
        let line = line.ok_or_else(|| format!("sakta check: {said}"))?;
        let look = own_look(&line);
        match look.accepted == passed {
            true => Ok(look),
            false => Err(format!("the exit code says another thing: {said}")),
        }
    }

    /// pdfsig: accepted when each signature is valid and its certificate trusted.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(crate) fn pdfsig(&self, file: &Path) -> Result<Look, String> {
        let (_, said) = tool(Path::new("pdfsig"), &["-nssdir", &self.nss, &shown(file)])?;
        let count = |words: &str| said.matches(words).count();
        let all = count("Signature #");
        let accepted = all > 0
            && count("Signature is Valid.") == all
            && count("Certificate is Trusted.") == all;
        let lines = said.lines().filter(|line| line.contains("Validation: "));
        let words: Vec<_> = lines.filter_map(|line| line.split(": ").nth(1)).collect();
        Ok(Look { accepted, said: words.join(" "), ..Look::default() })
    }

    /// pyHanko of each file.
    ///
    /// # Errors
    /// When it does not judge all of them.
    pub(crate) fn pyhanko(&self, files: &[PathBuf]) -> Result<Vec<Pyhanko>, String> {
        let script = shown(&task::root().join("xtask/peers/verdicts.py"));
        let mut usage = vec![script, self.trust.clone()];
        usage.extend(files.iter().map(|file| shown(file)));
        let usage: Vec<&str> = usage.iter().map(String::as_str).collect();
        let (_, said) = tool(&self.python, &usage)?;
        let read = |line: &str| -> Option<Pyhanko> {
            let line: Value = serde_json::from_str(line).ok()?;
            let look = |way: &str| {
                let way = line.get(way)?;
                let strict = way.get("strict")?.as_bool()?;
                let said = way.get("said")?.as_str()?;
                let said = format!("{said}{}", if strict { "" } else { " (lenient)" });
                Some(Look { accepted: way.get("passed")?.as_bool()?, said, ..Look::default() })
            };
            Some(Pyhanko { usual: look("validate")?, ades: look("ades")?, bare: look("bare")? })
        };
        let looks: Vec<_> = said.lines().filter_map(read).collect();
        if looks.len() == files.len() { Ok(looks) } else { Err(format!("pyHanko: {said}")) }
    }

    /// openssl of a CMS signature over these bytes, its signed attributes as CAdES has them.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(crate) fn cms(&self, cms: &[u8], covered: &[u8]) -> Result<Look, String> {
        let [cms, covered] = [self.kept("cms", cms)?, self.kept("covered", covered)?];
        let usage = ["cms", "-verify", "-inform", "DER", "-in", &cms, "-content", &covered];
        let trust = ["-binary", "-cades", "-purpose", "any", "-CAfile", &self.trust];
        openssl(&[&usage[..], &trust, &["-out", "/dev/null"]].concat())
    }

    /// openssl of a time-stamp token over these bytes.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(crate) fn token(&self, token: &[u8], over: &[u8]) -> Result<Look, String> {
        let [token, over] = [self.kept("token", token)?, self.kept("over", over)?];
        let usage = ["ts", "-verify", "-data", &over, "-in", &token, "-token_in"];
        openssl(&[&usage[..], &["-CAfile", &self.trust, "-untrusted", &self.issuing]].concat())
    }

    /// openssl of an OCSP answer about this certificate, which must be good.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(crate) fn answer(&self, answer: &[u8], certificate: &[u8]) -> Result<Look, String> {
        let [answer, der] = [self.kept("answer", answer)?, self.kept("certificate", certificate)?];
        let pem = format!("{der}.pem");
        let read = openssl(&["x509", "-in", &der, "-out", &pem])?;
        if !read.accepted {
            return Ok(read);
        }
        let usage = ["ocsp", "-respin", &answer, "-issuer", &self.issuing, "-cert", &pem];
        let trust = ["-no_nonce", "-CAfile", &self.trust, "-verify_other", &self.issuing];
        let look = openssl(&[&usage[..], &trust].concat())?;
        let held = look.said.contains("Response verify OK") && look.said.contains(": good");
        Ok(Look { accepted: look.accepted && held, ..look })
    }

    fn kept(&self, name: &str, bytes: &[u8]) -> Result<String, String> {
        let file = self.folder.join(name);
        fs::write(&file, bytes).map_err(|why| why.to_string())?;
        Ok(shown(&file))
    }
}

fn openssl(arguments: &[&str]) -> Result<Look, String> {
    let (accepted, said) = tool(Path::new("openssl"), arguments)?;
    Ok(Look { accepted, said, ..Look::default() })
}

/// What the answer for programs says of all signatures together.
fn own_look(line: &Value) -> Look {
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let error = line.get("error").filter(|error| error.is_object());
    if let Some(error) = error {
        return Look { said: text(error, "code"), ..Look::default() };
    }
    let list = |key: &str| line.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let signatures = list("signatures");
    let all = [signatures.clone(), list("timestamps")].concat();
    let is_passed = |each: &&Value| text(each, "indication") == "TOTAL-PASSED";
    let accepted = !signatures.is_empty() && all.iter().all(|each| is_passed(&each));
    let worst = all.iter().find(|each| !is_passed(each));
    let mut said: Vec<String> = Vec::new();
    match worst {
        Some(worst) => {
            said.extend([text(worst, "indication"), text(worst, "subIndication")]);
        }
        None if signatures.is_empty() => said.push("no signature".to_owned()),
        None => said.extend(signatures.iter().flat_map(told)),
    }
    let scopes = signatures.iter().filter_map(|each| each.pointer("/coverage/scopes/0")?.as_str());
    Look { accepted, said: said.join(" "), scope: scopes.collect::<Vec<_>>().join("; ") }
}

/// What a passed signature says of what is not as its signer left it.
fn told(signature: &Value) -> Vec<String> {
    let mut told = Vec::new();
    if signature.pointer("/coverage/whole").and_then(Value::as_bool) != Some(true) {
        told.push("not the whole document".to_owned());
    }
    let warnings = signature.get("warnings").and_then(Value::as_array);
    let codes = warnings.into_iter().flatten().filter_map(|each| each.get("code")?.as_str());
    told.extend(codes.map(str::to_owned));
    let format = signature.get("format").and_then(Value::as_str).unwrap_or_default();
    if !format.ends_with("-LT") {
        told.push(format.to_owned());
    }
    told
}

/// The Python environment with the pinned versions, made once.
fn environment() -> Result<PathBuf, String> {
    let root = task::root();
    let folder = root.join("target/peers-venv");
    let pinned = root.join("xtask/peers/requirements.txt");
    let (wanted, has) = (fs::read_to_string(&pinned), fs::read_to_string(folder.join("made-of")));
    let wanted = wanted.map_err(|why| why.to_string())?;
    if has.is_ok_and(|has| has == wanted) {
        return Ok(folder);
    }
    good("python3", &["-m", "venv", &shown(&folder)])?;
    let pip = shown(&folder.join("bin/pip"));
    good(&pip, &["install", "--quiet", "--disable-pip-version-check", "-r", &shown(&pinned)])?;
    fs::write(folder.join("made-of"), wanted).map_err(|why| why.to_string())?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn passed(coverage: bool, warnings: &Value) -> Value {
        json!({
            "indication": "TOTAL-PASSED", "subIndication": null, "format": "PAdES-BASELINE-LT",
            "coverage": {"whole": coverage}, "warnings": warnings,
        })
    }

    #[test]
    fn all_signatures_must_pass_and_what_is_odd_is_told() {
        let look = |signatures: Value| own_look(&json!({"signatures": signatures, "error": null}));
        let plain = look(json!([passed(true, &json!([]))]));
        assert_eq!((plain.accepted, plain.said.as_str()), (true, ""));
        let odd = look(json!([passed(false, &json!([{"code": "CHANGED_AS_PERMITTED"}]))]));
        assert_eq!(odd.said, "not the whole document CHANGED_AS_PERMITTED");
        let failed = json!({"indication": "TOTAL-FAILED", "subIndication": "HASH_FAILURE"});
        let failed = look(json!([passed(true, &json!([])), failed]));
        assert_eq!((failed.accepted, failed.said.as_str()), (false, "TOTAL-FAILED HASH_FAILURE"));
        assert!(!look(json!([])).accepted);
        let broken = own_look(&json!({"signatures": [], "error": {"code": "not-pdf"}}));
        assert_eq!((broken.accepted, broken.said.as_str()), (false, "not-pdf"));
    }
}
