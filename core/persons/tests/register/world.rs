//! A register with a log, permissions and the simulated country, on a store of its own.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, OnceLock};

use audit::handle::Epoch;
use audit::soft::SoftWrap;
use audit::{Log, Parts};
use base::{ActingFor, Identifier, PersonId};
use keys::{Algorithm, Keeper, Kek, Signer};
use persons::{
    Asking, Beyond, HandlePurpose, LocalHandles, Newcomer, OnBehalf, Permission, Persons,
};
use persons_contract::{
    Assertion, CodeReason, Confidence, FindPerson, Group, NameForm, Source, Value,
};
use simulation::{CastMember, Country, Role};
use store::trial::{Trial, trial_on_each_engine};
use store::{StoreError, values};
use trial::CountedChance;

pub(crate) struct World {
    pub(crate) persons: Persons,
    pub(crate) trial: Arc<Trial>,
}

pub(crate) const COUNTRY: Country =
    Country { seed: 1, population: 120, today: base::Date::constant(2026, 5, 12) };

/// One key for all tests: RSA takes its time.
fn signer() -> Signer<HandlePurpose> {
    static SIGNER: OnceLock<Signer<HandlePurpose>> = OnceLock::new();
    let make = || {
        let kek = Kek::from_bytes(&[7; 32]).unwrap();
        let keeper =
            Keeper::new("handles", "pmlp/persons", kek, Arc::new(CountedChance::seeded(3)));
        keeper.make(Algorithm::Rsa3072).unwrap().0
    };
    SIGNER.get_or_init(make).clone()
}

/// Runs `test` in a new world on each engine.
pub(crate) fn in_a_world<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    trial_on_each_engine(&[persons::SCHEMA, audit::SCHEMA], |trial| async {
        // Held here: a test that uses only the register would let the rest go at its start.
        let trial = Arc::new(trial);
        test(World::new(Arc::clone(&trial)).await).await;
    });
}

impl World {
    async fn new(trial: Arc<Trial>) -> Self {
        let store = trial.store.clone();
        let handles = LocalHandles::new(store.clone(), vec![(2026, signer())]).unwrap();
        let handles = Arc::new(handles);
        let log = Log::open(Parts {
            owner: "pmlp".parse().unwrap(),
            part: "persons".to_owned(),
            store: store.clone(),
            wrap: Arc::new(SoftWrap),
            handles: handles.clone(),
            day: country::date,
        });
        let persons = Persons {
            owner: "pmlp".parse().unwrap(),
            log: log.await.unwrap(),
            store,
            clock: Arc::new(trial.clock.clone()),
            chance: Arc::new(trial.chance.clone()),
            handles,
            receivers: vec!["pki".to_owned(), "identity".to_owned()],
        };
        let world = Self { persons, trial };
        world.settle().await;
        world
    }

    /// Permissions and people.
    async fn settle(&self) {
        for permission in permissions() {
            assert!(self.persons.grant(permission).await.unwrap());
        }
        let people = COUNTRY.people().map(|one| Newcomer { person: one.person, facts: one.facts });
        let asking = asking(OnBehalf::System("import".to_owned()));
        self.persons.import(&asking, "pmlp", people.collect()).await.unwrap();
    }

    /// How many records name the person, how many there are.
    pub(crate) async fn records(&self, person: PersonId) -> (i64, i64) {
        let log = &self.persons.log;
        let handle = log.handle(person, Epoch(2026)).await.unwrap();
        let tag = handle.tag(log.name(), COUNTRY.today);
        let count = move |tx: &mut store::Tx| {
            let own: Option<(i64,)> =
                tx.first("SELECT COUNT(*) FROM audit_pending WHERE tag = $1", values![tag])?;
            let all: Option<(i64,)> = tx.first("SELECT COUNT(*) FROM audit_pending", values![])?;
            Ok::<_, StoreError>((own.unwrap().0, all.unwrap().0))
        };
        self.persons.store.read("test.records", count).await.unwrap()
    }

    /// The sizes of all records, sealed and in the tree; what comes later is made later.
    pub(crate) async fn record_sizes(&self) -> Vec<(i64, i64)> {
        self.trial.clock.pass(std::time::Duration::from_secs(1));
        let sizes = move |tx: &mut store::Tx| {
            tx.all::<(i64, i64)>(
                "SELECT CAST(LENGTH(sealed) AS BIGINT), CAST(LENGTH(leaf) AS BIGINT)
                 FROM audit_pending ORDER BY made, id",
                values![],
            )
        };
        self.persons.store.read("test.sizes", sizes).await.unwrap()
    }

