//! How much of a stranger's file is read before it is refused.

/// Limits of reading. The default fits documents that people sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file. Default 64 MiB.
    pub bytes: usize,
    /// Entries in all cross-reference sections together. Default 500 000.
    pub objects: usize,
    /// Cross-reference sections. Default 512.
    pub revisions: usize,
    /// Unpacked bytes of one object stream, in bytes. Default 16 MiB.
    pub stream: usize,
    /// Unpacked bytes of all object streams together, each time one is unpacked. Default 256 MiB.
    pub unpacked: usize,
    /// Nodes of the page tree or of the form that are looked at. Default 50 000.
    pub nodes: usize,
}

/// Room for a signature and its validation data, in bytes.
const ADDED: usize = 1 << 20;

impl Limits {
    /// The most bytes of a file that is to be signed: what comes to it must be readable, too.
    #[must_use]
    pub fn signable(&self) -> usize {
        self.bytes.saturating_sub(ADDED)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            objects: 500_000,
            revisions: 512,
            stream: 16 << 20,
            unpacked: 256 << 20,
            nodes: 50_000,
        }
    }
}
