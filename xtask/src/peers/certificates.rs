//! Certificates, status, time-stamps and calls, judged by openssl and curl.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Said, good, shown, tool};
use crate::demo::Demo;

/// openssl accepts the issuing authority that the demo publishes.
pub(super) fn issuing(demo: &Demo) -> Result<Said, String> {
    let Some(issuing) = issuing_pem(demo)? else { return Ok(unpublished("issuing.crt")) };
    let root = root(demo)?;
    good("openssl", &["verify", "-x509_strict", "-CAfile", &root, &issuing]).map(Said::Held)
}

/// openssl accepts the client's certificate for what it is.
pub(super) fn transport(demo: &Demo) -> Result<Said, String> {
    let [certificate, _, roots] = client(demo)?;
    let usage = ["verify", "-purpose", "sslclient", "-CAfile", roots, certificate];
    good("openssl", &usage).map(Said::Held)
}

/// openssl accepts the root's revocation list.
pub(super) fn list(demo: &Demo) -> Result<Said, String> {
    let Some(list) = published(demo, "root.crl")? else { return Ok(unpublished("root.crl")) };
    let root = root(demo)?;
    let list = shown(&list);
    let usage = ["crl", "-inform", "DER", "-in", &list, "-CAfile", &root, "-noout", "-verify"];
    let said = good("openssl", &usage)?;
    if said.contains("verify OK") { Ok(Said::Held(said)) } else { Err(said) }
}

/// curl gets a person with the client's certificate, and nothing without it or for another
/// purpose.
pub(super) fn person(demo: &Demo) -> Result<Said, String> {
    let permission = told(demo, "/clients/0/permission")?;
    let purpose = told(demo, "/clients/0/purpose")?;
    let code = told(demo, "/persons/0/code")?;
    let body = |purpose: &str| {
        serde_json::json!({
            "operation": {"code": format!("PNOLV-{code}"), "groups": ["names"]},
            "on_behalf": {"kind": "permission", "number": permission},
            "purpose": purpose,
        })
        .to_string()
    };
    let (right, wrong) = (call(demo, &body(purpose), true)?, call(demo, &body("curiosity"), true)?);
    let nobody = call(demo, &body(purpose), false)?;
    let id = told(demo, "/persons/0/person")?;
    let held = right.ends_with(" 200") && right.contains(id) && wrong.ends_with(" 403");
    match held && nobody.contains(" 000") {
        true => Ok(Said::Held(
            "200 with the person, 403 for a wrong purpose, no TLS without a \
             certificate"
                .to_owned(),
        )),
        false => Err(format!("{right}\n{wrong}\n{nobody}")),
    }
}

fn call(demo: &Demo, body: &str, shows: bool) -> Result<String, String> {
    let [certificate, key, roots] = client(demo)?;
    let url = format!("{}/call/persons/find", told(demo, "/addresses/tls")?);
    let own = ["--cert", certificate, "--key", key];
    let common = ["-sS", "--cacert", roots, "--data", body, "--write-out", " %{http_code}", &url];
    let arguments: Vec<&str> = own.iter().filter(|_| shows).chain(&common).copied().collect();
    let (_, said) = tool(Path::new("curl"), &arguments)?;
    // The message of a failed transfer comes after what was written out.
    Ok(said.lines().next().unwrap_or_default().to_owned())
}

/// openssl verifies a token over a file, and refuses it over another.
pub(super) fn stamp(demo: &Demo) -> Result<Said, String> {
    let Some(files) = stamped(demo)? else {
        return Ok(Said::Skipped("the demo answers no time-stamp requests yet".to_owned()));
    };
    let Some(issuing) = issuing_pem(demo)? else { return Ok(unpublished("issuing.crt")) };
    let root = root(demo)?;
    let verify = |data: &Path| {
        let (data, reply) = (shown(data), shown(&files.reply));
        let usage = ["ts", "-verify", "-data", &data, "-in", &reply, "-CAfile", &root];
        tool(Path::new("openssl"), &[&usage[..], &["-untrusted", &issuing]].concat())
    };
    let (right, said) = verify(&files.data)?;
    let other = demo.folder().join("other.txt");
    fs::write(&other, b"other words\n").map_err(|why| why.to_string())?;
    let (wrong, refused) = verify(&other)?;
    match right && !wrong {
        true => Ok(Said::Held(format!("{}; of another file: refused", said.trim()))),
        false => Err(format!("{said}\n{refused}")),
    }
}

