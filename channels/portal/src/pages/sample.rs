//! Every page once, in every language, with invented data: to be looked at and tested.

use base::{Locale, Time};
use maud::Markup;
use ui::login::Pending;
use ui::{Level, Sample, Stamp, Tag, Voice};

use super::*;
use crate::paths;

/// Every page of the portal in every language.
#[must_use]
pub fn gallery() -> Vec<Sample> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            let mut shelf = Shelf { voice: Voice::new(locale), samples: Vec::new() };
            shelf.outside();
            shelf.own();
            shelf.signing();
            shelf.checking();
            shelf.samples
        })
        .collect()
}

struct Shelf {
    voice: Voice,
    samples: Vec<Sample>,
}

impl Shelf {
    fn seat(&self, signed_in: bool) -> Seat {
        Seat {
            voice: self.voice,
            here: Some(paths::HOME.to_owned()),
            person: signed_in.then(|| "Anna Parauga".to_owned()),
            demo: true,
        }
    }

    fn lay(&mut self, name: &str, page: &Markup) {
        self.samples.push(Sample::of_page(&format!("portal-{name}"), self.voice, page));
    }

    fn outside(&mut self) {
        let seat = self.seat(false);
        let systems = (1..=20)
            .map(|number| System {
                number,
                running: matches!(number, 2 | 3 | 6 | 8 | 9 | 15 | 20),
                href: Some(paths::HOME.to_owned()),
            })
            .collect();
        let phones = Some("http://phone.localhost:8090/".to_owned());
        self.lay("front", &front(&seat, &Front { systems, phones }));
        self.lay("freeze", &freeze(&seat, &Freeze::default()));
        let errors = vec![code_wrong(self.voice)];
        let typed = "4170 2265".to_owned();
        self.lay("freeze-error", &freeze(&seat, &Freeze { typed, errors }));
        self.lay("frozen", &frozen(&seat));
        self.lay("accessibility", &accessibility(&seat));
        for (name, what) in [
            ("not-found", Trouble::NotFound),
            ("forbidden", Trouble::Forbidden),
            ("stale", Trouble::Stale),
            ("busy", Trouble::Busy),
            ("elsewhere", Trouble::Elsewhere),
            ("ours", Trouble::Ours),
            ("session-ended", Trouble::SessionEnded),
            ("too-many", Trouble::TooMany),
            ("too-large", Trouble::TooLarge),
            ("no-means", Trouble::NoMeans),
        ] {
            self.lay(name, &trouble(&seat, what, Some("9f2c61d07be48a13")));
        }
    }

    fn own(&mut self) {
        let seat = self.seat(true);
        let recent = |institution: &str, purpose: &str| RecentLook {
            at: noon(),
            institution: institution.to_owned(),
            purpose: purpose.to_owned(),
        };
        let mut view = Home {
            given_name: "Anna".to_owned(),
            previous: Some(Previous { at: noon(), browser: "Firefox, Linux".to_owned() }),
            by_qr: false,
            could_be_remembered: false,
            documents: Some(vec![a_document(Tag::WaitsForYou), a_document(Tag::Signed)]),
            looks_count: Some(2),
            looks: vec![
                recent("Paraugpilsētas slimnīca", "Pacienta reģistrēšana"),
                recent("Paraugpilsētas dome", "Dzīvesvietas deklarēšanas izskatīšana"),
            ],
        };
        self.lay("home", &home(&seat, &view));
        (view.by_qr, view.could_be_remembered, view.previous) = (true, true, None);
        (view.documents, view.looks) = (Some(Vec::new()), Vec::new());
        self.lay("home-first", &home(&seat, &view));
        (view.documents, view.looks_count) = (None, None);
        self.lay("home-unreadable", &home(&seat, &view));
        self.lay("data", &my_data(&seat, &an_entry()));
        self.lay("data-none", &my_data(&seat, &MyData { groups: Vec::new() }));
        self.lay("looks", &looks(&seat, &a_log()));
        let nothing = Looks { days: Vec::new(), recorded_until: None, newer: None, older: None };
        self.lay("looks-none", &looks(&seat, &nothing));
        self.lay("security", &security(&seat, &a_security(true)));
        self.lay("security-none", &security(&seat, &a_security(false)));
        let phone =
            |only| EndPhone { name: "Annas tālrunis".to_owned(), id: "07".repeat(16), only };
        self.lay("end-phone", &end_phone(&seat, &phone(false)));
        self.lay("end-phone-only", &end_phone(&seat, &phone(true)));
        for (name, pending) in [
            ("end-wait", EndPending::Phone(Pending::OnPhone)),
            ("end-refused", EndPending::Phone(Pending::Refused)),
            ("end-stopped", EndPending::Stopped),
        ] {
            self.lay(name, &end_wait(&seat, &phone(false), pending, noon()));
        }
        self.lay("end-done", &ended(&seat, "Annas tālrunis"));
        for (name, view) in obtaining(&self.voice) {
            self.lay(name, &obtain(&seat, &view));
        }
        self.lay("revoke", &revoke(&seat, &a_certificate()));
        for (name, pending) in [
            ("revoke-wait", RevokePending::Phone(Pending::OnPhone)),
            ("revoke-refused", RevokePending::Phone(Pending::Refused)),
            ("revoke-stopped", RevokePending::Stopped),
        ] {
            self.lay(name, &revoke_wait(&seat, &a_certificate(), pending, noon()));
        }
        for (name, since) in [("revoking", None), ("revoked", Some(noon()))] {
            let certificate = a_certificate();
            self.lay(name, &revoked(&seat, &Revoked { certificate, since }));
        }
    }

