//! A file that the command line signs as Anna, judged by pdfsig and pyHanko.

use std::fs;
use std::path::{Path, PathBuf};

use super::certificates::root;
use super::{Said, good, shown, tool};
use crate::demo::Demo;
use crate::task;

/// The command line's own check passes it and refuses the changed one.
pub(super) fn own(demo: &Demo) -> Result<Said, String> {
    let files = match signed(demo)? {
        Ok(files) => files,
        Err(why) => return Ok(Said::Skipped(why)),
    };
    let trust = root(demo)?;
    let check = |file: &Path| {
        let usage = ["check", &shown(file), "--trust", &trust, "--format", "json"];
        tool(demo.program(), &usage)
    };
    judged(&check(&files.right)?, &check(&files.wrong)?, |(passed, _)| *passed)
}

/// pdfsig finds it valid and trusted, and the changed one not.
pub(super) fn pdfsig(demo: &Demo) -> Result<Said, String> {
    let files = match signed(demo)? {
        Ok(files) => files,
        Err(why) => return Ok(Said::Skipped(why)),
    };
    let database = demo.folder().join("nss");
    if !database.exists() {
        fs::create_dir(&database).map_err(|why| why.to_string())?;
        let place = format!("sql:{}", database.display());
        good("certutil", &["-N", "--empty-password", "-d", &place])?;
        let trust = ["-A", "-n", "demo root", "-t", "CT,C,C", "-d", &place, "-i", &root(demo)?];
        good("certutil", &trust)?;
    }
    let place = format!("sql:{}", database.display());
    let look = |file: &Path| tool(Path::new("pdfsig"), &["-nssdir", &place, &shown(file)]);
    judged(&look(&files.right)?, &look(&files.wrong)?, |(_, said)| {
        said.contains("Signature is Valid.") && said.contains("Certificate is Trusted.")
    })
}

/// pyHanko judges it valid against the anchor, and the changed one not.
pub(super) fn pyhanko(demo: &Demo) -> Result<Said, String> {
    let files = match signed(demo)? {
        Ok(files) => files,
        Err(why) => return Ok(Said::Skipped(why)),
    };
    let program = environment()?.join("bin/pyhanko");
    let trust = root(demo)?;
    let look = |file: &Path| {
        let usage = ["sign", "validate", "--pretty-print", "--trust", &trust, &shown(file)];
        tool(&program, &usage)
    };
    judged(&look(&files.right)?, &look(&files.wrong)?, |(passed, said)| {
        *passed && said.contains("judged VALID")
    })
}

type Looked = (bool, String);

fn judged(
    right: &Looked,
    wrong: &Looked,
    accepted: impl Fn(&Looked) -> bool,
) -> Result<Said, String> {
    match (accepted(right), accepted(wrong)) {
        (true, false) => Ok(Said::Held("accepted; after one changed byte refused".to_owned())),
        (false, _) => Err(format!("not accepted: {}", tail(&right.1))),
        (true, true) => Err(format!("accepted after one changed byte: {}", tail(&wrong.1))),
    }
}

fn tail(said: &str) -> String {
    let lines: Vec<_> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.iter().rev().take(8).rev().copied().collect::<Vec<_>>().join("\n")
}

/// A signed file, and the same with one byte of the page changed.
struct Files {
    right: PathBuf,
    wrong: PathBuf,
}

/// Signs once; else why the demo cannot.
fn signed(demo: &Demo) -> Result<Result<Files, String>, String> {
    let folder = demo.folder().join("documents");
    let (right, wrong) = (folder.join("out/page.pdf"), folder.join("changed.pdf"));
    if right.exists() {
        return Ok(Ok(Files { right, wrong }));
    }
    let (Some(alias), Some(pin1), Some(pin2)) =
        (demo.says("/persons/0/alias"), demo.says("/persons/0/pin1"), demo.says("/persons/0/pin2"))
    else {
        return Ok(Err("the demo's people have no PINs yet".to_owned()));
    };
    let failed = |why: std::io::Error| why.to_string();
    fs::create_dir_all(folder.join("out")).map_err(failed)?;
    fs::write(folder.join("page.pdf"), page()).map_err(failed)?;
    fs::write(folder.join("pins"), format!("{pin1}\n{pin2}\n")).map_err(failed)?;
    let [page, out, pins] = ["page.pdf", "out", "pins"].map(|name| shown(&folder.join(name)));
    let data = shown(&demo.data());
    let usage = ["sign", &page, "--as", alias, "--out", &out, "--pin-file", &pins, "--data", &data];
    let (held, said) = tool(demo.program(), &usage)?;
    if !held {
        return Err(format!("sakta sign: {said}"));
    }
    let mut bytes = fs::read(&right).map_err(failed)?;
    let place = bytes.windows(8).position(|window| window == b"MediaBox");
    if let Some(byte) = place.and_then(|place| bytes.get_mut(place + 12)) {
        *byte = b'1';
    }
    fs::write(&wrong, bytes).map_err(failed)?;
    Ok(Ok(Files { right, wrong }))
}

/// A file of one empty page.
fn page() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ];
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = "xref\n0 4\n0000000000 65535 f \n".to_owned();
    for (place, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", place + 1).bytes());
    }
    let start = file.len();
    let end = format!("{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.extend(end.bytes());
    file
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