    /// What waits for a receiver: names, and bodies.
    pub(crate) async fn told(&self, receiver: &'static str) -> Vec<(String, String)> {
        let waiting = move |tx: &mut store::Tx| {
            tx.all::<(String, Vec<u8>)>(
                "SELECT name, body FROM store_outbox WHERE destination = $1
                 ORDER BY written_at, id",
                values![receiver],
            )
        };
        let waiting = self.persons.store.read("test.told", waiting).await.unwrap();
        waiting.into_iter().map(|(name, body)| (name, String::from_utf8(body).unwrap())).collect()
    }

    pub(crate) async fn found(&self, code: &Identifier) -> Option<persons_contract::Person> {
        self.persons.find(&official(), find(code, &[Group::Names, Group::Codes])).await.ok()
    }
}

fn permissions() -> Vec<Permission> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let permission = |number: &str, system: &str| Permission {
        number: number.to_owned(),
        system: system.to_owned(),
        organisation: "Paraugu pārvalde".to_owned(),
        operations: words(&["persons/find", "persons/search"]),
        purposes: words(&["service"]),
        groups: BTreeSet::from(Group::ALL.map(|(group, _)| group)),
        writer: None,
        beyond: BTreeSet::new(),
        legal_basis: "test s.1".to_owned(),
        valid_from: base::Date::constant(2026, 1, 1),
        valid_to: Some(base::Date::constant(2026, 12, 31)),
    };
    let narrow = BTreeSet::from([Group::Names]);
    let all = [
        "persons/find",
        "persons/search",
        "persons/enter",
        "persons/record",
        "persons/report-death",
        "persons/confirm-death",
        "persons/annul-death",
    ];
    let writer = |number: &str, system: &str, writer: &str| Permission {
        operations: words(&all),
        writer: Some(writer.to_owned()),
        ..permission(number, system)
    };
    let beyond = BTreeSet::from([Beyond::Protected, Beyond::Adoption]);
    vec![
        permission("100", "vdaa/office"),
        Permission { groups: narrow, ..permission("101", "vdaa/office") },
        Permission { beyond, ..permission("102", "vdaa/office") },
        writer("200", "pmlp/desk", "pmlp"),
        writer("201", "vdaa/registry", "ministry-of-justice"),
        writer("202", "vdaa/notaries", "notary"),
    ]
}

pub(crate) fn asking(on_behalf: OnBehalf) -> Asking {
    Asking {
        system: "vdaa/office".to_owned(),
        owner: "vdaa".parse().unwrap(),
        on_behalf,
        acting_for: ActingFor::Own,
        purpose: "service".to_owned(),
        case: None,
        channel: "api".to_owned(),
        request: "test".to_owned(),
        key: None,
    }
}

/// Under permission 100: everything, of nobody protected.
pub(crate) fn official() -> Asking {
    under("100")
}

pub(crate) fn under(number: &str) -> Asking {
    asking(OnBehalf::Permission(number.to_owned()))
}

/// A system that writes, under its permission.
pub(crate) fn writing(system: &str, number: &str) -> Asking {
    Asking { system: system.to_owned(), ..under(number) }
}

pub(crate) fn officer(system: &str) -> Asking {
    let (pseudonym, approval) = ("officer-1".to_owned(), Some("header.payload.sig".to_owned()));
    let on_behalf = OnBehalf::Officer { pseudonym, approval };
    Asking { system: system.to_owned(), ..asking(on_behalf) }
}

pub(crate) fn find(code: &Identifier, groups: &[Group]) -> FindPerson {
    FindPerson { code: code.clone(), groups: groups.iter().copied().collect(), on: None }
}

pub(crate) fn member(role: Role) -> CastMember {
    COUNTRY.cast().into_iter().find(|member| member.role == role).unwrap()
}

pub(crate) fn code_of(role: Role) -> Identifier {
    member(role).code.unwrap()
}

/// A synthetic code that nobody in the country has.
pub(crate) fn spare(number: u64) -> Identifier {
    let code = country::PersonalCode::synthetic(country::Form::New, 900_000 + number);
    code.unwrap().identifier()
}

pub(crate) fn source() -> Source {
    Source {
        kind: "act".to_owned(),
        number: Some("1".to_owned()),
        date: None,
        issuer: "test".to_owned(),
    }
}

pub(crate) fn assertion(value: Value, from: &str) -> Assertion {
    Assertion {
        value,
        from: Some(from.parse().unwrap()),
        to: None,
        basis: "test s.1".to_owned(),
        source: source(),
        confidence: Confidence::Verified,
        disputed: false,
        supersedes: None,
    }
}

pub(crate) fn name(given: &str, surname: &str) -> Value {
    Value::Name {
        form: NameForm::National,
        given: vec![given.to_owned()],
        surname: vec![surname.to_owned()],
    }
}

pub(crate) fn code(code: &Identifier, reason: CodeReason) -> Value {
    Value::Code { code: code.clone(), reason }
}