    fn signing(&mut self) {
        let seat = self.seat(true);
        let all = vec![a_document(Tag::Signed), a_document(Tag::Refused), a_document(Tag::Draft)];
        let older = Some("/documents?before=x".to_owned());
        self.lay(
            "documents",
            &documents(&seat, &Documents { documents: all, older, kept_days: 30 }),
        );
        let none = Documents { documents: Vec::new(), older: None, kept_days: 30 };
        self.lay("documents-none", &documents(&seat, &none));
        let size_max = 50 * 1024 * 1024;
        let errors = vec![FileFault::Locked.at(self.voice, "document")];
        self.lay("sign", &sign_upload(&seat, &SignUpload { size_max, errors: Vec::new() }));
        self.lay("sign-error", &sign_upload(&seat, &SignUpload { size_max, errors }));
        self.lay("sign-see", &sign_see(&seat, &a_session()));
        for (name, pending) in [
            ("sign-wait", SignPending::Phone(Pending::OnPhone)),
            ("sign-refused", SignPending::Phone(Pending::Refused)),
            ("sign-proofs", SignPending::Proofs),
            ("sign-stopped", SignPending::Stopped),
        ] {
            let (id, file, code) = (an_id(), a_file(), ControlCode(471));
            let view = SignWait { id, name: file, code, until: noon(), pending };
            self.lay(name, &sign_wait(&seat, &view));
        }
        self.lay(
            "sign-done",
            &sign_done(
                &seat,
                &SignDone {
                    id: an_id(),
                    name: a_file(),
                    size: 231_000,
                    signer: "Anna Parauga".to_owned(),
                    stamped: Some(noon()),
                    stamp: Stamp::Test,
                    level: Level::Demonstration,
                    kept_days: 30,
                },
            ),
        );
    }

    fn checking(&mut self) {
        let seat = self.seat(false);
        let size_max = 50 * 1024 * 1024;
        self.lay("check", &check_upload(&seat, &CheckUpload { size_max, errors: Vec::new() }));
        for (name, fault) in [
            ("check-missing", FileFault::Missing),
            ("check-too-large", FileFault::TooLarge { size_max }),
            ("check-not-pdf", FileFault::NotPdf),
            ("check-broken", FileFault::Broken),
            ("check-complex", FileFault::Complex),
            ("check-form", FileFault::Form),
            ("check-closed", FileFault::Closed),
        ] {
            let errors = vec![fault.at(self.voice, "file")];
            self.lay(name, &check_upload(&seat, &CheckUpload { size_max, errors }));
        }
        for (name, verdict) in [
            ("check-passed", Some(Verdict::Passed)),
            ("check-open", Some(Verdict::Indeterminate)),
            ("check-failed", Some(Verdict::Failed)),
            ("check-none", None),
        ] {
            self.lay(name, &verdict_page(&seat, &a_check(verdict)));
        }
        let mut added = a_check(Some(Verdict::Passed));
        added.changes = a_check(Some(Verdict::Failed)).changes;
        self.lay("check-added-to", &verdict_page(&seat, &added));
    }
}

fn noon() -> Time {
    Time::from_seconds(1_778_585_820)
}

fn an_id() -> String {
    "3f9c2a7be481d05c".to_owned()
}

fn a_file() -> String {
    "Nomas līgums P-118.pdf".to_owned()
}

