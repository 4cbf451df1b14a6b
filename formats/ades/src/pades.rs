//! Signatures of a PDF file. Spec: EN 319 142-1.

use cms::DigestAlgorithm;
use pdf::{Change, Limits, Refusal, SignatureField};

use crate::check::check;
use crate::input::{Changes, Evidence, Input, Kind, Signed, Trust};
use crate::report::Report;

/// Checks all signatures of a PDF file for the moment `at`, in seconds since 1970.
///
/// The file's own validation data (DSS) is used beside `given`; a store that cannot be read counts
/// as empty. A file without signatures gives a report without any.
///
/// # Errors
/// Why the file cannot be read.
pub fn check_pdf(
    bytes: &[u8],
    given: &Evidence,
    trust: &Trust<'_>,
    at: i64,
) -> Result<Report, Refusal> {
    let limits = Limits::default();
    let fields = pdf::signatures(bytes, &limits)?;
    let store = pdf::dss(bytes, &limits).ok().flatten().unwrap_or_default();
    let embedded = Evidence { certificates: store.certs, ocsp: store.ocsps, crls: store.crls };
    let count = fields.len();
    let views: Vec<_> = fields
        .iter()
        .enumerate()
        .map(|(place, field)| View::new(field, bytes, (place + 1, count)))
        .collect();
    let digests: Vec<_> = views.iter().map(View::digest).collect();
    let signatures: Vec<_> =
        views.iter().zip(&digests).map(|(view, digest)| view.signed(digest)).collect();
    let input = Input { signatures: &signatures, embedded: &embedded, given };
    Ok(check(&input, trust, at))
}

/// A signature with what its report says of its place.
struct View<'a> {
    field: &'a SignatureField,
    bytes: &'a [u8],
    scopes: [String; 1],
    faults: Vec<String>,
    changes: Vec<String>,
}

impl<'a> View<'a> {
    fn new(field: &'a SignatureField, bytes: &'a [u8], (place, count): (usize, usize)) -> Self {
        let scope = match &field.byte_range {
            Some(range) => format!(
                "signature {place} of {count}: bytes 0 to {} and {} to {} of {}",
                range.hole.start,
                range.hole.end,
                range.end,
                bytes.len()
            ),
            None => format!("signature {place} of {count}: no bytes"),
        };
        let mut faults: Vec<_> = field.flaws.iter().map(ToString::to_string).collect();
        if kind_of(field).is_none() {
            faults.push(format!("SubFilter {:?} is not supported", field.sub_filter));
        }
        let changes = changes_of(field);
        Self { field, bytes, scopes: [scope], faults, changes }
    }

    fn digest(&self) -> impl Fn(DigestAlgorithm) -> Option<Vec<u8>> + use<'a> {
        let (field, bytes) = (self.field, self.bytes);
        move |algorithm| Some(algorithm.digest_parts(&field.covered(bytes)?))
    }

    fn signed<'v>(&'v self, digest: &'v dyn Fn(DigestAlgorithm) -> Option<Vec<u8>>) -> Signed<'v> {
        let later = self.field.later;
        let end = self.field.byte_range.as_ref().map_or(0, |range| range.end);
        let changes = match self.changes.as_slice() {
            [] => Changes::None,
            what if later.is_permitted(self.field.level) => Changes::Permitted(what),
            what => Changes::Forbidden(what),
        };
        Signed {
            id: &self.field.name,
            kind: kind_of(self.field).unwrap_or(Kind::Pkcs7),
            cms: &self.field.contents,
            digest,
            end: u64::try_from(end).unwrap_or(0),
            whole: self.faults.is_empty() && later.change <= Change::OtherSignature,
            scopes: &self.scopes,
            faults: &self.faults,
            changes,
            claimed_time: self.field.made_at,
        }
    }
}

fn kind_of(field: &SignatureField) -> Option<Kind> {
    match field.sub_filter.as_str() {
        "ETSI.RFC3161" => Some(Kind::TimeStamp),
        _ if field.is_time_stamp => None,
        "ETSI.CAdES.detached" => Some(Kind::Pades),
        "adbe.pkcs7.detached" => Some(Kind::Pkcs7),
        _ => None,
    }
}

/// What came later, in words; nothing for what needs no word.
fn changes_of(field: &SignatureField) -> Vec<String> {
    let what = match field.later.change {
        Change::None | Change::OnlyValidationData => None,
        Change::OtherSignature if field.later.is_permitted(field.level) => None,
        Change::OtherSignature => Some("a further signature"),
        Change::FormFilling => Some("fields of the form were filled in"),
        Change::Annotations => Some("annotations were added or changed"),
        Change::Content => Some("the content, or something that cannot be told from it"),
    };
    let shows = field.later.shows_signature && field.later.change < Change::Content;
    let shown = shows.then_some("a later signature shows something on a page");
    what.into_iter().chain(shown).map(str::to_owned).collect()
}
