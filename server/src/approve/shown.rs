//! What the officer is shown before signing: all that is signed, in words.

use base::Digest;
use pki_contract::approval::{ApprovedKey, IssueApproval};
use pki_contract::{Application, CertificateRow, ChangeOfStatus, Status, Subject, SubjectKey};
use x509::Certificate;

/// An application, some lines.
pub(crate) fn application(application: &Application) -> String {
    let apply = &application.apply;
    let key = match &apply.key {
        SubjectKey::Own { spki, .. } => {
            format!("their own, SHA-256 {}", Digest(keys::sha256(&spki.0)))
        }
        SubjectKey::Remote => "made by sam on their instruction".to_owned(),
    };
    let Application { id, at, .. } = application;
    format!(
        "application {id} of {at}\n  profile  {}\n{}\n  key      {key}",
        apply.profile,
        subject(&apply.subject)
    )
}

/// What an approval adds to the application.
pub(crate) fn approval(approval: &IssueApproval) -> String {
    let key = match &approval.key {
        ApprovedKey::Spki { digest } => format!("key {digest}"),
        ApprovedKey::Remote { person } => format!("the key that sam makes for {person}"),
    };
    let IssueApproval { id, role, use_before, profile, valid_from, valid_until, .. } = approval;
    format!(
        "approval {id} for {role}, to be used before {use_before}\n  profile  {profile}\n  \
         valid    {valid_from} to {valid_until}\n  for      {key}"
    )
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Person { given_names, surname, identifier, country, register_version, person } => {
            format!(
                "  person   {given_names} {surname}, {identifier}, {country}\n  register {person}, \
                 version {register_version}"
            )
        }
        Subject::Machine { name, organisation, identifier, country, .. } => {
            format!("  machine  {name} of {organisation}, {identifier}, {country}")
        }
    }
}

/// A certificate and its status.
pub(crate) fn certificate(row: &CertificateRow) -> String {
    let named = Certificate::parse(&row.certificate.0);
    let named = named.map_or_else(|_| "?".to_owned(), |own| own.subject().to_string());
    let status = match row.status {
        Status::Good => "good".to_owned(),
        Status::Suspended { since } => format!("suspended since {since}"),
        Status::Revoked { since, .. } => format!("revoked since {since}"),
    };
    let CertificateRow { serial, profile, valid_until, .. } = row;
    format!(
        "certificate {serial} ({profile})\n  names    {named}\n  valid    until {valid_until}\n  \
         status   {status}"
    )
}

/// A change in words.
pub(crate) fn change(change: ChangeOfStatus) -> &'static str {
    match change {
        ChangeOfStatus::Suspend => "suspend this certificate",
        ChangeOfStatus::Resume => "end the suspension of this certificate",
        ChangeOfStatus::Revoke { .. } => "revoke this certificate, for ever",
    }
}

/// A certificate as PEM; nothing for other bytes.
pub(crate) fn pem(der: &[u8]) -> String {
    Certificate::parse(der).map_or_else(|_| String::new(), |own| own.to_pem())
}
