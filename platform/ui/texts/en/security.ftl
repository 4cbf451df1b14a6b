security-lede = What you sign in and sign with. End what you do not know.
security-phones = Phones
security-bound-since = Bound: { $time }.
security-used = Last used: { $time }.
security-thumbprint = Digits of its thumbprint
security-no-phones = No phone is bound.
security-phones-how = A phone is added or ended from another bound phone or by an official. It cannot be done on this page.
security-browsers = Remembered browsers
security-browsers-how = In them signing in begins with your user number.
security-no-browsers = No browser is remembered.
security-forget = Forget
security-certificate = Certificate for signing
security-serial = Number
security-valid-until = Valid until
security-state = State
security-revoke = Revoke the certificate
security-no-certificate = There is none. An official issues it.
security-sessions-heading = Other sessions
security-sessions = { $count ->
    [one] { $count } session is open elsewhere.
   *[other] { $count } sessions are open elsewhere.
}
security-end-others = End the other sessions
security-freeze = Lost your phone?
security-freeze-about = Freeze everything: sessions end, the keys neither sign in nor sign. Only an official can undo it.
security-certificate-unreadable = The certificate cannot be read now. Try again in a minute.
