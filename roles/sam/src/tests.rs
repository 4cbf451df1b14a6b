//! Tests of the whole role.
