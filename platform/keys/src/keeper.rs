//! Who keeps keys: one role of one system, with its own key-encryption key.

use std::sync::Arc;

use base::Chance;
use zeroize::Zeroizing;

use crate::wrapped::Label;
use crate::{Algorithm, Kek, KeyId, PublicKey, SealError, WrappedKey};

/// Private bytes, wiped when dropped.
pub(crate) type Secret = Zeroizing<Vec<u8>>;

/// What a key is for: a marker type, one per use.
///
/// ```
/// enum Tokens {}
/// impl keys::Purpose for Tokens {
///     const NAME: &'static str = "identity.tokens";
/// }
/// ```
pub trait Purpose: 'static {
    /// Its name, bound into the wrapped key: `<part>.<use>`, at most 64 bytes, stable for ever.
    const NAME: &'static str;
}

/// A kind of key that a [`Keeper`] makes and opens: [`crate::Signer`], [`crate::AgreementKey`],
/// [`crate::MacKey`], [`crate::SealKey`].
pub trait Kept: Sized {
    /// The purpose that is bound in.
    const PURPOSE: &'static str;

    /// New private bytes.
    ///
    /// # Errors
    /// [`KeyError::Algorithm`] for one that is no such key.
    fn fresh(algorithm: Algorithm, chance: &dyn Chance) -> Result<Zeroizing<Vec<u8>>, KeyError>;

    /// The key of private bytes.
    ///
    /// # Errors
    /// [`KeyError::Algorithm`] for one that is no such key, [`KeyError::Broken`] for other bytes.
    fn restore(algorithm: Algorithm, secret: &[u8]) -> Result<Self, KeyError>;

    /// The public half, where there is one.
    fn public(&self) -> Option<&PublicKey>;
}

/// Why a key was not made or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Wrapped under another key-encryption key.
    #[error("the key is wrapped under another key-encryption key")]
    WrongKek,
    /// Its bytes or what they are bound to were changed.
    #[error("the wrapped key was changed")]
    Tampered,
    /// It is for something else.
    #[error("the key is for {found}, not for {wanted}")]
    Purpose {
        /// What was asked for.
        wanted: &'static str,
        /// What the wrapped key says.
        found: String,
    },
    /// It belongs to another role or system.
    #[error("the key belongs to {role} of {system}")]
    Keeper {
        /// The role that it says.
        role: String,
        /// The system that it says.
        system: String,
    },
    /// An algorithm that this kind of key does not know.
    #[error("{0} is no algorithm for this kind of key")]
    Algorithm(Algorithm),
    /// The cryptographic library refused: private bytes of another form, or its own failure.
    #[error("the cryptographic library refused the key")]
    Broken,
}

impl From<SealError> for KeyError {
    fn from(_: SealError) -> Self {
        Self::Tampered
    }
}

/// One role of one system, and the key-encryption key under which its keys lie.
#[derive(Clone, Debug)]
pub struct Keeper {
    role: String,
    system: String,
    kek: Arc<Kek>,
    chance: Arc<dyn Chance>,
}

impl Keeper {
    /// The keeper `role` (`sam`) of `system` (`lvrtc/sam`); both at most 64 bytes.
    #[must_use]
    pub fn new(role: &str, system: &str, kek: Kek, chance: Arc<dyn Chance>) -> Self {
        Self { role: role.to_owned(), system: system.to_owned(), kek: Arc::new(kek), chance }
    }

    /// A new key and its wrapped form, which the caller stores before it uses the key.
    ///
    /// Takes about a second for RSA-3072, well under a millisecond for others.
    ///
    /// # Errors
    /// [`KeyError::Algorithm`] for one that `T` does not know.
    pub fn make<T: Kept>(&self, algorithm: Algorithm) -> Result<(T, WrappedKey), KeyError> {
        self.adopt(algorithm, &T::fresh(algorithm, self.chance.as_ref())?)
    }

    /// A key that was made elsewhere, and its wrapped form.
    ///
    /// `secret` is PKCS #8 (v1) for signing keys and P-256 agreement, else the bare 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::Broken`] for bytes of another form or length.
    pub fn adopt<T: Kept>(
        &self,
        algorithm: Algorithm,
        secret: &[u8],
    ) -> Result<(T, WrappedKey), KeyError> {
        let key = T::restore(algorithm, secret)?;
        let label = Label {
            key: KeyId::random(self.chance.as_ref()),
            role: self.role.clone(),
            system: self.system.clone(),
            purpose: T::PURPOSE.to_owned(),
            algorithm,
            spki: key.public().map(|public| public.spki().to_vec()).unwrap_or_default(),
        };
        let sealed = self.kek.cipher().seal(&label.bound(), secret, self.chance.as_ref())?;
        Ok((key, WrappedKey::new(label, *self.kek.fingerprint(), sealed)))
    }

    /// The key inside `wrapped`.
    ///
    /// # Errors
    /// [`KeyError`] says which of its bindings does not hold.
    pub fn open<T: Kept>(&self, wrapped: &WrappedKey) -> Result<T, KeyError> {
        let label = wrapped.label();
        self.owns(label)?;
        self.right_kek(wrapped)?;
        if label.purpose != T::PURPOSE {
            let found = label.purpose.clone();
            return Err(KeyError::Purpose { wanted: T::PURPOSE, found });
        }
        let secret = self.kek.cipher().open(&label.bound(), wrapped.sealed())?;
        let key = T::restore(label.algorithm, &secret)?;
        let spki = key.public().map(PublicKey::spki).unwrap_or_default();
        if spki == label.spki { Ok(key) } else { Err(KeyError::Tampered) }
    }

    fn owns(&self, label: &Label) -> Result<(), KeyError> {
        if label.role != self.role || label.system != self.system {
            let (role, system) = (label.role.clone(), label.system.clone());
            return Err(KeyError::Keeper { role, system });
        }
        Ok(())
    }

    /// The same key wrapped by `next`: for a change of the key-encryption key.
    ///
    /// # Errors
    /// As [`Keeper::open`], but for any purpose.
    pub fn rewrap(&self, wrapped: &WrappedKey, next: &Kek) -> Result<WrappedKey, KeyError> {
        let label = wrapped.label();
        self.owns(label)?;
        self.right_kek(wrapped)?;
        let secret = self.kek.cipher().open(&label.bound(), wrapped.sealed())?;
        let sealed = next.cipher().seal(&label.bound(), &secret, self.chance.as_ref())?;
        Ok(WrappedKey::new(label.clone(), *next.fingerprint(), sealed))
    }

    fn right_kek(&self, wrapped: &WrappedKey) -> Result<(), KeyError> {
        if wrapped.kek() == self.kek.fingerprint() { Ok(()) } else { Err(KeyError::WrongKek) }
    }
}
