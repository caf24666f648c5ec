# The network and its flows: as a map, as tables and as files.
network-csv = Scarica CSV
network-ods = Scarica ODS
# $day (String) - a day as addresses say it
network-how-to-ask = I giorni si scrivono come { $day }, il primo non dopo l’ultimo, per al massimo venti anni; un ambito si scrive come gioia-del-colle; il numero minimo di invii è intero. Chi non segue le persone chiede mesi interi: dal primo giorno di un mese all’ultimo di un mese, o a oggi.

network-form = Periodo, ambito e confronto
network-from = Dal
network-to = Al
network-sender = Ambito di chi invia
network-least = Flussi con almeno
network-compare = Confronta con
network-show = Mostra
network-measures = Misura scritta sui flussi
network-measure = Misura
network-whole = Tutta la rete
# $ats (String) - name of an ATS
network-ats = Ambito { $ats }
# $ats (String) - name of an ATS
network-of-ats = ambito { $ats }
# $count (String) - how many referrals
network-least-itself = quanto basta: { $count }
network-least-all = tutti
network-least-one = 1 invio: tutti
network-compare-nothing = niente
network-compare-before = il periodo prima
network-compare-year = un anno prima
network-volume = Volume
network-accepted = Accolti
network-outcome = Esito
network-time = Tempo
# $period (String) - days
network-compared = Confronto con { $period }: il contorno grigio dice quanto si inviava allora.

network-about-whole = Invii tra i servizi della rete metropolitana
# $ats (String) - name of an ATS
network-about-ats = Invii dei servizi dell’ambito { $ats }
# $share (String) - percent
network-about-accepted = { $share } accolti
network-empty = Nessun invio nel periodo. Prova un periodo più lungo.
network-empty-back = Torna all’ultimo anno
# $year (String) - a year of four digits
network-empty-but = Nessun invio nel periodo. Gli ultimi sono del { $year }.
# $year (String) - a year of four digits
network-empty-year = Vedi il { $year }
# $referrals (String) - how many
network-empty-least = Meno di { $referrals } nel periodo su ogni flusso.
network-empty-all = Mostra tutti i flussi

network-map = Mappa dei flussi
network-figure = Figura: la mappa dei flussi
# $period (String) - days
network-figure-name = Rete di invii, { $period }: prima i servizi, poi i flussi dal più forte
network-reports = Chi segnala
network-access = Accesso
network-charge = Presa in carico
network-serves = Servizi
network-external = Servizi esterni
network-reserved = dettaglio riservato
# $from (String) - a service
# $to (String) - a service
# $sent (String) - how many referrals
network-flow = da { $from } a { $to }, { $sent }
# $share (String) - percent
network-flow-accepted = { $share } accolti
# $share (String) - percent
network-flow-met = { $share } con il bisogno risolto
# $days (String) - how long
network-flow-median = risposta mediana { $days }
# $count (String) - how many referrals
network-flow-before = nel periodo di confronto { $count }
network-key-thick = spessore: numero di invii
network-key-high = accolti 80% o più
network-key-low = meno del 65%
network-key-hidden = numero nascosto
network-key-ghost = contorno: periodo di confronto
network-key-volume = etichetta: invii
network-key-accepted = etichetta: accolti su inviati
network-key-outcome = etichetta: bisogni risolti su inviati
network-key-time = etichetta: giorni alla risposta (mediana)

network-no-choice = Nessun flusso scelto
network-no-choice-next = Scegli un flusso o un servizio nella figura o nella tabella.
network-whole-ats = Tutto l’ambito
network-chosen-flow = Flusso scelto
network-chosen-service = Servizio scelto
network-away = Togli la scelta
# $count (String) - how many
network-before = prima { $count }
network-fact-sent = Invii
network-fact-accepted = Accolti
network-fact-declined = Respinti
network-fact-visit = Primo incontro svolto
network-fact-met = Bisogno risolto
network-fact-median = Risposta mediana
network-fact-ninety = 9 su 10 entro
network-fact-partly = Bisogno risolto in parte
network-fact-unmet = Bisogno non risolto
network-fact-expired = Senza risposta nei termini
network-fact-withdrawn = Ritirati da chi inviava
network-fact-open = In attesa di risposta
network-fact-of-sent = Dei mandati, accolti
network-fact-of-received = Dei ricevuti, accolti
network-reason = Motivo del rifiuto
# $count (String) - how many
network-reasons-of = Motivi dei { $count } respinti
network-reasons = Motivi dei respinti
# $count (Number) - how many for this reason
# $declined (Number) - how many in all
# $reason (String) - a reason
network-finding = { $count } respinti su { $declined }: «{ $reason }».

