//! One function for each parser that reads what strangers send: it may refuse, never panic, and
//! what it reads is written back as it came.
//!
//! `fuzz_targets` gives each to libFuzzer; `replay` calls all with seeds and changed seeds.
#![forbid(unsafe_code)]

pub mod ades;
pub mod app;
pub mod audit;
pub mod cms;
pub mod country;
pub mod jose;
pub mod mutation;
pub mod pdf;
pub mod seeds;
pub mod x509;

/// A target: its name, which is that of its file in `fuzz_targets`, and what it runs.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("x509_certificate", x509::certificate),
    ("x509_crl", x509::crl),
    ("x509_ocsp_request", x509::ocsp_request),
    ("x509_ocsp_path", x509::ocsp_path),
    ("x509_ocsp_response", x509::ocsp_response),
    ("cms_signed_data", cms::signed_data),
    ("cms_stamp_request", cms::stamp_request),
    ("cms_stamp_response", cms::stamp_response),
    ("cms_stamp_token", cms::stamp_token),
    ("pdf_signatures", pdf::signatures),
    ("pdf_room", pdf::room),
    ("pdf_validation_data", pdf::validation_data),
    ("ades_pdf", ades::pdf),
    ("jose_jws", jose::jws),
    ("jose_jwe", jose::jwe),
    ("jose_jwk_set", jose::jwk_set),
    ("audit_leaf", audit::leaf),
    ("audit_checkpoint", audit::checkpoint),
    ("audit_bundle", audit::bundle),
    ("audit_proof", audit::proof),
    ("country_code", country::code),
    ("country_fold", country::fold),
    ("app_shown", app::shown),
];
