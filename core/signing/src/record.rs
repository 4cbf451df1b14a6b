//! What the log says of a signing: who, by what way, and what the phone was given to show (R26).

use audit::{Actor, ActorKind, Class, Disclosure, LARGEST_EXTRA, Look, Sight};
use base::{ActingFor, PersonId};
use minicbor::Encoder;
use minicbor::encode::Write;

use crate::activation::{ActivationRow, ItemRow};
use crate::life::Event;
use crate::sign::Signing;

/// The class of the records: evidence of what was signed.
const CLASS: &str = "signature";
/// How long, where the country says nothing of the class.
const MONTHS: u16 = 120;

/// Who asks, by what way.
pub(crate) struct Asker<'a> {
    pub(crate) person: PersonId,
    pub(crate) system: &'a str,
    pub(crate) channel: &'a str,
    pub(crate) acting_for: &'a ActingFor,
}

impl Signing {
    pub(crate) fn look(&self, asker: &Asker<'_>, operation: &str, request: &str) -> Look {
        let today = country::date(self.parts.clock.now());
        let months = country::retention(CLASS, today).map_or(MONTHS, |rule| rule.says.months);
        Look {
            system: asker.system.to_owned(),
            operation: operation.to_owned(),
            actor: Actor { kind: ActorKind::Person, pseudonym: asker.person.to_string() },
            organisation: self.parts.party.owner.name().to_owned(),
            acting_for: asker.acting_for.clone(),
            purpose: "sign".to_owned(),
            legal_basis: "the person's own act".to_owned(),
            permission: None,
            case: None,
            channel: asker.channel.to_owned(),
            request: request.to_owned(),
            terms: None,
            extra: None,
            class: Class { name: CLASS.to_owned(), months },
            disclosure: Disclosure::Visible,
        }
    }

    /// The record of an event in an activation's life.
    pub(crate) fn event_look(&self, row: &ActivationRow, event: &Event, items: &[ItemRow]) -> Look {
        let asker = Asker {
            person: row.owner,
            system: &row.fixed.system,
            channel: &row.fixed.channel,
            acting_for: &row.fixed.acting_for,
        };
        let extra = Some(shown(row, items));
        Look { extra, ..self.look(&asker, operation(event), &row.id.to_string()) }
    }
}

/// Whom the records of an activation are about.
pub(crate) fn sight(row: &ActivationRow) -> Sight {
    Sight { person: row.owner, revision: row.revision(), groups: vec!["signature".to_owned()] }
}

/// Whether an event of a life is recorded, and under what name.
pub(crate) fn is_recorded(event: &Event) -> bool {
    !matches!(event, Event::Asked { .. } | Event::Stamped { .. } | Event::Evidenced { .. })
}

fn operation(event: &Event) -> &'static str {
    match event {
        Event::Asked { .. } => "signing/asked",
        Event::Activated { .. } => "signing/activated",
        Event::Stamped { .. } => "signing/stamped",
        Event::Evidenced { .. } => "signing/evidenced",
        Event::Finished { .. } => "signing/finished",
        Event::Refused { .. } => "signing/refused",
        Event::Expired => "signing/expired",
        Event::Failed { .. } => "signing/failed",
    }
}

/// Deterministic CBOR: `{"asker", "code", "count", "items": [[label, media type, size, digest]],
/// "place", "request": SHA-256}`. Where the items are too many for a record they are left out:
/// the request's digest stands for them, and the request is kept.
pub(crate) fn shown(row: &ActivationRow, items: &[ItemRow]) -> Vec<u8> {
    let whole = encoded(row, items);
    if whole.len() <= LARGEST_EXTRA { whole } else { encoded(row, &[]) }
}

fn encoded(row: &ActivationRow, items: &[ItemRow]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a vector cannot fail.
    let _ = write(&mut Encoder::new(&mut bytes), row, items);
    bytes
}

fn write<W: Write>(
    to: &mut Encoder<W>,
    row: &ActivationRow,
    items: &[ItemRow],
) -> Result<(), minicbor::encode::Error<W::Error>> {
    use sha2::Digest;
    let fixed = &row.fixed;
    // Keys in the order of their encoding: shorter first. Spec: RFC 8949 §4.2.1.
    to.map(6)?.str("code")?.u16(fixed.code)?;
    to.str("asker")?.str(&fixed.client)?;
    to.str("count")?.u32(fixed.count)?;
    to.str("items")?.array(u64::try_from(items.len()).unwrap_or(0))?;
    for item in items {
        to.array(4)?.str(&item.label)?.str(&item.media_type)?;
        to.i64(item.size)?.bytes(&item.digest)?;
    }
    to.str("place")?.str(&fixed.place)?;
    to.str("request")?.bytes(&sha2::Sha256::digest(&fixed.request.0))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Bytes, Id, Time};
    use minicbor::Decoder;

    use crate::activation::{ActivationId, Fixed};
    use crate::begin::Wanting;
    use crate::sign::Client;

    fn row() -> ActivationRow {
        let wanting = Wanting {
            person: PersonId::from_bytes([1; 16]),
            evidence: String::new(),
            evidence_until: None,
            client: Client { id: "signing".to_owned(), name: Vec::new() },
            system: "lvrtc/portal".to_owned(),
            channel: "portal".to_owned(),
            acting_for: ActingFor::Own,
            key: None,
            asked: [0; 32],
        };
        let fixed = Fixed {
            client: "signing".to_owned(),
            system: "lvrtc/portal".to_owned(),
            channel: "portal".to_owned(),
            acting_for: ActingFor::Own,
            place: "Firefox".to_owned(),
            credential: Id::from_bytes([2; 16]),
            certificate: Bytes::default(),
            chain: Vec::new(),
            request: Bytes(b"request".to_vec()),
            code: 42,
            count: 2000,
        };
        let id = ActivationId::from_bytes([3; 16]);
        ActivationRow::prepared(id, &wanting, fixed, (Time::EPOCH, Time::EPOCH))
    }

    fn item(number: u32) -> ItemRow {
        ItemRow {
            number,
            label: format!("file {number}.pdf"),
            media_type: "application/pdf".to_owned(),
            size: 7,
            digest: [9; 32],
            signed: Vec::new(),
            signature: None,
            token: None,
        }
    }

    fn items_in(extra: &[u8]) -> u64 {
        let mut from = Decoder::new(extra);
        assert_eq!(from.map().unwrap(), Some(6));
        let mut last: Option<Vec<u8>> = None;
        let mut items = 0;
        for _ in 0..6 {
            let start = from.position();
            let key = from.str().unwrap();
            let encoded = extra[start..from.position()].to_vec();
            assert!(last.is_none_or(|last| last < encoded), "keys in order of their bytes");
            last = Some(encoded);
            if key == "items" {
                items = from.clone().array().unwrap().unwrap();
            }
            from.skip().unwrap();
        }
        assert_eq!(from.position(), extra.len());
        items
    }

    #[test]
    fn the_record_holds_what_was_shown_in_one_form() {
        assert_eq!(items_in(&shown(&row(), &[item(0), item(1)])), 2);
    }

    #[test]
    fn a_record_that_would_be_too_long_leaves_the_items_to_the_request() {
        let items: Vec<_> = (0..1000).map(item).collect();
        let extra = shown(&row(), &items);
        assert!(extra.len() <= LARGEST_EXTRA);
        assert_eq!(items_in(&extra), 0);
    }
}