/// openssl accepts the responder's answer about the certificate of the time-stamp unit.
pub(super) fn status(demo: &Demo) -> Result<Said, String> {
    let Some(files) = stamped(demo)? else {
        return Ok(Said::Skipped("no certificate to ask about: no time-stamps yet".to_owned()));
    };
    let Some(issuing) = issuing_pem(demo)? else { return Ok(unpublished("issuing.crt")) };
    let folder = demo.folder();
    let [token, all, unit] = ["stamp.p7s", "stamp.all", "unit.pem"].map(|name| folder.join(name));
    let [token, unit_shown, reply] = [&token, &unit, &files.reply].map(|path| shown(path));
    good("openssl", &["ts", "-reply", "-in", &reply, "-token_out", "-out", &token])?;
    let names = ["pkcs7", "-inform", "DER", "-in", &token, "-print_certs", "-out"];
    good("openssl", &[&names[..], &[&shown(&all)]].concat())?;
    fs::copy(&all, &unit).map_err(|why| why.to_string())?;
    let place = good("openssl", &["x509", "-in", &unit_shown, "-noout", "-ocsp_uri"])?;
    let root = root(demo)?;
    let about = ["ocsp", "-issuer", &issuing, "-cert", &unit_shown, "-url", place.trim()];
    let said = good("openssl", &[&about[..], &["-CAfile", &root]].concat())?;
    let held = said.contains("Response verify OK") && said.contains(": good");
    if held { Ok(Said::Held(said)) } else { Err(said) }
}

/// A file and the reply that stamps it.
struct Stamped {
    data: PathBuf,
    reply: PathBuf,
}

fn stamped(demo: &Demo) -> Result<Option<Stamped>, String> {
    let folder = demo.folder();
    let [data, query, reply] = ["words.txt", "words.tsq", "words.tsr"].map(|n| folder.join(n));
    fs::write(&data, b"words\n").map_err(|why| why.to_string())?;
    let (asked, out, from) = (shown(&query), shown(&reply), shown(&data));
    good("openssl", &["ts", "-query", "-data", &from, "-sha256", "-cert", "-out", &asked])?;
    let Some(pki) = demo.says("/addresses/pki") else { return Ok(None) };
    let url = format!("{}/tsa", pki.trim_end_matches('/'));
    let kind = "Content-Type: application/timestamp-query";
    let body = format!("@{asked}");
    let usage = ["-sS", "--fail", "-H", kind, "--data-binary", &body, "-o", &out, &url];
    let (held, _) = tool(Path::new("curl"), &usage)?;
    Ok(held.then_some(Stamped { data, reply }))
}

/// A file that the demo publishes under its address for certificates.
fn published(demo: &Demo, name: &str) -> Result<Option<PathBuf>, String> {
    let Some(pki) = demo.says("/addresses/pki") else { return Ok(None) };
    let to = demo.folder().join(name);
    let url = format!("{}/{name}", pki.trim_end_matches('/'));
    let (held, _) = tool(Path::new("curl"), &["-sS", "--fail", "-o", &shown(&to), &url])?;
    Ok(held.then_some(to))
}

/// The issuing authority's certificate as published, in PEM.
pub(super) fn issuing_pem(demo: &Demo) -> Result<Option<String>, String> {
    let Some(der) = published(demo, "issuing.crt")? else { return Ok(None) };
    let pem = shown(&demo.folder().join("issuing.pem"));
    good("openssl", &["x509", "-in", &shown(&der), "-out", &pem])?;
    Ok(Some(pem))
}

fn unpublished(name: &str) -> Said {
    Said::Skipped(format!("the demo does not publish {name} yet"))
}

/// The anchor.
pub(super) fn root(demo: &Demo) -> Result<String, String> {
    told(demo, "/anchors/0").map(str::to_owned)
}

/// Certificate, key and roots of the client that calls.
fn client(demo: &Demo) -> Result<[&str; 3], String> {
    let file = |name: &str| told(demo, &format!("/clients/0/tls/{name}"));
    Ok([file("certificate")?, file("key")?, file("roots")?])
}

fn told<'a>(demo: &'a Demo, pointer: &str) -> Result<&'a str, String> {
    demo.says(pointer).ok_or_else(|| format!("demo.json does not say {pointer}"))
}
