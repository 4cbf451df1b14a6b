check-upload-heading = Pārbaudīt parakstu
check-upload-lede = Uzzināsiet, kas parakstīja, kad, un vai dokuments kopš tā ir mainīts.
check-file = Datne, ko pārbaudīt
check-file-hint = PDF, līdz { $size }. Varat to ievilkt šeit.
check-check = Pārbaudīt
check-not-kept = Datni nesaglabājam.
check-not-kept-body = Pēc pārbaudes tā ir izdzēsta. Ja to nevēlaties sūtīt, pārbaudiet savā datorā ar „sakta check”.
check-verdict = Atzinums
check-story = Kas ar dokumentu noticis
check-technical = Tehniskās ziņas
check-no-signature = Datnē paraksta nav
check-no-signature-body = Mēs neatradām nevienu elektronisko parakstu. Pārbaudiet, vai šī ir īstā datne.
check-changed = Dokuments pēc parakstīšanas ir mainīts
check-failed = Paraksts nav derīgs
check-failed-body = Nepaļaujieties uz šo datni. Lūdziet to parakstītājam vēlreiz.
check-open = Vai paraksts ir derīgs, noskaidrot neizdevās
check-open-body = Tas nenozīmē, ka tas ir nederīgs. Zemāk redzēsiet, kā trūkst.
check-passed = { $count ->
    [1] Paraksts ir derīgs, dokuments nav mainīts
    [zero] { $count } parakstu ir derīgi, dokuments nav mainīts
    [one] { $count } paraksts ir derīgs, dokuments nav mainīts
   *[other] { $count } paraksti ir derīgi, dokuments nav mainīts
}
check-passed-body = Kopš pēdējā paraksta dokumentā nekas nav mainīts.
check-fetch-signed = Lejupielādēt parakstīto saturu
check-changes = Kas mainīts
check-signed = Parakstīja { $name }
check-claimed = Parakstītāja norādītais laiks: { $time }. To nekas nepierāda.
check-proven = Pierāda, ka paraksts jau bija: { $time }
check-who-unknown = Kas to izdarīja, no datnes nav redzams.
check-signature-of = Paraksts: { $name }
check-validity = Derīgums
check-law = Juridiskais spēks
check-authority = Kā vārdā
check-covers = Ko aptver
check-covers-all = Visu dokumentu, kāds tas ir tagad.
check-covers-part = Tikai agrāku dokumenta redakciju.
check-not-determined = Nav noskaidrots
check-checked-file = Pārbaudītā datne
check-name = Nosaukums
check-size = Apjoms
check-at = Pārbaudīts
check-another = Pārbaudīt citu datni
check-what = Ko pārbaudījām
check-result = Iznākums
check-code = Kods
check-by-standard = Pārbaudes pēc ETSI EN 319 102-1
check-whole = Paraksts kopumā
check-technical-of = Tehniskās ziņas: { $number }. paraksts, { $name }
check-added-to = Parakstītais ir derīgs, bet dokuments vēlāk papildināts
check-added-to-body = Paraksts attiecas tikai uz to, kas dokumentā bija pirms papildinājuma. Zemāk redzēsiet, kas mainīts.
