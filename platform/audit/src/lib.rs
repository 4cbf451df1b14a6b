//! The log: who looked at whose data, sealed per person, found by tags that only she can make,
//! proved by a Merkle tree (PROTOCOLS §5).
//!
//! A record is committed with the look or act it is about ([`Log::seen`], [`Log::act`]). Within
//! a second the [`Sequencer`] gives it a position, grows the tree and signs a checkpoint. A
//! person reads hers by her handle, each with its proof ([`Log::shown`]); anybody checks an
//! exported folder with the log's public key alone ([`verify::directory`]).
//!
//! Invariant: no personal data leave [`Log::seen`] before their records are committed; what is
//! hashed says nothing about a person once her keys are deleted.

pub mod archive;
mod cbor;
pub mod checkpoint;
#[cfg(test)]
mod crash;
mod error;
pub mod handle;
mod kept;
mod keyring;
pub mod layout;
mod leaf;
mod log;
mod proof;
mod reading;
mod record;
mod schema;
mod seal;
mod sequencer;
#[cfg(any(test, feature = "soft"))]
pub mod soft;
mod stored;
pub mod tree;
pub mod verify;

pub use cbor::MalformedRecord;
pub use checkpoint::{Checkpoint, CheckpointSigner, LogKey};
pub use error::LogError;
pub use kept::{Checkpoints, KeptSigner, KeptWrap, LogKeys, NotEd25519};
pub use keyring::{Wrap, WrapFailed};
pub use leaf::{LONGEST_LEAF, Leaf, Month};
pub use log::{Log, Parts, Prepared, Seen};
pub use proof::{MalformedProof, Proof, ProofError};
pub use reading::{Figures, MOST_DAYS, Said, Shown, Unsealed};
pub use record::{
    Actor, ActorKind, Class, Details, Disclosure, LARGEST_EXTRA, LONGEST_GROUP, LONGEST_TEXT, Look,
    MOST, MOST_GROUPS, Outcome, RecordTooLarge, RequestId, Sight,
};
pub use schema::SCHEMA;
pub use sequencer::{Round, Sequencer, SequencerError};
