documents-lede = Ko parakstījāt ar šo portālu.
documents-none-body = Parakstītie dokumenti parādīsies šeit.
documents-signed-at = Parakstīts: { $time }
documents-download = Lejupielādēt
documents-older = Vecāki dokumenti
documents-kept = Datnes šeit glabājam 30 dienas. Pēc tam paliek tikai ieraksts.
