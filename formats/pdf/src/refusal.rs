//! Why a file is not signed or not read, each in a sentence that a person understands.

/// Which part of a damaged file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The cross-reference sections, or `startxref`, or what they point at.
    Contents,
    /// An object that breaks the syntax, or that can be read in two ways.
    Object,
    /// A stream whose length or encoding is wrong.
    Stream,
    /// The catalog, the page tree, an annotation list or the form.
    Structure,
}

/// Why a file is refused. `Display` is one English sentence; [`Refusal::kind`] never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// There is no `%PDF-` near the beginning.
    #[error("the file is not a PDF")]
    NotPdf,
    /// `%PDF-` is not at byte 0: readers disagree where such a file begins.
    #[error("other bytes stand before the beginning of the PDF")]
    ForeignStart,
    /// A part of the file cannot be read with certainty.
    #[error("{}", damage(*.0))]
    Damaged(Part),
    /// The file has an `/Encrypt` dictionary.
    #[error("the file is encrypted or protected with a password")]
    Encrypted,
    /// An earlier certification signature permits no change (DocMDP, P = 1).
    #[error("the file is certified and its author permits no changes, not even signatures")]
    Certified,
    /// An earlier signature locks the field, or all fields (FieldMDP).
    #[error("an earlier signature in the file locks its form against further signatures")]
    Locked,
    /// The form is XFA, whose look does not follow from the pages that would be signed.
    #[error("the file is an XFA form, whose pages are made anew each time it is opened")]
    Xfa,
    /// The file has more bytes than [`crate::Limits::bytes`].
    #[error("the file is too large")]
    TooLarge,
    /// More objects, revisions, depth or unpacked bytes than the limits allow.
    #[error("the file is too complex to be read safely")]
    TooComplex,
    /// The page tree has no page.
    #[error("the file has no pages")]
    NoPages,
    /// The requested signature field is absent, not a signature field, or signed already.
    #[error("the file has no empty signature field of that name")]
    NoSuchField,
    /// The name for a new field is in use, empty, or has a `.` in it.
    #[error("the name for the new signature field cannot be used in this file")]
    FieldName,
    /// The signature is longer than the space that was reserved for it, in bytes.
    #[error("the signature is longer than the space that was reserved for it")]
    TooLong,
}

fn damage(part: Part) -> &'static str {
    match part {
        Part::Contents => "the file's table of contents is damaged",
        Part::Object => "an object in the file is damaged or can be read in two ways",
        Part::Stream => "a data stream that the file's structure needs is damaged",
        Part::Structure => "the file's page list or form is damaged",
    }
}

impl Refusal {
    /// Lower-case words with `-`, stable for ever.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::NotPdf => "not-pdf",
            Self::ForeignStart => "foreign-start",
            Self::Damaged(Part::Contents) => "damaged-table",
            Self::Damaged(Part::Object) => "damaged-object",
            Self::Damaged(Part::Stream) => "damaged-stream",
            Self::Damaged(Part::Structure) => "damaged-structure",
            Self::Encrypted => "encrypted",
            Self::Certified => "certified",
            Self::Locked => "locked",
            Self::Xfa => "xfa-form",
            Self::TooLarge => "too-large",
            Self::TooComplex => "too-complex",
            Self::NoPages => "no-pages",
            Self::NoSuchField => "no-such-field",
            Self::FieldName => "field-name",
            Self::TooLong => "signature-too-long",
        }
    }
}

/// The usual result here.
pub(crate) type Outcome<T> = Result<T, Refusal>;

/// A damaged object.
pub(crate) const OBJECT: Refusal = Refusal::Damaged(Part::Object);
/// A damaged cross-reference.
pub(crate) const TABLE: Refusal = Refusal::Damaged(Part::Contents);
/// A damaged stream.
pub(crate) const STREAM: Refusal = Refusal::Damaged(Part::Stream);
/// A damaged structure.
pub(crate) const STRUCTURE: Refusal = Refusal::Damaged(Part::Structure);
