# What the data protection officer controls: who looked, what is unusual, what stood then.
audit-title = Registro
audit-about = Chi ha guardato quali schede, per conto di chi e perché. Il contenuto non si mostra. Anche questa lettura viene annotata.
audit-pages = Pagine del registro
audit-rows = Accessi
audit-unusual = Accessi insoliti
audit-account = Ricostruisci
audit-chain = Prova di integrità
audit-person = Di una persona
audit-filters = Quali accessi
audit-from = Dal
audit-to = Al
audit-body = Ente
audit-bodies-all = Tutti gli enti
audit-purpose = Scopo
audit-purposes-all = Tutti gli scopi
audit-decision = Esito
audit-decisions-all = Ammessi e rifiutati
audit-allowed = Solo ammessi
audit-denied = Solo rifiutati
audit-code = Codice della persona
audit-code-help = Per esempio 7K2FM-Q; vuoto, di tutte.
audit-worker = Operatore
audit-worker-help = Il suo codice intero; si sceglie anche dall’elenco.
audit-forced-only = Solo accessi forzati
audit-show = Mostra
audit-clear = Togli i filtri
# $from (String) - day
# $to (String) - day
audit-period = Dal { $from } al { $to }, dal più recente
audit-none = Nessun accesso nel periodo. Prova un periodo più lungo, o togli un filtro.
audit-none-yet = Nessun accesso tra le righe guardate finora. Ce ne sono di più vecchie.
audit-older = Meno recenti
audit-later = Successivi
audit-column-when = Quando
audit-column-body = Ente e ruolo
audit-column-worker = Operatore
audit-column-person = Persona
audit-column-what = Che cosa
audit-column-purpose = Scopo
audit-column-note = Nota
audit-column-why = Perché è insolito
# $times (Number) - how often
audit-times = { $times ->
    [one] 1 lettura
   *[other] { $times } letture
}
# $worker (String) - beginning of her id
audit-worker-is = operatore { $worker }
audit-nobody = nessuna scheda
audit-no-code = senza codice
audit-forced = accesso forzato
audit-refused = rifiutato
audit-listed = in un elenco
audit-unexplained = senza un caso
audit-body-gone = ente non più in elenco
audit-role-other = altro ruolo
audit-what-list = in un elenco di risultati
audit-what-link = confronto tra schede
audit-what-write = scrittura
audit-what-log = registro degli accessi
audit-what-moves = registrazioni spostate
audit-what-account = ricostruzione
audit-what-door = porta non permessa
audit-what-other = altro
# $first (String) - classes of data
# $more (Number) - how many besides
audit-what-more = { $first } e altre { $more }
audit-wrong-title = Una cosa da sistemare
audit-wrong-days = I giorni si scrivono come 2026-10-15, il primo non dopo l’ultimo.
audit-wrong-code = Il codice ha cinque segni, un trattino e un segno di controllo, per esempio 7K2FM-Q.
audit-wrong-nobody = Nessuna persona con questo codice.
audit-wrong-worker = Il codice dell’operatore è quello intero, come sta nell’elenco.
audit-wrong-filter = Uno dei filtri non è tra quelli che si possono scegliere.
audit-wrong-position = La posizione è un numero, e l’impronta ha 64 cifre esadecimali.
audit-unusual-about = Una domanda a cui qualcuno risponde, non un’accusa. Le regole sono sei; un accesso può averne più di una.
# $from (String) - day
# $to (String) - day
audit-unusual-period = Dal { $from } al { $to }, dal più vecchio
audit-unusual-none = Nessun accesso insolito nel periodo.
audit-rule-no-case = Nessun caso, invio, permanenza o compito lo spiega.
audit-rule-surname = Operatore e persona hanno lo stesso cognome.
audit-rule-night = Tra le 22 e le 6, in un ruolo che di notte non lavora.
audit-rule-many = Più di 30 persone aperte in 10 minuti.
audit-rule-denials = Più di 4 rifiuti in 10 minuti.
audit-rule-searches = Più ricerche per codice di quante ne ha un’ora.
# $workers (Number) - how many
audit-surname-unknown = { $workers ->
    [one] Di un operatore il cognome non si è potuto confrontare: la regola del cognome di lui non dice nulla.
   *[other] Di { $workers } operatori il cognome non si è potuto confrontare: la regola del cognome di loro non dice nulla.
}
audit-chain-about = Ogni riga del registro degli accessi porta l’impronta di quella prima. Una riga cambiata o tolta rompe la catena in quel punto.
audit-chain-end = Fine della catena adesso
audit-chain-position = Posizione
audit-chain-hash = Impronta (SHA-256)
audit-chain-note = Annota le due voci in un luogo che chi gestisce il sistema non può cambiare: per esempio un verbale protocollato.
audit-chain-check = Confronta con quello che avevi annotato
audit-chain-compare = Confronta
# $position (String) - of the row
audit-chain-same = La riga { $position } ha ancora l’impronta che avevi annotato: né lei né le righe prima sono state riscritte.
# $position (String) - of the row
audit-chain-other = La riga { $position } non ha l’impronta che avevi annotato. Controlla di aver copiato bene; se è così, il registro è stato riscritto: avvisa il titolare e conserva la nota.
# $position (String) - of the row
audit-chain-missing = La riga { $position } non c’è. Controlla la posizione; se è giusta, delle righe sono state tolte: avvisa il titolare e conserva la nota.
audit-chain-whole = Ricalcolare tutto
audit-chain-whole-how = Sulla macchina, chi gestisce il sistema ricalcola ogni impronta dalla prima riga e confronta ogni modello con i diari:
audit-chain-whole-why = Finisce con il codice 3 se qualcosa non torna, e dice la prima posizione. Con --json scrive anche la fine della catena, da confrontare con quella qui sopra.
audit-chain-limits = Che cosa non c’è ancora
audit-chain-limits-why = La catena vale per il registro degli accessi. I diari dei fatti non ne hanno una: per loro «trama verify» controlla l’ordine senza buchi e che i modelli dicano lo stesso. Non ci sono firme, né un testimone presso un altro ente, né una prova da scaricare. Chi amministra il database potrebbe riscrivere tutta la catena: lo scopre solo il confronto con quello che avevi annotato.
audit-account-about = Che cosa risultava di una persona in un giorno, chi poteva aprire la scheda, chi l’ha aperta e che cosa ha registrato. Il contenuto non si mostra a chi controlla.
audit-account-day = Situazione al
audit-account-make = Ricostruisci
# $code (String) - of the person
# $day (String) - day
audit-account-title = Persona { $code }, situazione al { $day }
audit-account-existed = Che cosa risultava
# $entries (Number) - how many
audit-account-entries = { $entries ->
    [one] 1 registrazione
   *[other] { $entries } registrazioni
}
audit-column-class = Genere di dato
audit-column-entries = Registrazioni
audit-column-first = La prima
audit-column-last = L’ultima
audit-column-by = Da chi
audit-account-could = Chi poteva aprire la scheda quel giorno
audit-account-could-why = Un legame permette di aprire la scheda; quali parti, lo decidevano le regole e i consensi di quel momento. Le date sono quelle dei fatti, come si conoscono oggi. Non ci sono gli accordi tra enti, le assenze coperte da colleghi e gli accessi forzati, che stanno nell’elenco qui sotto.
audit-account-could-none = Nessun legame risulta per quel giorno.
audit-column-relation = Legame
audit-column-since = Dal
audit-column-until = Fino al
audit-until-open = ancora aperto
audit-reserved = servizio riservato
audit-relation-manager = segue il caso
audit-relation-team = lavora al caso
audit-relation-cover = copre un’assenza
audit-relation-received = ha ricevuto un invio
audit-relation-sent = ha mandato un invio
audit-relation-stay = la ospita
audit-relation-own = ha registrato qualcosa
audit-relation-meeting = è chiamato a una riunione
audit-relation-guardian = è tutore o amministratore
audit-account-done = Che cosa è successo, in ordine
audit-account-done-why = Registrazioni e aperture fino alla fine di quel giorno. Le aperture hanno l’ora della macchina, le registrazioni quella del sistema.
# $left (Number) - how many
audit-account-left-out = { $left ->
    [one] Ne manca una più vecchia.
   *[other] Ne mancano { $left } più vecchie.
}
audit-account-more = Ci sono aperture più vecchie di quelle che si leggono qui.
# $who (String) - body and worker
# $what (String) - class of data
audit-did-record = { $who } ha registrato: { $what }
# $who (String) - body and worker
# $what (String) - classes of data
# $purpose (String) - purpose
audit-did-open = { $who } ha aperto: { $what }. Scopo: { $purpose }.
# $who (String) - body and worker
# $what (String) - classes of data
audit-did-refused = { $who } ha provato ad aprire, senza riuscirci: { $what }.
# $who (String) - body and worker
# $what (String) - classes of data
audit-did-listed = { $who } l’ha vista in un elenco: { $what }.
audit-account-knew = Chi sapeva cosa, quel giorno
audit-account-nothing = Di questa persona quel giorno non risultava nulla.
audit-print = Per la stampa: questa pagina si stampa com’è, senza barre e pulsanti.
