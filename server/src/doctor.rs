//! `sakta doctor`: what is wrong with an installation, and what to do about it. It starts and makes
//! nothing, and says of what another user keeps that it is another's.

use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::World;
use crate::config::Config;
use crate::place::Data;
use crate::setup::{self, Installation, PARTS};
use crate::transport;

/// How one thing that was looked at stands.
enum Stands {
    Well,
    /// Nothing is wrong, but the operator should know.
    Note(String),
    Wrong(String),
}

struct Finding {
    what: String,
    stands: Stands,
}

/// What was found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, what: impl Into<String>, stands: Stands) {
        self.0.push(Finding { what: what.into(), stands });
    }

    fn check(&mut self, what: impl Into<String>, done: Result<(), String>) {
        self.add(what, done.map_or_else(Stands::Wrong, |()| Stands::Well));
    }
}

/// How long somebody may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Before their end, grants and transport certificates are spoken of for so long.
const SOON_OVER: i64 = 30 * 86_400;

/// Looks at everything that can be looked at without starting, and prints a line for each: 0 when
/// nothing is wrong, else 1.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub(crate) fn doctor(file: &Path, world: &World) -> ExitCode {
    let mut found = Findings::default();
    look(file, world, &mut found);
    for Finding { what, stands } in &found.0 {
        match stands {
            Stands::Well => println!("ok     {what}"),
            Stands::Note(why) => println!("note   {what}: {why}"),
            Stands::Wrong(why) => println!("WRONG  {what}: {why}"),
        }
    }
    let wrong = |finding: &Finding| matches!(finding.stands, Stands::Wrong(_));
    if found.0.iter().any(wrong) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn look(file: &Path, world: &World, found: &mut Findings) {
    found.check("clock", clock(world));
    let config = Config::read(file);
    found.check("configuration", config.as_ref().map(drop).map_err(|why| chain(why)));
    let Ok(config) = config else { return };
    found.check("data folder", folder(&config.data));
    let opened = setup::opened(&config);
    found.check("setup", opened.as_ref().map(drop).map_err(|why| unset(&config.data, why)));
    let Ok((data, installation)) = opened else { return };
    found.check("addresses in certificates", base(&config, &installation));
    if data.path().join("ceremony").exists() {
        let why = "the root's key lies here: take the folder to where no network is";
        found.add("ceremony", Stands::Note(why.to_owned()));
    }
    found.add("the first officers' grants", grants(&installation, world));
    for (process, part) in PARTS {
        let home = data.path().join(process);
        if home.exists() {
            let what = format!("{part} in {process}/");
            found.add(what, part_stands(&data, &installation, (process, part), world));
            stored(&data, part, found);
        } else {
            found.add(part, Stands::Note(format!("{process}/ is not on this machine")));
        }
    }
    running(&config, &installation, found);
}

fn clock(world: &World) -> Result<(), String> {
    let now = world.clock.now();
    if now.utc_date().year() >= 2026 {
        return Ok(());
    }
    Err(format!("it shows {now}; set it, signatures and time-stamps depend on it"))
}

/// A failure with what caused it.
fn chain(why: &dyn std::error::Error) -> String {
    let mut said = why.to_string();
    let mut cause = why.source();
    while let Some(deeper) = cause {
        said = format!("{said}: {deeper}");
        cause = deeper.source();
    }
    said
}

fn folder(data: &Path) -> Result<(), String> {
    let described = std::fs::metadata(data)
        .map_err(|e| format!("{}: {e}; `sakta setup` makes it", data.display()))?;
    let mode = described.permissions().mode() & 0o022;
    if mode == 0 {
        return Ok(());
    }
    Err(format!("others may write into {0}; chmod go-w {0}", data.display()))
}

fn unset(data: &Path, why: &setup::NotSetUp) -> String {
    if setup::is_interrupted(data) {
        return "it was interrupted; run `sakta setup` again, it begins anew".to_owned();
    }
    chain(why)
}

fn base(config: &Config, installation: &Installation) -> Result<(), String> {
    let answered = format!("http://{}", config.base);
    if installation.base == answered {
        return Ok(());
    }
    let named = &installation.base;
    Err(format!("they begin with {named}, which base = \"{}\" does not answer", config.base))
}