network-by-volume = Flussi, dal più forte
network-by-accepted = Flussi, da chi accoglie meno
network-by-outcome = Flussi, da dove si risolve meno
network-by-time = Flussi, dalla risposta più lenta
# $count (Number) - how many
network-flows = { $count ->
    [one] 1 flusso
   *[other] { $count } flussi
}
# $flows (String) - how many flows
# $referrals (String) - how many referrals at least
network-flows-least = { $flows } con almeno { $referrals }
# $count (Number) - how many
network-weaker = { $count ->
    [one] un altro più debole
   *[other] altri { $count } più deboli
}
network-column-from = Da
network-column-to = A
network-column-sent = Invii
network-column-before = Prima
network-column-accepted = Accolti
network-column-visit = Primo incontro
network-column-met = Bisogno risolto
network-column-median = Risposta mediana
network-column-ninety = 9 su 10 entro
network-column-note = Nota
# $service (String) - name of a service
network-row-to = a { $service }
network-low = sotto il 65%
network-partly-hidden = in parte nascosto
network-hidden = meno di 5
# $hidden (String) - what a hidden count reads
network-hidden-note = «{ $hidden }»: il numero è nascosto perché è piccolo, o perché ne rivelerebbe uno piccolo.

network-services = Servizi
network-services-none = Nessun servizio con invii nel periodo.
network-services-caption = Servizi che mandano o ricevono sui flussi mostrati, per nome
network-services-service = Servizio
network-services-body = Ente
network-services-sent = Mandati
network-services-received = Ricevuti
network-months = Mesi
network-months-caption = Invii per mese in cui sono partiti, senza i servizi esterni
network-months-month = Mese
network-months-declined = Respinti
network-months-expired = Scaduti
network-months-withdrawn = Ritirati

network-referral = 1 invio
# $count (String) - how many
network-referrals = { $count } invii
network-sent-one = 1 mandato
# $count (String) - how many
network-sent = { $count } mandati
network-received-one = 1 ricevuto
# $count (String) - how many
network-received = { $count } ricevuti
# $count (String) - how many
network-at-least = almeno { $count }
network-under-an-hour = meno di un’ora
# $count (Number) - how many
network-hours = { $count ->
    [one] 1 ora
   *[other] { $count } ore
}
# $count (String) - how many, perhaps with a decimal
network-days = { $count } giorni
# $count (String) - how many
network-days-brief = { $count } g

network-sheet-flows = Flussi
network-sheet-meaning = Significato
network-sheet-item = Voce
network-sheet-content = Contenuto
network-sheet-compared = Periodo di confronto
network-sheet-read = Letto fino a
network-sheet-hidden = il numero è nascosto perché è piccolo, o perché ne rivelerebbe uno piccolo
network-sheet-before = Invii nel periodo di confronto
# $reason (String) - a reason
network-sheet-declined-by = Respinti: { $reason }
network-sheet-sent = Invii
network-sheet-sent-means = inviati nel periodo
network-sheet-seen = Aperti
network-sheet-seen-means = di questi, aperti da chi riceve
network-sheet-accepted = Accolti
network-sheet-accepted-means = di questi, accolti
network-sheet-share = Accolti %
network-sheet-share-means = accolti su inviati
network-sheet-declined = Respinti
network-sheet-declined-means = di questi, respinti
network-sheet-expired = Scaduti
network-sheet-expired-means = di questi, senza risposta nei termini
network-sheet-withdrawn = Ritirati
network-sheet-withdrawn-means = di questi, ritirati da chi inviava
network-sheet-open = In attesa
network-sheet-open-means = di questi, ancora senza risposta
network-sheet-visit = Primo incontro
network-sheet-visit-means = degli accolti, la persona è venuta al primo incontro
network-sheet-met = Bisogno risolto
network-sheet-met-means = degli accolti, bisogno risolto
network-sheet-partly = Risolto in parte
network-sheet-partly-means = degli accolti, bisogno risolto in parte
network-sheet-unmet = Non risolto
network-sheet-unmet-means = degli accolti, bisogno non risolto
network-sheet-median = Risposta mediana (giorni)
network-sheet-median-means = giorni dall’invio alla risposta, mediana
network-sheet-ninety = 9 su 10 entro (giorni)
network-sheet-ninety-means = giorni entro cui arrivano nove risposte su dieci
network-sheet-hides = In parte nascosto
network-sheet-hides-means = sì, dove qualcosa di questo flusso è nascosto
network-sheet-yes = sì
