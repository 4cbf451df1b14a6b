//! The commands of people who sign and check, over the core of `channels/cli`.

mod known;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base::Locale;
use clap::Args;
use keys::{Suite, allowed};
use ui::Voice;

use crate::World;
use crate::outside::{Outside, OutsideError};
use crate::phone::Hand;
use known::Known;

/// `sakta check`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    args: cli::CheckArgs,
    /// The demo whose list is trusted when no certificate is named: the one here, else the last
    /// that was started.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// `sakta sign`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    args: cli::SignArgs,
    /// The demo that is asked: of the address named, else the one here, else the last that was
    /// started.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Checks files and says a verdict on each: 0 all passed, 1 something did not, 2 unreadable.
pub(crate) fn check(asked: &Check, world: &World) -> ExitCode {
    let known = demo(asked.data.as_deref(), None);
    let anchors = known.map(|known| known.anchors()).unwrap_or_default();
    let with = cli::Check {
        files: &cli::Disk,
        anchors: &anchors,
        algorithms: cli::Algorithms(allowed(Suite::Known)),
        now: world.clock.now(),
        locale: language(),
    };
    match cli::check(&asked.args, &with, &mut std::io::stdout().lock()) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(why) => {
            complain(&why.to_string());
            ExitCode::from(2)
        }
    }
}

/// Signs files: 0 all signed, 1 not signed, 2 a file or an argument is wrong.
///
/// # Errors
/// [`OutsideError`] when there can be no HTTP client.
pub(crate) async fn sign(asked: &Sign, world: World) -> Result<ExitCode, OutsideError> {
    let voice = Voice::new(language());
    let demo = demo(asked.data.as_deref(), asked.args.server.as_deref());
    let places = match (&demo, &asked.args.server) {
        (Some(demo), _) => demo.places(),
        (None, Some(server)) => known::places_under(server),
        (None, None) => None,
    };
    let Some(places) = places else {
        complain(&voice.say(ui::text::cli::NO_SERVER));
        return Ok(ExitCode::from(2));
    };
    let anchors = demo.as_ref().map(Known::anchors).unwrap_or_default();
    let outside = Outside::new()?;
    let folder = demo.as_ref().and_then(|demo| demo.phone(&asked.args.alias));
    let hand = folder.map(|folder| Hand::new(folder, outside.clone(), world.clone()));
    let (state, place) = (state(), place());
    let phone = hand.as_ref().map(|hand| -> &dyn cli::Phone { hand });
    let with = cli::Sign {
        files: &cli::Disk,
        web: &outside,
        phone,
        clock: world.clock.as_ref(),
        chance: world.chance.as_ref(),
        places: &places,
        state: &state,
        anchors: &anchors,
        algorithms: cli::Algorithms(allowed(Suite::Agreed)),
        place: &place,
        locale: language(),
    };
    let done = cli::sign(&asked.args, &with, &mut std::io::stdout(), &mut std::io::stderr()).await;
    match done {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(why) => {
            complain(&why.say(voice));
            Ok(ExitCode::from(why.code()))
        }
    }
}

/// The demo of this folder, if it is at that address; without a folder the one here, else the one
/// that was last started on this account.
fn demo(data: Option<&Path>, server: Option<&str>) -> Option<Known> {
    let here = || data.unwrap_or(Path::new("sakta-data"));
    let fits = |demo: &Known| server.is_none_or(|url| demo.is_at(url));
    let demo = Known::of(here()).filter(fits);
    demo.or_else(|| data.is_none().then(|| Known::started(&state(), server))?)
}

/// Notes that a demo runs on this account, so that commands find it from any folder.
///
/// # Errors
/// The disk.
pub(crate) fn started(data: &Path, server: &str) -> std::io::Result<()> {
    known::note(&state(), data, server)
}

#[expect(clippy::print_stderr, reason = "a command speaks to its terminal")]
fn complain(why: &str) {
    eprintln!("sakta: {why}");
}

/// The first variable that names a language says which. Spec: POSIX.1-2024 §8.2.
fn language() -> Locale {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    said.into_iter().next().and_then(|tag| Locale::from_tag(&tag)).unwrap_or(Locale::En)
}

/// Where sessions are kept. Spec: XDG Base Directory 0.8.
fn state() -> PathBuf {
    let own = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let own = own.filter(|folder| folder.is_absolute());
    let usual = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/state");
    own.unwrap_or_else(usual).join("sakta")
}

/// From where is asked, as the phone shows it.
fn place() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host: String = host.trim().chars().filter(|c| !c.is_control()).take(64).collect();
    if host.is_empty() { "sakta".to_owned() } else { format!("sakta, {host}") }
}
