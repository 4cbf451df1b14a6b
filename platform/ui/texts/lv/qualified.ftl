# Only src/qualification.rs reads these (R23).
qualified-demonstration = Demonstrācijas paraksts: juridiska spēka nav
qualified-demonstration-means = Tas der tikai izmēģinājumam.
qualified-undetermined = Paraksta spēks nav noskaidrots
qualified-undetermined-means = Vai tas līdzinās parakstam ar roku, šeit nesakām.
qualified-advanced = Uzlabots elektroniskais paraksts
qualified-advanced-means = Paraksts saistīts ar parakstītāju un dokumentu. Tā spēku katrā gadījumā vērtē saņēmējs.
qualified-advanced-on-qualified = Uzlabots elektroniskais paraksts ar kvalificētu sertifikātu
qualified-advanced-on-qualified-means = Parakstītāju apliecina kvalificēts sertifikāts. Ar roku parakstītam dokumentam tas nav pielīdzināts.
qualified-equal = Kvalificēts elektroniskais paraksts
qualified-equal-means = Visā Eiropas Savienībā tam ir tāds pats spēks kā parakstam ar roku.
qualified-stamp-test = Testa laika atzīme
qualified-stamp-plain = Laika atzīme
qualified-stamp-listed = Laika zīmogs, { $service }
