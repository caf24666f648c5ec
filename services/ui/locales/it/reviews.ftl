# The review of an access by force.
review-title = Verifica dell’accesso
review-about = Qualcuno ha aperto una scheda in emergenza. Un’altra persona dice se era giustificato.
review-happened = Che cosa è successo
review-reason = Motivo
review-when = Quando
# $when (String) - day and time
review-when-for = { $when }, per 60 minuti al massimo
review-record = Scheda
review-who = Chi
review-opened = Che cosa ha aperto
# $who (String) - worker and body
review-said-by = scritto in quel momento nella scheda da { $who }
review-no-words-controls = Le parole con cui è stato motivato stanno cifrate nella scheda: il tuo ruolo non la apre. Se ti servono, chiedile a chi ha in carico la persona.
review-no-words-role = Le parole con cui è stato motivato stanno cifrate nella scheda: il tuo ruolo non la apre, e della persona non vede nemmeno il codice.
review-no-words = Le parole con cui è stato motivato stanno cifrate nella scheda, e non sono aperte per te.
review-looked = Che cosa ha guardato
review-looked-nothing = Finora niente, oltre ad aprirla.
review-body-other = altro ente

review-due-done = verificato
review-due-overdue = scaduto il
review-due-by = da verificare entro il
# $day (String) - day
# $time (String) - time of the day
review-due-at = { $day } alle { $time }

review-found = Che cosa è stato trovato
review-found-what = Esito
review-found-by = Chi ha verificato
review-found-said = scritto da chi ha verificato
review-found-no-words = Chi ha verificato non ha lasciato parole che tu possa leggere.
review-back = Torna alla posta

review-form = Che cosa hai trovato
review-finding = L’accesso era giustificato?
review-justified = Giustificato
review-justified-when = C’era un’emergenza, e ha aperto quello che serviva.
review-not-justified = Non giustificato
review-not-justified-when = Non c’era, o ha aperto più del necessario. Prosegue il responsabile della protezione dei dati.
review-words = Perché, con parole tue (facoltativo)
review-words-help = Da 10 a 1.000 segni. Restano cifrate; le leggi tu e il responsabile della protezione dei dati.
review-do = Registra la verifica
review-note = Vale la prima verifica; non si cambia. Chi ha aperto la scheda non verifica il proprio accesso.

review-wrong-finding = Scegli che cosa hai trovato: giustificato o non giustificato.
review-wrong-words = Le parole tue hanno da 10 a 1.000 segni, oppure lasciale vuote.
review-wrong-erased = La scheda è stata cancellata e non tiene più parole: registra la verifica senza.

review-done = Verifica registrata
# $finding (String) - what was found
review-done-as = Verifica registrata: { $finding }
review-done-justified = L’accesso era giustificato. Resta scritto nel registro, con chi l’ha verificato.
review-done-not-justified = L’accesso non era giustificato. Il responsabile della protezione dei dati lo vede nella sua posta e decide come proseguire.
