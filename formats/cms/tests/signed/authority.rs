//! A certificate authority for tests: keys in memory, certificates made here.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RsaKeyPair,
};

/// The signature algorithms that tests accept: those of aws-lc-rs that rustls lists.
pub(crate) fn algorithms() -> cms::Algorithms<'static> {
    cms::Algorithms(
        rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all,
    )
}

pub(crate) enum Key {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    pub(crate) fn p256() -> Self {
        Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    pub(crate) fn p384() -> Self {
        Self::P384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap())
    }

    pub(crate) fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa3072).unwrap())
    }

    #[expect(clippy::disallowed_types, reason = "the test's keys need chance of the machine")]
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = aws_lc_rs::rand::SystemRandom::new();
        match self {
            Self::P256(pair) | Self::P384(pair) => {
                pair.sign(&random, message).unwrap().as_ref().to_vec()
            }
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// Its PKCS#8 as PEM, for outside tools.
    pub(crate) fn pem(&self) -> String {
        match self {
            Self::P256(pair) | Self::P384(pair) => {
                pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref())
            }
            Self::Rsa(pair) => {
                let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
                pem("PRIVATE KEY", der.as_ref())
            }
        }
    }

    pub(crate) fn digest_algorithm(&self) -> cms::DigestAlgorithm {
        match self {
            Self::P384(_) => cms::DigestAlgorithm::Sha384,
            _ => cms::DigestAlgorithm::Sha256,
        }
    }

    /// The AlgorithmIdentifier of its signatures.
    pub(crate) fn signature_algorithm(&self) -> Vec<u8> {
        let digest = self.digest_algorithm();
        match self {
            Self::Rsa(_) => cms::SignatureAlgorithm::RsaPkcs1(digest).identifier(),
            _ => cms::SignatureAlgorithm::Ecdsa(digest).identifier(),
        }
    }

    fn spki(&self) -> Vec<u8> {
        let ec = oid("1.2.840.10045.2.1");
        let (algorithm, key) = match self {
            Self::P256(pair) => {
                (seq(&[&ec, &oid("1.2.840.10045.3.1.7")]), pair.public_key().as_ref())
            }
            Self::P384(pair) => (seq(&[&ec, &oid("1.3.132.0.34")]), pair.public_key().as_ref()),
            Self::Rsa(pair) => {
                (seq(&[&oid("1.2.840.113549.1.1.1"), &[5, 0]]), pair.public_key().as_ref())
            }
        };
        seq(&[&algorithm, &tlv(3, &[&[0], key])])
    }
}

/// What a certificate says.
pub(crate) struct Subject<'a> {
    pub(crate) name: &'a str,
    pub(crate) serial: u8,
    /// `YYMMDDHHMMSSZ`, twice.
    pub(crate) validity: (&'a str, &'a str),
    pub(crate) ca: bool,
    /// Extended key usages, and whether they are critical.
    pub(crate) usage: (&'a [&'a str], bool),
}

impl<'a> Subject<'a> {
    pub(crate) fn named(name: &'a str, serial: u8) -> Self {
        let validity = ("200101000000Z", "400101000000Z");
        Self { name, serial, validity, ca: false, usage: (&[], false) }
    }

    pub(crate) fn ca(name: &'a str) -> Self {
        Self { ca: true, ..Self::named(name, 1) }
    }

    pub(crate) fn stamping(name: &'a str, serial: u8) -> Self {
        Self { usage: (&["1.3.6.1.5.5.7.3.8"], true), ..Self::named(name, serial) }
    }
}

/// A certificate and its key.
pub(crate) struct Certified {
    pub(crate) key: Key,
    pub(crate) der: Vec<u8>,
    pub(crate) name: Vec<u8>,
}

impl Certified {
    /// A certificate that signs itself.
    pub(crate) fn root(subject: &Subject<'_>, key: Key) -> Self {
        let name = name_of(subject.name);
        let der = certificate(subject, &key, (&name, &key));
        Self { key, der, name }
    }

    /// A certificate by this one.
    pub(crate) fn issue(&self, subject: &Subject<'_>, key: Key) -> Self {
        let der = certificate(subject, &key, (&self.name, &self.key));
        Self { key, der, name: name_of(subject.name) }
    }

    /// As it is read back.
    pub(crate) fn certificate(&self) -> x509::Certificate {
        x509::Certificate::parse(&self.der).unwrap()
    }

    pub(crate) fn pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }
}

fn certificate(subject: &Subject<'_>, key: &Key, (issuer, by): (&[u8], &Key)) -> Vec<u8> {
    let (from, to) = subject.validity;
    let algorithm = by.signature_algorithm();
    let tbs = seq(&[
        &tlv(0xa0, &[&[2, 1, 2]]),
        &tlv(2, &[&[subject.serial]]),
        &algorithm,
        issuer,
        &seq(&[&tlv(0x17, &[from.as_bytes()]), &tlv(0x17, &[to.as_bytes()])]),
        &name_of(subject.name),
        &key.spki(),
        &tlv(0xa3, &[&seq(&[&extensions(subject, key)])]),
    ]);
    signed(&tbs, by)
}

/// `SEQUENCE { tbs, algorithm, signature }`.
pub(crate) fn signed(tbs: &[u8], by: &Key) -> Vec<u8> {
    seq(&[tbs, &by.signature_algorithm(), &tlv(3, &[&[0], &by.sign(tbs)])])
}

fn extensions(subject: &Subject<'_>, key: &Key) -> Vec<u8> {
    let id = tlv(4, &[&cms::DigestAlgorithm::Sha256.digest(&key.spki())[..20]]);
    let mut all = extension("2.5.29.14", false, &id);
    if subject.ca {
        all.extend(extension("2.5.29.19", true, &seq(&[&[1, 1, 0xff]])));
        all.extend(extension("2.5.29.15", true, &[3, 2, 1, 6]));
    } else {
        all.extend(extension("2.5.29.15", true, &[3, 2, 6, 0xc0]));
    }
    let (usages, critical) = subject.usage;
    if !usages.is_empty() {
        let usages: Vec<u8> = usages.iter().flat_map(|usage| oid(usage)).collect();
        all.extend(extension("2.5.29.37", critical, &seq(&[&usages])));
    }
    all
}

fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    seq(&[&oid(id), critical, &tlv(4, &[value])])
}

pub(crate) fn name_of(common: &str) -> Vec<u8> {
    let attribute = seq(&[&oid("2.5.4.3"), &tlv(0x0c, &[common.as_bytes()])]);
    seq(&[&tlv(0x31, &[&attribute])])
}

pub(crate) fn oid(text: &str) -> Vec<u8> {
    tlv(6, &[text.parse::<cms::Oid>().unwrap().content()])
}

pub(crate) fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = vec![tag];
    match u8::try_from(body.len()) {
        Ok(short @ ..0x80) => out.push(short),
        Ok(long) => out.extend([0x81, long]),
        Err(_) => {
            out.push(0x82);
            out.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        }
    }
    out.extend(body);
    out
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    use der::pem::{LineEnding, encode_string};
    encode_string(label, LineEnding::LF, der).unwrap()
}
