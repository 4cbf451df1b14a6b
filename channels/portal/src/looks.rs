//! Who looked at the person's data: the log's rows, thirty days to a page, each with its proof.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use base::Date;
use http::header;
use persons_contract::{LookResult, LookRow, LookSaid, LooksAnswer, OwnLookProof, OwnLooks};
use serde::Deserialize;
use ui::Voice;
use ui::text::{Key, looks as words};
use web::{Failed, Path, Query, Refused};

use crate::fact::{sentence, word};
use crate::pages::{self, Day, Look, Looks, Proof, RecentLook};
use crate::paths;
use crate::portal::Portal;
use crate::reader::{SignedIn, page};

/// What reading one's own log is for.
const PURPOSE: &str = "own-log";

/// From the first to the last day of a page.
const SPAN: Duration = Duration::from_hours(29 * 24);

const A_DAY: Duration = Duration::from_hours(24);

const PURPOSES: [(&str, Key); 4] = [
    ("own-data", words::PURPOSE_OWN_DATA),
    ("login", words::PURPOSE_LOGIN),
    ("sign", words::PURPOSE_SIGN),
    ("service", words::PURPOSE_SERVICE),
];

/// In the order in which a person reads them.
const GROUPS: [(&str, Key); 10] = [
    ("names", words::GROUP_NAMES),
    ("codes", words::GROUP_CODES),
    ("birth", words::GROUP_BIRTH),
    ("sex", words::GROUP_SEX),
    ("status", words::GROUP_STATUS),
    ("address", words::GROUP_ADDRESS),
    ("family", words::GROUP_FAMILY),
    ("capacity", words::GROUP_CAPACITY),
    ("links", words::GROUP_LINKS),
    ("life", words::GROUP_LIFE),
];

/// What the register itself writes, where no permission names a law.
const BASES: [(&str, Key); 1] = [("GDPR Art. 15", words::BASIS_OWN_DATA)];

#[derive(Deserialize)]
pub(crate) struct Asked {
    until: Option<String>,
}

/// The page that ends with a day; nothing says a day: today's.
pub(crate) async fn show(person: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let today = today(&person);
    let until = asked.until.as_deref().and_then(date).map_or(today, |day| day.min(today));
    let view = match answer(&person, until).await {
        Ok(answer) => view(&person, &answer, until),
        Err(failed) if failed.problem().status == 401 => return Err(failed),
        Err(_) => Looks { days: Vec::new(), recorded_until: None, newer: None, older: None },
    };
    Ok(page(pages::looks(&person.seat(), &view)))
}

/// The proof of one entry, as a file.
pub(crate) async fn proof(person: SignedIn, Path(id): Path<String>) -> Result<Response, Failed> {
    let ask = asked_for(&id).ok_or(Refused::NotFound)?;
    let proof = person.call(&person.portal().links.persons, ask, PURPOSE).await?;
    let head = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.tlog-proof\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, proof.text).into_response())
}

/// The last looks of others in the last thirty days, and how many there were.
pub(crate) async fn recent(
    person: &SignedIn,
    most: usize,
) -> Result<(u64, Vec<RecentLook>), Failed> {
    let answer = answer(person, today(person)).await?;
    let (voice, portal) = (person.reader.voice, person.portal());
    let said = || answer.rows.iter().filter_map(|row| row.said.as_ref()).filter(|said| !said.own);
    let looks = said().take(most).map(|said| RecentLook {
        at: said.at,
        institution: institution(portal, said),
        purpose: word(voice, &PURPOSES, &said.purpose),
    });
    Ok((u64::try_from(said().count()).unwrap_or(u64::MAX), looks.collect()))
}

async fn answer(person: &SignedIn, until: Date) -> Result<LooksAnswer, Failed> {
    let ask = OwnLooks { from: until.saturating_sub(SPAN), to: until };
    person.call(&person.portal().links.persons, ask, PURPOSE).await
}

fn today(person: &SignedIn) -> Date {
    person.reader.voice.date_of(person.portal().clock.now())
}

