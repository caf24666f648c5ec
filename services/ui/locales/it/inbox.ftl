# The inbox: what waits, for whom, until when; and what an open page says of itself.
inbox-title = Posta
inbox-none = Il tuo ruolo non riceve posta dai servizi.
inbox-places = Che cosa puoi aprire
inbox-not-understood = Le liste sono «da fare», «in attesa di altri», «per conoscenza» e «fatte».
inbox-lists = Liste della posta
inbox-to-do = Da fare
inbox-waiting = In attesa di altri
inbox-information = Per conoscenza
inbox-done = Fatte
# $list (String) - name of the list
inbox-by-service = { $list }, per servizio
# $at (String) - time of the look
inbox-empty-to-do = Niente da fare. Ultimo controllo { $at }.
inbox-empty-waiting = Nessuno deve ancora rispondere ai tuoi servizi.
inbox-empty-information = Nessuna novità negli ultimi trenta giorni.
inbox-empty-done = Niente di concluso negli ultimi trenta giorni.
inbox-unread = Da leggere.
inbox-yesterday = ieri
# $service (String) - name
inbox-from = da { $service }
# $service (String) - name
inbox-to = a { $service }

inbox-choose = Scegli un invio
inbox-choose-why = Qui leggi la richiesta e rispondi, senza aprire nessuna scheda.
inbox-key-enter = Invio
inbox-key-rows = riga seguente, precedente
inbox-key-open = apri
inbox-key-answers = accogli, chiedi, respingi
inbox-key-close = chiudi
inbox-keys-off = Spegni i tasti singoli
inbox-as-page = Apri come pagina
inbox-record = Apri la scheda
inbox-close = Chiudi
inbox-back = Torna alla posta

inbox-kind-referral-received = Invio a cui rispondere
inbox-kind-referral-sent = Invio in attesa di risposta
inbox-kind-information-requested = Informazioni da completare
inbox-kind-referral-accepted = Invio accolto
inbox-kind-referral-declined = Invio respinto
inbox-kind-referral-expired = Invio scaduto senza risposta
inbox-kind-referral-withdrawn = Invio ritirato da chi l’ha mandato
inbox-kind-first-visit-due = Primo incontro da fissare o svolgere
inbox-kind-first-visit-missed = Primo incontro mancato
inbox-kind-outcome-to-report = Esito da comunicare
inbox-kind-outcome-reported = Esito comunicato
inbox-kind-lone-child = Minore senza un adulto
inbox-kind-emergency-open = Emergenza aperta
inbox-kind-emergency-handover = Emergenza passata a voi
inbox-kind-case-handover = Presa in carico passata a voi
inbox-kind-stay-ended = Permanenza finita
inbox-kind-stay-cap = Permanenza vicina al termine
inbox-kind-goal-review = Obiettivo da verificare
inbox-kind-identifier-ends = Documento in scadenza
inbox-kind-waiting-list = In lista d’attesa per un posto
inbox-kind-forced-review = Accesso d’emergenza da verificare
inbox-kind-forced-unjustified = Accesso d’emergenza non giustificato

inbox-escalated = senza risposta, tornato indietro
inbox-seen = visto
# $days (String) - how long
inbox-still = fermo da { $days }
# $hour (String) - of today
inbox-answer-by-hour = rispondere entro le { $hour }
inbox-answer-by-day = rispondere entro il
# $hour (String) - of today
inbox-by-hour = entro le { $hour }
inbox-by-day = entro il
inbox-overdue = scaduto il

# $at (String) - time of the look
live-as-of = dati delle { $at }
live-now = in tempo reale
live-lost = Collegamento interrotto
live-lost-rest = : i dati possono non essere aggiornati
live-inbox-one = 1 nuovo arrivo
live-inbox-many = # nuovi arrivi
live-journey-one = 1 novità in questo percorso
live-journey-many = # novità in questo percorso
live-figures = I dati sono cambiati
live-gone = Non è più in questa lista.
live-show = Mostra
live-refresh = Aggiorna
