# How the installation is, for whoever runs it.
system-title = Sistema
# $release (String) - version
# $at (String) - time of the look
system-about = Versione { $release }, controllato alle { $at }
system-again = Controlla di nuovo
system-well = Tutto regolare
# $models (Number) - how many
# $facts (String) - events in all logs
system-well-about = { $models } modelli aggiornati, { $facts } fatti nei diari, tutti consegnati. Nessun evento bloccato.
system-troubles = Che cosa non va
system-broker-down = NATS non risponde. Niente va perso: i fatti restano in PostgreSQL e partono appena torna. Controlla che nats-server sia acceso.
# $log (String) - name of the log
# $lag (String) - how long
system-log-late = { $log }: i fatti aspettano da { $lag } di essere consegnati. Controlla NATS e il processo «relay».
# $model (String) - name
system-not-built = { $model }: non è ancora stato costruito. Controlla che il processo «follow» sia acceso.
# $model (String) - name
# $lag (String) - how long
system-model-late = { $model }: indietro di { $lag }. Le pagine che lo leggono mostrano dati di allora.
# $model (String) - name
# $why (String) - reason
system-stopped = { $model }: fermo ({ $why }). Serve un aggiornamento di Trama, o una ricostruzione.
# $events (Number) - how many
system-parked-sum = { $events ->
    [one] Un evento bloccato: è nell’elenco qui sotto.
   *[other] { $events } eventi bloccati: sono nell’elenco qui sotto.
}
system-parked = Eventi bloccati
system-parked-why = Un evento che non si è potuto leggere ferma quelli che seguono della stessa scheda, e nessun altro. Qui non si vede di chi sono.
system-column-model = Modello
system-column-first = Primo
system-column-last = Ultimo
system-column-events = Eventi
system-column-reason = Motivo
system-column-since = Da quando
system-column-retry = Riprova
# $tries (Number) - how often
system-tries = { $tries ->
    [one] 1 prova
   *[other] { $tries } prove
}
system-retry = Riprova
# $first (String) - name of the event
system-retry-which = gli eventi da { $first }
system-healed = Gli eventi sono passati: il modello è di nuovo intero per quella scheda.
system-still = L’evento non è passato nemmeno ora: resta bloccato. Il motivo nell’elenco è quello di quest’ultima prova.
system-gone = Non c’è più niente da riprovare: qualcuno è stato più veloce.
system-failed = In questo momento non si può riprovare: nulla è cambiato.
system-rebuilds = Ricostruzioni
# $model (String) - name
# $done (String) - events
# $total (String) - events
# $share (Number) - percent
system-rebuild-running = { $model }: { $done } fatti su { $total } ({ $share } %), in corso
# $model (String) - name
# $done (String) - events
# $total (String) - events
# $share (Number) - percent
system-rebuild-halted = { $model }: interrotta a { $done } fatti su { $total } ({ $share } %). Con lo stesso comando riprende da lì.
system-models = Modelli
system-column-position = Fatti letti
system-column-lag = Ritardo
system-column-state = Stato
system-state-well = aggiornato
system-state-late = in ritardo
system-state-stopped = fermo
system-state-missing = da costruire
# $events (Number) - how many
system-state-parked = { $events ->
    [one] 1 bloccato
   *[other] { $events } bloccati
}
system-lag-none = nessuno
# $seconds (String) - seconds
system-seconds = { $seconds } s
# $minutes (String) - minutes
system-minutes = { $minutes } min
# $hours (String) - hours
system-hours = { $hours } ore
system-rebuild = Ricostruire un modello
system-rebuild-how = Sulla macchina, con il nome del modello al posto di NOME:
system-name = NOME
system-rebuild-why = Il modello nuovo nasce accanto a quello in uso e alla fine lo sostituisce: intanto chi legge vede quello vecchio. Non parte da questa pagina perché può durare ore, e non deve finire quando si riavvia il processo delle pagine. Mentre va, qui si vede a che punto è.
# $models (String) - names
system-rebuild-which = Si possono ricostruire: { $models }.
system-logs = Diari e flussi
system-logs-why = Il diario in PostgreSQL è la verità; il flusso in NATS è una copia in ordine.
system-column-log = Diario
system-column-facts = Fatti
system-column-delivered = Consegnati
system-column-stream = Nel flusso
system-column-size = Dimensione
system-unknown = non noto
system-stores = Archivi e versioni
system-postgres = PostgreSQL
# $version (String) - version
# $size (String) - with its unit
system-postgres-is = risponde, versione { $version }, { $size }
system-nats = NATS
# $version (String) - version
system-nats-is = risponde, versione { $version }
system-nats-down = non risponde
system-access = Registro degli accessi
# $rows (String) - how many
system-access-is = { $rows } righe
system-backup = Ultima copia di sicurezza
system-backup-is = Trama non lo sa: la copia la fa chi gestisce PostgreSQL, e anche la prova di ripristino.
system-room = Spazio libero sul disco
system-room-is = Trama non lo sa: guardalo sulla macchina di PostgreSQL.
system-closed-title = Non riusciamo a leggere lo stato
system-closed = PostgreSQL non risponde in tempo. Nessun dato è andato perso. Sulla macchina, questo comando dice di più:
