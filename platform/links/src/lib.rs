//! How systems call each other: a plain type per operation, a [`Call`] around it, a `Link` to
//! make it on and a `Door` that answers it.

mod operation;

pub use operation::Operation;