fn a_document(state: Tag) -> SignedDocument {
    let signed = (state == Tag::Signed).then(noon);
    SignedDocument { id: an_id(), name: a_file(), size: 219_136, signed, state, kept: true }
}

fn an_entry() -> MyData {
    let one = |label: &str, value: &str, spelled| RegisterFact {
        label: label.to_owned(),
        value: value.to_owned(),
        spelled,
        since: "1985-03".parse().ok(),
        source: Some("Paraugpilsētas dzimtsarakstu nodaļa".to_owned()),
        disputed: spelled,
    };
    let group = |name: &str, facts| DataGroup { name: name.to_owned(), facts };
    MyData {
        groups: vec![
            group(
                "Vārds un kods",
                vec![
                    one("Vārds", "Anna", false),
                    one("Uzvārds", "Parauga", false),
                    one("Personas kods", "329999-00017", true),
                ],
            ),
            group("Dzīvesvieta", vec![one("Deklarētā adrese", "Parauga iela 7–12", false)]),
        ],
    }
}

fn a_look(result: LookResult, proof: Option<Proof>) -> Look {
    Look {
        id: an_id(),
        at: noon(),
        institution: "Paraugpilsētas dome".to_owned(),
        purpose: "Dzīvesvietas deklarēšanas izskatīšana".to_owned(),
        basis: Some("Dzīvesvietas deklarēšanas likums, 5. pants".to_owned()),
        groups: "Deklarētā dzīvesvieta, ģimenes stāvoklis".to_owned(),
        result,
        own: result == LookResult::Empty,
        unusual: result == LookResult::Refused,
        proof,
    }
}

fn a_log() -> Looks {
    let proof = Proof {
        log: "pmlp/persons".to_owned(),
        index: 18_203,
        size: 61_377,
        root: vec![0xb7; 32],
        at: noon(),
    };
    let day = |date: &str, open, looks| Day { date: date.parse().unwrap_or_default(), open, looks };
    Looks {
        days: vec![
            day("2026-05-12", true, vec![a_look(LookResult::Empty, None)]),
            day(
                "2026-05-11",
                false,
                vec![
                    a_look(LookResult::Returned, Some(proof.clone())),
                    a_look(LookResult::Answered, Some(proof.clone())),
                    a_look(LookResult::Refused, Some(proof)),
                ],
            ),
        ],
        recorded_until: Some(noon()),
        newer: None,
        older: Some("/data/looks?before=2026-05-11".to_owned()),
    }
}

fn a_certificate() -> Certificate {
    Certificate {
        serial: "4F 2A 91 0C 77 1E".to_owned(),
        phone: "Mans tālrunis".to_owned(),
        until: noon(),
        state: Tag::Valid,
    }
}

fn a_security(full: bool) -> Security {
    let phone = Phone {
        id: "07".repeat(16),
        name: "Mans tālrunis".to_owned(),
        thumbprint: Some("4170 2265".to_owned()),
        since: noon(),
        used: Some(noon()),
        state: Tag::Running,
    };
    let browser = |name: &str, here| Browser {
        id: format!("{}{here}", an_id()),
        name: name.to_owned(),
        used: noon(),
        here,
    };
    Security {
        phones: if full { vec![phone] } else { Vec::new() },
        browsers: if full {
            vec![browser("Firefox, Linux", true), browser("Chrome, Android", false)]
        } else {
            Vec::new()
        },
        other_sessions: u64::from(full),
        certificate: full.then(a_certificate),
        certificate_known: true,
        virtual_phones: full.then(|| "http://phone.localhost:8090/".to_owned()),
    }
}

fn obtaining(voice: &Voice) -> Vec<(&'static str, Obtain)> {
    let subject = Some(("Anna Parauga".to_owned(), "329900-00145".to_owned()));
    let apply = Applying { subject, refused: None, errors: Vec::new() };
    let words = voice.say(ui::text::certificate::ACCEPT_MISSING);
    let errors = vec![ui::FieldError { field: "terms", words }];
    let refused = Some("Vārds reģistrā ir mainīts.".to_owned());
    let officer = |lapsed| Obtain::Officer { number: an_id(), since: noon(), lapsed };
    let phone = |pending| Obtain::Phone { approval: an_id(), pending, until: noon() };
    let suspended = Certificate { state: Tag::Suspended, ..a_certificate() };
    vec![
        ("obtain-apply", Obtain::Apply(apply.clone())),
        ("obtain-refused", Obtain::Apply(Applying { refused, errors, ..apply })),
        ("obtain-nothing", Obtain::Apply(Applying::default())),
        ("obtain-officer", officer(false)),
        ("obtain-lapsed", officer(true)),
        ("obtain-approved", Obtain::Approved { number: an_id() }),
        ("obtain-phone", phone(KeyPending::Phone(Pending::OnPhone))),
        ("obtain-late", phone(KeyPending::Phone(Pending::Late))),
        ("obtain-stopped", phone(KeyPending::Stopped)),
        ("obtain-issuing", phone(KeyPending::Issuing)),
        ("obtain-have", Obtain::Have(a_certificate())),
        ("obtain-suspended", Obtain::Have(suspended)),
    ]
}

