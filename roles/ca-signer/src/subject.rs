//! Whom a certificate names, as attributes and other names.

use base::Identifier;
use pki_contract::Subject;
use x509::{Attribute, GeneralName, Kind, oid};

/// A subject in the form of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) names: Vec<GeneralName>,
}

/// The subject as certificates of `kind` name it; none where it does not fit the kind, or its
/// identifier is none of its country. Nothing is cut to fit (R12).
pub(crate) fn named(subject: &Subject, kind: Kind) -> Option<Named> {
    match subject {
        Subject::Person { identifier, given_names, surname, country, .. } => {
            let natural = matches!(kind, Kind::PersonSign | Kind::PersonAuth);
            let own = of_country(identifier, country);
            let attributes = vec![
                Attribute::new(oid::COUNTRY, country),
                Attribute::new(oid::SERIAL_NUMBER, identifier),
                Attribute::new(oid::SURNAME, surname),
                Attribute::new(oid::GIVEN_NAME, given_names),
                Attribute::new(oid::COMMON_NAME, format!("{given_names} {surname}")),
            ];
            (natural && own).then_some(Named { attributes, names: Vec::new() })
        }
        Subject::Machine { name, organisation, identifier, country, alternative } => {
            let own = of_country(identifier, country);
            let transport = kind == Kind::Transport;
            let mut attributes = vec![
                Attribute::new(oid::COUNTRY, country),
                Attribute::new(oid::ORGANIZATION, organisation),
            ];
            if !transport {
                attributes.push(Attribute::new(oid::ORGANIZATION_IDENTIFIER, identifier));
            }
            attributes.push(Attribute::new(oid::COMMON_NAME, name));
            let names = alternative.iter().map(|text| general(text)).collect();
            let machine = matches!(kind, Kind::TimeStampUnit | Kind::OcspResponder) || transport;
            let fits = machine && own && (transport || alternative.is_empty());
            fits.then_some(Named { attributes, names })
        }
    }
}

fn of_country(identifier: &str, country: &str) -> bool {
    identifier.parse::<Identifier>().is_ok_and(|own| own.country() == country)
}

fn general(text: &str) -> GeneralName {
    if let Ok(address) = text.parse::<std::net::IpAddr>() {
        return GeneralName::Ip(match address {
            std::net::IpAddr::V4(address) => address.octets().to_vec(),
            std::net::IpAddr::V6(address) => address.octets().to_vec(),
        });
    }
    let uri = text.starts_with("urn:") || text.contains("://");
    if uri { GeneralName::Uri(text.to_owned()) } else { GeneralName::Dns(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(identifier: &str, alternative: &[&str]) -> Subject {
        Subject::Machine {
            name: "x".to_owned(),
            organisation: "Trial".to_owned(),
            identifier: identifier.to_owned(),
            country: "XX".to_owned(),
            alternative: alternative.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn a_subject_of_another_kind_or_country_is_none() {
        let named = |identifier, kind| named(&machine(identifier, &[]), kind).is_some();
        assert!(named("NTRXX-1", Kind::OcspResponder));
        assert!(!named("NTRXX-1", Kind::PersonSign));
        assert!(!named("NTRXX-1", Kind::Issuing), "authorities are made in a ceremony");
        assert!(!named("NTRYY-1", Kind::OcspResponder));
        assert!(!named("1", Kind::OcspResponder));
    }

    #[test]
    fn other_names_are_uris_addresses_or_hosts() {
        let subject = machine("NTRXX-1", &["urn:sakta:system:a/b", "127.0.0.1", "localhost"]);
        let names = named(&subject, Kind::Transport).unwrap().names;
        let [GeneralName::Uri(_), GeneralName::Ip(octets), GeneralName::Dns(_)] = &names[..] else {
            panic!("{names:?}");
        };
        assert_eq!(octets, &[127, 0, 0, 1]);
        assert_eq!(super::named(&subject, Kind::OcspResponder), None);
    }
}
