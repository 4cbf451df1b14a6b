//! Rows: how a type is read from one, and how one is appended.

use crate::{FromValue, StoreError, Value};

/// The columns of one row, taken from left to right.
#[derive(Debug)]
pub struct Columns {
    values: std::vec::IntoIter<Value>,
    taken: usize,
}

impl Columns {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self { values: values.into_iter(), taken: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// [`StoreError::Column`] when there is none or it is not a `T`.
    #[expect(clippy::should_implement_trait, reason = "each column is of another type")]
    pub fn next<T: FromValue>(&mut self) -> Result<T, StoreError> {
        let name = std::any::type_name::<T>();
        self.taken += 1;
        let taken = self.taken;
        let lost = |why: &str| StoreError::Column(format!("{why} {name} in column {taken}"));
        let value = self.values.next().ok_or_else(|| lost("no column for"))?;
        let kind = value.kind();
        T::from_value(value).ok_or_else(|| lost(&format!("{kind:?} where the reader asks")))
    }

    pub(crate) fn read<R: FromRow>(mut self) -> Result<R, StoreError> {
        let row = R::from_row(&mut self)?;
        match self.values.len() {
            0 => Ok(row),
            more => Err(StoreError::Column(format!("{more} columns more than are read"))),
        }
    }
}

/// What can be read from a row: tuples of up to twelve columns, and what [`row!`](crate::row)
/// or an impl by hand makes.
pub trait FromRow: Sized {
    /// Takes exactly the columns of the row.
    ///
    /// # Errors
    /// Those of [`Columns::next`]; [`StoreError::Column`] for a value that makes no sense.
    fn from_row(row: &mut Columns) -> Result<Self, StoreError>;
}

/// Reads a struct from a row whose columns are its fields in this order:
/// `store::row!(Address { street, house, since });`
#[macro_export]
macro_rules! row {
    ($ty:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::FromRow for $ty {
            fn from_row(
                row: &mut $crate::Columns,
            ) -> ::std::result::Result<Self, $crate::StoreError> {
                ::std::result::Result::Ok(Self { $($field: row.next()?),+ })
            }
        }
    };
}

macro_rules! tuple {
    ($($letter:ident)+) => {
        impl<$($letter: FromValue),+> FromRow for ($($letter,)+) {
            fn from_row(row: &mut Columns) -> Result<Self, StoreError> {
                Ok(($(row.next::<$letter>()?,)+))
            }
        }
    };
}
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);

/// An insertion that reads nothing and changes nothing that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Insert {
    /// The table.
    pub table: &'static str,
    /// The columns, in the order of the values.
    pub columns: &'static [&'static str],
}

impl Insert {
    /// `INSERT INTO table (columns) VALUES ($1, …)`.
    #[must_use]
    pub fn sql(&self) -> String {
        let places: Vec<_> = (1..=self.columns.len()).map(|n| format!("${n}")).collect();
        let columns = self.columns.join(", ");
        format!("INSERT INTO {} ({columns}) VALUES ({})", self.table, places.join(", "))
    }
}

/// A row to be appended: `INTO.row(values![id, at, body])`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where to.
    pub into: Insert,
    /// One value a column.
    pub values: Vec<Value>,
}

impl Insert {
    /// A row of it.
    #[must_use]
    pub fn row(self, values: Vec<Value>) -> Row {
        Row { into: self, values }
    }
}

impl Row {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let (columns, values) = (self.into.columns.len(), self.values.len());
        if columns != values {
            let table = self.into.table;
            let why = format!("{values} values for {columns} columns of {table}");
            return Err(StoreError::Column(why));
        }
        Value::check(&self.values)
    }
}
