//! Kills a process that writes, again and again: what it was told is committed must be there.
#![cfg(test)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use base::Chance;
use store::trial::{Folder, run};
use store::{Insert, Place, Schema, Store, StoreError, Tx, values};
use trial::{CountedChance, FixedClock};

const LOAD: Schema = Schema {
    system: "load",
    steps: &["CREATE TABLE load_left (number BIGINT PRIMARY KEY, body BYTEA NOT NULL);
              CREATE TABLE load_right (number BIGINT PRIMARY KEY, body BYTEA NOT NULL);"],
};

const RIGHT: Insert = Insert { table: "load_right", columns: &["number", "body"] };

const ROUNDS: u8 = 20;
const WRITERS: i64 = 8;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|argument| argument == "child") {
        Some(at) => child(Path::new(&arguments[at + 1]), arguments[at + 2].parse().unwrap()),
        None => parent(),
    }
}

fn open(file: &Path) -> Store {
    let clock = Arc::new(FixedClock::at("2026-05-12T10:00:00Z"));
    let chance = Arc::new(CountedChance::seeded(1));
    Store::open(&Place::Sqlite(file.to_owned()), clock, chance, &[LOAD]).unwrap()
}

/// Writes for ever and says each number that was acknowledged.
fn child(file: &Path, first: i64) {
    let store = open(file);
    let write = async |writer: i64| {
        for step in 0.. {
            let number = first + step * WRITERS + writer;
            let both = move |tx: &mut Tx| {
                tx.insert(
                    "INSERT INTO load_left (number, body) VALUES ($1, $2)",
                    values![number, [7_u8; 300]],
                )?;
                tx.append(&[RIGHT.row(values![number, [7_u8; 300]])])
            };
            store.write("load.both", both).await.unwrap();
            writeln!(std::io::stdout(), "{number}").unwrap();
        }
    };
    run(async {
        tokio::join!(write(0), write(1), write(2), write(3), write(4), write(5), write(6), write(7))
    });
}

fn parent() {
    let folder = Folder::new().unwrap();
    let file = folder.path().join("load.db");
    let chance: &dyn Chance = &CountedChance::seeded(7);
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let [enough] = chance.bytes::<1>();
        acknowledged.extend(round_of(&file, i64::from(round) * 1_000_000, enough.into()));
        let kept = run(kept(&file));
        let lost: Vec<_> = acknowledged.difference(&kept).collect();
        assert!(lost.is_empty(), "round {round}: acknowledged and lost: {lost:?}");
    }
    let (rounds, all) = (ROUNDS, acknowledged.len());
    println!("{rounds} kills, {all} acknowledged commits, none lost, none torn");
}

/// Starts a child, kills it after `enough` answers, and gives all that it said.
fn round_of(file: &Path, first: i64, enough: usize) -> Vec<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg("child")
        .arg(file)
        .arg(first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).split(b'\n');
    let mut said: Vec<_> = lines.by_ref().take(enough + 1).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    said.extend(lines.map(Result::unwrap));
    // The last line may be cut by the kill: then it is a shorter number, of no meaning.
    let whole = |line: &Vec<u8>| std::str::from_utf8(line).unwrap().parse::<i64>().unwrap();
    said.iter().map(whole).filter(|number| *number >= first).collect()
}

/// The numbers in the store: in both tables or in none, and the file sound.
async fn kept(file: &Path) -> BTreeSet<i64> {
    let store = open(file);
    let all = |tx: &mut Tx| {
        let left: Vec<(i64,)> = tx.all("SELECT number FROM load_left", values![])?;
        let right: Vec<(i64,)> = tx.all("SELECT number FROM load_right", values![])?;
        let sound: Vec<(String,)> = tx.all("PRAGMA integrity_check", values![])?;
        Ok::<_, StoreError>((left, right, sound))
    };
    let (left, right, sound) = store.read("load.all", all).await.unwrap();
    let [left, right]: [BTreeSet<i64>; 2] =
        [left, right].map(|rows| rows.into_iter().map(|row| row.0).collect());
    assert_eq!(sound, [("ok".to_owned(),)]);
    assert_eq!(left, right);
    left
}
