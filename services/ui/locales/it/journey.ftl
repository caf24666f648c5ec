# A person’s page: her journey in cards, as a figure, in periods, situations and events.
# $code (String) - public code
journey-person = Persona { $code }
journey-no-code = senza codice
journey-no-age = età non detta
# $codes (String) - other public codes
journey-also = conosciuta anche come { $codes }
journey-how-to-ask = I giorni si scrivono come 2026-10-15, le pagine si contano da 1, la vista è 3mesi, anno o tutto.
journey-as-of = Situazione al
journey-known-then = , con quello che si sapeva quel giorno.
journey-known-now = , con quello che si sa oggi.
journey-known-on = , con quello che si sapeva il
journey-today = Torna a oggi
journey-incomplete = Percorso incompleto
# $since (String) - moment
journey-incomplete-since = da { $since }: alcune registrazioni attendono di essere lette. Quello che vedi è giusto, ma può mancare qualcosa.

journey-since = dal
journey-on = il
journey-from = dal
journey-to = al
journey-of = del
journey-until = fino al
journey-ongoing = in corso
journey-reserved = dettaglio riservato
journey-same-day = in giornata
journey-charge = Presa in carico
journey-points-card = Tessera punti
journey-stay = Permanenza

journey-open-referrals = Invii aperti
journey-next = Prossimo passo
journey-housed = Non più senza dimora
journey-situation-unknown = Non conosciuta
journey-on-list = In lista d’attesa
journey-housing-unknown = Non si sa ancora
journey-housing-none = nessuna situazione registrata
# $days (String) - how many days
journey-ends-in = scade tra { $days }
# $days (String) - how many days
journey-over-by = oltre il termine da { $days }
# $day (String) - day
journey-food-last = ultimo ritiro: { $day }
journey-food-none = nessun ritiro registrato
journey-card-none = Nessuna tessera attiva
journey-card-suspended = Tessera sospesa
journey-card-active = Tessera attiva
# $points (Number) - how many
journey-card-points = { $points } punti sulla tessera
journey-answered-none = nessun invio con risposta
# $count (Number) - how many
journey-accepted = { $count ->
    [one] 1 accolto
   *[other] { $count } accolti
}
# $count (Number) - how many
journey-declined = { $count ->
    [one] 1 respinto
   *[other] { $count } respinti
}
journey-waiting-none = Nessuno in attesa
# $count (Number) - how many
# $days (String) - how many days
journey-waiting = { $count } in attesa da { $days }
journey-due-none = Nessuna scadenza
journey-step-none = nessun passo fissato
journey-due-stay = Fine della permanenza
journey-due-card = Rinnovo della tessera
journey-due-answer = Risposta a un invio
journey-due-place = Conferma del posto offerto
journey-due-visit = Primo incontro
journey-due-goal = Verifica di un obiettivo
journey-due-meeting = Unità di valutazione

journey-how-much = Quanto percorso
journey-season = 3 mesi
journey-year = Un anno
journey-whole = Tutto
journey-to-list = Vai all’elenco
journey-figure = Figura
journey-figure-none = Niente in questo periodo.
journey-at-a-date = Guarda il percorso a una data
journey-known-by = Saputo entro il
journey-happened-by = Accaduto entro il
journey-show = Mostra
journey-key-period = periodo
journey-key-event = evento
journey-key-meeting = riunione dell’unità di valutazione
journey-key-late = registrato in ritardo
journey-key-wait = attesa, dalla richiesta alla risposta
journey-key-waiting = in attesa
journey-key-gap = senza posto
journey-key-food = ritiro o pasto
journey-key-night = notte in dormitorio
journey-key-sealed = solo esistenza, dettaglio riservato
# $between (String) - first and last day
journey-figure-name = Percorso { $between }. Le stesse cose sono nell’elenco qui sotto.
# $count (Number) - how many
# $between (String) - first and last day
journey-several = { $count } eventi, { $between }
journey-not-known-yet = Non ancora noto
journey-after-that-day = Dopo quel giorno
# $count (Number) - how many
# $between (String) - first and last day
journey-food-often = ritiri e pasti: { $count }, { $between }
# $count (Number) - how many
# $between (String) - first and last day
journey-nights-often = notti in dormitorio: { $count }, { $between }
# $days (Number) - how many
journey-days = { $days } g
# $days (String) - how many days
journey-gap = { $days } senza posto
# $gap (String) - how long
# $between (String) - first and last day
journey-gap-seen = { $gap }, { $between }, per quanto si vede qui
journey-from-today = da oggi
# $days (String) - how many days
journey-for = da { $days }
journey-in-list = in lista
journey-in-wait = in attesa
journey-was-accepted = accolto
journey-was-assigned = assegnato
journey-was-declined = respinto
journey-was-unanswered = senza risposta
journey-was-withdrawn = ritirato
journey-was-ended = attesa finita
journey-was-closed = chiuso
journey-expected = Attesa
journey-in-path = In percorso
journey-service = Servizio
journey-place-asked = richiesta di posto
journey-referral = invio

