//! What each certificate of a path, and the path as a whole, must be.

use crate::certificate::Certificate;
use crate::extension::{Extensions, KeyUsage};
use crate::name::GeneralName;
use crate::oid::{self, Oid};
use crate::path::constraints::{Budget, is_host, mail_parts};
use crate::path::search::Question;

/// Why a path does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A signature is wrong, or of an algorithm that is not trusted.
    #[error("a signature is wrong or of an algorithm that is not trusted")]
    Signature,
    /// A certificate is not in its life at the time asked for.
    #[error("a certificate has not begun or has ended")]
    Life,
    /// A certificate older than version 3 that is not an anchor.
    #[error("a certificate of an older version")]
    Version,
    /// A serial number that is not positive or over 20 octets.
    #[error("a serial number that is not positive or has more than 20 octets")]
    Serial,
    /// An empty issuer, an authority with an empty subject, or an empty subject whose other names
    /// are not critical.
    #[error("an empty name")]
    EmptyName,
    /// Another name that is not of its form: DNS, mail or IP address.
    #[error("a DNS name, mail or IP address that is not of its form")]
    Name,
    /// A critical extension that is not known or not applied here.
    #[error("critical extension {0} is not applied")]
    Critical(Oid),
    /// An extension whose criticality is not the one that RFC 5280 demands.
    #[error("extension {0} has the wrong criticality")]
    Criticality(Oid),
    /// An authority that is none, or that may not sign certificates.
    #[error("a certificate in the path is not that of an authority")]
    NotAuthority,
    /// An extension that only authorities may have, or a bit of key usage.
    #[error("a certificate has what only authorities may have")]
    NotForEnd,
    /// An authority does not name its key, or a certificate its issuer's.
    #[error("an identifier of a key is missing")]
    KeyIdentifier,
    /// More authorities than one above allows.
    #[error("more authorities than one above allows")]
    PathLength,
    /// A name outside what an authority above permits.
    #[error("a name outside what an authority above permits")]
    NameConstraint,
    /// The key may not be used for what is asked.
    #[error("the key is not for this use")]
    Usage,
    /// The certificate does not carry the policy that is asked for.
    #[error("the policy asked for is not there")]
    Policy,
}

/// Whether `candidate` says that it could have issued `below`.
pub(super) fn may_issue(candidate: &Certificate, below: &Certificate) -> bool {
    let named =
        below.extensions().authority_key.as_ref().and_then(|authority| authority.key.as_ref());
    let own = candidate.extensions().subject_key.as_ref();
    let same_key = match (named, own) {
        (Some(named), Some(own)) => named == own,
        _ => true,
    };
    candidate.subject().matches(below.issuer()) && same_key
}

/// What the question asks of the end.
pub(super) fn end(end: &Certificate, question: &Question<'_>) -> Result<(), Refused> {
    let extensions = end.extensions();
    if extensions.key_usage.is_some_and(|usage| !usage.has(question.key_usage)) {
        return Err(Refused::Usage);
    }
    purpose(extensions, question)?;
    let carried = extensions.policies.as_deref().unwrap_or_default();
    let carries = |wanted: &Oid| carried.iter().any(|policy| policy.id == *wanted);
    if question.policy.is_some_and(|wanted| !carries(wanted)) {
        return Err(Refused::Policy);
    }
    if !end.is_authority() {
        let signs = extensions.key_usage.is_some_and(|usage| usage.has(KeyUsage::CERT_SIGN));
        if signs || extensions.name_constraints.is_some() {
            return Err(Refused::NotForEnd);
        }
    }
    Ok(())
}

fn purpose(extensions: &Extensions, question: &Question<'_>) -> Result<(), Refused> {
    let (Some(wanted), Some(purposes)) = (question.purpose, &extensions.extended_key_usage) else {
        return Ok(());
    };
    let serves = purposes.iter().any(|one| one == wanted || *one == oid::ANY_EXTENDED_KEY_USAGE);
    if serves { Ok(()) } else { Err(Refused::Usage) }
}

