//! The three types of value that both engines keep alike, and what turns into them.

use base::{Id, Time};

use crate::StoreError;

/// The type of a column: `BIGINT`, `TEXT` or `BYTEA`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A 64-bit integer.
    Int,
    /// UTF-8 text without U+0000.
    Text,
    /// Bytes.
    Blob,
}

/// A value bound to a statement or read from a column. A NULL has a type too.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// No value, of this type. Read from a row, the type is not meaningful.
    Null(Kind),
    /// A 64-bit integer.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Says type and size only: values are people's data (R46).
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null(kind) => write!(f, "NULL({kind:?})"),
            Self::Int(_) => f.write_str("Int"),
            Self::Text(text) => write!(f, "Text({})", text.len()),
            Self::Blob(bytes) => write!(f, "Blob({})", bytes.len()),
        }
    }
}

impl Value {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null(kind) => *kind,
            Self::Int(_) => Kind::Int,
            Self::Text(_) => Kind::Text,
            Self::Blob(_) => Kind::Blob,
        }
    }

    pub(crate) fn check(values: &[Self]) -> Result<(), StoreError> {
        let nul = |value: &Self| matches!(value, Self::Text(text) if text.contains('\0'));
        if values.iter().any(nul) { Err(StoreError::Nul) } else { Ok(()) }
    }
}

/// The values of a statement, the first for `$1`: `values![id, &name, at, Some(3)]`.
///
/// Each is anything that implements [`Bind`], or a reference to it.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        ::std::vec::Vec::<$crate::Value>::from([$($crate::Bind::bind($value)),*])
    };
}

/// What can be bound to a statement.
pub trait Bind {
    /// Its type, a NULL's too.
    const KIND: Kind;

    /// As a value.
    fn bind(self) -> Value;
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// From a value; none when it is of another type or out of range.
    fn from_value(value: Value) -> Option<Self>;
}

impl<T: Bind> Bind for Option<T> {
    const KIND: Kind = T::KIND;

    fn bind(self) -> Value {
        self.map_or(Value::Null(T::KIND), T::bind)
    }
}

impl<T: Bind + Clone> Bind for &T {
    const KIND: Kind = T::KIND;

    fn bind(self) -> Value {
        self.clone().bind()
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null(_) => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

macro_rules! whole_number {
    ($($ty:ty),*) => {$(
        impl Bind for $ty {
            const KIND: Kind = Kind::Int;

            fn bind(self) -> Value {
                Value::Int(self.into())
            }
        }

        impl FromValue for $ty {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::Int(number) => number.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}
whole_number!(i64, i32, u32, i16, u16, u8);

macro_rules! bind {
    ($kind:ident: $($ty:ty { $self:ident => $form:expr })*) => {$(
        impl Bind for $ty {
            const KIND: Kind = Kind::$kind;

            fn bind($self) -> Value {
                Value::$kind($form)
            }
        }
    )*};
}
bind!(Int: bool { self => self.into() } Time { self => self.micros() });
bind!(Text: String { self => self } &str { self => self.to_owned() });
bind!(Blob: Vec<u8> { self => self } &[u8] { self => self.to_vec() });

impl<const N: usize> Bind for [u8; N] {
    const KIND: Kind = Kind::Blob;

    fn bind(self) -> Value {
        Value::Blob(self.to_vec())
    }
}

impl<T> Bind for Id<T> {
    const KIND: Kind = Kind::Blob;

    fn bind(self) -> Value {
        Value::Blob(self.bytes().to_vec())
    }
}

impl FromValue for Value {
    fn from_value(value: Value) -> Option<Self> {
        Some(value)
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromValue for Time {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(Self::from_micros)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Option<Self> {
        Vec::from_value(value)?.try_into().ok()
    }
}

impl<T> FromValue for Id<T> {
    fn from_value(value: Value) -> Option<Self> {
        FromValue::from_value(value).map(Self::from_bytes)
    }
}
