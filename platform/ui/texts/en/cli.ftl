cli-unreadable = The file cannot be read: { $why }
cli-detached = We do not yet check a signature that lies beside its document. Run this without “--detached”.
cli-stamp-says = Time stated: { $time }
cli-why-changed = Something was added after signing that the signature does not permit.
cli-why-form = The signature is not built as its format asks.
cli-why-document = The document is not the one that was signed.
cli-why-value = The signature does not fit the signer’s key.
cli-why-absent = What was signed is not in the file.
cli-why-stamp = No time-stamp is valid, so the time of the signature is not proven.
cli-why-signer = The signer’s certificate is not in the file.
cli-why-unknown = The certificate was issued by somebody whom this check does not trust.
cli-why-chain = The chain of certificates breaks a rule.
cli-why-purpose = The certificate is not meant for signing documents.
cli-why-early = The certificate was not yet valid at the time of signing.
cli-why-late = The certificate has run out, and nothing proves that the signature is older.
cli-why-revoked = The certificate was revoked, and nothing proves that the signature is older.
cli-why-issuer-revoked = The issuer’s certificate was revoked, and nothing proves that the signature is older.
cli-why-status = There is no fresh word on whether the certificate was revoked.
cli-why-weak = An algorithm of the signature is no longer accepted as strong enough.
cli-why-order = The time-stamps contradict each other.
cli-login-code = Enter these eight characters on your phone: { $code }
cli-login-at = The command line on this computer is signing in. The code works only at { $address }
cli-login-refused = You are not signed in: it was refused on the phone, or the time ran out. Run the command again.
cli-session = The session has ended. Run the command again.
cli-ask-phone = { $count ->
    [one] Approve on your phone with PIN2: { $count } file
   *[other] Approve on your phone with PIN2: { $count } files
}
cli-control-code = Control code: { $code }
cli-completing = The phone has answered. We are waiting for the time-stamp and the certificate’s status.
cli-signed-all = { $count ->
    [one] { $count } file signed
   *[other] { $count } files signed
}
cli-leave-out = { $count ->
    [one] Nothing was signed. { $count } file cannot be: leave it out or put it right, and run the command again.
   *[other] Nothing was signed. { $count } files cannot be: leave them out or put them right, and run the command again.
}
cli-too-many = Up to { $most } files can be signed at once. Nothing was signed.
cli-exists = { $file } is already there. Nothing was signed and nothing was overwritten.
cli-changed = { $file } was changed meanwhile. It is not signed.
cli-unsound = The signature that came back does not pass its check. { $file } is not signed.
cli-pins = The file of PINs must have two lines: PIN1 (4–8 digits) and PIN2 (6–8 digits).
cli-no-phone = This person’s phone is not here. Run this without “--pin-file” and approve on the phone.
cli-phone = The phone did not do it: { $why }. Nothing was signed.
cli-unreached = The server does not answer: { $why }. Nothing was signed.
cli-server = The server answers unexpectedly: { $what }. Nothing was signed.
cli-no-certificate = You have no valid certificate to sign with.
cli-refused = “Do not sign” was chosen on the phone. Nothing was signed.
cli-expired = No answer came in time. Nothing was signed.
cli-not-signed = Nothing was signed: { $why }.
cli-unwritable = { $file } cannot be saved: { $why }
cli-no-server = Where to sign is not known: name “--server”, or a demo’s folder with “--data”.
cli-twice = { $file } holds the same bytes as another file of this list.
