# What doors refuse: what happened, what is safe, what to do.
refusal-other = Non è stato possibile: nulla è stato fatto. Controlla i dati e riprova.

refusal-same-record = È la stessa scheda: scegline un’altra.
refusal-not-open = Una delle due schede non può essere collegata da qui: chiedi a chi ti ha dato il codice.
refusal-no-reason = Per dire che è la stessa persona serve almeno un motivo: scegline uno.
refusal-already-linked = Queste schede sono già collegate: non serve altro.
refusal-behind-another = La scheda è già collegata dietro a un’altra: apri quella davanti e collega da lì.
refusal-unlinked-before = Queste schede, o due collegate con loro, sono già state scollegate: restano separate.
refusal-declared-different = Qualcuno ha già giudicato che sono due persone: si collegano solo con lo stesso documento o codice fiscale.
refusal-different-across = Due schede collegate con queste sono state giudicate di due persone: guarda prima quelle.
refusal-still-linked = Queste schede sono collegate: se sono due persone, scollegale.
refusal-too-many-records = Le schede di una sola persona sarebbero troppe: rivedi prima i collegamenti che ha.
refusal-not-linked = Queste schede non sono collegate: non c’è niente da scollegare.

refusal-no-section = Scegli che cosa ti serve adesso: almeno una voce.
refusal-never-by-force = Una di queste voci non si apre mai in emergenza: chiedi a chi la tiene.
refusal-words = Scrivi che cosa succede, con parole tue: da 10 a 1.000 segni.
refusal-unprintable = Queste parole non si possono tenere: scrivile senza segni strani, fino a 1.000.
refusal-over = Questo accesso è finito: se serve ancora, chiedine un altro.
refusal-own-access = È un tuo accesso: lo verifica un’altra persona.
refusal-reviewed-already = Qualcuno l’ha già verificato, con un altro esito: vale il primo.

refusal-no-such-person = Questa persona non ha una scheda che puoi scegliere: cerca il suo codice, o registrala.
refusal-same-person = La registrazione è già su questa scheda: scegli la persona giusta.
refusal-not-on-her = La registrazione non è più su questa scheda: guarda di nuovo.
refusal-undone = La registrazione è stata annullata: falla di nuovo sulla persona giusta.
refusal-not-here = Questa registrazione non si sposta così: correggila dove è nata, o chiudila e rifalla.
refusal-too-late = I 30 secondi sono passati: non si annulla più. Puoi spostarla sulla persona giusta.
refusal-gone-on = Qualcuno ha continuato da qui: non si annulla. Puoi spostarla sulla persona giusta.

refusal-already-answered = Qualcuno del tuo servizio ha già risposto: guarda di nuovo la posta.
refusal-ended = È già chiuso: non c’è niente da fare.
refusal-not-a-slip = Il biglietto non è scritto giusto: otto gruppi di sei segni. Guarda un segno scambiato.
refusal-slip-not-valid = Questo biglietto qui non vale: controlla i gruppi, o fanne uno nuovo.
refusal-slip-expired = Questo biglietto è troppo vecchio: fanne uno nuovo.
refusal-slip-used = Questo biglietto è già stato presentato: il percorso è nell’elenco.
refusal-appointment-in-the-past = Un appuntamento è per oggi o dopo: correggi il giorno.
refusal-no-appointment = Non c’è nessun appuntamento fissato.
refusal-appointment-to-come = L’appuntamento deve ancora venire: si annota dopo la sua ora.
refusal-not-answered = Prima rispondi di sì.
refusal-in-path-already = È già in percorso.
refusal-half-an-answer = Di’ sì, con o senza quando; oppure no, con il motivo.

refusal-no-such-wish = Questa scelta non è sulla sua scheda: guarda di nuovo l’elenco.
refusal-id-in-use = Questa scelta è già annotata in un altro modo: annotane una nuova.
refusal-still-a-minor = È minorenne, o potrebbe esserlo: decide da maggiorenne. Fino ad allora decide chi risponde di lei.
refusal-age-unknown = Non si sa in che anno è nata, e quindi se è maggiorenne: collega la scheda con una che lo dice.
refusal-own-body = Così il tuo ente vedrebbe di più, e nessuno ti ha affidato il suo caso, né un altro ente te l’ha inviata: lo annota chi ha avuto il caso in affidamento, o un altro ente che la segue.
refusal-never-open = L’ultimo giorno è passato, o è prima del primo: correggilo o lascialo vuoto.
refusal-unknown-body = Questo servizio o ente non è in elenco: scegline uno che c’è.
refusal-no-such-entry = Il tuo ente non ha scritto questa registrazione di lei: la oscura chi l’ha scritta, oppure si oscura tutto quello che scrive un servizio.

refusal-too-many-searches = Hai cercato molti codici in un’ora. Riprova più tardi, o cerca per nome e data di nascita.
refusal-alias-code = La sigla è fatta di 2–4 lettere, un trattino e un numero, per esempio UDS-0142. Mai un nome.
refusal-alias-taken = Il tuo servizio usa già questa sigla per un’altra persona: scegline un’altra.
refusal-birth-year = L’anno di nascita va dal 1900 a quest’anno; se non si sa, lascialo vuoto.
refusal-second-factor-needed = Serve il secondo fattore: entra di nuovo mostrandolo.
refusal-sent-before = Questo modulo è già stato inviato: cerca la persona prima di registrarla di nuovo.
refusal-stale = Nel frattempo qualcuno ha cambiato questi dati: guarda di nuovo, poi ripeti.
refusal-unavailable = In questo momento non riusciamo a salvare. Quello che hai scritto è ancora qui: riprova tra qualche istante.
refusal-not-found = Nulla è stato fatto: la scheda non esiste, oppure il tuo ruolo non può farlo.
