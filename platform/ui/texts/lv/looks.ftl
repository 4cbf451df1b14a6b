looks-title = Kas skatījis manus datus
looks-whole = Viss žurnāls
looks-lede = Katra reize, kad iestāde skata Jūsu datus reģistrā, tiek pierakstīta. Ierakstu nevar nemanāmi izdzēst vai labot.
looks-last-month = { $count ->
    [zero] Pēdējās 30 dienās: { $count } ierakstu.
    [one] Pēdējās 30 dienās: { $count } ieraksts.
   *[other] Pēdējās 30 dienās: { $count } ieraksti.
}
looks-none = Ierakstu vēl nav
looks-none-body = Kad kāds skatīs Jūsu datus, tas parādīsies šeit.
looks-groups = Skatītie dati
looks-own = To darījāt Jūs.
looks-answered = Atbilde bija tikai „jā” vai „nē”; pašus datus neredzēja.
looks-refused = Atteikts: datus neredzēja.
looks-empty = Neko neatrada.
looks-proof = Pierādījums
looks-proof-later = Ieraksts ir veikts. Pierādījums būs pieejams, kad to aptvers nākamais parakstītais kontrolpunkts; parasti tas notiek minūtes laikā.
looks-recorded = Pierakstīts
looks-log = Žurnāls
looks-place = Vieta
looks-place-of = { $index }. no { $size }
looks-root = Sakne
looks-checkpoint = Kontrolpunkts
looks-download = Lejupielādēt pierādījumu
looks-pages = Lappuses
looks-newer = Jaunāki ieraksti
looks-older = Vecāki ieraksti
looks-all = Vai te ir viss?
looks-recorded-until = Te ir visi ieraksti, kas veikti līdz šim brīdim: { $time }.
looks-delayed = Likums dažos gadījumos ļauj ierakstu parādīt vēlāk. Tādi ieraksti var būt.
looks-what-proof-shows = Pierādījums rāda, kas ir pierakstīts. Tas nerāda, ka sistēma pierakstīja katru skatīšanos.
looks-unreadable = Žurnālu tagad nevar nolasīt
looks-unreadable-body = Ieraksti nav zuduši. Pamēģiniet pēc minūtes.
looks-how = Kā pārbaudīt pierādījumu
looks-how-body = Lejupielādējiet pierādījumu un pārbaudiet to savā datorā, bez mūsu palīdzības:
