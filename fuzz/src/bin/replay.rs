//! Calls every target with its seeds, then with changed seeds: `replay [--seconds N] [--seed N]
//! [TARGET…]`, 20 seconds in all by default.
//!
//! What panics, or does not come back within [`PATIENCE`], is kept in `artifacts`. An abort (a
//! stack that overflows) keeps nothing: the last target named is the one, and the same `--seed`
//! gives the same inputs in the same order.
#![forbid(unsafe_code)]

use std::fs;
use std::panic::catch_unwind;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use targets::mutation::{Numbers, changed};
use targets::seeds::{Seeds, home};
use targets::{TARGETS, Target};

#[expect(clippy::disallowed_types, reason = "a fuzzer runs for so long, nothing depends on it")]
type Instant = std::time::Instant;

/// How long one input may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What runs now: the target, how many inputs it had, the last of them.
type Now = Arc<Mutex<(&'static str, u64, Vec<u8>)>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((seconds, seed, names)) = read(&words) else {
        eprintln!("usage: replay [--seconds N] [--seed N] [TARGET…]");
        return ExitCode::FAILURE;
    };
    let chosen = |(own, _): &&Target| names.is_empty() || names.iter().any(|name| name == own);
    let chosen: Vec<&Target> = TARGETS.iter().filter(chosen).collect();
    let share = Duration::from_secs(seconds) / u32::try_from(chosen.len()).unwrap_or(1).max(1);
    let (seeds, now) = (Seeds::found(), Now::default());
    let watched = now.clone();
    thread::spawn(move || watch(&watched));
    // On threads, as servers run them: their stacks are smaller than that of the program.
    let failed = thread::scope(|scope| {
        let all =
            scope.spawn(|| chosen.iter().filter(|t| !holds(t, &seeds, seed, share, &now)).count());
        all.join().unwrap_or(usize::MAX)
    });
    if failed == 0 && !chosen.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(words: &[String]) -> Option<(u64, u64, Vec<String>)> {
    let (mut seconds, mut seed, mut names) = (20, 1, Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => seconds = words.next()?.parse().ok()?,
            "--seed" => seed = words.next()?.parse().ok()?,
            name if TARGETS.iter().any(|(own, _)| *own == name) => names.push(name.to_owned()),
            _ => return None,
        }
    }
    Some((seconds, seed, names))
}

/// Whether a target stands its inputs for as long as `share`.
fn holds((name, run): &Target, seeds: &Seeds, seed: u64, share: Duration, now: &Now) -> bool {
    eprint!("{name:<22} ");
    let (seeds, mut numbers) = (seeds.of(name), Numbers::new(seed));
    let (began, mut count, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
    while began.elapsed() < share {
        let place = usize::try_from(count).unwrap_or(usize::MAX);
        let input = match seeds.get(place) {
            Some(input) => input.clone(),
            None => {
                let [one, other] =
                    [(); 2].map(|()| numbers.one(seeds).map_or(&[][..], Vec::as_slice));
                changed(&mut numbers, one, other)
            }
        };
        count += 1;
        *now.lock().unwrap_or_else(PoisonError::into_inner) = (name, count, input.clone());
        let start = Instant::now();
        if catch_unwind(|| run(&input)).is_err() {
            keep(name, "panic", &input);
            return false;
        }
        slowest = slowest.max(start.elapsed());
    }
    eprintln!("{count:>9} executions, {:>5} seeds, slowest {slowest:.1?}", seeds.len());
    true
}

/// Ends the program when one input takes too long.
fn watch(now: &Now) {
    let (mut last, mut since) = (("", 0), Instant::now());
    loop {
        thread::park_timeout(Duration::from_secs(1));
        let (name, count, input) = now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if last != (name, count) {
            (last, since) = ((name, count), Instant::now());
        } else if !name.is_empty() && since.elapsed() > PATIENCE {
            keep(name, "hang", &input);
            std::process::exit(1);
        }
    }
}

fn keep(target: &str, what: &str, input: &[u8]) {
    let folder = home().join("artifacts").join(target);
    // FNV-1a: a name for the file, nothing more.
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = input.iter().fold(0xcbf2_9ce4_8422_2325, mix);
    let file = folder.join(format!("{what}-{hash:016x}"));
    let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, input));
    let place = file.display();
    eprintln!(
        "{what}: {} bytes, {}",
        input.len(),
        match kept {
            Ok(()) => format!("kept in {place}"),
            Err(why) => format!("not kept in {place}: {why}"),
        }
    );
}
