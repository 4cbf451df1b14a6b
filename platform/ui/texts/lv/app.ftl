app-system = eParaksts mobile
app-phones = Tālruņi
app-phones-lede = Demonstrācijas tālruņi. Katrs glabā savas atslēgas un ar portālu sarunājas kā īsts.
app-no-phones = Tālruņu vēl nav
app-no-phones-body = Pievienojiet tālruni un saistiet to ar personu.
app-add-phone = Pievienot tālruni
app-bound = Saistīts ar personu.
app-not-bound = Vēl nav saistīts.
app-waiting = { $count ->
    [zero] { $count } pieprasījumu gaida.
    [one] { $count } pieprasījums gaida.
   *[other] { $count } pieprasījumi gaida.
}
app-help = Pazaudēts tālrunis vai PIN
app-back = Uz tālruņa sākumu
app-enrol-heading = Saistiet tālruni ar sevi
app-enrol-lede = Amatpersona rāda kodu. Nolasiet to vai ielīmējiet tā tekstu.
app-offer = Koda teksts
app-offer-hint = Viss teksts, kā to rāda amatpersona
app-pin1-new = Jauns PIN1
app-pin1-rule = 4–8 cipari, lai pieslēgtos
app-pin1-again = PIN1 vēlreiz
app-pin2-new = Jauns PIN2
app-pin2-rule = 6–8 cipari, lai parakstītu
app-pin2-again = PIN2 vēlreiz
app-pins-mean = PIN zināt tikai Jūs. Ne tālrunis, ne portāls tos neglabā.
app-compare = Salīdziniet ciparus ar amatpersonu
app-thumbprint = Šī tālruņa cipari
app-compare-step = Nolasiet ciparus amatpersonai.
app-officer-step = Amatpersona tos apstiprina.
app-check-step = Nospiediet „Pārbaudīt tagad”.
app-different = Ja cipari atšķiras, apstājieties
app-different-body = Tad amatpersona redz citu tālruni. Sāciet no jauna.
app-enrolled = Tālrunis ir saistīts
app-enrolled-title = Ar to varat pieslēgties un parakstīt
app-enrolled-body = Lietotāja numurs ir lietotnes sākumlapā. Iesaldēšanas kodu glabājiet citur.
app-pending-heading = Pieprasījumi
app-waits = Gaida Jūs
app-nothing-waits = Nekas negaida.
app-code = Kods no citas lapas
app-code-hint = 8 zīmes, ko redzat datorā, vai kvadrātkoda teksts
app-claim = Atvērt pieprasījumu
app-settings = Iestatījumi
app-asks-login = Vai Jūs pieslēdzaties?
app-asks-signature = Parakstīt dokumentu
app-asks-act = Apstiprināt rīkojumu
app-login-heading = Vai Jūs tagad pieslēdzaties?
app-gets = Ko tā saņems
app-place = No kurienes
app-which-code = Kuru skaitli redzat datorā?
app-approve = Apstiprināt
app-refuse = Atteikt, tas neesmu es
app-until = Pieprasījums derīgs līdz { $time }.
app-tries = { $count ->
    [zero] Atlikuši { $count } mēģinājumi.
    [one] Atlicis { $count } mēģinājums.
   *[other] Atlikuši { $count } mēģinājumi.
}
app-sign-heading = Vai parakstīt?
app-act-heading = Vai apstiprināt šo rīkojumu?
app-sign = Parakstīt
app-refuse-sign = Neparakstīt
app-refuse-act = Neapstiprināt
app-compare-code = Salīdziniet kontrolkodu
app-compare-code-body = Tam jābūt tādam pašam kā lapā, kur sākāt. Viltotāju kods neaptur: izlasiet, ko parakstāt.
app-items = { $count ->
    [zero] { $count } datņu
    [one] { $count } datne
   *[other] { $count } datnes
}
app-signed-in = Pieslēgšanās apstiprināta
app-signed-in-body = Turpiniet datorā.
app-signed = Paraksts apstiprināts
app-signed-body = Dokumentu atradīsiet lapā, kur sākāt.
app-acted = Rīkojums apstiprināts
app-acted-body = Turpiniet lapā, kur sākāt.
app-refused = Atteikts
app-refused-body = Neviens nav pieslēgts, nekas nav parakstīts. Ja pieprasījumu nesākāt Jūs, ziņojiet par to.
app-wrong-code = Šāda skaitļa datorā nav
app-wrong-code-body = Pieprasījums ir atteikts. Pēc diviem atteikumiem šis pārlūks vairs nebūs atcerēts.
app-report = Ziņot: pieprasījumu nesāku es
app-reported = Paldies, ziņojums ir saņemts
app-reported-body = To pārbaudīs. Ja domājat, ka kāds zina Jūsu PIN, iesaldējiet visu.
app-late = Laiks ir beidzies
app-late-body = Pieprasījums vairs neder. Sāciet no jauna lapā, kur sākāt.
app-pin-waits = PIN nav pareizs
app-pin-waits-body = Pēc vairākiem kļūdainiem mēģinājumiem jāuzgaida.
app-again-at = Nākamais mēģinājums: { $time }
app-pin-blocked = PIN ir bloķēts
app-pin-blocked-body = Jaunu PIN iestata amatpersona vai cits Jūsu saistītais tālrunis.
app-frozen = Viss ir iesaldēts
app-frozen-body = Ar šo tālruni nevar ne pieslēgties, ne parakstīt. Atjaunot var tikai amatpersona.
app-unreached = Nav savienojuma
app-unreached-body = Atbilde nav nosūtīta. Pārbaudiet internetu un pamēģiniet vēlreiz.
app-now = Kas tagad
app-remember = Atcerēties pārlūku: { $name }?
app-remember-hint = Tad tajā pieslēgšanās sāksies ar lietotāja numuru. Nedariet to svešā datorā.
app-save = Atcerēties
app-freeze = Iesaldēt visu
app-freeze-heading = Vai iesaldēt visu?
app-freeze-no-pin = PIN nav vajadzīgs
app-lost = Pazaudēju tālruni
app-lost-body = Iesaldējiet visu no cita saistīta tālruņa, portālā ar iesaldēšanas kodu vai pie amatpersonas. Pēc tam saistiet jaunu tālruni.
app-new-phone = Man ir jauns tālrunis
app-new-phone-body = Saistiet to no šī tālruņa ar PIN2 vai pie amatpersonas. Par to paziņosim pa visiem kanāliem.
app-forgot = Aizmirsu PIN
app-forgot-body = Jaunu PIN iestata cits Jūsu saistītais tālrunis vai amatpersona. Minēt nav vērts: pēc trim kļūdām jāgaida.
app-strange = Atnāk pieprasījumi, ko nesāku
app-strange-body = Katru reizi izvēlieties „Atteikt” un ziņojiet. Nevienam nesakiet PIN, arī ne bankai vai policijai.
app-act-what = Ko apstiprināsiet
app-offer-wrong = Ielīmējiet visu koda tekstu
app-pin1-wrong = PIN1 ir 4–8 cipari
app-pin2-wrong = PIN2 ir 6–8 cipari
app-pin1-differs = Ievadiet abas reizes vienu un to pašu PIN1
app-pin2-differs = Ievadiet abas reizes vienu un to pašu PIN2
app-pins-same = PIN2 nedrīkst būt tāds pats kā PIN1
app-pin-missing = Ievadiet PIN
app-pin-wrong = { $count ->
    [zero] PIN nav pareizs. Atlikuši { $count } mēģinājumi
    [one] PIN nav pareizs. Atlicis { $count } mēģinājums
   *[other] PIN nav pareizs. Atlikuši { $count } mēģinājumi
}
app-code-wrong = Pieprasījuma ar šo kodu nav. Pārbaudiet zīmes vai saņemiet jaunu kodu
app-number-missing = Izvēlieties skaitli, ko redzat datorā
app-locked = Tālrunis ir slēgts
app-locked-body = Citādi to varētu lietot jebkura lapa šajā datorā. Šajā pārlūkā tas paliks atslēgts, līdz programma beigs darbu.
app-unlock = Atslēgt
app-pin1-weak = PIN1 ir pārāk viegli uzminams. Izvēlieties citus ciparus
app-pin2-weak = PIN2 ir pārāk viegli uzminams. Izvēlieties citus ciparus
app-offer-spent = Kods jau ir izmantots, vairs neder vai ir no cita servera. Lūdziet amatpersonai jaunu
app-unshown = Gaida pieprasījums, ko šī lietotne nevar parādīt
app-unshown-body = Ko nevar parādīt pilnībā, to nevar apstiprināt. Atjauniniet lietotni.
app-distrust = Atbildei nevar uzticēties
app-distrust-body = Tā nav no pakalpojuma, ar kuru tālrunis ir saistīts, vai ir novecojusi. No tās nekas nav atkarīgs. Pamēģiniet vēlreiz; ja tas atkārtojas, sakiet amatpersonai.
app-under-way = Tas tiek izpildīts
app-under-way-body = Tas jau ir spēkā. Ieraksts par to tiek droši saglabāts.
app-ended = Šis tālrunis vairs neder
app-ended-body = Tā darbību izbeidza amatpersona vai cits Jūsu tālrunis. Saistiet jaunu.
app-key-ended = Sertifikāts neder
app-key-ended-body = Tas ir apturēts, atsaukts vai beidzies. Vairāk redzēsiet portālā.
app-not-done = Tas nav izdarīts
app-not-done-body = Pakalpojums pieprasījumu noraidīja. Sāciet no jauna lapā, kur sākāt.
app-go-on = Turpināt šajā pārlūkā
app-choose-phone = Izvēlieties tālruni, kas to pieņems.
app-told = Kas noticis
app-told-login-by-qr = Pieslēgšanās ar kvadrātkodu
app-told-browser-remembered = Pārlūks ir atcerēts
app-told-browser-forgotten = Pārlūks vairs nav atcerēts
app-told-device-enrolled = Saistīts tālrunis
app-told-frozen = Viss iesaldēts
app-told-reported = Ziņots par pieprasījumu
app-told-other = Jūsu līdzekļos kas mainījies
