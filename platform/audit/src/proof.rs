//! A proof that an entry stands in the log, which anybody can check without the log.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError, LONGEST, LogKey};
use crate::leaf::{LONGEST_LEAF, Leaf};
use crate::tree::{self, Hash};

/// The first line of a proof's text.
const FIRST: &str = "c2sp.org/tlog-proof@v1";

/// The longest text of a proof, in bytes.
const LONGEST_TEXT: usize = 2 * LONGEST_LEAF + 64 * 45 + LONGEST + 128;

/// That an entry stands at a position of the log, offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The position, from 0.
    pub position: u64,
    /// The entry's bytes: a [`Leaf`].
    pub leaf: Vec<u8>,
    /// The hashes beside its path, from the leaf up.
    pub path: Vec<Hash>,
    /// The signed checkpoint that they lead to.
    pub checkpoint: Vec<u8>,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Its checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its path does not lead to the checkpoint's root.
    #[error("the entry is not in the checkpoint's tree")]
    Path,
    /// Its leaf is none, or another log's.
    #[error("not an entry of this log")]
    Leaf,
}

impl Proof {
    /// The leaf, once the checkpoint's signature and the path are checked.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn checked(&self, key: &LogKey) -> Result<(Leaf, Checkpoint), ProofError> {
        let checkpoint = Checkpoint::verified(&self.checkpoint, key)?;
        let (hash, head) = (tree::leaf_hash(&self.leaf), &checkpoint.head);
        if !tree::includes(&hash, self.position, head.size, &self.path, &head.root) {
            return Err(ProofError::Path);
        }
        let leaf = Leaf::parse(&self.leaf).map_err(|_| ProofError::Leaf)?;
        if leaf.log == key.log { Ok((leaf, checkpoint)) } else { Err(ProofError::Leaf) }
    }

    /// As text: a file `.tlog-proof`, whose `extra` is the leaf. Spec: C2SP tlog-proof.
    #[must_use]
    pub fn text(&self) -> String {
        let extra = STANDARD.encode(&self.leaf);
        let mut text = format!("{FIRST}\nextra {extra}\nindex {}\n", self.position);
        for hash in &self.path {
            text.push_str(&STANDARD.encode(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(&self.checkpoint));
        text
    }

    /// Reads what [`Proof::text`] wrote, without believing it.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, MalformedProof> {
        let read = read(text).ok_or(MalformedProof)?;
        if read.text() == text { Ok(read) } else { Err(MalformedProof) }
    }
}

/// Text that is no proof with its entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a proof of an entry")]
pub struct MalformedProof;

fn read(text: &str) -> Option<Proof> {
    let (head, checkpoint) = text.split_once("\n\n").filter(|_| text.len() <= LONGEST_TEXT)?;
    let mut lines = head.split('\n');
    lines.next().filter(|line| *line == FIRST)?;
    let leaf = STANDARD.decode(lines.next()?.strip_prefix("extra ")?).ok()?;
    let position = lines.next()?.strip_prefix("index ")?.parse().ok()?;
    let hash = |line: &str| STANDARD.decode(line).ok()?.try_into().ok();
    let path = lines.map(hash).collect::<Option<Vec<Hash>>>()?;
    Some(Proof { position, leaf, path, checkpoint: checkpoint.as_bytes().to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_proof_is_read_back(
            position: u64, leaf: Vec<u8>, path: Vec<[u8; 32]>, checkpoint in "[a-z\n]{0,80}",
        ) {
            let proof = Proof { position, leaf, path, checkpoint: checkpoint.into_bytes() };
            prop_assert_eq!(Proof::parse(&proof.text()), Ok(proof));
        }

        #[test]
        fn other_text_is_refused_without_a_crash(text: String) {
            prop_assert_eq!(Proof::parse(&text), Err(MalformedProof));
        }
    }
}
