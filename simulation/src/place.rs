//! Invented places: no such town, street or postcode is on a map.

use persons_contract::{AddressKind, Value};

use crate::stream::Stream;

const PLACES: [&str; 8] = [
    "Paraugpilsēta",
    "Jaunparauga",
    "Vecparauga",
    "Piemērciems",
    "Paraugu pagasts",
    "Lielpiemērs",
    "Mazpiemērs",
    "Piemēru pagasts",
];

const STREETS: [&str; 10] = [
    "Parauga iela",
    "Piemēra iela",
    "Skolas iela",
    "Dārza iela",
    "Liepu iela",
    "Ozolu aleja",
    "Stacijas iela",
    "Upes iela",
    "Meža iela",
    "Saules iela",
];

/// A declared address. Postcodes below 1000 are no place's.
pub(crate) fn address(chance: &Stream) -> Value {
    let street = chance.word_of(&STREETS);
    let (house, flat) = (chance.between(1, 120), chance.between(1, 60));
    let line = match chance.happens(600) {
        true => format!("{street} {house}-{flat}"),
        false => format!("{street} {house}"),
    };
    Value::Address {
        of: AddressKind::Declared,
        line,
        place: chance.word_of(&PLACES).to_owned(),
        postcode: Some(format!("{}-{:04}", country::COUNTRY, chance.between(1, 99))),
        country: country::COUNTRY.to_owned(),
    }
}
