looks-title = Who looked at my data
looks-whole = The whole log
looks-lede = Every time an institution looks at your data in the register, it is recorded. An entry cannot be deleted or changed unnoticed.
looks-last-month = { $count ->
    [one] Last 30 days: { $count } entry.
   *[other] Last 30 days: { $count } entries.
}
looks-none = No entries yet
looks-none-body = When somebody looks at your data, it will appear here.
looks-groups = Data seen
looks-own = You did this.
looks-answered = The answer was only yes or no; the data were not seen.
looks-refused = Refused: the data were not seen.
looks-empty = Nothing was found.
looks-proof = Proof
looks-proof-later = The entry is made. Its proof follows with the next signed checkpoint, usually within a minute.
looks-recorded = Recorded
looks-log = Log
looks-place = Place
looks-place-of = { $index } of { $size }
looks-root = Root
looks-checkpoint = Checkpoint
looks-download = Download the proof
looks-pages = Pages
looks-newer = Newer entries
looks-older = Older entries
looks-all = Is this everything?
looks-recorded-until = All entries recorded up to { $time } are here.
looks-delayed = In some cases the law lets an entry be shown later. Such delayed entries may exist.
looks-what-proof-shows = The proof shows what was recorded. It does not show that a system recorded every look.
looks-unreadable = The log cannot be read now
looks-unreadable-body = No entry is lost. Try again in a minute.
looks-how = How to check a proof
looks-how-body = Download the proof and check it on your own computer, without us:
