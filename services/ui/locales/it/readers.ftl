# Who looked at a person, and the copy that she gets.
readers-title = Chi ha visto
# $code (String) - of the person
readers-title-of = Chi ha visto { $code }
# $code (String) - of the person
readers-person = Persona { $code }
readers-ask-about = Chi ha aperto la scheda di una persona, quando e per quale scopo. Anche questa lettura viene annotata.
readers-whom = Di chi
readers-code = Codice breve della persona
readers-code-help = Cinque segni, un trattino e un segno di controllo, per esempio 7K2FM-Q.
readers-show = Mostra gli accessi
readers-about-told = Da dire alla persona: quali enti hanno aperto la sua scheda, quando e per quale scopo, negli ultimi 24 mesi. Non compaiono gli operatori, né i servizi sanitari e riservati: per quelli la persona si rivolge al responsabile della protezione dei dati.
readers-about-copy = La copia per la persona: senza i nomi degli operatori e senza i tentativi rifiutati.
readers-about-all = Ogni volta che qualcuno ha aperto la scheda, o ha provato. Gli ultimi 24 mesi.
readers-back = Torna al registro
readers-moved = Spostamenti
readers-copy = Copia per la persona
readers-joined = Chi ha letto mentre le schede erano unite
# $first (String) - code of a person
# $second (String) - code of the other record
# $from (String) - moment
# $to (String) - moment
readers-joined-time = { $first } e { $second }, unite dal { $from } al { $to }
readers-joined-none = Nessuno le ha aperte in quel tempo.
readers-joined-table = Lettori di due schede collegate per errore
readers-column-who = Chi
readers-column-times = Quante volte
# $times (Number) - how often
readers-times = { $times ->
    [one] 1 volta
   *[other] { $times } volte
}
readers-looks = Accessi
readers-newest = dal più recente
readers-none = Nessuno ha aperto questa scheda.
# $code (String) - of the person
readers-table = Chi ha visto la scheda { $code }, dal più recente
readers-parts = Pagine dell’elenco
readers-body-other = altro ente
# The pages of one person.
tab-pages = Pagine della persona
tab-journey = Percorso
tab-around = Rete
tab-links = Collegamenti
tab-reception = Accoglienza
tab-wishes = Le sue scelte