fn view(person: &SignedIn, answer: &LooksAnswer, until: Date) -> Looks {
    let (voice, today) = (person.reader.voice, today(person));
    let mut days: Vec<Day> = Vec::new();
    for row in &answer.rows {
        let look = look(person.portal(), voice, &answer.log, row);
        match days.last_mut().filter(|day| day.date == row.day) {
            Some(day) => day.looks.push(look),
            None => days.push(Day { date: row.day, open: row.day == today, looks: vec![look] }),
        }
    }
    let newer = until.saturating_add(SPAN).saturating_add(A_DAY).min(today);
    Looks {
        newer: (until < today).then(|| address(newer)),
        older: older(answer, until).map(address),
        days,
        recorded_until: Some(answer.recorded_until),
    }
}

/// The last day of the page with older entries; nothing where this one has none.
fn older(answer: &LooksAnswer, until: Date) -> Option<Date> {
    let last = answer.rows.last()?.day;
    let first = until.saturating_sub(SPAN);
    Some(match answer.cut {
        true if last < until => last,
        true => until.saturating_sub(A_DAY),
        false => first.saturating_sub(A_DAY),
    })
}

fn address(until: Date) -> String {
    format!("{}?until={until}", paths::LOOKS)
}

fn look(portal: &Portal, voice: Voice, log: &str, row: &LookRow) -> Look {
    let signed = &row.checkpoint;
    let proof = Proof {
        log: log.to_owned(),
        index: row.position,
        size: signed.size,
        root: signed.root.0.to_vec(),
        at: signed.at,
    };
    let id = format!("{}.{}", row.day, row.position);
    let Some(said) = &row.said else { return shredded(voice, id, proof) };
    let result = match said.result {
        LookResult::Returned => pages::LookResult::Returned,
        LookResult::Empty => pages::LookResult::Empty,
        LookResult::Refused => pages::LookResult::Refused,
    };
    Look {
        id,
        at: said.at,
        institution: institution(portal, said),
        purpose: word(voice, &PURPOSES, &said.purpose),
        basis: Some(word(voice, &BASES, &said.legal_basis)).filter(|basis| !basis.is_empty()),
        groups: groups(voice, &said.groups),
        result,
        own: said.own,
        unusual: result == pages::LookResult::Refused && !said.own,
        proof: Some(proof),
    }
}

/// An entry whose keys are deleted: its proof holds all the same.
fn shredded(voice: Voice, id: String, proof: Proof) -> Look {
    Look {
        id,
        at: proof.at,
        institution: proof.log.clone(),
        purpose: voice.say(words::SHREDDED),
        basis: None,
        groups: String::new(),
        result: pages::LookResult::Returned,
        own: false,
        unusual: false,
        proof: Some(proof),
    }
}

/// The institution's official name, where its record has the short one of an owner.
fn institution(portal: &Portal, said: &LookSaid) -> String {
    portal.institutions.get(&said.institution).unwrap_or(&said.institution).clone()
}

fn groups(voice: Voice, names: &[String]) -> String {
    let place = |name: &&String| GROUPS.iter().position(|(known, _)| known == name);
    let mut names: Vec<&String> = names.iter().collect();
    names.sort_by_key(|name| place(name).unwrap_or(GROUPS.len()));
    let words: Vec<String> = names.into_iter().map(|name| word(voice, &GROUPS, name)).collect();
    let said = if words.is_empty() { voice.say(words::NO_GROUPS) } else { words.join(", ") };
    sentence(&said)
}

/// `2026-05-12.18203`.
fn asked_for(id: &str) -> Option<OwnLookProof> {
    let (day, position) = id.split_once('.')?;
    Some(OwnLookProof { day: date(day)?, position: position.parse().ok()? })
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entrys_id_is_its_day_and_place() {
        let ask = asked_for("2026-05-12.18203").unwrap();
        assert_eq!((ask.day.to_string().as_str(), ask.position), ("2026-05-12", 18_203));
        for id in ["", "2026-05-12", "2026-05-12.", "2026-05-12.-1", "2026-5-12.1", ".1"] {
            assert!(asked_for(id).is_none(), "{id}");
        }
    }

    #[test]
    fn groups_are_read_as_a_sentence_names_first() {
        let said = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            groups(Voice::default(), &names)
        };
        assert_eq!(said(&["address", "unheard-of", "names"]), "Vārds, adreses, unheard-of");
        assert_eq!(said(&["life"]), "Ziņas par nāvi");
        assert!(said(&[]).starts_with(char::is_uppercase));
    }

    #[test]
    fn every_group_has_its_words() {
        for (group, name) in persons_contract::Group::ALL {
            let shown = word(Voice::default(), &GROUPS, name);
            assert_ne!(shown, group.name());
        }
    }
}
