security-lede = Ar ko Jūs pieslēdzaties un parakstāt. Ko nepazīstat, to beidziet.
security-phones = Tālruņi
security-bound-since = Saistīts: { $time }.
security-used = Pēdējoreiz lietots: { $time }.
security-thumbprint = Nospieduma cipari
security-no-phones = Neviens tālrunis nav saistīts.
security-phones-how = Tālruni pievieno vai beidz no cita saistīta tālruņa vai pie amatpersonas. Šajā lapā to darīt nevar.
security-browsers = Atcerētie pārlūki
security-browsers-how = Tajos pieslēgšanās sākas ar lietotāja numuru.
security-no-browsers = Neviens pārlūks nav atcerēts.
security-forget = Aizmirst
security-certificate = Parakstīšanas sertifikāts
security-serial = Numurs
security-valid-until = Derīgs līdz
security-state = Stāvoklis
security-revoke = Atsaukt sertifikātu
security-no-certificate = Sertifikāta nav. To saņem pie amatpersonas.
security-sessions-heading = Citas sesijas
security-sessions = { $count ->
    [zero] Atvērtu sesiju citur nav.
    [one] Citur ir atvērta { $count } sesija.
   *[other] Citur ir atvērtas { $count } sesijas.
}
security-end-others = Beigt citas sesijas
security-freeze = Pazaudējāt tālruni?
security-freeze-about = Iesaldējiet visu: sesijas beidzas, ar atslēgām vairs nevar ne pieslēgties, ne parakstīt. Atjaunot var tikai amatpersona.
security-certificate-unreadable = Ziņas par sertifikātu tagad nevar nolasīt. Pamēģiniet pēc minūtes.
