# What was moved away from a record or to it, for the data protection officer.
# $code (String) - public code
moved-title = Spostamenti { $code }
moved-here = Spostamenti
# $code (String) - public code
moved-person = Persona { $code }
moved-about = Registrazioni fatte sulla persona sbagliata, e chi aveva letto la scheda fino allo spostamento.
moved-readers-all = Chi ha visto la scheda
moved-none = Nessuna registrazione è stata spostata da questa scheda, né su questa scheda.
# $what (String) - kind of entry
moved-away = { $what }: via da qui
# $what (String) - kind of entry
moved-arrived = { $what }: arrivata qui
moved-from = da
moved-to = a
# $code (String) - public code
moved-readers = Chi aveva letto la scheda { $code }
moved-readers-none = Nessuno l’ha aperta prima dello spostamento.
# $index (Number) - place on the page
moved-readers-scroll = Lettori prima dello spostamento { $index }
# $code (String) - public code
moved-readers-caption = Chi aveva letto la scheda { $code } prima dello spostamento
moved-column-who = Chi
moved-column-body = Ente e ruolo
moved-column-times = Quante volte
moved-column-last = L’ultima
moved-readers-more = Ce ne sono di più vecchie: guarda chi ha visto la scheda.
moved-pages = Pagine dell’elenco
moved-next = Spostamenti successivi
# $times (Number) - how often
moved-times = { $times ->
    [one] 1 volta
   *[other] { $times } volte
}
moved-no-record = nessuna scheda
moved-no-code = senza codice
moved-other-body = altro ente
moved-taken-back = annullata da chi l’ha fatta
moved-moved = spostata
moved-kind-contact = Contatto
moved-kind-delivery = Prestazione
moved-kind-outreach = Incontro in strada
moved-kind-emergency = Emergenza
moved-kind-meal = Pasto
moved-kind-parcel = Pacco viveri
moved-kind-person = Annotazione sulla persona
moved-kind-case = Valutazione
moved-kind-other = Registrazione

move-title = Sposta una registrazione
move-about = È stata fatta sulla persona sbagliata. Sulla scheda giusta resta com’è, con la sua data.
move-what = Che cosa
# $code (String) - public code
move-now-on = ora sulla scheda { $code }
move-none = Nessuno trovato
move-none-about = Con questi dati, tra le schede che puoi vedere. Prova in un altro modo; se non è registrata,
move-none-register = registrala
move-none-back = e torna qui.
move-whose = A chi appartiene
move-choose = Scegli la persona giusta
move-why = Come è successo?
move-do = Spostala
move-leave = Lasciala dov’è
move-means = Da questa scheda sparisce. Che c’era, e chi l’ha letta, lo vede solo il responsabile della protezione dei dati.
move-search = Cerca la persona giusta
move-search-again = Cerca ancora
move-code = oppure il codice breve
move-search-do = Cerca
move-by-code = trovata per codice
move-wrong-whom = Scegli la persona a cui appartiene.
move-wrong-why = Scegli come è successo: lo legge chi verifica.
move-wrong-empty = Scrivi almeno un dato: un nome, una data o un codice.
move-wrong-unread = In questo momento non riusciamo a leggere: riprova.
move-wrong-no-code = Nessuna persona con questo codice.
