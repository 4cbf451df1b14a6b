//! Key-encryption keys: from a file, a passphrase, or bytes.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use argon2::{Algorithm as Kind, Argon2, Params, Version};
use base::{Chance, hex, unhex};
use zeroize::Zeroizing;

use crate::{Cipher, hkdf_sha256};

/// The first word of a key-encryption key's file.
const WORD: &str = "sakta-kek-1 ";

/// A key-encryption key: 32 bytes, from which HKDF-SHA-256 derives the AES-256-GCM key that wraps
/// and the fingerprint that names it.
pub struct Kek {
    cipher: Cipher,
    fingerprint: [u8; 8],
}

/// Why there is no key-encryption key.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// The file cannot be read or written.
    #[error("the file of the key-encryption key")]
    File(#[from] std::io::Error),
    /// Others may read the file: its mode must be 0600 or 0400.
    #[error("others may read the file of the key-encryption key: mode {0:o}, must be 600 or 400")]
    Open(u32),
    /// The file holds something else.
    #[error("the file holds no key-encryption key")]
    Form,
    /// The library refused cost or passphrase.
    #[error("no key can be derived from the passphrase at that cost")]
    Passphrase,
}

/// What a guess at a passphrase costs: Argon2id, version 19.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseCost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PassphraseCost {
    /// 64 MiB, 3 passes, 4 lanes. Spec: RFC 9106 §4, second recommendation.
    fn default() -> Self {
        Self { memory: 64 * 1024, passes: 3, lanes: 4 }
    }
}

impl Kek {
    /// The key of 32 bytes, as a credential store or a token gives them.
    ///
    /// # Errors
    /// [`KekError::Form`] when the library refuses.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KekError> {
        let fingerprint = hkdf_sha256::<8>(bytes, b"", &[b"sakta kek fingerprint 1"]);
        let fingerprint = *fingerprint.ok_or(KekError::Form)?;
        let wrapping = hkdf_sha256::<32>(bytes, b"", &[b"sakta kek wrapping 1"]);
        let cipher = Cipher::new(&*wrapping.ok_or(KekError::Form)?);
        Ok(Self { cipher: cipher.map_err(|_| KekError::Form)?, fingerprint })
    }

    /// The key in the file at `path`, which nobody but its owner may read.
    ///
    /// # Errors
    /// [`KekError::File`], [`KekError::Open`] or [`KekError::Form`].
    pub fn read(path: &Path) -> Result<Self, KekError> {
        let file = File::open(path)?;
        let mode = file.metadata()?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KekError::Open(mode));
        }
        let mut text = Zeroizing::new(String::with_capacity(128));
        file.take(128).read_to_string(&mut text)?;
        let digits = text.trim_end().strip_prefix(WORD).ok_or(KekError::Form)?;
        let bytes = Zeroizing::new(unhex(digits).ok_or(KekError::Form)?);
        Self::from_bytes(bytes.first_chunk().filter(|_| bytes.len() == 32).ok_or(KekError::Form)?)
    }

    /// A new key of chance in a new file at `path`, mode 0600, on the disk before this returns.
    ///
    /// # Errors
    /// [`KekError::File`], also when the file is there already: none is ever overwritten.
    pub fn create(path: &Path, chance: &dyn Chance) -> Result<Self, KekError> {
        let bytes = Zeroizing::new(chance.bytes::<32>());
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let digits = Zeroizing::new(hex(bytes.as_slice()));
        let line = Zeroizing::new(format!("{WORD}{}\n", digits.as_str()));
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Self::from_bytes(&bytes)
    }

    /// The key of a passphrase; `salt` is drawn once and kept beside the wrapped keys.
    ///
    /// # Errors
    /// [`KekError::Passphrase`]
    pub fn from_passphrase(
        passphrase: &[u8],
        salt: &[u8; 16],
        cost: PassphraseCost,
    ) -> Result<Self, KekError> {
        let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(32));
        let params = params.map_err(|_| KekError::Passphrase)?;
        let mut bytes = Zeroizing::new([0; 32]);
        Argon2::new(Kind::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, salt, bytes.as_mut_slice())
            .map_err(|_| KekError::Passphrase)?;
        Self::from_bytes(&bytes)
    }

    /// Eight bytes derived from it: tells a wrong key from changed bytes, and says nothing more.
    #[must_use]
    pub fn fingerprint(&self) -> &[u8; 8] {
        &self.fingerprint
    }

    pub(crate) fn cipher(&self) -> &Cipher {
        &self.cipher
    }
}

impl std::fmt::Debug for Kek {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kek({})", hex(&self.fingerprint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trial::CountedChance;

    fn path(name: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("sakta-kek-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        path
    }

    #[test]
    fn a_file_is_made_once_and_read_back_by_its_owner_only() {
        let path = path("once");
        let made = Kek::create(&path, &CountedChance::seeded(1)).unwrap();
        assert_eq!(Kek::read(&path).unwrap().fingerprint(), made.fingerprint());
        let again = Kek::create(&path, &CountedChance::seeded(2));
        assert!(matches!(again, Err(KekError::File(_))));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Kek::read(&path), Err(KekError::Open(0o640))));
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_file_of_another_form_is_refused() {
        let path = path("form");
        for text in ["", "sakta-kek-1 ", "sakta-kek-1 00", "sakta-kek-2 ", &"0".repeat(64)] {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert!(matches!(Kek::read(&path), Err(KekError::Form)), "{text}");
        }
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_passphrase_gives_one_key_per_salt() {
        let cost = PassphraseCost { memory: 64, passes: 1, lanes: 1 };
        let made = |words: &[u8], salt| {
            *Kek::from_passphrase(words, &[salt; 16], cost).unwrap().fingerprint()
        };
        assert_eq!(made(b"words", 1), made(b"words", 1));
        assert_ne!(made(b"words", 1), made(b"words", 2));
        assert_ne!(made(b"words", 1), made(b"other", 1));
        let none = PassphraseCost { memory: 0, passes: 0, lanes: 0 };
        assert!(Kek::from_passphrase(b"words", &[1; 16], none).is_err());
    }
}