journey-periods = Periodi
journey-periods-none = Nessun periodo registrato.
journey-periods-table = Permanenze, prese in carico, tessere e attese, dal più recente
journey-column-what = Che cosa
journey-column-from = Dal
journey-column-to = Al
journey-column-length = Durata
journey-column-due = Termine
journey-column-state = Stato
journey-answer-wait = Attesa di risposta
journey-list-wait = Lista d’attesa
journey-by-agreement = per accordo della persona
# $length (String) - how long
journey-lasting = da { $length }
journey-late = oltre il termine
journey-situations = Situazione abitativa
journey-situations-none = Nessuna situazione registrata.
journey-written-before = Prima era scritto:

journey-events = Elenco degli eventi
# $count (Number) - how many
journey-events-count = { $count ->
    [one] 1 evento
   *[other] { $count } eventi, dal più recente
}
journey-events-none = Ancora nessun evento.
journey-events-table = Eventi del percorso, dal più recente
journey-column-when = Quando
journey-column-service = Servizio
journey-column-who = Chi
journey-column-recorded = Registrato
journey-instead-of = al posto di:
journey-recorded = registrato
journey-undo = Annulla
journey-move = Spostala
journey-moved = Spostata.
journey-moved-what = La registrazione sta sulla scheda giusta. Chi l’aveva letta qui è annotato: lo vede il responsabile della protezione dei dati.
journey-undone = Annullata.
journey-undone-what = La registrazione non c’è più su nessuna scheda.
# $what (String) - what is right
# $on (String) - when it was put right
journey-corrected = { $what } (corretto { $on })
# $code (String) - public code
journey-record = scheda { $code }
journey-existence = solo esistenza
journey-put-right = corretto
# $days (String) - how many days
journey-after-days = dopo { $days }
journey-parts = Pagine dell’elenco
journey-newer = Più recenti
journey-older = Meno recenti
journey-more = Ti serve adesso qualcosa che qui non vedi?

around-title = Rete della persona
# $services (Number) - how many
# $referrals (Number) - how many
around-about = { $services ->
    [one] 1 servizio
   *[other] { $services } servizi
} · { $referrals ->
    [one] 1 invio
   *[other] { $referrals } invii
}
around-map = Servizi e invii
around-figure = I servizi attorno alla persona e gli invii tra loro. Le stesse cose sono nelle tabelle qui sotto.
around-services = Servizi
around-services-none = Ancora nessun servizio.
# $more (Number) - how many besides
around-services-left = Altri { $more } servizi, di cui si è saputo prima: sono nel percorso.
around-sent = Invii
around-sent-none = Ancora nessun invio.
# $more (Number) - how many besides
around-referrals-left = Altri { $more } invii più vecchi: sono nel percorso.
around-column-open = In corso
around-column-first = Dal
around-column-last = Ultima voce
around-column-entries = Voci
around-column-sent = Mandato
around-column-wait = Risposta
# $count (Number) - how many
around-referrals = { $count } invii
around-refused = respinto o senza risposta
around-other = in attesa o ritirato
