tag-days-left = { $count ->
    [zero] vēl { $count } dienu
    [one] vēl { $count } diena
   *[other] vēl { $count } dienas
}
tag-day-open = diena vēl atvērta
tag-draft = melnraksts
tag-frozen = iesaldēts
tag-invalid = nederīgs
tag-last-used = lietojāt pēdējoreiz
tag-not-yet = vēl nav
tag-of-this = šis pārlūks
tag-open = nav noskaidrots
tag-refused = atteikts
tag-revoked = atsaukts
tag-running = darbojas
tag-signed = parakstīts
tag-suspended = apturēts
tag-unread = nelasīta
tag-unusual = neparasti
tag-valid = derīgs
tag-verified = pārbaudīta iestāde
tag-waits-for-you = gaida Jūs
