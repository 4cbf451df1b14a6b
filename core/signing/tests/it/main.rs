//! The platform with real certificates, time-stamps and status, on a store of its own.

#[cfg(test)]
mod api;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod files;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod world;
