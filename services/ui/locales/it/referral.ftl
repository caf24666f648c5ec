# A referral: how it is sent, how far it is, what its two ends may do with it.
referral-title = Invio
referral-way = A che punto è
referral-exchange = Scambio
referral-external = L’altro servizio è riservato: qui si vede solo a che punto è.
referral-no-message = Nessun messaggio.
referral-you-see = Che cosa vedi di lei
# $service (String) - name of the receiver
referral-they-see = Che cosa vede { $service }
referral-code-only = Solo il codice: nessun dato è stato condiviso.
# $sections (String) - what was handed over
referral-nothing-else = { $sections }. Nient’altro.
# $free (Number) - free places
referral-places = { $free ->
    [0] Stanotte nessun posto libero
    [one] 1 posto libero stanotte
   *[other] { $free } posti liberi stanotte
}
# $waiting (Number) - how many wait
referral-places-waiting = , { $waiting } in lista d’attesa
referral-places-note = Accogliendo, nessun letto si prenota da solo: lo assegni dopo.

# $service (String) - name of the sender
# $when (String) - when it was sent
referral-from = Da { $service }, { $when }
# $when (String) - when it was sent, or nothing
referral-from-external = Da un servizio esterno { $when }
# $service (String) - name of the sender
# $when (String) - when it was sent, or nothing
referral-sent-by = Mandato da { $service } { $when }
# $when (String) - when it was sent, or nothing
referral-sent = Mandato { $when }
# $time (String) - hour and minute
referral-today = oggi alle { $time }
# $time (String) - hour and minute
referral-yesterday = ieri alle { $time }
# $time (String) - hour and minute
referral-tomorrow = domani alle { $time }
# $day (String) - day
# $time (String) - hour and minute
referral-on-day = { $day } alle { $time }

referral-stage-asked = chieste informazioni
referral-stage-accepted = accolto
referral-stage-in-path = in percorso
referral-stage-attended = è venuta
referral-stage-declined = respinto
referral-stage-withdrawn = ritirato
referral-stage-expired = scaduto senza risposta
referral-stage-over = concluso
referral-stage-seen = visto

referral-rung-sent = Inviato
referral-rung-seen = Visto
referral-rung-accepted = Accolto
referral-rung-declined = Respinto
referral-rung-withdrawn = Ritirato
referral-rung-expired = Scaduto
referral-rung-visit = Primo incontro
referral-rung-outcome = Esito
referral-rung-done = fatto
referral-rung-now = ora
referral-rung-to-come = non ancora
referral-rung-over = finito qui

referral-you = Tu
referral-the-service = Il servizio
referral-deadline = Scadenza
referral-did-create = preparato
referral-did-send = inviato
referral-did-see = visto
# $sections (String) - sections
referral-did-ask = chiede: { $sections }
# $sections (String) - sections
referral-did-give = aggiunge: { $sections }
referral-did-accept = accolto
# $by (String) - who said no
# $reason (String) - why
# $step (String) - what the sender can do
referral-did-decline = respinto ({ $by }): { $reason }. Adesso: { $step }
# $what (String) - that it was declined, and why
# $service (String) - public name
referral-did-name = { $what }. Servizio indicato: { $service }
# $when (String) - when the visit is
referral-did-fix = primo incontro fissato: { $when }
referral-did-hold = primo incontro svolto
referral-did-miss = non si è presentata
# $outcome (String) - whether the need was met
referral-did-report = esito: { $outcome }
# $reason (String) - why
referral-did-withdraw = ritirato: { $reason }
referral-did-expire = nessuna risposta in tempo
# $who (String) - who did it
# $what (String) - what was done
# $when (String) - when
referral-meanwhile = Nel frattempo è cambiato: { $who }, { $what } ({ $when }). La tua risposta non è stata registrata.

