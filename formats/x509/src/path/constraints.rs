//! Name constraints. Spec: RFC 5280 §4.2.1.10.

use crate::certificate::Certificate;
use crate::extension::NameConstraints;
use crate::name::GeneralName;
use crate::path::check::Refused;

/// Comparisons that one path may still make: many names against many subtrees stop here.
pub(super) struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(250_000)
    }
}

/// How a name stands to a subtree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    OtherKind,
    Within,
    Outside,
    /// A kind, or a form, that is not compared here: refused.
    Unsupported,
}

impl Budget {
    /// Checks the names of `below` against the constraints of an authority above it.
    pub(super) fn check(
        &mut self,
        constraints: &NameConstraints,
        below: &Certificate,
    ) -> Result<(), Refused> {
        for name in names(below) {
            self.excluded(constraints, &name)?;
            self.permitted(constraints, &name)?;
        }
        Ok(())
    }

    fn excluded(
        &mut self,
        constraints: &NameConstraints,
        name: &GeneralName,
    ) -> Result<(), Refused> {
        for tree in &constraints.excluded {
            self.spend()?;
            // A wildcard is excluded when any name that it stands for is.
            let covers = matches!((name, tree), (GeneralName::Dns(name), GeneralName::Dns(tree))
                if wildcard_covers(name, tree));
            if covers || matches!(fit(name, tree), Fit::Within | Fit::Unsupported) {
                return Err(Refused::NameConstraint);
            }
        }
        Ok(())
    }

    fn permitted(
        &mut self,
        constraints: &NameConstraints,
        name: &GeneralName,
    ) -> Result<(), Refused> {
        let mut of_kind = false;
        for tree in &constraints.permitted {
            self.spend()?;
            match fit(name, tree) {
                Fit::Within => return Ok(()),
                Fit::Outside => of_kind = true,
                Fit::OtherKind => {}
                Fit::Unsupported => return Err(Refused::NameConstraint),
            }
        }
        if of_kind { Err(Refused::NameConstraint) } else { Ok(()) }
    }

    fn spend(&mut self) -> Result<(), Refused> {
        self.0 = self.0.checked_sub(1).ok_or(Refused::NameConstraint)?;
        Ok(())
    }
}

/// All names of a subject: its other names, and its distinguished name when not empty. Mail
/// addresses among its attributes are not looked for.
fn names(certificate: &Certificate) -> Vec<GeneralName> {
    let subject = certificate.subject();
    let mut names = certificate.extensions().names.clone();
    if !subject.is_empty() {
        names.push(GeneralName::Directory(subject.clone()));
    }
    names
}

fn fit(name: &GeneralName, tree: &GeneralName) -> Fit {
    let within = |within| if within { Fit::Within } else { Fit::Outside };
    match (name, tree) {
        (GeneralName::Dns(name), GeneralName::Dns(tree)) => dns(name, tree),
        (GeneralName::Email(name), GeneralName::Email(tree)) => email(name, tree),
        (GeneralName::Ip(name), GeneralName::Ip(tree)) => address(name, tree),
        (GeneralName::Directory(name), GeneralName::Directory(tree)) => {
            within(name.is_within(tree))
        }
        (GeneralName::Uri(name), GeneralName::Uri(tree)) => uri(name, tree),
        (GeneralName::Other(name), GeneralName::Other(tree)) if name.first() == tree.first() => {
            Fit::Unsupported
        }
        _ => Fit::OtherKind,
    }
}

fn dns(name: &str, tree: &str) -> Fit {
    let host = name.strip_prefix("*.").unwrap_or(name);
    if !is_host(host) || !(tree.is_empty() || is_host(tree)) {
        return Fit::Unsupported;
    }
    let same = host.eq_ignore_ascii_case(tree);
    if tree.is_empty() || same || is_below(host, tree) { Fit::Within } else { Fit::Outside }
}

/// Whether a wildcard one label above `tree` stands for names in it.
fn wildcard_covers(name: &str, tree: &str) -> bool {
    let Some(parent) = name.strip_prefix("*.") else { return false };
    tree.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
}

fn is_below(host: &str, tree: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let tree = tree.to_ascii_lowercase();
    host.strip_suffix(&tree).is_some_and(|front| front.ends_with('.') && front.len() > 1)
}

