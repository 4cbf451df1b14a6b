//! What a check is given.

use cms::DigestAlgorithm;
use x509::{Algorithms, Certificate};

use crate::algorithm::AlgorithmRule;

/// A document's signatures and the evidence that is at hand.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Signatures and document time-stamps, earliest first.
    pub signatures: &'a [Signed<'a>],
    /// What the document itself brings: the DSS of a PDF.
    pub embedded: &'a Evidence,
    /// What the caller has beside it.
    pub given: &'a Evidence,
}

/// One signature of a document, as the reader of its format found it.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// Its name in the document: the field of a PDF.
    pub id: &'a str,
    /// What it is.
    pub kind: Kind,
    /// The SignedData; zero bytes may follow.
    pub cms: &'a [u8],
    /// The digest of the bytes covered, `None` if they cannot be had.
    pub digest: &'a dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>,
    /// The end of what is covered, in bytes from the start: a later document time-stamp that
    /// reaches further proves that this signature was there.
    pub end: u64,
    /// Whether everything in the document is covered, later permitted additions aside.
    pub whole: bool,
    /// What is covered, in words for people: names of files, "revision 1 of 2".
    pub scopes: &'a [String],
    /// What is wrong with the coverage itself: byte ranges that lie, overlap or leave holes.
    pub faults: &'a [String],
    /// What was done to the document afterwards.
    pub changes: Changes<'a>,
    /// When the signer says to have signed, in seconds since 1970: `M` of a PDF.
    pub claimed_time: Option<i64>,
}

/// What a signature of a PDF is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ETSI.CAdES.detached`.
    Pades,
    /// Another CMS signature: `adbe.pkcs7.detached`.
    Pkcs7,
    /// A document time-stamp: `ETSI.RFC3161`.
    TimeStamp,
}

/// What was done to a document after a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes<'a> {
    /// Nothing, or only what every signature permits: validation data, further signatures.
    None,
    /// Things that this signature permits, such as filling in forms.
    Permitted(&'a [String]),
    /// Things that it does not permit.
    Forbidden(&'a [String]),
}

/// Certificates and revocation data, of each the first 512. Nothing here is trusted; each is
/// checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Certificates in DER; what cannot be read is passed over.
    pub certificates: Vec<Vec<u8>>,
    /// OCSPResponse values in DER.
    pub ocsp: Vec<Vec<u8>>,
    /// Certificate revocation lists in DER.
    pub crls: Vec<Vec<u8>>,
}

/// What the caller trusts.
#[derive(Clone, Copy)]
pub struct Trust<'a> {
    /// Certificates trusted as they are: authorities, or a signer itself.
    pub anchors: &'a [Certificate],
    /// The signature algorithms that can be verified at all.
    pub algorithms: Algorithms<'a>,
    /// Until when each is accepted: [`TS_119_312_V2_1_1`](crate::TS_119_312_V2_1_1) or another set.
    pub rules: &'a [AlgorithmRule],
}
