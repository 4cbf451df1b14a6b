//! Tests of the whole role, with real keys and phones that derive theirs as PROTOCOLS §3 says.

mod acts;
mod certificates;
mod crash;
mod doors;
mod enrolment;
mod phone;
mod restore;
mod seam;
mod tries;
mod vouching;
mod world;
