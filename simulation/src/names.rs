//! Plain, common names; combined at random they are nobody's.

use country::Gendered;
use persons_contract::Sex;

use crate::stream::Stream;

const WOMEN: [&str; 48] = [
    "Agnese",
    "Aija",
    "Alise",
    "Anete",
    "Anita",
    "Antra",
    "Baiba",
    "Dace",
    "Daiga",
    "Diāna",
    "Dzintra",
    "Elīna",
    "Elza",
    "Emīlija",
    "Estere",
    "Eva",
    "Evija",
    "Gunta",
    "Ieva",
    "Ilona",
    "Ilze",
    "Inese",
    "Inga",
    "Inguna",
    "Jana",
    "Katrīna",
    "Kristīne",
    "Laima",
    "Laura",
    "Lauma",
    "Liene",
    "Līga",
    "Linda",
    "Madara",
    "Maija",
    "Marija",
    "Marta",
    "Māra",
    "Paula",
    "Rasma",
    "Rita",
    "Sanita",
    "Santa",
    "Sarmīte",
    "Signe",
    "Una",
    "Vita",
    "Zane",
];

const MEN: [&str; 48] = [
    "Agris",
    "Aigars",
    "Ainārs",
    "Aivars",
    "Aldis",
    "Andris",
    "Armands",
    "Artūrs",
    "Arvīds",
    "Dainis",
    "Dāvis",
    "Edgars",
    "Egils",
    "Elmārs",
    "Emīls",
    "Ernests",
    "Gatis",
    "Gints",
    "Gunārs",
    "Guntis",
    "Ģirts",
    "Henriks",
    "Imants",
    "Ivars",
    "Jānis",
    "Jēkabs",
    "Juris",
    "Kārlis",
    "Kaspars",
    "Krišjānis",
    "Kristaps",
    "Lauris",
    "Māris",
    "Mārtiņš",
    "Mikus",
    "Niks",
    "Oskars",
    "Pauls",
    "Pēteris",
    "Raimonds",
    "Reinis",
    "Rihards",
    "Roberts",
    "Rūdolfs",
    "Toms",
    "Uldis",
    "Valdis",
    "Viesturs",
];

/// Surnames in their masculine form.
const SURNAMES: [&str; 60] = [
    "Abols",
    "Apinis",
    "Apse",
    "Auziņš",
    "Balodis",
    "Bērziņš",
    "Birznieks",
    "Briedis",
    "Celms",
    "Cielava",
    "Cīrulis",
    "Dzenis",
    "Egle",
    "Eglītis",
    "Gailis",
    "Grava",
    "Grantiņš",
    "Irbe",
    "Jansons",
    "Kalējs",
    "Kalniņš",
    "Kalns",
    "Kļava",
    "Kļaviņš",
    "Krasts",
    "Krūmiņš",
    "Lapa",
    "Lapiņš",
    "Lācis",
    "Liepa",
    "Liepiņš",
    "Lūsis",
    "Mazais",
    "Medus",
    "Melderis",
    "Mežs",
    "Niedra",
    "Ozoliņš",
    "Ozols",
    "Paegle",
    "Parks",
    "Pļava",
    "Podnieks",
    "Priede",
    "Puķītis",
    "Rozītis",
    "Roze",
    "Rudzītis",
    "Saulītis",
    "Siliņš",
    "Skuja",
    "Smilga",
    "Strauts",
    "Straume",
    "Upītis",
    "Vanags",
    "Vītols",
    "Zariņš",
    "Zvirbulis",
    "Žagars",
];

/// Names of another origin: as the national language writes them (a man's and a woman's), and the
/// original in its own script.
pub(crate) type Foreign = (&'static str, &'static str, &'static str, &'static str);

pub(crate) const EASTERN_MEN: [(&str, &str); 8] = [
    ("Aleksandrs", "Александр"),
    ("Andrejs", "Андрей"),
    ("Dmitrijs", "Дмитрий"),
    ("Igors", "Игорь"),
    ("Mihails", "Михаил"),
    ("Nikolajs", "Николай"),
    ("Sergejs", "Сергей"),
    ("Viktors", "Виктор"),
];

pub(crate) const EASTERN_WOMEN: [(&str, &str); 8] = [
    ("Aleksandra", "Александра"),
    ("Irina", "Ирина"),
    ("Jeļena", "Елена"),
    ("Marina", "Марина"),
    ("Natālija", "Наталия"),
    ("Oksana", "Оксана"),
    ("Olga", "Ольга"),
    ("Tatjana", "Татьяна"),
];

pub(crate) const EASTERN_SURNAMES: [Foreign; 8] = [
    ("Antonovs", "Antonova", "Антонов", "Антонова"),
    ("Fjodorovs", "Fjodorova", "Фёдоров", "Фёдорова"),
    ("Ivanovs", "Ivanova", "Иванов", "Иванова"),
    ("Kuzņecovs", "Kuzņecova", "Кузнецов", "Кузнецова"),
    ("Orlovs", "Orlova", "Орлов", "Орлова"),
    ("Petrovs", "Petrova", "Петров", "Петрова"),
    ("Sokolovs", "Sokolova", "Соколов", "Соколова"),
    ("Vasiļjevs", "Vasiļjeva", "Васильев", "Васильева"),
];

/// A given name.
pub(crate) fn given(sex: Sex, chance: &Stream) -> &'static str {
    chance.word_of(match sex {
        Sex::Female => &WOMEN,
        Sex::Male => &MEN,
    })
}

/// Both forms of a surname.
pub(crate) fn surname(chance: &Stream) -> Gendered {
    Gendered::from_masculine(chance.word_of(&SURNAMES))
}

/// The form that a person of `sex` bears.
pub(crate) fn form(surname: &Gendered, sex: Sex) -> &str {
    match sex {
        Sex::Female => &surname.feminine,
        Sex::Male => &surname.masculine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_a_name() {
        for name in WOMEN.iter().chain(&MEN).chain(&SURNAMES) {
            assert!(country::Name::new(&[name], &[name]).is_ok(), "{name}");
        }
        for (man, woman, _, _) in EASTERN_SURNAMES {
            assert_eq!(Gendered::from_masculine(man).feminine, woman);
        }
    }

    #[test]
    fn what_the_two_scripts_write_folds_to_one() {
        for (latin, native) in EASTERN_WOMEN {
            assert_eq!(country::fold(latin), country::fold(native), "{latin}");
        }
    }
}
