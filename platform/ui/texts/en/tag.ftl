tag-days-left = { $count ->
    [one] { $count } day left
   *[other] { $count } days left
}
tag-day-open = day still open
tag-draft = draft
tag-frozen = frozen
tag-invalid = not valid
tag-last-used = used last time
tag-not-yet = not yet
tag-of-this = this browser
tag-open = not determined
tag-refused = refused
tag-revoked = revoked
tag-running = running
tag-signed = signed
tag-suspended = suspended
tag-unread = unread
tag-unusual = unusual
tag-valid = valid
tag-verified = verified institution
tag-waits-for-you = waits for you
