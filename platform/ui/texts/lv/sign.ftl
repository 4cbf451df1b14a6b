sign-short = Parakstīt
sign-upload-heading = Parakstīt dokumentu
sign-upload-lede = Izvēlieties PDF. Pirms parakstīšanas to redzēsiet.
sign-file = Datne
sign-file-hint = PDF, līdz { $size }. Varat to ievilkt šeit.
sign-upload = Atvērt dokumentu
sign-step-choose = Izvēlēties datni
sign-step-read = Izlasīt
sign-step-approve = Apstiprināt tālrunī
sign-step-fetch = Lejupielādēt parakstīto
sign-step-done = pabeigts
sign-see-heading = Izlasiet un parakstiet
sign-document = Dokuments
sign-document-frame = Dokuments, ko parakstīsiet
sign-fetch-unsigned = Lejupielādēt PDF
sign-frame-hint = Ja dokumentu neredzat, lejupielādējiet to un izlasiet savā programmā.
sign-panel = Ko Jūs parakstīsiet
sign-signer = Paraksta
sign-signed-by = Jau parakstīja
sign-with = Ar ko
sign-sign = Parakstīt
sign-refuse = Neparakstīt
sign-on-phone = Apstiprināsiet tālrunī ar PIN2. Laika atzīmi pievienosim mēs.
sign-kind = Veids
sign-pages = { $count ->
    [zero] { $count } lappušu
    [one] { $count } lappuse
   *[other] { $count } lappuses
}
sign-wait-heading = Salīdziniet šo kodu tālrunī
sign-code = Kontrolkods
sign-code-means = Kods ļauj atšķirt pieprasījumus. Viltotāju tas neaptur: tālrunī izlasiet arī datnes nosaukumu un apjomu.
sign-stranger = Ja tālrunī ir cits kods vai cita datne, izvēlieties „Neparakstīt”
sign-stranger-body = Tad kāds cits lūdz Jūsu parakstu. Neizpaudiet PIN2 nevienam.
sign-not-signed = Dokuments nav parakstīts.
sign-proofs-heading = Vēl nepieciešami pierādījumi
sign-proofs-title = Neizdevās saņemt laika atzīmi vai sertifikāta stāvokli
sign-proofs-body = Jūsu apstiprinājums ir saņemts, bet dokuments vēl nav parakstīts. Turpinām mēģināt; tālrunī nekas vairs nav jādara.
sign-proofs-again = Mēģināt tagad
sign-proofs-later = Vēlāk, dokumentu sarakstā
sign-done-heading = Dokuments ir parakstīts
sign-fetch = Lejupielādēt parakstīto dokumentu
sign-next = Kas tālāk
sign-next-body = Nosūtiet lejupielādēto datni. Saņēmējs to var pārbaudīt šeit vai ar savu programmu.
sign-another = Parakstīt vēl vienu
sign-signed-name = Parakstīja { $name }
sign-own-name = savā vārdā
sign-status-inside = Sertifikāta stāvoklis pievienots
