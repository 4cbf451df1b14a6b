//! `sakta sign`.

use std::path::{Path, PathBuf};

use base::Locale;
use cli::{
    Algorithms, Check, CheckArgs, Exit, Format, Places, Sign, SignArgs, SignError, check, sign,
};
use keys::{Algorithm, Suite};
use pdf::trial::page;
use trial::CountedChance;

use crate::files::Memory;
use crate::platform::{Jumping, Platform, Trouble};

struct World {
    files: Memory,
    platform: Platform,
    clock: Jumping,
    has_phone: bool,
}

impl World {
    fn new(algorithm: Algorithm) -> Self {
        let files = Memory::default();
        files.put("in/a.pdf", page("a"));
        files.put("in/b.pdf", page("b"));
        files.put("in/c.pdf", page("c"));
        files.put("pins", b"1234\n567890\n".to_vec());
        let platform = Platform::new(algorithm);
        Self { files, platform, clock: Jumping::new(), has_phone: true }
    }

    fn run(&self, args: &SignArgs) -> (Result<(), SignError>, String, String) {
        let places =
            Places { issuer: "http://id.test".to_owned(), signing: "http://sign.test".to_owned() };
        let anchors = [self.platform.root.clone()];
        let chance = CountedChance::seeded(1);
        let with = Sign {
            files: &self.files,
            web: &self.platform,
            phone: self.has_phone.then_some(&self.platform),
            clock: &self.clock,
            chance: &chance,
            places: &places,
            state: Path::new("state"),
            anchors: &anchors,
            algorithms: Algorithms(keys::allowed(Suite::Agreed)),
            place: "sakta, host test",
            locale: Locale::En,
        };
        let (mut out, mut tell) = (Vec::new(), Vec::new());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let done = runtime.block_on(sign(args, &with, &mut out, &mut tell));
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done, text(out), text(tell))
    }

    fn refused(&self, args: &SignArgs) -> SignError {
        let (done, out, _) = self.run(args);
        assert_eq!(out, "", "nothing was written");
        done.unwrap_err()
    }

    fn check(&self, files: &[&str]) -> (Exit, String) {
        let with = Check {
            files: &self.files,
            anchors: std::slice::from_ref(&self.platform.root),
            algorithms: Algorithms(keys::allowed(Suite::Agreed)),
            now: base::Clock::now(&self.clock),
            locale: Locale::En,
        };
        let args = CheckArgs {
            files: files.iter().map(PathBuf::from).collect(),
            detached: None,
            trust: Vec::new(),
            at: None,
            format: Format::Json,
        };
        let mut out = Vec::new();
        let exit = check(&args, &with, &mut out).unwrap();
        (exit, String::from_utf8(out).unwrap())
    }
}

fn args(files: &[&str]) -> SignArgs {
    SignArgs {
        files: files.iter().map(PathBuf::from).collect(),
        alias: "anna".to_owned(),
        server: None,
        out: Some("out".into()),
        pin_file: Some("pins".into()),
    }
}

#[test]
fn three_files_are_signed_with_one_approval_and_pass_the_check() {
    let world = World::new(Algorithm::P256);
    let (done, out, tell) = world.run(&args(&["in/a.pdf", "in/b.pdf", "in/c.pdf"]));
    done.unwrap();
    assert_eq!(out, "out/a.pdf\nout/b.pdf\nout/c.pdf\n");
    assert!(tell.contains("BCDF2345") && tell.contains("3 files"), "{tell}");
    assert_eq!(world.platform.counts(), (1, 1));
    let (exit, line) = world.check(&["out/a.pdf", "out/b.pdf", "out/c.pdf"]);
    assert_eq!(exit, Exit::Passed, "{line}");
    assert_eq!(line.matches("PAdES-BASELINE-LT").count(), 3);
    assert!(world.files.get("out/a.pdf").unwrap().starts_with(&page("a")));
}

#[test]
fn p384_and_rsa_sign_too() {
    for algorithm in [Algorithm::P384, Algorithm::Rsa3072] {
        let world = World::new(algorithm);
        let (done, ..) = world.run(&args(&["in/a.pdf"]));
        done.unwrap();
        assert_eq!(world.check(&["out/a.pdf"]).0, Exit::Passed);
    }
}

#[test]
fn a_session_is_kept_and_when_it_ended_a_new_one_is_made() {
    let world = World::new(Algorithm::P256);
    world.run(&args(&["in/a.pdf"])).0.unwrap();
    assert!(world.files.get("state/session-anna.json").is_some());
    world.run(&args(&["in/b.pdf"])).0.unwrap();
    assert_eq!(world.platform.counts(), (1, 2), "no second login");
    world.platform.end_sessions();
    world.run(&args(&["in/c.pdf"])).0.unwrap();
    assert_eq!(world.platform.counts(), (2, 3));
    let other = SignArgs { alias: "juris".to_owned(), ..args(&["in/a.pdf"]) };
    let other = SignArgs { out: Some("other".into()), ..other };
    world.run(&other).0.unwrap();
    assert_eq!(world.platform.counts(), (3, 4), "another person logs in");
}

#[test]
fn without_an_out_folder_the_signed_file_lies_beside() {
    let world = World::new(Algorithm::P256);
    let beside = SignArgs { out: None, ..args(&["in/a.pdf"]) };
    assert_eq!(world.run(&beside).1, "in/a-signed.pdf\n");
    assert!(matches!(world.refused(&beside), SignError::Exists(_)), "nothing is overwritten");
    assert_eq!(world.platform.counts(), (1, 1));
}

