form-mend = { $count ->
    [one] Mend { $count } thing
   *[other] Mend { $count } things
}
