cli-unreadable = Datni nevar nolasīt: { $why }
cli-detached = Parakstu, kas glabājas atsevišķi no dokumenta, vēl nepārbaudām. Palaidiet bez „--detached”.
cli-stamp-says = Norādītais laiks: { $time }
cli-why-changed = Pēc parakstīšanas dokumentam pievienots kas tāds, ko paraksts nepieļauj.
cli-why-form = Paraksts nav izveidots tā, kā prasa tā formāts.
cli-why-document = Dokuments nav tas, kas tika parakstīts.
cli-why-value = Paraksts neatbilst parakstītāja atslēgai.
cli-why-absent = Parakstītā satura datnē nav.
cli-why-stamp = Neviena laika atzīme nav derīga, tāpēc paraksta laiks nav pierādīts.
cli-why-signer = Parakstītāja sertifikāta datnē nav.
cli-why-unknown = Sertifikātu izdevis kāds, kam šī pārbaude neuzticas.
cli-why-chain = Sertifikātu virkne pārkāpj noteikumus.
cli-why-purpose = Sertifikāts nav domāts dokumentu parakstīšanai.
cli-why-early = Parakstīšanas brīdī sertifikāts vēl nebija derīgs.
cli-why-late = Sertifikāta termiņš ir beidzies, un nekas nepierāda, ka paraksts ir senāks.
cli-why-revoked = Sertifikāts ir atsaukts, un nekas nepierāda, ka paraksts ir senāks.
cli-why-issuer-revoked = Sertifikāta izdevēja sertifikāts ir atsaukts, un nekas nepierāda, ka paraksts ir senāks.
cli-why-status = Nav svaigu ziņu par to, vai sertifikāts nebija atsaukts.
cli-why-weak = Paraksta algoritms vairs netiek atzīts par pietiekami stipru.
cli-why-order = Laika atzīmes ir pretrunā cita ar citu.
cli-login-code = Ievadiet tālrunī šīs astoņas rakstzīmes: { $code }
cli-login-at = Pieslēdzas komandrinda šajā datorā. Kods der tikai { $address }
cli-login-refused = Pieslēgšanās nenotika: tā noraidīta tālrunī vai tās laiks ir beidzies. Palaidiet komandu vēlreiz.
cli-session = Sesija ir beigusies. Palaidiet komandu vēlreiz.
cli-ask-phone = { $count ->
    [zero] Apstipriniet tālrunī ar PIN2: { $count } datņu
    [one] Apstipriniet tālrunī ar PIN2: { $count } datne
   *[other] Apstipriniet tālrunī ar PIN2: { $count } datnes
}
cli-control-code = Kontrolkods: { $code }
cli-completing = Tālrunis ir atbildējis. Gaidām laika atzīmi un sertifikāta stāvokli.
cli-signed-all = { $count ->
    [zero] Parakstītas { $count } datņu
    [one] Parakstīta { $count } datne
   *[other] Parakstītas { $count } datnes
}
cli-leave-out = { $count ->
    [zero] Nekas nav parakstīts. { $count } datņu nevar parakstīt: izlaidiet vai izlabojiet tās un palaidiet komandu vēlreiz.
    [one] Nekas nav parakstīts. { $count } datni nevar parakstīt: izlaidiet vai izlabojiet to un palaidiet komandu vēlreiz.
   *[other] Nekas nav parakstīts. { $count } datnes nevar parakstīt: izlaidiet vai izlabojiet tās un palaidiet komandu vēlreiz.
}
cli-too-many = Vienā reizē var parakstīt līdz { $most } datnēm. Nekas nav parakstīts.
cli-exists = { $file } jau ir. Nekas nav parakstīts un nekas nav pārrakstīts.
cli-changed = { $file } pa šo laiku mainījās. Tā nav parakstīta.
cli-unsound = Saņemtais paraksts neiztur pārbaudi. { $file } nav parakstīta.
cli-pins = PIN datnē jābūt divām rindām: PIN1 (4–8 cipari) un PIN2 (6–8 cipari).
cli-no-phone = Šī cilvēka tālruņa šeit nav. Palaidiet bez „--pin-file” un apstipriniet tālrunī.
cli-phone = Tālrunis to neizdarīja: { $why }. Nekas nav parakstīts.
cli-unreached = Serveris neatbild: { $why }. Nekas nav parakstīts.
cli-server = Serveris atbild negaidīti: { $what }. Nekas nav parakstīts.
cli-no-certificate = Jums nav derīga sertifikāta, ar ko parakstīt.
cli-refused = Tālrunī izvēlēts „Neparakstīt”. Nekas nav parakstīts.
cli-expired = Atbilde laikus nepienāca. Nekas nav parakstīts.
cli-not-signed = Nekas nav parakstīts: { $why }.
cli-unwritable = { $file } nevar saglabāt: { $why }
cli-no-server = Nav zināms, kur parakstīt: nosauciet „--server” vai demonstrācijas mapi „--data”.
cli-twice = { $file } saturs ir tāds pats kā citai datnei šajā sarakstā.
