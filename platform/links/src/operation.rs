//! What can be asked of a system.

use base::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One thing that a system does for others. A contract crate has one such type per operation.
///
/// ```
/// use serde::{Deserialize, Serialize};
///
/// /// The length of a text.
/// #[derive(Serialize, Deserialize)]
/// struct Measure {
///     text: String,
/// }
///
/// #[derive(Debug, thiserror::Error, Serialize, Deserialize)]
/// #[error("the text is too long")]
/// struct TooLong;
///
/// impl base::Failure for TooLong {
///     fn fault(&self) -> base::Fault {
///         base::Fault::Caller(422)
///     }
///     fn kind(&self) -> &'static str {
///         "text-too-long"
///     }
///     fn title(&self) -> &'static str {
///         "The text is too long."
///     }
/// }
///
/// impl links::Operation for Measure {
///     const NAME: &'static str = "texts/measure";
///     type Answer = usize;
///     type Refusal = TooLong;
/// }
/// ```
pub trait Operation: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `<part>/<verb>`, lower-case letters, digits and `-`: also the path, `POST /call/<NAME>`.
    const NAME: &'static str;
    /// What a good call is answered with.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// Why it is not done.
    type Refusal: Failure + Serialize + DeserializeOwned + 'static;
}
