//! What a record says (R39), and the part of it that is sealed.

use base::{ActingFor, Basis, Date, Id, PersonId, Time};
use minicbor::Decoder;

use crate::cbor::{self, MalformedRecord, Writer};

/// Marker of [`RequestId`].
#[derive(Debug)]
pub enum Request {}

/// The id that the records of one look or act share, in this log only.
pub type RequestId = Id<Request>;

/// The longest of a record's texts, in bytes.
pub const LONGEST_TEXT: usize = 512;

/// The largest `extra`, in bytes.
pub const LARGEST_EXTRA: usize = 32 * 1024;

/// The most persons of one look.
pub const MOST: usize = 1000;

/// The most data groups of one person.
pub const MOST_GROUPS: usize = 64;

/// The longest name of a data group, in bytes.
pub const LONGEST_GROUP: usize = 64;

/// Who looks or acts, at what, for whom and why: what the records of one request share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The calling system, as its link says.
    pub system: String,
    /// The operation: `persons/find`.
    pub operation: String,
    /// Who.
    pub actor: Actor,
    /// The institution that answers for the actor.
    pub organisation: String,
    /// For whom (R37).
    pub acting_for: ActingFor,
    /// What for.
    pub purpose: String,
    /// The act and clause that allows it.
    pub legal_basis: String,
    /// The number of the permission.
    pub permission: Option<String>,
    /// The case it belongs to.
    pub case: Option<String>,
    /// By what way: `api`, `portal`, `desk`.
    pub channel: String,
    /// The request's id outside, by which support finds it.
    pub request: String,
    /// What was searched for: personal data, sealed with the rest.
    pub terms: Option<String>,
    /// What else the act's record must hold (what a signer was shown: R26), deterministic CBOR.
    pub extra: Option<Vec<u8>>,
    /// How long it is kept.
    pub class: Class,
    /// Whether the person may see it yet.
    pub disclosure: Disclosure,
}

/// Who looks or acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What they are.
    pub kind: ActorKind,
    /// Who they are to whoever may unseal it (R41): never a code or a name.
    pub pseudonym: String,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// The person themselves, or who acts for them.
    Person,
    /// An official.
    Official,
    /// A system at nobody's order.
    System,
}

/// A record class: how long its records are kept (R43). Which classes there are, and their
/// months, is the country's and the system's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name: `person.look`.
    pub name: String,
    /// How many months after the month of the record its keys are deleted.
    pub months: u16,
}

/// When the person may see a record (R42).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disclosure {
    /// At once.
    Visible,
    /// Not before a day.
    Delayed {
        /// The day.
        until: Date,
        /// The act and clause.
        ground: String,
    },
}

/// What a look gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What was asked for.
    Returned,
    /// Nothing was there.
    Empty,
    /// It was refused.
    Refused,
}

/// One person shown, and what of hers: groups, never values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The person.
    pub person: PersonId,
    /// The revision of her row that was shown.
    pub revision: i64,
    /// `name`, `address`, …
    pub groups: Vec<String>,
}

/// All of a record that is sealed under the class's and the subject's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// When it was made.
    pub at: Time,
    /// Who, what for. Class and disclosure stand in the leaf.
    pub look: Look,
    /// What it gave.
    pub outcome: Outcome,
    /// How many persons were shown.
    pub count: u32,
    /// What of this subject was shown; empty in a request's own record.
    pub groups: Vec<String>,
    /// The revision of the subject's row that was shown.
    pub revision: Option<i64>,
    /// The position of the delayed record that this one opens (R42).
    pub opens: Option<u64>,
    /// What a delayed record's tag was made from.
    pub seal: Option<[u8; 32]>,
}

/// A record that is too large to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text, list or detail of the record is too long")]
pub struct RecordTooLarge;

impl Look {
    /// Whether every text, and the extra bytes, are within their limits.
    ///
    /// # Errors
    /// [`RecordTooLarge`].
    pub fn checked(&self) -> Result<(), RecordTooLarge> {
        let texts = [
            &self.system,
            &self.operation,
            &self.actor.pseudonym,
            &self.organisation,
            &self.purpose,
            &self.legal_basis,
            &self.channel,
            &self.request,
            &self.class.name,
        ];
        let optional = [&self.permission, &self.case, &self.terms];
        let grounds = match &self.disclosure {
            Disclosure::Delayed { ground, .. } => Some(ground),
            Disclosure::Visible => None,
        };
        let scope = match &self.acting_for {
            ActingFor::Another { scope, .. } => Some(scope),
            ActingFor::Own => None,
        };
        let all = texts.into_iter().chain(optional.into_iter().flatten());
        let short = all.chain(grounds).chain(scope).all(|text| text.len() <= LONGEST_TEXT);
        let extra = self.extra.as_ref().map_or(0, Vec::len) <= LARGEST_EXTRA;
        (short && extra).then_some(()).ok_or(RecordTooLarge)
    }
}

impl Sight {
    /// Whether its groups are within their limits.
    #[must_use]
    pub fn fits(&self) -> bool {
        let short = self.groups.iter().all(|group| group.len() <= LONGEST_GROUP);
        self.groups.len() <= MOST_GROUPS && short
    }
}