fn grants(installation: &Installation, world: &World) -> Stands {
    let (now, end) = (world.clock.now(), setup::granted(installation.at));
    if end <= now {
        return Stands::Wrong(format!("they ended on {}: no approval holds", end.utc_date()));
    }
    if end.seconds() - now.seconds() < SOON_OVER {
        return Stands::Note(format!("they end on {}", end.utc_date()));
    }
    Stands::Well
}

/// Folder, keys and transport certificate of a part.
fn part_stands(
    data: &Data,
    installation: &Installation,
    (process, part): (&str, &str),
    world: &World,
) -> Stands {
    let folder = data.path().join(process);
    let mode = std::fs::metadata(&folder).map(|described| described.permissions().mode() & 0o077);
    if mode.is_ok_and(|mode| mode != 0) {
        return Stands::Wrong(format!("others may enter {0}; chmod 700 {0}", folder.display()));
    }
    if std::fs::read_dir(&folder).is_err() {
        return Stands::Note("another user's: run this as that user to look into it".to_owned());
    }
    match time_left(data, installation, (process, part), world) {
        Err(why) => Stands::Wrong(why),
        Ok(left) if left < 0 => Stands::Wrong("its transport certificate has ended".to_owned()),
        Ok(left) if left < SOON_OVER => {
            Stands::Note(format!("its transport certificate ends in {} days", left / 86_400))
        }
        Ok(_) => Stands::Well,
    }
}

/// The seconds that a part's transport certificate has left, once its key was found to be its own.
fn time_left(
    data: &Data,
    installation: &Installation,
    (process, part): (&str, &str),
    world: &World,
) -> Result<i64, String> {
    let party = installation.parties.get(part).ok_or("setup.json names no such part")?;
    let home = data.home(process).map_err(|why| why.to_string())?;
    let kek = home.file(&format!("{}.kek", party.to_string().replace('/', "-")));
    if !kek.exists() {
        return Err(format!("{} is missing: no key of this folder can be opened", kek.display()));
    }
    let ground = (&world.clock, &world.chance);
    transport::tls(data, &home, party, ground).map_err(|why| chain(&why))?;
    let file = home.file(&format!("{part}.transport.pem"));
    let own = transport::certificates(&file).map_err(|why| chain(&why))?;
    let end = own.first().map_or(0, x509::Certificate::not_after);
    Ok(end.saturating_sub(world.clock.now().seconds()))
}

/// The database of a part, where it has one.
fn stored(data: &Data, part: &str, found: &mut Findings) {
    let Some(file) = data.databases().files.get(part) else { return };
    let denied = |why: &std::io::Error| why.kind() == std::io::ErrorKind::PermissionDenied;
    let what = format!("the database of {part}");
    if std::fs::File::open(file).is_err_and(|why| denied(&why)) {
        let why = format!("{} is another user's: run this as that user", file.display());
        return found.add(what, Stands::Note(why));
    }
    let place = data.databases().of(part).map_err(|why| why.to_string());
    let checked = place.and_then(|place| match place {
        Some(place) => place.check().map_err(|why| why.to_string()),
        None => Ok(()),
    });
    found.check(what, checked);
}

/// Who answers at the moment.
fn running(config: &Config, installation: &Installation, found: &mut Findings) {
    let peers = config.peers(&installation.parties);
    for part in ["ca-signer", "sam", "ocsp"] {
        let at = installation.parties.get(part).and_then(|party| peers.of(party).ok());
        let at = at.map(ToString::to_string).unwrap_or_default();
        found.add(format!("{part} at {at}"), answers(&at, &format!("sakta role {part}")));
    }
    let http = [("ocsp", config.ocsp), ("tsu", config.tsu)];
    for (part, at) in http {
        let at = at.to_string();
        found.add(format!("{part} over HTTP at {at}"), answers(&at, &format!("sakta role {part}")));
    }
    for at in &config.listen {
        let at = at.to_string();
        found.add(format!("the web process at {at}"), answers(&at, "sakta serve"));
    }
}

fn answers(at: &str, program: &str) -> Stands {
    let addresses = at.to_socket_addrs().into_iter().flatten();
    let mut tried = addresses.map(|address| TcpStream::connect_timeout(&address, PATIENCE));
    if tried.any(|connected| connected.is_ok()) {
        Stands::Well
    } else {
        Stands::Note(format!("nobody answers: `{program}` does not run there"))
    }
}
