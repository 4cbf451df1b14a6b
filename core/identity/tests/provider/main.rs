//! The platform as clients, browsers, phones and other systems meet it.

#![cfg(test)]

mod attacks;
mod browser;
mod certification;
mod clients;
mod crashes;
mod devices;
mod doors;
mod flow;
mod handset;
mod logout;
mod pages;
mod phones;
mod register;
mod sam;
mod vouching;
mod world;
