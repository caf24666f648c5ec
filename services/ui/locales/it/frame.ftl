# The frame of every page: bar, places, languages, keys.
language-own-name = Italiano

place-inbox = Posta
place-people = Persone
place-beds = Posti letto
place-food = Banco alimentare
place-network = Rete e flussi
place-accesses = Registro
place-sealed = Riservato
place-system = Sistema
place-people-brief = Persone
place-beds-brief = Posti
place-food-brief = Banco
place-accesses-brief = Registro
place-network-brief = Rete

frame-skip = Vai al contenuto
frame-demo = Dimostrazione
frame-demo-invented = dati inventati
# $ats (String) - name of the territorial area
frame-ats = ATS { $ats }
frame-places = Luoghi
frame-crumbs = Percorso di navigazione
frame-start = Inizio
frame-own-access = Il mio accesso
frame-leave = Esci
frame-change-body = Cambia ente
frame-language = Lingua
frame-keys = Scorciatoie da tastiera
frame-search = Cerca una persona
frame-search-hint = Codice o tessera
frame-session-ends = Tra poco la sessione scade e questa pagina si chiude.
frame-session-stay = Resta collegato
frame-accessibility = Dichiarazione di accessibilità
frame-outside = Che cosa vede il Comune di questo

keys-title = Scorciatoie da tastiera
keys-where = Dove vai
keys-then = poi
keys-search = Vai alla casella di ricerca
keys-this = Apri questa pagina
keys-menu = Chiudi il menu
keys-list = In una lista
keys-next = Riga seguente
keys-previous = Riga precedente
keys-open = Apri la riga
keys-accept = Accogli l’invio scelto
keys-ask = Chiedi un’informazione
keys-decline = Respingi l’invio scelto
keys-state-on = I tasti singoli sono attivi. Valgono solo fuori dai campi in cui si scrive.
keys-state-off = I tasti singoli sono spenti. Tutto si può fare anche senza.
keys-turn-off = Spegni i tasti singoli
keys-turn-on = Accendi i tasti singoli
keys-column-key = Tasti
keys-column-does = Che cosa fanno
