//! The customer portal (Uzticamības un elektroniskās identifikācijas pakalpojumu klientu portāls):
//! the person's own pages.

pub mod pages;
pub mod paths;