impl Details {
    pub(crate) const FIELDS: usize = 20;

    /// Deterministic CBOR.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (look, mut to) = (&self.look, Writer::default());
        to.map(Self::FIELDS).uint(1).int(self.at.micros());
        to.uint(2).text(&look.system).uint(3).text(&look.operation);
        to.uint(4).array(2).uint(look.actor.kind.number()).text(&look.actor.pseudonym);
        to.uint(5).text(&look.organisation).uint(6);
        write_acting_for(&look.acting_for, &mut to);
        to.uint(7).text(&look.purpose).uint(8).text(&look.legal_basis);
        to.uint(9).optional_text(look.permission.as_deref());
        to.uint(10).optional_text(look.case.as_deref());
        to.uint(11).array(self.groups.len());
        for group in &self.groups {
            to.text(group);
        }
        to.uint(12).uint(self.outcome.number()).uint(13).uint(self.count.into());
        to.uint(14).text(&look.channel).uint(15).text(&look.request);
        to.uint(16).optional_text(look.terms.as_deref());
        match self.revision {
            Some(revision) => to.uint(17).int(revision),
            None => to.uint(17).null(),
        };
        to.uint(18).optional_bytes(look.extra.as_deref());
        match self.opens {
            Some(position) => to.uint(19).uint(position),
            None => to.uint(19).null(),
        };
        to.uint(20).optional_bytes(self.seal.as_ref().map(<[u8; 32]>::as_slice));
        to.finish()
    }

    /// Reads what [`Self::encode`] wrote. `class` and `disclosure` come from the leaf.
    pub(crate) fn decode(
        bytes: &[u8],
        class: Class,
        disclosure: Disclosure,
    ) -> Result<Self, MalformedRecord> {
        let mut decoder = Decoder::new(bytes);
        let from = &mut decoder;
        cbor::map(from, 20)?;
        let at = Time::from_micros(field(from, 1)?.i64()?);
        let system = field(from, 2)?.str()?.to_owned();
        let operation = field(from, 3)?.str()?.to_owned();
        let actor = read_actor(field(from, 4)?)?;
        let organisation = field(from, 5)?.str()?.to_owned();
        let acting_for = read_acting_for(field(from, 6)?)?;
        let purpose = field(from, 7)?.str()?.to_owned();
        let legal_basis = field(from, 8)?.str()?.to_owned();
        let permission = read_optional_text(field(from, 9)?)?;
        let case = read_optional_text(field(from, 10)?)?;
        let groups = read_groups(field(from, 11)?)?;
        let outcome = Outcome::numbered(field(from, 12)?.u64()?)?;
        let count = field(from, 13)?.u32()?;
        let channel = field(from, 14)?.str()?.to_owned();
        let request = field(from, 15)?.str()?.to_owned();
        let terms = read_optional_text(field(from, 16)?)?;
        let revision = cbor::optional(field(from, 17)?, |from| Ok(from.i64()?))?;
        let extra = cbor::optional(field(from, 18)?, |from| Ok(from.bytes()?.to_vec()))?;
        let opens = cbor::optional(field(from, 19)?, |from| Ok(from.u64()?))?;
        let seal = cbor::optional(field(from, 20)?, cbor::fixed::<32>)?;
        let look = Look {
            system,
            operation,
            actor,
            organisation,
            acting_for,
            purpose,
            legal_basis,
            permission,
            case,
            channel,
            request,
            terms,
            extra,
            class,
            disclosure,
        };
        let read = Self { at, look, outcome, count, groups, revision, opens, seal };
        let exact = read.encode() == bytes;
        exact.then_some(read).ok_or(MalformedRecord("not deterministic"))
    }
}

/// The decoder after the key `number`.
fn field<'a, 'b>(
    from: &'a mut Decoder<'b>,
    number: u64,
) -> Result<&'a mut Decoder<'b>, MalformedRecord> {
    cbor::key(from, number)?;
    Ok(from)
}

fn read_optional_text(from: &mut Decoder<'_>) -> Result<Option<String>, MalformedRecord> {
    cbor::optional(from, |from| Ok(from.str()?.to_owned()))
}

fn read_groups(from: &mut Decoder<'_>) -> Result<Vec<String>, MalformedRecord> {
    let count = from.array()?.and_then(|count| usize::try_from(count).ok());
    let count =
        count.filter(|count| *count <= MOST_GROUPS).ok_or(MalformedRecord("too many groups"))?;
    (0..count).map(|_| Ok(from.str()?.to_owned())).collect()
}

fn read_actor(from: &mut Decoder<'_>) -> Result<Actor, MalformedRecord> {
    cbor::array(from, 2)?;
    let kind = ActorKind::numbered(from.u64()?)?;
    Ok(Actor { kind, pseudonym: from.str()?.to_owned() })
}

fn write_acting_for(value: &ActingFor, to: &mut Writer) {
    match value {
        ActingFor::Own => to.array(0),
        ActingFor::Another { principal, basis, scope, until } => {
            let number = BASES.iter().position(|own| own == basis).unwrap_or(BASES.len());
            to.array(4).bytes(principal.bytes()).uint(u64::try_from(number).unwrap_or(u64::MAX));
            to.text(scope).int(until.micros())
        }
    };
}

fn read_acting_for(from: &mut Decoder<'_>) -> Result<ActingFor, MalformedRecord> {
    match from.array()? {
        Some(0) => Ok(ActingFor::Own),
        Some(4) => {
            let principal = PersonId::from_bytes(cbor::fixed(from)?);
            let number = usize::try_from(from.u64()?).unwrap_or(usize::MAX);
            let basis = BASES.get(number).copied().ok_or(MalformedRecord("another basis"))?;
            let scope = from.str()?.to_owned();
            let until = Time::from_micros(from.i64()?);
            Ok(ActingFor::Another { principal, basis, scope, until })
        }
        _ => Err(MalformedRecord("another number of items")),
    }
}

/// By their numbers in the bytes: only ever added to.
const BASES: [Basis; 5] =
    [Basis::Court, Basis::Custody, Basis::Employment, Basis::Office, Basis::PowerOfAttorney];

impl ActorKind {
    fn number(self) -> u64 {
        match self {
            Self::Person => 0,
            Self::Official => 1,
            Self::System => 2,
        }
    }

    fn numbered(number: u64) -> Result<Self, MalformedRecord> {
        let all = [Self::Person, Self::Official, Self::System];
        let found = all.into_iter().find(|kind| kind.number() == number);
        found.ok_or(MalformedRecord("another kind of actor"))
    }
}

impl Outcome {
    fn number(self) -> u64 {
        match self {
            Self::Returned => 0,
            Self::Empty => 1,
            Self::Refused => 2,
        }
    }

    fn numbered(number: u64) -> Result<Self, MalformedRecord> {
        let all = [Self::Returned, Self::Empty, Self::Refused];
        let found = all.into_iter().find(|outcome| outcome.number() == number);
        found.ok_or(MalformedRecord("another outcome"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn look() -> Look {
        Look {
            system: "pki".to_owned(),
            operation: "persons/find".to_owned(),
            actor: Actor { kind: ActorKind::Official, pseudonym: "officer 7".to_owned() },
            organisation: "Example municipality".to_owned(),
            acting_for: ActingFor::Own,
            purpose: "issuing a certificate".to_owned(),
            legal_basis: "test".to_owned(),
            permission: Some("P-1".to_owned()),
            case: None,
            channel: "api".to_owned(),
            request: "r-1".to_owned(),
            terms: Some("terms".to_owned()),
            extra: None,
            class: Class { name: "person.look".to_owned(), months: 24 },
            disclosure: Disclosure::Visible,
        }
    }

    fn details() -> impl Strategy<Value = Details> {
        let texts = ("[a-zā ]{0,20}", "[a-z]{0,8}", prop::option::of("[a-z0-9]{1,9}"));
        let shown = (
            prop::collection::vec("[a-z]{1,6}", 0..5),
            prop::option::of(any::<i64>()),
            prop::option::of(any::<u64>()),
            prop::option::of(any::<[u8; 32]>()),
        );
        (texts, shown, any::<i64>(), 0_u64..3, any::<u32>(), any::<Option<[u8; 16]>>()).prop_map(
            |((purpose, case, permission), shown, at, outcome, count, principal)| {
                let (groups, revision, opens, seal) = shown;
                let acting_for = principal.map_or(ActingFor::Own, |id| ActingFor::Another {
                    principal: PersonId::from_bytes(id),
                    basis: Basis::Custody,
                    scope: purpose.clone(),
                    until: Time::from_micros(at),
                });
                let case = Some(case);
                let look = Look { purpose, case, permission, acting_for, ..look() };
                let outcome = Outcome::numbered(outcome).unwrap();
                let at = Time::from_micros(at);
                Details { at, look, outcome, count, groups, revision, opens, seal }
            },
        )
    }

    proptest! {
        #[test]
        fn details_are_read_back(details in details()) {
            let (class, rule) = (details.look.class.clone(), details.look.disclosure.clone());
            let bytes = details.encode();
            prop_assert_eq!(Details::decode(&bytes, class, rule), Ok(details));
        }

        #[test]
        fn changed_details_are_refused_or_read_as_what_they_say(
            details in details(), at: prop::sample::Index, mask in 1_u8..,
        ) {
            let mut bytes = details.encode();
            let at = at.index(bytes.len());
            bytes[at] ^= mask;
            let (class, rule) = (details.look.class.clone(), details.look.disclosure.clone());
            if let Ok(read) = Details::decode(&bytes, class, rule) {
                prop_assert_eq!(read.encode(), bytes);
            }
        }
    }

    #[test]
    fn too_long_a_text_is_refused() {
        assert_eq!(look().checked(), Ok(()));
        let long = Look { case: Some("x".repeat(LONGEST_TEXT + 1)), ..look() };
        assert_eq!(long.checked(), Err(RecordTooLarge));
        let long = Look { extra: Some(vec![0; LARGEST_EXTRA + 1]), ..look() };
        assert_eq!(long.checked(), Err(RecordTooLarge));
    }
}
