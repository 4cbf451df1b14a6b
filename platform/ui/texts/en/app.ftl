app-system = eParaksts mobile
app-phones = Phones
app-phones-lede = The phones of the demonstration. Each keeps its own keys and talks to the portal as a real one does.
app-no-phones = No phones yet
app-no-phones-body = Add a phone and bind it to a person.
app-add-phone = Add a phone
app-bound = Bound to a person.
app-not-bound = Not bound yet.
app-waiting = { $count ->
    [one] { $count } request waits.
   *[other] { $count } requests wait.
}
app-help = Lost phone or PIN
app-back = To the first screen
app-enrol-heading = Bind this phone to you
app-enrol-lede = The official shows a code. Scan it, or paste its text.
app-offer = Text of the code
app-offer-hint = The whole text, as the official shows it
app-pin1-new = New PIN1
app-pin1-rule = 4–8 digits, to sign in
app-pin1-again = PIN1 again
app-pin2-new = New PIN2
app-pin2-rule = 6–8 digits, to sign
app-pin2-again = PIN2 again
app-pins-mean = Only you know the PINs. Neither the phone nor the portal keeps them.
app-compare = Compare the digits with the official
app-thumbprint = The digits of this phone
app-compare-step = Read the digits to the official.
app-officer-step = The official confirms them.
app-check-step = Press “Check now”.
app-different = If the digits differ, stop
app-different-body = Then the official sees another phone. Start again.
app-enrolled = The phone is bound
app-enrolled-title = You can sign in and sign with it
app-enrolled-body = Your user number is on the first screen. Keep the freeze code elsewhere.
app-pending-heading = Requests
app-waits = Waiting for you
app-nothing-waits = Nothing waits.
app-code = Code from another page
app-code-hint = The 8 characters on your computer, or the text of the QR code
app-claim = Open the request
app-settings = Settings
app-asks-login = Are you signing in?
app-asks-signature = Sign a document
app-asks-act = Approve an instruction
app-login-heading = Are you signing in now?
app-gets = What they get
app-place = From where
app-which-code = Which number do you see on the computer?
app-approve = Approve
app-refuse = Refuse, this is not me
app-until = The request is valid until { $time }.
app-tries = { $count ->
    [one] { $count } try left.
   *[other] { $count } tries left.
}
app-sign-heading = Sign this?
app-act-heading = Approve this instruction?
app-sign = Sign
app-refuse-sign = Do not sign
app-refuse-act = Do not approve
app-compare-code = Compare the control code
app-compare-code-body = It must be the same as on the page where you began. It does not stop a forger: read what you sign.
app-items = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
app-signed-in = Sign-in approved
app-signed-in-body = Go on at the computer.
app-signed = Signature approved
app-signed-body = You will find the document where you began.
app-acted = Instruction approved
app-acted-body = Go on where you began.
app-refused = Refused
app-refused-body = Nobody is signed in, nothing is signed. If you did not begin it, report it.
app-wrong-code = The computer does not show this number
app-wrong-code-body = The request is refused. After two refusals this browser is no longer remembered.
app-report = Report: I did not begin this
app-reported = Thank you, the report is here
app-reported-body = It will be looked into. If somebody may know your PIN, freeze everything.
app-late = Time has run out
app-late-body = The request is no longer valid. Start again where you began.
app-pin-waits = The PIN is wrong
app-pin-waits-body = After several wrong tries there is a wait.
app-again-at = Next try: { $time }
app-pin-blocked = The PIN is blocked
app-pin-blocked-body = An official or another bound phone of yours sets a new PIN.
app-frozen = Everything is frozen
app-frozen-body = This phone neither signs in nor signs. Only an official can undo it.
app-unreached = No connection
app-unreached-body = The answer was not sent. Check the internet and try again.
app-now = What now
app-remember = Remember the browser { $name }?
app-remember-hint = Signing in there then begins with your user number. Do not do this on a computer of others.
app-save = Remember
app-freeze = Freeze everything
app-freeze-heading = Freeze everything?
app-freeze-no-pin = No PIN is needed
app-lost = I lost my phone
app-lost-body = Freeze everything from another bound phone, on the portal with the freeze code, or through an official. Then bind a new phone.
app-new-phone = I have a new phone
app-new-phone-body = Bind it from this phone with PIN2, or through an official. Every channel of yours is told.
app-forgot = I forgot a PIN
app-forgot-body = Another bound phone of yours or an official sets a new one. Do not guess: after three errors there is a wait.
app-strange = Requests come that I did not begin
app-strange-body = Choose “Refuse” every time and report it. Tell your PIN to nobody, not to a bank or the police either.
app-act-what = What you would approve
app-offer-wrong = Paste the whole text of the code
app-pin1-wrong = PIN1 is 4–8 digits
app-pin2-wrong = PIN2 is 6–8 digits
app-pin1-differs = Enter the same PIN1 twice
app-pin2-differs = Enter the same PIN2 twice
app-pins-same = PIN2 must differ from PIN1
app-pin-missing = Enter the PIN
app-pin-wrong = { $count ->
    [one] The PIN is wrong. { $count } try left
   *[other] The PIN is wrong. { $count } tries left
}
app-code-wrong = There is no request with this code. Check the characters or get a new code
app-number-missing = Choose the number that you see on the computer
