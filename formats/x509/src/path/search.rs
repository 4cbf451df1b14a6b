//! The bounded search for a path.

use crate::algorithm::Algorithms;
use crate::certificate::Certificate;
use crate::extension::KeyUsage;
use crate::oid::Oid;
use crate::path::check::{self, Refused};

/// Most certificates in a path, anchor and end included.
pub const MAX_DEPTH: usize = 10;
/// Most certificates that the search looks at, anchors and others together.
pub const MAX_CANDIDATES: usize = 64;
/// Most signatures that one search verifies.
const MAX_SIGNATURES: u32 = 128;

/// The certificates that a path may end at, whatever they are: an end-entity certificate that is
/// its own anchor makes a path of one. Their life and constraints are checked all the same, their
/// signatures are not.
#[derive(Clone, Copy, Debug)]
pub struct Anchors<'a>(pub &'a [Certificate]);

/// What is asked of a path.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// When it must hold, seconds since 1970.
    pub at: i64,
    /// Bits that the end's key usage must have, where it has that extension.
    pub key_usage: KeyUsage,
    /// The purpose that the end's `extKeyUsage` must have, where it has that extension; the same
    /// of the authorities above it.
    pub purpose: Option<&'a Oid>,
    /// The policy that the end must carry itself; nothing is asked of the authorities.
    pub policy: Option<&'a Oid>,
}

impl Question<'_> {
    /// Asks only that the path holds at `at`.
    #[must_use]
    pub const fn at(at: i64) -> Self {
        Self { at, key_usage: KeyUsage::NONE, purpose: None, policy: None }
    }
}

/// A path that holds: the end first, the anchor last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path<'a>(pub Vec<&'a Certificate>);

impl<'a> Path<'a> {
    /// The anchor that it ends at.
    #[must_use]
    pub fn anchor(&self) -> Option<&'a Certificate> {
        self.0.last().copied()
    }

    /// The authority that issued the end: the end itself when it is the anchor.
    #[must_use]
    pub fn issuer(&self) -> Option<&'a Certificate> {
        self.0.get(1).or(self.0.first()).copied()
    }
}

/// Why there is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No certificate here is the issuer of the last that was reached.
    #[error("no path to an anchor")]
    NoAnchor,
    /// Every path found is refused; the reason of the one that came furthest.
    #[error("the path is refused: {0}")]
    Refused(#[from] Refused),
    /// More than 64 certificates, or more signatures than a search may verify.
    #[error("too many certificates for one search")]
    TooMuch,
}

struct Search<'a, 'q> {
    anchors: &'a [Certificate],
    others: &'a [Certificate],
    question: &'q Question<'q>,
    algorithms: Algorithms<'q>,
    signatures: u32,
    refused: Option<(usize, Refused)>,
}

/// Finds a path from `end` over `others` to an anchor: depth first, at most 10 certificates long,
/// at most 64 candidates.
///
/// # Errors
/// See [`PathError`].
pub fn find<'a>(
    end: &'a Certificate,
    others: &'a [Certificate],
    anchors: Anchors<'a>,
    question: &Question<'_>,
    algorithms: Algorithms<'_>,
) -> Result<Path<'a>, PathError> {
    if others.len() + anchors.0.len() > MAX_CANDIDATES {
        return Err(PathError::TooMuch);
    }
    let mut search = Search {
        anchors: anchors.0,
        others,
        question,
        algorithms,
        signatures: MAX_SIGNATURES,
        refused: None,
    };
    check::end(end, question)?;
    let mut path = vec![end];
    if search.extend(&mut path)? {
        return Ok(Path(path));
    }
    Err(search.refused.map_or(PathError::NoAnchor, |(_, refused)| PathError::Refused(refused)))
}

impl<'a> Search<'a, '_> {
    /// Whether `path` could be made to reach an anchor; it then does.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> Result<bool, PathError> {
        let Some(last) = path.last().copied() else { return Ok(false) };
        if self.anchors.iter().any(|anchor| anchor.der() == last.der()) {
            return Ok(self.judge(path));
        }
        if path.len() >= MAX_DEPTH {
            return Ok(false);
        }
        let (anchors, others) = (self.anchors, self.others);
        for candidate in anchors.iter().chain(others) {
            if !check::may_issue(candidate, last) || is_in(path, candidate) {
                continue;
            }
            self.signatures = self.signatures.checked_sub(1).ok_or(PathError::TooMuch)?;
            if last.verify(candidate.spki(), self.algorithms).is_err() {
                self.refuse(path.len(), Refused::Signature);
                continue;
            }
            path.push(candidate);
            if self.extend(path)? {
                return Ok(true);
            }
            path.pop();
        }
        Ok(false)
    }

    fn judge(&mut self, path: &[&Certificate]) -> bool {
        match check::path(path, self.question) {
            Ok(()) => true,
            Err(refused) => {
                self.refuse(path.len() + MAX_DEPTH, refused);
                false
            }
        }
    }

    fn refuse(&mut self, depth: usize, refused: Refused) {
        if self.refused.as_ref().is_none_or(|(reached, _)| *reached < depth) {
            self.refused = Some((depth, refused));
        }
    }
}

/// Whether a certificate of the same subject and key stands in the path already.
fn is_in(path: &[&Certificate], candidate: &Certificate) -> bool {
    path.iter().any(|earlier| {
        earlier.subject() == candidate.subject()
            && earlier.spki() == candidate.spki()
            && earlier.is_authority() == candidate.is_authority()
    })
}
