//! The twenty systems of the target architecture, in its order (table 8), and where each lives:
//! a newcomer's first file.
//!
//! What runs says so; what does not yet says so too. The front page of the demo is made from this
//! list, and nothing else in the house knows all systems.

/// How far a system has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Parts of it answer; the line says which.
    Begun(&'static str),
    /// Nothing of it stands.
    NotYet,
}

/// One of the twenty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct System {
    /// Its number in the architecture.
    pub(crate) number: u8,
    /// Its official name.
    pub(crate) name: &'static str,
    /// What it is, in English.
    pub(crate) english: &'static str,
    /// The organisation that answers for it.
    pub(crate) owner: &'static str,
    /// The folders that hold it.
    pub(crate) lives_in: &'static [&'static str],
    /// How far it has come.
    pub(crate) state: State,
}

/// Prints all of them: `sakta systems`.
#[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
pub(crate) fn print() {
    for System { number, name, english, owner, lives_in, state } in SYSTEMS {
        let state = match state {
            State::Begun(what) => what,
            State::NotYet => "not yet",
        };
        println!("{number:>2} {name}");
        println!("   {english}, of {owner}: {state}");
        if !lives_in.is_empty() {
            println!("   in {}", lives_in.join(", "));
        }
    }
}

const fn system(
    number: u8,
    (name, english): (&'static str, &'static str),
    owner: &'static str,
    lives_in: &'static [&'static str],
    state: State,
) -> System {
    System { number, name, english, owner, lives_in, state }
}

/// All of them.
pub(crate) const SYSTEMS: [System; 20] = [
    system(
        1,
        ("Eiropas digitālās identitātes maks", "European digital identity wallet"),
        "lvrtc",
        &[],
        State::NotYet,
    ),
    system(
        2,
        ("Nākamās paaudzes dokumentu parakstīšanas risinājums", "Next-generation document signing"),
        "lvrtc",
        &["core/signing", "channels/portal"],
        State::Begun("PDF documents, one signer"),
    ),
    system(
        3,
        ("eParaksts mobile", "eParaksts mobile"),
        "lvrtc",
        &["core/identity", "roles/sam", "channels/app"],
        State::Begun("login, signing, freezing; a virtual phone"),
    ),
    system(4, ("eParakstsLV", "eParakstsLV"), "lvrtc", &[], State::NotYet),
    system(
        5,
        ("Skolēnu elektroniskās identifikācijas risinājums", "Electronic identification of pupils"),
        "lvrtc",
        &[],
        State::NotYet,
    ),
    system(
        6,
        (
            "Uzticamības un elektroniskās identifikācijas pakalpojumu klientu portāls",
            "Client portal of trust and identification services",
        ),
        "lvrtc",
        &["channels/portal"],
        State::Begun("sign-in, my data, who looked, signing, checking"),
    ),
    system(
        7,
        ("e-adreses informācijas sistēma", "Official electronic address"),
        "vdaa",
        &[],
        State::NotYet,
    ),
    system(
        8,
        ("E-identitātes platforma", "Electronic identity platform"),
        "lvrtc",
        &["core/identity"],
        State::Begun("OpenID Connect with the phone"),
    ),
    system(
        9,
        ("Parakstīšanas platforma", "Signing platform"),
        "lvrtc",
        &["core/signing"],
        State::Begun("PAdES-B-LT"),
    ),
    system(
        10,
        ("eParakstītājs 3.0", "Desktop and command-line signer"),
        "lvrtc",
        &["channels/cli"],
        State::Begun("sign and check on the command line"),
    ),
    system(
        11,
        ("Portāla parakstīšanas saskarne", "Embedded signing interface"),
        "lvrtc",
        &[],
        State::NotYet,
    ),
    system(
        12,
        ("eZīmogs (kvalificēts/uzlabots; eZīmogs+)", "Electronic seal"),
        "lvrtc",
        &[],
        State::NotYet,
    ),
    system(13, ("eIDAS vārteja", "eIDAS gateway"), "vdaa", &[], State::NotYet),
    system(
        14,
        ("Vienotās pieteikšanās modulis", "Single sign-on module"),
        "vdaa",
        &[],
        State::NotYet,
    ),
    system(
        15,
        (
            "Uzticamības un elektroniskās identifikācijas pamatplatforma",
            "Core trust platform: certificates, status, time-stamps, notifications",
        ),
        "lvrtc",
        &["core/pki", "roles/ca-signer", "roles/ocsp", "roles/tsu"],
        State::Begun("certificates, status, time-stamps"),
    ),
    system(
        16,
        ("LVRTC integrācijas pārvaldības risinājums", "Integration management"),
        "lvrtc",
        &[],
        State::NotYet,
    ),
    system(
        17,
        ("DAGR, Datu izplatīšanas un pārvaldības platforma", "Data distribution and management"),
        "vdaa",
        &[],
        State::NotYet,
    ),
    system(
        18,
        (
            "VIRSIS, Valsts informācijas resursu, sistēmu un sadarbspējas informācijas sistēma",
            "State information resources, systems and permissions",
        ),
        "vdaa",
        &[],
        State::NotYet,
    ),
    system(
        19,
        ("PADIS, Personu apliecinošu dokumentu informācijas sistēma", "Identity documents"),
        "pmlp",
        &[],
        State::NotYet,
    ),
    system(
        20,
        ("Fizisko personu reģistrs (FPRIS)", "Register of natural persons"),
        "pmlp",
        &["core/persons"],
        State::Begun("entries, looks, deaths, the log"),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twenty_stand_in_order_and_their_folders_exist() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (system, number) in SYSTEMS.iter().zip(1..) {
            assert_eq!(system.number, number);
            for folder in system.lives_in {
                assert!(root.join(folder).is_dir(), "{folder}");
            }
            assert!(
                system.state == State::NotYet || !system.lives_in.is_empty(),
                "{} runs nowhere",
                system.name
            );
        }
    }
}
