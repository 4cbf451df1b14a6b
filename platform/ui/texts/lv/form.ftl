form-mend = { $count ->
    [zero] Izlabojiet { $count } vietas
    [one] Izlabojiet { $count } vietu
   *[other] Izlabojiet { $count } vietas
}
