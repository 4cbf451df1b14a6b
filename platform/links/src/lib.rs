//! How systems call each other.
//!
//! A contract crate has one plain type per [`Operation`]. A caller makes a [`Call`] of it on a
//! [`Link`]; a callee answers at its [`Doors`]. Every call is serialised, in one process too.
//!
//! ```text
//! caller                                          callee
//! link.call(Call::new(FindPerson { … }, …))       doors.answer(find)
//!    └ Wire: in process, or HTTP/2 over mTLS ──►   who calls: the link's Party
//!                                                  for whom: OnBehalf, proved by the Verifier
//!                                                  find(Asked, FindPerson) -> Answer | Refusal
//! ```
//!
//! Invariants: which system calls is never read from the payload; an operation takes only the
//! kinds of proof that its contract's [`Table`] names, and an operation in no table takes none.

mod behalf;
mod call;
mod doors;
mod fault;
mod inside;
mod link;
mod officer;
mod operation;
mod party;
mod remote;
mod serve;
mod tls;

pub use behalf::{
    Kind, Officer, OnBehalf, Pending, PersonProof, ProofError, Proved, SystemsOnly, Table, Verifier,
};
pub use call::{Asked, Call, MAX_BODY};
pub use doors::{Doors, Reply};
pub use fault::{CallFault, DoorError};
pub use inside::Place;
pub use link::{Link, Wire, WireError};
pub use officer::{OFFICER_TYP, OfficerCall, house};
pub use operation::Operation;
pub use party::{Party, PartyError};
pub use remote::Remote;
pub use serve::serve;
pub use tls::{Tls, TlsError, Transport};
