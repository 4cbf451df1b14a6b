//! Signatures and time-stamps.

use cms::timestamp::{Request, Response, Token, TokenInfo, parse_token};
use cms::{Algorithms, Content, SignedData, parse, parse_padded};

/// A signature reads the same with room after it, and each signer can be checked.
pub fn signed_data(data: &[u8]) {
    let Ok(read) = parse(data) else { return };
    assert_eq!(parse_padded(&[data, &[0; 16]].concat()).as_ref(), Ok(&read));
    check(&read, Content::Enclosed);
    check(&read, Content::Detached(&|algorithm| Some(algorithm.digest(b""))));
}

fn check(read: &SignedData, content: Content<'_>) {
    for signer in &read.signers {
        let _ = (signer.algorithm(), signer.claimed_time(), signer.time_stamps().count());
        let _ = read.check(signer, content, &[], Algorithms(&[]));
    }
}

/// A request, written anew, is the same request.
pub fn stamp_request(data: &[u8]) {
    if let Ok(read) = Request::parse(data) {
        assert_eq!(Request::parse(&read.to_der()), Ok(read));
    }
}

/// A response, written anew, is the same response; its token is read when it brings one.
pub fn stamp_response(data: &[u8]) {
    let Ok(read) = Response::parse(data) else { return };
    if let Ok(Some(token)) = read.read_token() {
        stamped(&token);
    }
    let written = read.to_der();
    // Text that is not UTF-8 grows when it is written anew.
    if written.len() <= cms::MAX_BYTES {
        assert_eq!(Response::parse(&written), Ok(read));
    }
}

/// A token's content, written anew, is the same content.
pub fn stamp_token(data: &[u8]) {
    if let Ok(token) = parse_token(data) {
        stamped(&token);
    }
}

fn stamped(token: &Token) {
    let digest = |_| Some(token.info.imprint.digest.clone());
    let _ = token.check(&digest, &[], Algorithms(&[]));
    if let Ok(written) = token.info.to_der() {
        assert_eq!(TokenInfo::parse(&written).as_ref(), Ok(&token.info));
    }
}