/// Whether labels of letters, digits and `-` stand between single points.
pub(crate) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// The mailbox and the host of a mail address; quoted mailboxes with `@` are not known here.
pub(crate) fn mail_parts(address: &str) -> Option<(&str, &str)> {
    let (mailbox, host) = address.split_once('@')?;
    (!mailbox.is_empty() && is_host(host)).then_some((mailbox, host))
}

fn email(name: &str, tree: &str) -> Fit {
    let Some((mailbox, host)) = mail_parts(name) else { return Fit::Unsupported };
    let within = match (tree.rsplit_once('@'), tree.strip_prefix('.')) {
        (Some((wanted, at)), _) => mailbox == wanted && host.eq_ignore_ascii_case(at),
        (None, Some(domain)) if is_host(domain) => is_below(host, domain),
        (None, None) if is_host(tree) => host.eq_ignore_ascii_case(tree),
        _ => return Fit::Unsupported,
    };
    if within { Fit::Within } else { Fit::Outside }
}

fn uri(name: &str, tree: &str) -> Fit {
    let Some((_, rest)) = name.split_once("://") else { return Fit::Unsupported };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    if !is_host(host) || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Fit::Unsupported;
    }
    let within = match tree.strip_prefix('.') {
        Some(domain) => is_below(host, domain),
        None => host.eq_ignore_ascii_case(tree),
    };
    if within { Fit::Within } else { Fit::Outside }
}

fn address(name: &[u8], tree: &[u8]) -> Fit {
    if !matches!(name.len(), 4 | 16) || !matches!(tree.len(), 8 | 32) {
        return Fit::Unsupported;
    }
    let (network, mask) = tree.split_at(tree.len() / 2);
    let bits = mask.iter().fold(0_u128, |bits, octet| (bits << 8) | u128::from(*octet));
    let width = u32::try_from(mask.len() * 8).unwrap_or(128);
    let ones = bits.count_ones();
    let contiguous = ones == 0 || bits.trailing_zeros() == width - ones;
    if !contiguous {
        return Fit::Unsupported;
    }
    if name.len() != network.len() {
        return Fit::Outside;
    }
    let mut octets = name.iter().zip(network).zip(mask);
    let same = octets.all(|((one, other), mask)| one & mask == other & mask);
    if same { Fit::Within } else { Fit::Outside }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(name: &GeneralName, tree: &GeneralName) -> bool {
        fit(name, tree) == Fit::Within
    }

    #[test]
    fn a_host_lies_within_its_domain_and_not_beside_it() {
        let dns = |text: &str| GeneralName::Dns(text.to_owned());
        assert!(within(&dns("a.example.com"), &dns("example.com")));
        assert!(within(&dns("EXAMPLE.com"), &dns("example.COM")));
        assert!(!within(&dns("badexample.com"), &dns("example.com")));
        assert!(!within(&dns("com"), &dns("example.com")));
        assert!(fit(&dns("a b"), &dns("example.com")) == Fit::Unsupported);
        assert!(wildcard_covers("*.example.com", "bar.example.com"));
    }

    #[test]
    fn an_address_lies_within_its_network() {
        let ip = |octets: &[u8]| GeneralName::Ip(octets.to_vec());
        let network = ip(&[192, 0, 2, 0, 255, 255, 255, 0]);
        assert!(within(&ip(&[192, 0, 2, 7]), &network));
        assert!(!within(&ip(&[192, 0, 3, 7]), &network));
        assert!(fit(&ip(&[1, 2, 3]), &network) == Fit::Unsupported);
        let holed = ip(&[192, 0, 2, 0, 255, 0, 255, 0]);
        assert!(fit(&ip(&[192, 0, 2, 7]), &holed) == Fit::Unsupported);
    }

    #[test]
    fn a_mail_address_lies_within_its_host_or_below_its_domain() {
        let mail = |text: &str| GeneralName::Email(text.to_owned());
        assert!(within(&mail("a@example.com"), &mail("example.com")));
        assert!(!within(&mail("a@b.example.com"), &mail("example.com")));
        assert!(within(&mail("a@b.example.com"), &mail(".example.com")));
        assert!(within(&mail("a@example.com"), &mail("a@EXAMPLE.com")));
        assert!(!within(&mail("A@example.com"), &mail("a@example.com")));
    }
}
