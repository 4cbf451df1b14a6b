//! The addresses of the portal's pages. None holds personal data (R46): ids are opaque.

/// The front page: the twenty systems.
pub const FRONT: &str = "/";
/// The first page after signing in.
pub const HOME: &str = "/home";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Where the sign-in comes back to.
pub const CALLBACK: &str = "/callback";
/// Sign out: POST.
pub const SIGN_OUT: &str = "/sign-out";
/// "Not me": POST, ends the session that a QR began.
pub const NOT_ME: &str = "/not-me";
/// What the register holds about the person.
pub const DATA: &str = "/data";
/// Who looked at it.
pub const LOOKS: &str = "/data/looks";
/// Phones, browsers and the certificate. A POST ends one: `forget=<id>`, `end=<id>`.
pub const SECURITY: &str = "/security";
/// Revoke the certificate: GET asks, POST (`revoke`) demands.
pub const REVOKE: &str = "/security/revoke";
/// Waiting for the phone to revoke: GET shows, POST (`check`, `again`, `cancel`) goes on.
pub const REVOKE_WAIT: &str = "/security/revoke/wait";
/// The state of a revocation for the script of the waiting page: JSON.
pub const REVOKE_STATE: &str = "/security/revoke/state";
/// [`end_phone`] as a route.
pub const END_PHONE: &str = "/security/phones/{id}/end";
/// Waiting for a phone to end another: GET shows, POST (`check`, `again`, `cancel`) goes on.
pub const END_WAIT: &str = "/security/phones/wait";
/// The state of that for the script of the waiting page: JSON.
pub const END_STATE: &str = "/security/phones/state";
/// The certificate for signing: GET says where it stands, POST (`apply`, `make`, `check`) goes on.
pub const CERTIFICATE: &str = "/security/certificate";
/// The state of that for the script of its waiting pages: JSON.
pub const CERTIFICATE_STATE: &str = "/security/certificate/state";
/// Freeze everything by number and code.
pub const FREEZE: &str = "/freeze";
/// What the person signed.
pub const DOCUMENTS: &str = "/documents";
/// Upload a document to sign: GET and POST.
pub const SIGN: &str = "/sign";
/// Check a signature: GET and POST.
pub const CHECK: &str = "/check";
/// How accessible the pages are.
pub const ACCESSIBILITY: &str = "/accessibility";

/// [`signing`] as a route.
pub const SIGNING: &str = "/sign/{id}";
/// [`signing_wait`] as a route.
pub const SIGNING_WAIT: &str = "/sign/{id}/wait";
/// [`signing_state`] as a route.
pub const SIGNING_STATE: &str = "/sign/{id}/state";
/// [`signed_file`] as a route.
pub const SIGNED_FILE: &str = "/documents/{id}/file";
/// [`look_proof`] as a route.
pub const LOOK_PROOF: &str = "/data/looks/{id}/proof";

/// End a phone: GET asks, POST (`end`) asks the phones.
#[must_use]
pub fn end_phone(id: &str) -> String {
    format!("{SECURITY}/phones/{id}/end")
}

/// A document to be signed: GET shows it, POST (`sign`, `refuse`) goes on.
#[must_use]
pub fn signing(id: &str) -> String {
    format!("{SIGN}/{id}")
}

/// Waiting for the phone to sign: GET shows, POST (`check`, `cancel`) goes on.
#[must_use]
pub fn signing_wait(id: &str) -> String {
    format!("{SIGN}/{id}/wait")
}

/// The state of a signature for the script of the waiting page: JSON.
#[must_use]
pub fn signing_state(id: &str) -> String {
    format!("{SIGN}/{id}/state")
}

/// The signed document.
#[must_use]
pub fn signed_file(id: &str) -> String {
    format!("{DOCUMENTS}/{id}/file")
}

/// The proof of one entry of the log: a file.
#[must_use]
pub fn look_proof(id: &str) -> String {
    format!("{LOOKS}/{id}/proof")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_and_its_address_are_the_same() {
        for (route, address) in [
            (END_PHONE, end_phone("x")),
            (SIGNING, signing("x")),
            (SIGNING_WAIT, signing_wait("x")),
            (SIGNING_STATE, signing_state("x")),
            (SIGNED_FILE, signed_file("x")),
            (LOOK_PROOF, look_proof("x")),
        ] {
            assert_eq!(route.replace("{id}", "x"), address);
        }
    }
}
