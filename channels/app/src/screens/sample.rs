//! Every screen once, in every language, with invented data: to be looked at and tested.

use base::{Locale, Time};
use maud::Markup;
use ui::text::app;
use ui::{Sample, Voice};

use super::*;

/// Every screen of the app in every language.
#[must_use]
pub fn gallery() -> Vec<Sample> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            let mut shelf = Shelf { voice: Voice::new(locale), samples: Vec::new() };
            shelf.first();
            shelf.approvals();
            shelf.other_phones();
            shelf.outcomes();
            shelf.rest();
            shelf.samples
        })
        .collect()
}

struct Shelf {
    voice: Voice,
    samples: Vec<Sample>,
}

impl Shelf {
    fn hold(&self) -> Hold {
        Hold {
            voice: self.voice,
            here: Some("/anna".to_owned()),
            phone: Some("anna".to_owned()),
            name: "eParaksts mobile".to_owned(),
            demo: true,
        }
    }

    fn lay(&mut self, name: &str, page: &Markup) {
        self.samples.push(Sample::of_page(&format!("phone-{name}"), self.voice, page));
    }

    fn first(&mut self) {
        let hold = Hold { phone: None, ..self.hold() };
        let phone = |name: &str, bound, waiting| VirtualPhone {
            id: "anna".to_owned(),
            name: name.to_owned(),
            bound,
            waiting,
        };
        let all = vec![phone("Mans tālrunis", true, 1), phone("Jauns tālrunis", false, 0)];
        self.lay("list", &phones(&hold, &Phones { phones: all, carries: String::new() }));
        self.lay(
            "list-none",
            &phones(&hold, &Phones { phones: Vec::new(), carries: String::new() }),
        );
        let hold = self.hold();
        let first = Enrol { other_way: true, ..Enrol::default() };
        self.lay("enrol", &enrol(&hold, &first));
        let errors =
            [Fault::Offer, Fault::Pin1, Fault::Pin1Differs, Fault::PinsSame, Fault::Pin2Differs]
                .map(|fault| fault.at_field(self.voice))
                .to_vec();
        self.lay(
            "enrol-error",
            &enrol(&hold, &Enrol { offer: "sakta:".to_owned(), errors, ..first }),
        );
        for (name, bound) in [("compare", false), ("enrolled", true)] {
            let (here, thumbprint) = (paths::enrol("anna"), "41702265".to_owned());
            self.lay(name, &enrolling(&hold, &Enrolling { here, thumbprint, bound }));
        }
        let request = |asks| PendingRequest {
            id: "9f2c".to_owned(),
            asks,
            client: "Izdomātā augstskola".to_owned(),
            until: noon(),
        };
        let mut view = Pending {
            person: "Anna Parauga".to_owned(),
            user_number: "4170 2265".to_owned(),
            requests: vec![request(Asks::Login), request(Asks::Signature), request(Asks::Act)],
            unshown: true,
            alarm: None,
            told: vec![("login-by-qr".to_owned(), "Klientu portāls".to_owned(), noon())],
            typed: String::new(),
            errors: Vec::new(),
        };
        self.lay("pending", &pending(&hold, &view));
        (view.unshown, view.alarm) = (false, Some("device-offered".to_owned()));
        self.lay("pending-alarm", &pending(&hold, &view));
        view.requests.clear();
        view.alarm = Some("pins-offered".to_owned());
        view.errors = vec![Fault::Code.at_field(self.voice)];
        self.lay("pending-error", &pending(&hold, &view));
    }

    fn approvals(&mut self) {
        let hold = self.hold();
        let mut view = ApproveLogin {
            request: "9f2c".to_owned(),
            client: "Izdomātā augstskola".to_owned(),
            verified: true,
            purpose: "Pieslēgties studiju reģistram".to_owned(),
            gets: "Vārdu, uzvārdu, personas kodu".to_owned(),
            place: "Paraugpilsēta, Firefox datorā".to_owned(),
            until: noon(),
            step: LoginStep::Codes([12, 47, 83]),
            errors: Vec::new(),
        };
        self.lay("login", &approve_login(&hold, &view));
        view.errors = vec![Fault::Number.at_field(self.voice)];
        self.lay("login-error", &approve_login(&hold, &view));
        view.errors.clear();
        view.step = LoginStep::Pin { tries: Some(3) };
        self.lay("login-pin", &approve_login(&hold, &view));
        (view.step, view.errors) = (
            LoginStep::Pin { tries: Some(1) },
            vec![Fault::PinWrong { left: 1 }.at_field(self.voice)],
        );
        self.lay("login-pin-error", &approve_login(&hold, &view));
        let item = |label: &str| SignItem {
            label: label.to_owned(),
            size: Some(219_136),
            digest: vec![0x9f; 32],
        };
        let mut view = ApproveSign {
            request: "9f2c".to_owned(),
            act: false,
            client: "Klientu portāls".to_owned(),
            verified: true,
            purpose: self.voice.say(app::ASKS_SIGNATURE),
            ends_this: false,
            items: vec![item("Nomas līgums P-118.pdf"), item("Pielikums.pdf")],
            control_code: "0471".to_owned(),
            until: noon(),
            tries: Some(3),
            errors: Vec::new(),
        };
        self.lay("sign", &approve_sign(&hold, &view));
        (view.act, view.errors, view.tries) =
            (true, vec![Fault::PinWrong { left: 1 }.at_field(self.voice)], None);
        self.lay("act-error", &approve_sign(&hold, &view));
        view.ends_this = true;
        view.errors.clear();
        self.lay("act-ends-this", &approve_sign(&hold, &view));
    }

    fn other_phones(&mut self) {
        let hold = self.hold();
        let offer = "sakta-enrol:…".to_owned();
        for (name, forgotten, by) in
            [("new", false, By::Phone), ("pins", true, By::Phone), ("pins-desk", true, By::Desk)]
        {
            let (offer, errors) = (offer.clone(), Vec::new());
            self.lay(name, &new_pins(&hold, &NewPins { forgotten, by, offer, errors }));
        }
        let errors = vec![Fault::Offer.at_field(self.voice), Fault::PinsSame.at_field(self.voice)];
        let view = NewPins { forgotten: true, by: By::Desk, offer, errors };
        self.lay("pins-error", &new_pins(&hold, &view));
        let text = format!("sakta-keys:{}", "eyJvcCI6ImVucm9sX2RldmljZSJ9".repeat(16));
        for (name, stand) in [
            ("keys", KeysStand::Shown),
            ("keys-waits", KeysStand::Waits),
            ("keys-from", KeysStand::From(noon())),
            ("keys-void", KeysStand::Void),
        ] {
            let (text, digits) = (text.clone(), "41702265".to_owned());
            self.lay(name, &keys(&hold, &Keys { text, digits, stand }));
        }
        self.lay("vouch-read", &read_keys(&hold, &ReadKeys::default()));
        for (name, fault) in [
            ("vouch-read-error", Fault::Keys),
            ("vouch-read-service", Fault::KeysService),
            ("vouch-read-own", Fault::KeysOwn),
        ] {
            let view = ReadKeys { keys: "x".to_owned(), errors: vec![fault.at_field(self.voice)] };
            self.lay(name, &read_keys(&hold, &view));
        }
        let mut view = Vouch {
            keys: text,
            pins: false,
            name: "Jauns tālrunis".to_owned(),
            user_number: "4170 2265".to_owned(),
            digits: "41702265".to_owned(),
            tries: None,
            errors: Vec::new(),
        };
        self.lay("vouch", &vouch(&hold, &view));
        (view.pins, view.tries) = (true, Some(1));
        view.errors = vec![Fault::PinWrong { left: 1 }.at_field(self.voice)];
        self.lay("vouch-pins-error", &vouch(&hold, &view));
    }

    fn outcomes(&mut self) {
        let hold = self.hold();
        let request = || "9f2c".to_owned();
        for (name, view) in [
            ("signed-in", Outcome::SignedIn),
            ("signed", Outcome::Signed),
            ("acted", Outcome::Acted),
            ("refused", Outcome::Refused { request: request() }),
            ("wrong-code", Outcome::WrongCode { request: request() }),
            ("reported", Outcome::Reported),
            ("late", Outcome::Late),
            ("pin-waits", Outcome::PinWaits(noon())),
            ("pin-blocked", Outcome::PinBlocked),
            ("frozen", Outcome::Frozen),
            ("unreached", Outcome::Unreached),
            ("signed-in-here", Outcome::SignedInHere { to: "https://id.example/r".to_owned() }),
            ("under-way", Outcome::UnderWay),
            ("unshown", Outcome::Unshown),
            ("distrusted", Outcome::Distrusted),
            ("ended", Outcome::Ended),
            ("key-ended", Outcome::KeyEnded),
            ("vouched", Outcome::Vouched(noon())),
            ("not-vouched", Outcome::NotVouched),
            ("pins-set", Outcome::PinsSet),
            ("not-done", Outcome::NotDone),
        ] {
            self.lay(name, &outcome(&hold, &view));
        }
    }

    fn rest(&mut self) {
        let hold = self.hold();
        let mut view = Settings {
            user_number: "4170 2265".to_owned(),
            thumbprint: "4170 2265".to_owned(),
            could_remember: Some(("7b".to_owned(), "Firefox, Linux".to_owned())),
            browsers: vec![RememberedBrowser {
                id: "7c".to_owned(),
                name: "Chrome, Android".to_owned(),
                used: noon(),
            }],
        };
        self.lay("settings", &settings(&hold, &view));
        (view.could_remember, view.browsers) = (None, Vec::new());
        self.lay("settings-none", &settings(&hold, &view));
        self.lay("help", &help(&hold));
        self.lay("freeze", &freeze(&hold));
        self.lay("locked", &locked(&hold, "/anna"));
    }
}

fn noon() -> Time {
    Time::from_seconds(1_778_585_820)
}

#[cfg(test)]
mod tests {
    use ui::text::login;

    use super::*;

    #[test]
    fn every_screen_in_every_language_is_without_blemish() {
        for sample in gallery() {
            assert_eq!(ui::blemishes(&sample.page), Vec::<String>::new(), "{}", sample.name);
        }
    }

    #[test]
    fn a_pin_never_comes_back_and_is_never_remembered() {
        for sample in gallery() {
            for field in sample.page.split("<input").skip(1) {
                let field = field.split('>').next().unwrap_or_default();
                if field.contains("type=\"password\"") {
                    assert!(!field.contains("value="), "{}", sample.name);
                    assert!(field.contains("autocomplete=\"off\""), "{}", sample.name);
                }
            }
        }
    }

    #[test]
    fn who_asks_what_for_and_what_they_get_stand_before_the_first_field() {
        for sample in gallery().iter().filter(|sample| sample.name.starts_with("phone-login.")) {
            let (before, _) = sample.page.split_once("<input").unwrap();
            for words in ["Izdomātā augstskola", "studiju reģistram", "Vārdu, uzvārdu"] {
                assert!(before.contains(words), "{}: {words}", sample.name);
            }
        }
    }

    #[test]
    fn no_screen_of_a_demonstration_claims_qualification() {
        for sample in gallery() {
            let page = sample.page.to_lowercase();
            for word in ["kvalificēt", "qualified", "laika zīmog"] {
                assert!(!page.contains(word), "{} says {word}", sample.name);
            }
        }
    }

    #[test]
    fn pages_say_until_when_a_request_holds() {
        for locale in Locale::ALL {
            let voice = Voice::new(locale);
            let until = voice.say(login::until(voice.hour(noon())));
            let name = format!("phone-pending.{}", locale.tag());
            let page = gallery().into_iter().find(|sample| sample.name == name).unwrap().page;
            assert!(page.contains(&until), "{until}");
        }
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
