//! The register as its callers meet it, on each engine.

#![cfg(test)]

mod calls;
mod deaths;
mod looks;
mod own_looks;
mod people;
mod searches;
mod world;
mod writes;