/// The whole path, the end first.
pub(super) fn path(path: &[&Certificate], question: &Question<'_>) -> Result<(), Refused> {
    let mut budget = Budget::default();
    let mut authorities: u32 = 0;
    for (place, certificate) in path.iter().enumerate() {
        let is_anchor = place + 1 == path.len();
        each(certificate, question, is_anchor)?;
        if place > 0 {
            authority(certificate, question)?;
            if length(certificate).is_some_and(|most| authorities > most) {
                return Err(Refused::PathLength);
            }
            if !certificate.is_self_issued() {
                authorities += 1;
            }
        }
        if let Some(constraints) = &certificate.extensions().name_constraints {
            let below = path.get(..place).unwrap_or_default();
            for (below_place, below) in below.iter().enumerate() {
                if below_place == 0 || !below.is_self_issued() {
                    budget.check(constraints, below)?;
                }
            }
        }
    }
    Ok(())
}

fn length(certificate: &Certificate) -> Option<u32> {
    certificate.extensions().basic_constraints.and_then(|constraints| constraints.path_length)
}

fn each(
    certificate: &Certificate,
    question: &Question<'_>,
    is_anchor: bool,
) -> Result<(), Refused> {
    if !certificate.is_valid_at(question.at) {
        return Err(Refused::Life);
    }
    if certificate.version() != 3 && !is_anchor {
        return Err(Refused::Version);
    }
    let serial = certificate.serial();
    let negative = serial.first().is_none_or(|first| *first >= 0x80);
    // Old roots have the number 0.
    if negative || (!is_anchor && (serial == [0] || serial.len() > 20)) {
        return Err(Refused::Serial);
    }
    if let Some(id) = certificate.extensions().unknown_critical.first() {
        return Err(Refused::Critical(*id));
    }
    names(certificate)?;
    criticality(certificate)?;
    let authority_key = certificate.extensions().authority_key.as_ref();
    let named = authority_key.is_some_and(|authority| authority.key.is_some());
    if !is_anchor && !named && certificate.version() == 3 {
        return Err(Refused::KeyIdentifier);
    }
    Ok(())
}

fn names(certificate: &Certificate) -> Result<(), Refused> {
    let empty = certificate.subject().is_empty();
    let critical = critical(certificate, &oid::SUBJECT_ALT_NAME);
    let unnamed = empty && (certificate.is_authority() || critical != Some(true));
    if certificate.issuer().is_empty() || unnamed {
        return Err(Refused::EmptyName);
    }
    let formed = |name: &GeneralName| match name {
        GeneralName::Dns(name) => is_host(name.strip_prefix("*.").unwrap_or(name)),
        GeneralName::Email(name) => mail_parts(name).is_some(),
        GeneralName::Ip(octets) => matches!(octets.len(), 4 | 16),
        _ => true,
    };
    let all_formed = certificate.extensions().names.iter().all(formed);
    if all_formed { Ok(()) } else { Err(Refused::Name) }
}

fn critical(certificate: &Certificate, id: &Oid) -> Option<bool> {
    let mut raw = certificate.raw_extensions().iter();
    raw.find(|extension| extension.id == *id).map(|extension| extension.critical)
}

/// Criticality that RFC 5280 demands of conforming authorities.
fn criticality(certificate: &Certificate) -> Result<(), Refused> {
    const NEVER: &[Oid] =
        &[oid::AUTHORITY_KEY_IDENTIFIER, oid::SUBJECT_KEY_IDENTIFIER, oid::AUTHORITY_INFO_ACCESS];
    const ALWAYS: &[Oid] =
        &[oid::NAME_CONSTRAINTS, oid::POLICY_CONSTRAINTS, oid::INHIBIT_ANY_POLICY];
    for extension in certificate.raw_extensions() {
        let wrong = (extension.critical && NEVER.contains(&extension.id))
            || (!extension.critical && ALWAYS.contains(&extension.id));
        if wrong {
            return Err(Refused::Criticality(extension.id));
        }
    }
    if certificate.is_authority() && critical(certificate, &oid::BASIC_CONSTRAINTS) == Some(false) {
        return Err(Refused::Criticality(oid::BASIC_CONSTRAINTS));
    }
    Ok(())
}

fn authority(certificate: &Certificate, question: &Question<'_>) -> Result<(), Refused> {
    let extensions = certificate.extensions();
    let signs = extensions.key_usage.is_none_or(|usage| usage.has(KeyUsage::CERT_SIGN));
    if !certificate.is_authority() || !signs {
        return Err(Refused::NotAuthority);
    }
    if extensions.subject_key.is_none() {
        return Err(Refused::KeyIdentifier);
    }
    purpose(extensions, question)
}
