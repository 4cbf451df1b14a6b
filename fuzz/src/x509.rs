//! Certificates, revocation lists, questions and answers of their status.

use x509::Certificate;
use x509::crl::Crl;
use x509::ocsp::{Request, Response};

/// A certificate keeps its exact bytes, and its PEM text gives them again.
pub fn certificate(data: &[u8]) {
    let Ok(read) = Certificate::parse(data) else { return };
    assert_eq!(read.der(), data);
    assert_eq!(Certificate::from_pem(&read.to_pem()), Ok(read));
}

/// A revocation list keeps its exact bytes.
pub fn crl(data: &[u8]) {
    let Ok(read) = Crl::parse(data) else { return };
    assert_eq!(read.der(), data);
}

/// A question, written anew as a body or as a path, is the same question.
pub fn ocsp_request(data: &[u8]) {
    if let Ok(read) = Request::parse(data) {
        again(&read);
    }
}

/// The same for a question in the path of a GET.
pub fn ocsp_path(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(read) = Request::from_path(text) {
        again(&read);
    }
}

fn again(read: &Request) {
    assert_eq!(Request::parse(&read.der()).as_ref(), Ok(read));
    assert_eq!(Request::from_path(&read.to_path()).as_ref(), Ok(read));
}

/// An answer keeps its exact bytes.
pub fn ocsp_response(data: &[u8]) {
    if let Ok(Response::Basic(read)) = Response::parse(data) {
        assert_eq!(read.der(), data);
    }
}
