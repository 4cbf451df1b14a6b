//! The platform with neighbours of the tests' own, which speak the real contracts.

mod applications;
mod demands;
mod publication;
mod world;
