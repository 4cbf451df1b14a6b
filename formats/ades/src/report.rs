//! What a check answers. Its JSON is part of the product: names and shapes stay.

use serde::{Serialize, Serializer};

use crate::cause::Cause;

/// The result of a check. Serialises with times as RFC 3339 in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The moment for which was checked, chosen by the caller.
    #[serde(serialize_with = "moment")]
    pub validation_time: i64,
    /// Each signature, in the order given.
    pub signatures: Vec<SignatureReport>,
    /// Each document time-stamp, in the order given.
    pub timestamps: Vec<StampReport>,
}

impl Report {
    /// The worst verdict on a signature or document time-stamp; nothing when there is none.
    #[must_use]
    pub fn worst(&self) -> Option<Indication> {
        let signatures = self.signatures.iter().map(|report| report.indication);
        signatures.chain(self.timestamps.iter().map(|report| report.indication)).max()
    }
}

/// The verdict on one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignatureReport {
    /// Its name in the document.
    pub id: String,
    /// What it is by its content: `PAdES-BASELINE-B`, `-T`, `-LT`, `-LTA`, `PKCS7-B`…
    pub format: String,
    /// Axis one: validity.
    pub indication: Indication,
    /// Why not passed.
    pub sub_indication: Option<SubIndication>,
    /// Axis two: qualification.
    pub qualification: Qualification,
    /// Axis three: authority.
    pub authority: Authority,
    /// The subject of the signing certificate: its common name, else its whole name.
    pub signed_by: Option<String>,
    /// When the signer says to have signed: proven by nothing.
    #[serde(serialize_with = "optional_moment")]
    pub claimed_signing_time: Option<i64>,
    /// The earliest moment at which it is proven to have existed; nothing without a time-stamp
    /// that counts.
    #[serde(serialize_with = "optional_moment")]
    pub best_signature_time: Option<i64>,
    /// What it covers.
    pub coverage: Coverage,
    /// Why it is not passed, the decisive reason first.
    pub errors: Vec<Reason>,
    /// What is odd.
    pub warnings: Vec<Reason>,
    /// Its time-stamps: those inside it, then the document time-stamps over it.
    pub timestamps: Vec<StampReport>,
}

/// The verdict on a time-stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StampReport {
    /// Its name: `<signature>/timestamp-1`, or the field of a document time-stamp.
    pub id: String,
    /// What it is over.
    pub kind: StampKind,
    /// Whether it counts.
    pub indication: Indication,
    /// Why not passed.
    pub sub_indication: Option<SubIndication>,
    /// Axis two: qualification.
    pub qualification: Qualification,
    /// The subject of the unit's certificate.
    pub produced_by: Option<String>,
    /// The moment that it states.
    #[serde(serialize_with = "optional_moment")]
    pub time: Option<i64>,
    /// Why it does not count, the decisive reason first.
    pub errors: Vec<Reason>,
    /// What is odd.
    pub warnings: Vec<Reason>,
}

/// What a time-stamp is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StampKind {
    /// A signature value.
    Signature,
    /// A document.
    Document,
}

/// What a signature covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Whether it covers everything, later permitted additions aside.
    pub whole: bool,
    /// What it covers.
    pub scopes: Vec<String>,
}

/// The main status, from best to worst. Spec: EN 319 102-1 §5.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Indication {
    /// It holds; of a time-stamp: it counts.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// What is at hand does not tell.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// It does not hold, and no further evidence can change that.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

/// Why a signature is not passed. Spec: EN 319 102-1 §5.1.3, table 5 and 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// It is not built as its format asks, or the document was changed unlawfully.
    FormatFailure,
    /// The digest of what is signed is another.
    HashFailure,
    /// The signature value is wrong.
    SigCryptoFailure,
    /// The signed document is not at hand.
    SignedDataNotFound,
    /// What the validation policy asks is not there: time-stamps that count.
    SigConstraintsFailure,
    /// The signing certificate is not at hand.
    NoSigningCertificateFound,
    /// No path leads to an anchor.
    NoCertificateChainFound,
    /// A path was found that breaks a rule.
    CertificateChainGeneralFailure,
    /// The certificate may not be used for this.
    ChainConstraintsFailure,
    /// The certificate was not yet valid at the proven time.
    NotYetValid,
    /// The certificate is out of its validity and nothing proves an earlier signature.
    OutOfBoundsNoPoe,
    /// The certificate is revoked and nothing proves an earlier signature.
    RevokedNoPoe,
    /// A certificate above is revoked and nothing proves an earlier signature.
    RevokedCaNoPoe,
    /// Revocation data is missing or too old.
    TryLater,
    /// An algorithm is not accepted.
    CryptoConstraintsFailure,
    /// An algorithm is not accepted any more and nothing proves an earlier signature.
    CryptoConstraintsFailureNoPoe,
    /// Time-stamps contradict each other.
    TimestampOrderFailure,
}

/// Axis two. Trusted lists will bring further values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Qualification {
    /// No trusted list was at hand.
    #[serde(rename = "not determined")]
    NotDetermined,
}

/// Axis three. Registers of representation will bring further values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Authority {
    /// No register was asked.
    #[serde(rename = "not determined")]
    NotDetermined,
}

/// A cause with a stable code, and its words in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// For programs and catalogues of texts: `DIGEST_DIFFERS`.
    pub code: &'static str,
    /// For people.
    pub text: String,
}

impl From<&Cause> for Reason {
    fn from(cause: &Cause) -> Self {
        Self { code: cause.code(), text: cause.to_string() }
    }
}

fn text_of(at: i64) -> String {
    let since = u64::try_from(at).ok().map(std::time::Duration::from_secs);
    let time = since.and_then(|since| der::DateTime::from_unix_duration(since).ok());
    time.map_or_else(|| at.to_string(), |time| time.to_string())
}

fn moment<S: Serializer>(at: &i64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&text_of(*at))
}

fn optional_moment<S: Serializer>(at: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => moment(at, to),
        None => to.serialize_none(),
    }
}
