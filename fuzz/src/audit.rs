//! The log as others hand it out: entries, checkpoints, bundles, proofs.

use audit::{Leaf, Proof, checkpoint, layout};

/// An entry has one form.
pub fn leaf(data: &[u8]) {
    let Ok(read) = Leaf::parse(data) else { return };
    assert_eq!(read.encode(), data);
    let _ = read.class();
}

/// A checkpoint that can be read says the same twice.
pub fn checkpoint(data: &[u8]) {
    assert_eq!(checkpoint::unverified(data), checkpoint::unverified(data));
}

/// The items of a bundle make the bundle.
pub fn bundle(data: &[u8]) {
    let Some(items) = layout::unbundle(data) else { return };
    assert_eq!(layout::bundle(items).as_deref(), Some(data));
}

/// A proof has one form.
pub fn proof(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(read) = Proof::parse(text) {
        assert_eq!(read.text(), text);
    }
}
