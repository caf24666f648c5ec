# Which records are one person, and who else may be she.
links-here = Collegamenti
# $code (String) - public code
links-title = Collegamenti di { $code }
links-alone = Una scheda sola
# $count (Number) - how many records
links-together = { $count } schede collegate: la stessa persona
links-likely = Forse è la stessa persona
links-likely-about = La più probabile per prima. Decidi tu.
links-left-open = qualcuno ha guardato e non ha deciso
links-look = Guarda la scheda
links-reasons = Se è lei, da che cosa lo sai?
links-she = È lei
links-other = Non è lei
links-open = Non so
links-linked = Schede collegate
links-soon = L’elenco si aggiorna tra un istante: ricarica la pagina.
links-none = Nessuna scheda collegata.
links-none-alike = E nessun’altra le somiglia.
links-named = Un’altra scheda che conosci
links-named-about = Per esempio quella senza nome, aperta con una sigla dal tuo servizio. Non si propone da sola, perché non ha un nome che somigli.
links-named-code = Codice breve, o sigla del tuo servizio
links-named-do = È la stessa persona
links-because = Perché:
links-undo-more = Scollega…
links-undo-why = Perché le scolleghi?
links-undo-means = Le due schede tornano esattamente come prima, e non vengono più proposte insieme. Si dice chi le ha lette nel frattempo a chi protegge i dati.
links-undo = Scollega
# $one (String) - public code
# $other (String) - public code
links-codes = { $one } e { $other }
links-since = dal
links-not-done = Non fatto.
links-registered = Persona registrata.
links-registered-next = Ora di’ se è una delle persone qui sotto. Puoi farlo anche dopo.
links-registered-no-number = Il codice che hai scritto non ha la forma attesa e non è stato annotato; il resto sì.
links-registered-no-facts = Nome e codici non sono stati annotati: cercala con il suo codice breve.
links-done-linked = Collegate: è la stessa persona.
links-done-linked-next = I due percorsi si leggono insieme; ogni scheda tiene il suo codice. Se è un errore, scollegale: tornano come prima.
links-done-other = Annotato: sono due persone.
links-done-other-next = Questa coppia non sarà più proposta.
links-done-open = Annotato: non si sa.
links-done-open-next = Resta tra le possibili: chi la guarda dopo di te vede che il dubbio è aperto.
links-done-undone = Scollegate.
# $why (String) - reason
links-done-undone-because = Scollegate ({ $why }).
# $readers (String) - a sentence about who read them
links-done-undone-next = Le due schede sono di nuovo come prima, e non saranno più proposte. { $readers }
links-read-by-nobody = Mentre erano unite non le ha viste nessuno, oltre a te.
links-read-by-one = Mentre erano unite le ha viste un altro operatore: il responsabile della protezione dei dati sa chi.
# $count (Number) - how many workers
links-read-by = Mentre erano unite le hanno viste altri { $count } operatori: il responsabile della protezione dei dati sa chi.
links-read-unknown = Chi le ha aperte mentre erano unite è annotato nel registro degli accessi.
