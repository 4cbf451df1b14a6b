//! The OpenID provider's addresses for clients. Spec: OpenID Connect Core 1.0, OAuth 2.0 with
//! RFC 7636, 8252, 8628, 9126, 9207, 9700.

pub(crate) mod authorize;
pub(crate) mod back;
pub(crate) mod client_proof;
pub(crate) mod device;
pub(crate) mod discovery;
pub(crate) mod fault;
pub(crate) mod logout;
pub(crate) mod par;
pub(crate) mod parameters;
pub(crate) mod request_object;
pub(crate) mod token;
pub(crate) mod userinfo;