fn a_session() -> SignSee {
    SignSee {
        id: an_id(),
        name: a_file(),
        size: 219_136,
        pages: Some(3),
        digest: vec![0x9f; 32],
        signed_by: vec!["Jānis Piemērs".to_owned()],
        signer: "Anna Parauga".to_owned(),
        level: Level::Demonstration,
        shown_at: "assets/img/sakta.svg".to_owned(),
        file_at: "/file".to_owned(),
    }
}

fn a_check(verdict: Option<Verdict>) -> Checked {
    let note = |what: &str, ended, code: &str| super::Note {
        what: what.to_owned(),
        ended,
        code: code.to_owned(),
    };
    let failed = verdict == Some(Verdict::Failed);
    let signature = |verdict| SignatureChecked {
        signer: "Anna Parauga".to_owned(),
        verdict,
        reason: (verdict != Verdict::Passed).then(|| "Trūkst sertifikāta stāvokļa.".to_owned()),
        sub_indication: failed.then(|| "HASH_FAILURE".to_owned()),
        level: if failed { Level::Undetermined } else { Level::Demonstration },
        authority: None,
        proven: Some((noon(), Stamp::Test)),
        claimed: Some(noon()),
        covers_all: !failed,
        notes: vec![
            note("Sertifikāts un tā izdevējs", verdict, "PKIX"),
            note("Atsaukšana parakstīšanas brīdī", Verdict::Passed, "OCSP good"),
        ],
    };
    Checked {
        name: a_file(),
        size: 219_136,
        at: noon(),
        signatures: verdict.map(signature).into_iter().collect(),
        changes: if failed { vec!["Mainīta 1. lappuse".to_owned()] } else { Vec::new() },
        signed_content: failed.then(|| "/check/content".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_in_every_language_is_without_blemish() {
        for sample in gallery() {
            assert_eq!(ui::blemishes(&sample.page), Vec::<String>::new(), "{}", sample.name);
        }
    }

    #[test]
    fn no_page_of_a_demonstration_claims_qualification() {
        for sample in gallery() {
            let page = sample.page.to_lowercase();
            for word in ["kvalificēt", "qualified", "laika zīmog", "drošs elektronisk"] {
                assert!(!page.contains(word), "{} says {word}", sample.name);
            }
        }
    }

    #[test]
    fn the_log_never_claims_to_be_complete() {
        let pages: Vec<Sample> =
            gallery().into_iter().filter(|s| s.name.starts_with("portal-looks")).collect();
        assert!(!pages.is_empty());
        for sample in pages {
            for word in ["žurnāls pilns", "pilnīgs", "complete"] {
                assert!(!sample.page.contains(word), "{} says {word}", sample.name);
            }
        }
    }

    #[test]
    fn no_personal_code_stands_in_an_address_or_title() {
        for sample in gallery() {
            for part in sample.page.split("href=\"").chain(sample.page.split("<title>")).skip(1) {
                let address = part.split(['"', '<']).next().unwrap_or_default();
                assert!(!address.contains("329999"), "{}", sample.name);
            }
        }
    }

    #[test]
    fn one_bad_signature_makes_the_whole_check_bad() {
        let mut checked = a_check(Some(Verdict::Passed));
        assert_eq!(checked.verdict(), Some(Verdict::Passed));
        checked.signatures.extend(a_check(Some(Verdict::Indeterminate)).signatures);
        assert_eq!(checked.verdict(), Some(Verdict::Indeterminate));
        checked.signatures.extend(a_check(Some(Verdict::Failed)).signatures);
        assert_eq!(checked.verdict(), Some(Verdict::Failed));
    }

    #[test]
    fn write_the_gallery() {
        for sample in gallery() {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/gallery");
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(format!("{folder}/{}.html", sample.name), sample.page).unwrap();
        }
    }
}
