//! Time-stamps: requests, tokens and responses. Spec: RFC 3161, RFC 5816, EN 319 422.

mod gentime;
mod imprint;
mod request;
mod response;
mod token;

pub use imprint::Imprint;
pub use request::{Request, RequestFault};
pub use response::{Failure, Response, Status};
pub use token::{Accuracy, Token, TokenFault, TokenInfo, TokenReport, parse_token, prepare_token};
