# What a page says when it has nothing to show.
answer-to-start = Vai all’inizio
answer-not-found-title = Non trovato o non accessibile
answer-not-found = Questa pagina non esiste, oppure il tuo ruolo non può aprirla. Controlla il codice o l’indirizzo; se ti serve l’accesso, chiedilo a chi segue la persona.
answer-not-understood-title = Richiesta non compresa
answer-too-often-title = Troppe richieste in poco tempo
answer-too-often = Da te o dal tuo ente sono arrivate troppe richieste. Aspetta qualche secondo, torna indietro e riprova: nulla è stato registrato due volte.
answer-unread-title = Non riusciamo a leggere i dati
answer-unread = Nessun dato è andato perso. Riprova tra qualche istante; se continua, avvisa chi gestisce il sistema.
answer-unsure-title = Non possiamo mostrarlo ora
answer-unsure = In questo momento non possiamo verificare chi può vedere questa scheda, o annotare chi la guarda: perciò non mostriamo nulla. Riprova tra qualche istante.
answer-purpose-title = Per quale scopo?
answer-purpose-why = Nessun caso, invio o permanenza ti lega ora a questa persona. Se la apri, lo scopo viene annotato accanto al tuo accesso.
answer-purpose = Scopo
answer-purpose-open = Apri la scheda
