//! Which keys of a person can sign.

use activation_contract::Credential;
use base::{Bytes, Id, PersonId, Time};
use cms::DigestAlgorithm;
use links::{Call, CallFault, OnBehalf};
use pki_contract::{CertificateRow, CertificatesOf, PkiRefusal, Status};
use x509::Certificate;

use crate::failed::Failed;
use crate::sign::Signing;

/// The object identifier of P-384 in a `SubjectPublicKeyInfo`. Spec: RFC 5480 §2.1.1.1.
const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];

/// A key that can sign now.
#[derive(Clone, Debug)]
pub(crate) struct Usable {
    pub(crate) id: Id<Credential>,
    pub(crate) certificate: Certificate,
    pub(crate) chain: Vec<Bytes>,
    pub(crate) valid_until: Time,
}

/// The digest that a key of this certificate signs with.
pub(crate) fn digest_of(certificate: &Certificate) -> DigestAlgorithm {
    let is_p384 = certificate.spki().windows(P384.len()).take(32).any(|window| window == P384);
    if is_p384 { DigestAlgorithm::Sha384 } else { DigestAlgorithm::Sha256 }
}

/// How the activation protocol names it.
pub(crate) fn digest_name(algorithm: DigestAlgorithm) -> &'static str {
    match algorithm {
        DigestAlgorithm::Sha256 => "sha-256",
        DigestAlgorithm::Sha384 => "sha-384",
        DigestAlgorithm::Sha512 => "sha-512",
    }
}

impl Signing {
    /// The person's keys with a good certificate to sign with, the newest first.
    pub(crate) async fn usable(
        &self,
        person: PersonId,
        on_behalf: OnBehalf,
    ) -> Result<Vec<Usable>, Failed> {
        let call = Call::new(CertificatesOf { person }, on_behalf, "sign");
        let rows = match self.parts.pki.call(call).await {
            Ok(rows) => rows,
            Err(CallFault::Refused(PkiRefusal::Unknown)) => Vec::new(),
            Err(_) => return Err(Failed::Elsewhere("certificates")),
        };
        let now = self.parts.clock.now();
        let fits = |row: &CertificateRow| {
            row.profile == self.parts.profile
                && row.status == Status::Good
                && row.demanded.is_none()
                && row.valid_from <= now
                && now < row.valid_until
        };
        let mut rows: Vec<_> = rows.into_iter().filter(fits).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.valid_from));
        Ok(rows.into_iter().filter_map(usable).collect())
    }
}

fn usable(row: CertificateRow) -> Option<Usable> {
    Some(Usable {
        id: row.credential?.parse().ok()?,
        certificate: Certificate::parse(&row.certificate.0).ok()?,
        chain: row.chain,
        valid_until: row.valid_until,
    })
}
