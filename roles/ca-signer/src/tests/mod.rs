//! The order of issuing, status, lists, feeds and restores, with real keys, on both engines.

mod feeding;
mod issuing;
mod lists;
mod officers;
mod restoring;
mod standing;
mod statuses;
mod world;