#[test]
fn no_phone_is_asked_for_what_cannot_be_signed() {
    let world = World::new(Algorithm::P256);
    world.files.put("in/text.pdf", b"Dear Anna".to_vec());
    let refused = world.refused(&args(&["in/text.pdf"]));
    assert!(matches!(refused, SignError::Document { .. }), "{refused}");
    assert_eq!(refused.code(), 2);
    world.files.put("in/d.pdf", page("a"));
    let four = ["in/a.pdf", "in/text.pdf", "in/absent.pdf", "in/d.pdf"];
    let refused = world.refused(&args(&four));
    assert_eq!(refused.code(), 2);
    let said = refused.say(ui::Voice::new(Locale::En));
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 4, "all that cannot be signed, and what to do: {said}");
    assert!(lines[0].starts_with("in/text.pdf: The file is not a PDF"), "{said}");
    assert!(lines[1].starts_with("in/absent.pdf: The file cannot be read"), "{said}");
    assert!(lines[2].starts_with("in/d.pdf holds the same bytes"), "{said}");
    assert!(lines[3].starts_with("Nothing was signed. 3 files"), "{said}");
    assert_eq!(world.platform.counts(), (0, 0), "not even a login");
    assert!(matches!(world.refused(&args(&["in/a.pdf", "in/a.pdf"])), SignError::Exists(_)));
    let locked = SignArgs { out: Some("locked/folder".into()), ..args(&["in/a.pdf"]) };
    assert!(matches!(world.refused(&locked), SignError::Write { .. }));
    let many: Vec<_> = std::iter::repeat_n("in/a.pdf", 1001).collect();
    assert!(matches!(world.refused(&args(&many)), SignError::TooMany));
    assert_eq!(world.platform.counts().1, 0);
}

#[test]
fn each_trouble_is_said_and_nothing_is_written() {
    let mut all = vec![
        (Trouble::RefusedLogin, "the login was refused or ran out"),
        (Trouble::OtherIssuer, "the server: another issuer"),
        (Trouble::NoCertificate, "no certificate that can sign"),
        (Trouble::Busy, "the server: 503 Busy."),
        (Trouble::RefusedSigning, "refused on the phone"),
        (Trouble::Blocked, "not signed: blocked"),
        (Trouble::NeverAnswered, "nobody answered in time"),
    ];
    let file = "in/a.pdf";
    let unsound = format!("the signature for {file} does not pass its check");
    all.extend([(Trouble::WrongSignature, &*unsound), (Trouble::NoStatus, &*unsound)]);
    for (trouble, said) in all {
        let world = World::new(Algorithm::P256);
        world.platform.trouble(trouble);
        let refused = world.refused(&args(&[file]));
        assert_eq!(refused.to_string(), said);
        assert_eq!(refused.code(), 1);
        assert!(world.files.get("out/a.pdf").is_none());
    }
}

#[test]
fn a_file_that_comes_to_nothing_keeps_no_other_from_its_signature() {
    let world = World::new(Algorithm::P256);
    world.platform.trouble(Trouble::OneWrongSignature);
    let (done, out, tell) = world.run(&args(&["in/a.pdf", "in/b.pdf", "in/c.pdf"]));
    let why = done.unwrap_err();
    assert_eq!(why.to_string(), "the signature for in/b.pdf does not pass its check");
    assert_eq!((why.code(), out.as_str()), (1, "out/a.pdf\nout/c.pdf\n"));
    assert!(tell.ends_with("2 files signed\n"), "{tell}");
    assert!(world.files.get("out/b.pdf").is_none());
    assert_eq!(world.check(&["out/a.pdf", "out/c.pdf"]).0, Exit::Passed);
}

#[test]
fn nobody_who_approves_a_login_in_time_is_a_refusal() {
    let mut world = World::new(Algorithm::P256);
    world.has_phone = false;
    let by_hand = SignArgs { pin_file: None, ..args(&["in/a.pdf"]) };
    assert!(matches!(world.refused(&by_hand), SignError::Login));
    assert!(matches!(world.refused(&args(&["in/a.pdf"])), SignError::NoPhone));
}

#[test]
fn pins_are_two_lines_of_digits() {
    let world = World::new(Algorithm::P256);
    for text in ["", "1234", "1234\n", "1234\n12345\n", "123\n123456\n", "12a4\n123456\n"] {
        world.files.put("pins", text.as_bytes().to_vec());
        assert!(matches!(world.refused(&args(&["in/a.pdf"])), SignError::Pins), "{text}");
    }
    world.files.put("-", b"1234\r\n567890".to_vec());
    let piped = SignArgs { pin_file: Some("-".into()), ..args(&["in/a.pdf"]) };
    world.run(&piped).0.unwrap();
}

#[test]
fn a_file_already_signed_is_signed_again_beside_the_first() {
    let world = World::new(Algorithm::P256);
    world.files.put("in/a.pdf", page("a"));
    world.run(&args(&["in/a.pdf"])).0.unwrap();
    let twice = SignArgs { out: Some("twice".into()), ..args(&["out/a.pdf"]) };
    world.run(&twice).0.unwrap();
    let (exit, line) = world.check(&["twice/a.pdf"]);
    assert_eq!(exit, Exit::Passed, "{line}");
    assert_eq!(line.matches("\"indication\":\"TOTAL-PASSED\"").count(), 4, "two, and two stamps");
}
