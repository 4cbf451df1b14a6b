//! Checkpoints: what a log has signed about itself.
//!
//! Spec: C2SP tlog-checkpoint (the text) in a C2SP signed-note (Ed25519). Two extension lines of
//! ours: `at <RFC 3339>`, and `previous <base64>`, the SHA-256 of the checkpoint before, whole.

use base::Time;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::tree::{Hash, Head};

/// The longest checkpoint that is read, in bytes.
pub const LONGEST: usize = 4096;

/// The key that a log signs its checkpoints with. Never used for anything else.
pub trait CheckpointSigner: Send + Sync {
    /// The Ed25519 public key.
    fn public_key(&self) -> [u8; 32];

    /// The Ed25519 signature over `message` (RFC 8032, pure).
    ///
    /// # Errors
    /// The key is not at hand.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignFailed>;
}

/// The checkpoint key did not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint key did not sign: {0}")]
pub struct SignFailed(pub String);

/// The name and public key of a log: all that a checker needs.
///
/// Shown and parsed as the signed-note "verifier key": `name+hash+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    /// `<owner>/<part>`.
    pub log: String,
    /// Ed25519.
    pub public_key: [u8; 32],
}

/// A checkpoint's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// `<owner>/<part>`.
    pub log: String,
    /// The tree.
    pub head: Head,
    /// When it was signed, by the log's clock.
    pub at: Time,
    /// SHA-256 of the checkpoint before it; none before the first.
    pub previous: Option<Hash>,
}

/// Bytes that are not a checkpoint which this log signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not the form of a checkpoint.
    #[error("not a checkpoint")]
    Malformed,
    /// Another log's.
    #[error("a checkpoint of another log")]
    AnotherLog,
    /// No signature by this key, or one that does not verify.
    #[error("the checkpoint's signature does not verify")]
    Signature,
}

/// Text that is no verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a log key of the form name+hash+base64")]
pub struct LogKeyError;

impl LogKey {
    /// The first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key). Spec: C2SP signed-note.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let name = Sha256::new().chain_update(&self.log).chain_update([b'\n', 1]);
        let [a, b, c, d, ..]: Hash = name.chain_update(self.public_key).finalize().into();
        [a, b, c, d]
    }
}

impl std::fmt::Display for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = STANDARD.encode([&[1], self.public_key.as_slice()].concat());
        write!(f, "{}+{}+{key}", self.log, base::hex(&self.id()))
    }
}

impl std::str::FromStr for LogKey {
    type Err = LogKeyError;

    fn from_str(text: &str) -> Result<Self, LogKeyError> {
        let mut parts = text.trim().splitn(3, '+');
        let mut part = || parts.next().ok_or(LogKeyError);
        let (log, hash, key) = (part()?, part()?, part()?);
        let bytes = STANDARD.decode(key).map_err(|_| LogKeyError)?;
        let [1, public_key @ ..] = bytes.as_slice() else { return Err(LogKeyError) };
        let public_key = public_key.try_into().map_err(|_| LogKeyError)?;
        let key = Self { log: log.to_owned(), public_key };
        let named = named(log) && base::hex(&key.id()) == hash;
        named.then_some(key).ok_or(LogKeyError)
    }
}

impl Checkpoint {
    /// The checkpoint as a signed note.
    ///
    /// # Errors
    /// The key did not sign.
    pub fn signed(&self, signer: &dyn CheckpointSigner) -> Result<Vec<u8>, SignFailed> {
        let text = self.text();
        let key = LogKey { log: self.log.clone(), public_key: signer.public_key() };
        let signature = signer.sign(text.as_bytes())?;
        let line = STANDARD.encode([key.id().as_slice(), &signature].concat());
        Ok(format!("{text}\n\u{2014} {} {line}\n", self.log).into_bytes())
    }

    /// Reads a signed note and verifies it under `key`. Lines of other signers (witnesses) are
    /// passed over.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn verified(note: &[u8], key: &LogKey) -> Result<Self, CheckpointError> {
        let (checkpoint, text, lines) = parse(note)?;
        if checkpoint.log != key.log {
            return Err(CheckpointError::AnotherLog);
        }
        let ours = lines.iter().filter(|line| line.name == key.log && line.id == key.id());
        let verifier = aws_lc_rs::signature::UnparsedPublicKey::new(
            &aws_lc_rs::signature::ED25519,
            key.public_key,
        );
        let mut signed = false;
        for line in ours {
            let verdict = verifier.verify(text.as_bytes(), &line.signature);
            verdict.map_err(|_| CheckpointError::Signature)?;
            signed = true;
        }
        signed.then_some(checkpoint).ok_or(CheckpointError::Signature)
    }

    fn text(&self) -> String {
        let root = STANDARD.encode(self.head.root);
        let mut text = format!("{}\n{}\n{root}\nat {}\n", self.log, self.head.size, self.at);
        if let Some(previous) = self.previous {
            text.push_str(&format!("previous {}\n", STANDARD.encode(previous)));
        }
        text
    }

    /// Only the exact text that [`Self::text`] gives: one checkpoint has one form.
    fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let log = lines.next()?.to_owned();
        let size = lines.next()?.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let at = lines.next()?.strip_prefix("at ")?.parse().ok()?;
        let previous = match lines.next() {
            Some(line) => Some(line.strip_prefix("previous ")?),
            None => None,
        };
        let previous = match previous {
            Some(digest) => Some(STANDARD.decode(digest).ok()?.try_into().ok()?),
            None => None,
        };
        let read = Self { log, head: Head { size, root }, at, previous };
        (named(&read.log) && read.text() == text).then_some(read)
    }
}

