//! Verdicts on signatures that are whole, and on every way tried to make a wrong one pass.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod country;
#[cfg(test)]
mod file;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod time;
