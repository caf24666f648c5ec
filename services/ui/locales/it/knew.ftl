# Who knew what of a person.
knew-title = Chi sapeva cosa
# $day (String) - day
knew-about = Quello che era registrato al { $day }, e quali enti l’hanno aperto fino a quel giorno.
knew-day = Situazione al
knew-go = Vai
knew-means = Che cosa dice questa tabella
knew-means-opened = «Aperto» vuol dire che qualcuno dell’ente ha aperto la scheda dopo la registrazione, e che quella parte gli si è mostrata. Che l’abbia letta riga per riga, nessuno lo può dire.
knew-means-part = «Non questa parte» vuol dire che ha aperto la scheda, e questa parte non le è stata mostrata.
knew-means-could = «Poteva» vuol dire che l’ente aveva un legame con la persona: dal giorno indicato poteva aprire la scheda. Quali parti, lo decidevano le regole e i consensi di quel momento. Gli accordi tra enti non sono contati.
knew-means-yours = Vedi le registrazioni che sono aperte anche per te. Non compaiono gli operatori, né i servizi sanitari e riservati, e non si dice chi avrebbe potuto aprire senza farlo.
knew-means-class = Il contenuto non si mostra a chi controlla: di ogni registrazione c’è il genere.
knew-table = Registrazioni ed enti
knew-column-fact = Registrazione
knew-column-recorded = Registrata
knew-wrote = l’ha registrato
# $when (String) - day
knew-opened = aperto il { $when }
knew-not-part = non questa parte
# $when (String) - day
knew-could = poteva, dal { $when }
knew-nothing = niente
knew-none = Al giorno scelto non c’è nessuna registrazione.
knew-no-bodies = Nessun ente ha ancora aperto la scheda.
# $left (Number) - how many
knew-bodies-left = { $left ->
    [one] Un altro ente, con meno aperture, non è nella tabella.
   *[other] Altri { $left } enti, con meno aperture, non sono nella tabella.
}
knew-looks-left = Ci sono aperture più vecchie di quelle che si leggono qui: un «niente» può essere un’apertura di allora.
knew-older = Registrazioni meno recenti
knew-newer = Registrazioni più recenti