referral-choose = Scegli…
# $service (String) - public name
referral-onward = Invia a { $service }
referral-accept = Accogli
referral-ask = Chiedi
referral-ask-what = Che cosa ti manca per rispondere?
referral-ask-help = Il termine per rispondere resta lo stesso.
referral-decline-more = Respingi…
referral-decline = Respingi
referral-decline-by = Chi dice di no
referral-decline-reason = Perché
referral-decline-step = Che cosa può fare chi l’ha mandato
referral-decline-elsewhere = Un altro servizio a cui chiedere (se lo sai)
referral-decline-elsewhere-help = Scrivi il nome, per esempio CSM Est: chi ha mandato l’invio può inviare lì.
referral-visit-more = Fissa incontro
referral-visit = Fissa
referral-visit-when = Primo incontro, giorno e ora
referral-held = È venuta
referral-missed = Non si è presentata
referral-report-more = Esito…
referral-report = Comunica l’esito
referral-report-how = Com’è finita?
referral-report-help = Che il bisogno è risolto si può dire dopo il primo incontro.
referral-give-more = Rispondi alla domanda
referral-give = Aggiungi
referral-give-what = Che cosa aggiungi?
referral-give-help = Il servizio vede da subito quello che aggiungi, e nient’altro.
referral-withdraw-more = Ritira…
referral-withdraw = Ritira l’invio
referral-withdraw-why = Perché lo ritiri

referral-wrong-ask = Scegli almeno una cosa che ti manca per rispondere.
referral-wrong-give = Scegli almeno una cosa da aggiungere.
referral-wrong-by = Scegli chi dice di no.
referral-wrong-reason = Scegli perché no: lo legge chi ha mandato l’invio.
referral-wrong-step = Scegli che cosa può fare adesso chi l’ha mandato.
# $typed (String) - what was typed
referral-wrong-elsewhere = Nessun servizio si chiama «{ $typed }». Scrivi una parte del nome, o lascia vuoto.
# $names (String) - of services
referral-wrong-elsewhere-which = Più servizi corrispondono: { $names }. Scrivi di più del nome.
# $names (String) - of services
# $more (Number) - how many besides
referral-wrong-elsewhere-many = Più servizi corrispondono: { $names } e altri { $more }. Scrivi di più del nome.
referral-wrong-visit = Scrivi giorno e ora, per esempio 2026-11-25T09:30.
referral-wrong-report = Scegli com’è finita: lo legge chi ha mandato l’invio.
referral-wrong-withdraw = Scegli perché lo ritiri: lo legge il servizio.

referral-done-sent = Invio mandato.
referral-done-sent-next = Lo trovi in «In attesa di altri» finché non rispondono.
referral-done-accept = Accolto.
referral-done-accept-next = Chi l’ha mandato lo vede subito. Ora fissa il primo incontro.
referral-done-decline = Respinto.
referral-done-decline-next = Chi l’ha mandato vede il motivo e che cosa può fare.
referral-done-ask = Chiesto.
referral-done-ask-next = Chi l’ha mandato trova la domanda tra le cose da fare.
referral-done-give = Aggiunto.
referral-done-give-next = Il servizio vede subito quello che hai aggiunto.
referral-done-visit = Primo incontro fissato.
referral-done-visit-next = Chi ha mandato l’invio vede giorno e ora.
referral-done-held = Primo incontro svolto.
referral-done-held-next = Quando si sa, comunica l’esito.
referral-done-missed = Annotato.
referral-done-missed-next = Fissa un altro incontro, oppure comunica l’esito.
referral-done-report = Esito comunicato.
referral-done-report-next = L’invio è concluso: chi l’ha mandato lo vede.
referral-done-withdraw = Ritirato.
referral-done-withdraw-next = Il servizio non lo trova più tra le cose da fare.
referral-done-nothing = Era già così.
referral-done-nothing-next = Qualcuno l’aveva già fatto: nulla è cambiato.

compose-title = Nuovo invio
# $code (String) - short code
compose-person = Persona { $code }
# $code (String) - short code
compose-to = Persona { $code }. A quale servizio la mandi?
compose-slip = A questo servizio si va con un biglietto.
compose-slip-why = Nessun invio parte e niente viene annotato qui: la persona porta il biglietto, se vuole.
compose-search = Cerca un servizio
compose-search-hint = dormitorio, CSM, Bitonto…
compose-search-do = Cerca
compose-everywhere = Anche fuori dal mio territorio
compose-none = Nessun servizio con queste parole. Togli una parola, o cerca anche fuori dal tuo territorio.
# $count (Number) - services
compose-left-out = { $count ->
    [one] Un altro servizio non è in elenco: cerca con una parola in più.
   *[other] Altri { $count } servizi non sono in elenco: cerca con una parola in più.
}
compose-confidential = I servizi riservati non sono in elenco: la persona ci va con un biglietto, e qui non ne resta traccia.
# $free (Number) - free places
compose-tonight = { $free ->
    [0] stanotte nessun posto libero
    [one] stanotte 1 posto libero
   *[other] stanotte { $free } posti liberi
}
# $count (Number) - how many wait
compose-waiting = { $count } in attesa
compose-outside = fuori zona

# $service (String) - name
compose-heading = Invio a { $service }
compose-open = Apri l’invio che c’è già
compose-service = Il servizio
compose-other = Scegli un altro servizio
compose-does = Che cosa fa
compose-territory = Territorio
compose-metro = tutta la città metropolitana
compose-hours = Orario
# $hours (String) - from when to when
compose-today = oggi { $hours }
# $days (String) - days of the week
compose-closed = oggi chiuso; aperto { $days }
compose-places = Posti
compose-inactive = Ora questo servizio non lavora: un invio non parte.
# $ats (String) - name of the territorial area
compose-outside-why = Fuori zona: il servizio è dell’ATS { $ats }. Può respingere l’invio.
compose-stale = Nessuno conferma da tempo questi dati: telefona prima, se puoi.
compose-request = La richiesta
compose-from = Per conto di
compose-own = Il tuo servizio
compose-need = Perché
compose-urgency = Urgenza, e rispondere entro
# $time (String) - hour and minute
compose-due-today = risponde entro le { $time } di oggi
# $time (String) - hour and minute
compose-due-tomorrow = risponde entro le { $time } di domani
compose-due-day = risponde entro il
compose-share = Che cosa condividi
compose-share-help = È già scelto il meno possibile. Quello che non scegli, il servizio non lo vede.
compose-agreement = Accordo della persona
compose-agreement-help = Scegli solo se te l’ha detto. Può ripensarci quando vuole; l’invio parte lo stesso.
compose-agreement-csm = È d’accordo che il centro di salute mentale dica al tuo ente più di «frequenta, in percorso, concluso»
compose-agreement-labour = È d’accordo che il servizio per il lavoro veda gli obiettivi del suo progetto
compose-agreement-external = È d’accordo che si sappia che è seguita da un altro servizio
compose-agreement-volunteers = È d’accordo che i volontari vedano quello che serve a loro
compose-send = Manda l’invio
# $service (String) - name
compose-sees = Che cosa vedrà { $service }
compose-sees-always = Il codice della persona, chi la manda e quanto è urgente
compose-sees-identity = nome, data di nascita, codici
compose-sees-contacts = telefono, posta elettronica
# $section (String) - class of data
# $now (String) - what it says now
compose-sees-now = { $section }: { $now }
compose-sees-note = Il motivo lo legge solo se condividi i bisogni. Gli altri invii non li vede mai.

compose-wrong-from = Scegli per quale tuo servizio la mandi.
compose-wrong-need = Scegli perché la mandi.
compose-wrong-urgency = Scegli quanto è urgente.
compose-unagreed = L’invio è partito, ma il suo accordo non è stato annotato. Manda di nuovo: l’invio resta uno solo. Se non riesce, togli l’accordo e manda.
compose-refused-open = Per questa persona, questo bisogno e questo servizio c’è già un invio aperto: un secondo non parte.
compose-refused-person = La persona non si può mandare da qui: è registrata da un momento, oppure nessun caso o contatto ti lega a lei. Riprova tra poco.
compose-refused-inactive = Il servizio ora non lavora: scegline un altro.
compose-refused-unknown = Uno dei due servizi qui non è ancora conosciuto: riprova tra qualche istante.
compose-refused-itself = Un invio va a un altro servizio: scegline uno che non è il tuo.
compose-refused-slip = A questo servizio nessuno va con un invio: la persona ci va con un biglietto, se vuole.