/// Reads a checkpoint without believing it.
///
/// # Errors
/// [`CheckpointError::Malformed`].
pub fn unverified(note: &[u8]) -> Result<Checkpoint, CheckpointError> {
    parse(note).map(|(checkpoint, ..)| checkpoint)
}

struct Line<'a> {
    name: &'a str,
    id: [u8; 4],
    signature: Vec<u8>,
}

type Parts<'a> = (Checkpoint, &'a str, Vec<Line<'a>>);

fn parse(note: &[u8]) -> Result<Parts<'_>, CheckpointError> {
    let malformed = CheckpointError::Malformed;
    if note.len() > LONGEST {
        return Err(malformed);
    }
    let note = std::str::from_utf8(note).map_err(|_| malformed)?;
    let end = note.rfind("\n\n").ok_or(malformed)?;
    let (text, rest) = note.split_at_checked(end + 1).ok_or(malformed)?;
    let lines = rest.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
    let lines = lines.ok_or(malformed)?.split('\n').map(|line| signature(line).ok_or(malformed));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    Ok((Checkpoint::from_text(text).ok_or(malformed)?, text, lines))
}

fn signature(line: &str) -> Option<Line<'_>> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    named(name).then(|| Line { name, id: *id, signature: signature.to_vec() })
}

/// A name that a note can carry: no white space, no '+', not empty.
fn named(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soft::SoftSigner;
    use proptest::prelude::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            log: "pmlp/persons".to_owned(),
            head: Head { size: 70_000, root: [7; 32] },
            at: "2026-11-25T10:00:00.5Z".parse().unwrap(),
            previous: Some([9; 32]),
        }
    }

    fn key(signer: &SoftSigner) -> LogKey {
        LogKey { log: "pmlp/persons".to_owned(), public_key: signer.public_key() }
    }

    #[test]
    fn a_signed_checkpoint_is_believed_and_no_changed_byte_is() {
        let signer = SoftSigner::seeded(1);
        let note = checkpoint().signed(&signer).unwrap();
        assert_eq!(Checkpoint::verified(&note, &key(&signer)), Ok(checkpoint()));
        for at in 0..note.len() {
            let mut changed = note.clone();
            changed[at] ^= 1;
            assert!(Checkpoint::verified(&changed, &key(&signer)).is_err(), "byte {at}");
        }
    }

    #[test]
    fn another_key_or_another_log_is_refused() {
        let signer = SoftSigner::seeded(1);
        let note = checkpoint().signed(&signer).unwrap();
        let other = key(&SoftSigner::seeded(2));
        assert_eq!(Checkpoint::verified(&note, &other), Err(CheckpointError::Signature));
        let other = LogKey { log: "vdaa/persons".to_owned(), ..key(&signer) };
        assert_eq!(Checkpoint::verified(&note, &other), Err(CheckpointError::AnotherLog));
    }

    #[test]
    fn a_log_key_is_read_back_and_a_wrong_hash_refused() {
        let key = key(&SoftSigner::seeded(1));
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let wrong = key.to_string().replace(&base::hex(&key.id()), "00000000");
        assert_eq!(wrong.parse::<LogKey>(), Err(LogKeyError));
        assert_eq!("".parse::<LogKey>(), Err(LogKeyError));
    }

    #[test]
    fn signed_note_and_tlog_tiles_read_our_checkpoints() {
        use signed_note::Verifier as _;
        let signer = SoftSigner::seeded(1);
        let note = checkpoint().signed(&signer).unwrap();
        let theirs = signed_note::StandardVerifier::new(&key(&signer).to_string()).unwrap();
        assert_eq!(theirs.key_id(), u32::from_be_bytes(key(&signer).id()));
        let verifiers = signed_note::VerifierList::new(vec![Box::new(theirs)]);
        let note = signed_note::Note::from_bytes(&note).unwrap();
        let (verified, _) = note.verify(&verifiers).unwrap();
        assert_eq!(verified.len(), 1);
        let read = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
        assert_eq!((read.origin(), read.size()), ("pmlp/persons", 70_000));
        assert_eq!(read.hash().0, [7; 32]);
    }

    proptest! {
        #[test]
        fn other_bytes_are_refused_without_a_crash(bytes: Vec<u8>, text: String) {
            prop_assert!(unverified(&bytes).is_err());
            prop_assert!(unverified(text.as_bytes()).is_err());
            let _ = text.parse::<LogKey>();
        }
    }
}
