documents-lede = Ko parakstījāt ar šo portālu.
documents-none-body = Parakstītie dokumenti parādīsies šeit.
documents-signed-at = Parakstīts: { $time }
documents-download = Lejupielādēt
documents-older = Vecāki dokumenti
documents-kept = { $count ->
    [zero] Datnes šeit glabājam { $count } dienu. Pēc tam paliek tikai ieraksts.
    [one] Datnes šeit glabājam { $count } dienu. Pēc tam paliek tikai ieraksts.
   *[other] Datnes šeit glabājam { $count } dienas. Pēc tam paliek tikai ieraksts.
}
