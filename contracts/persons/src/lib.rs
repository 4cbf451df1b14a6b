//! What the register of natural persons (Fizisko personu reģistrs, FPRIS) does for others: its
//! operations, answers, refusals and events. Plain types, in JSON on every link.
//!
//! By whom, for whom, for what purpose and under which permission an operation is called stands in
//! the call, not here. Every look names the data groups it asks for and gets no other.

mod day;
mod death;
mod event;
mod fact;
mod find;
mod handle;
mod look;
mod own_looks;
mod person;
mod record;
mod search;

pub use death::{AnnulDeath, ConfirmDeath, DeathRefusal, LifeAnswer, ReportDeath};
pub use event::{Event, EventKind};
pub use fact::{
    AddressKind, CodeReason, Confidence, Fact, FactId, Kind, Life, NameForm, Relation, Sex, Source,
    Value,
};
pub use find::{FindPerson, FindRefusal, OwnEntry};
pub use handle::{GrantHandle, HandleGrant, HandleKeys, HandleRefusal, PublishedHandleKey};
pub use look::{Group, MAX_HITS};
pub use own_looks::{
    LookCheckpoint, LookProof, LookResult, LookRow, LookSaid, LooksAnswer, LooksRefusal,
    MAX_LOOK_DAYS, MAX_LOOKS, OwnLookProof, OwnLooks,
};
pub use person::Person;
pub use record::{
    Assertion, CaseId, Change, EnterPerson, Entered, RecordFacts, RecordRefusal, Recorded,
};
pub use search::{Search, SearchPersons, SearchRefusal};

use links::Kind as Behalf;

/// Which operation takes which proof of on whose behalf it is called (PROTOCOLS §1).
pub const TABLE: links::Table = links::Table(&[
    ("persons/find", &[Behalf::Officer, Behalf::Permission]),
    ("persons/search", &[Behalf::Officer, Behalf::Permission]),
    ("persons/own-entry", &[Behalf::Person]),
    ("persons/own-looks", &[Behalf::Person]),
    ("persons/own-look-proof", &[Behalf::Person]),
    ("persons/enter", &[Behalf::Officer, Behalf::Permission]),
    ("persons/record", &[Behalf::Officer, Behalf::Permission]),
    ("persons/report-death", &[Behalf::Officer, Behalf::Permission]),
    ("persons/confirm-death", &[Behalf::Officer]),
    ("persons/annul-death", &[Behalf::Officer]),
    ("persons/handle-key", &[Behalf::System]),
    ("persons/grant-handle", &[Behalf::System]),
]);
