# Searching for people and receiving them: the search, four short steps, a contact without a name.
search-about = Cerca prima di registrare: spesso è già conosciuta, magari con il nome scritto in un altro modo.
search-anonymous-contact = Contatto anonimo
search-register = Registra una persona
search-heading = Cerca una persona
search-line = Che cosa sai di lei
search-line-help = Nome, soprannome, nascita, codice fiscale o documento, in qualunque ordine. Oppure il codice breve (7K2FM-Q) o la sigla del tuo servizio (UDS-0142).
search-do = Cerca
search-by-fields = Cerca campo per campo
search-why = Perché cerchi?
search-noted = Chi hai cercato, e perché, viene annotato.
search-none = Nessuno trovato
search-one = Forse è questa persona
# $count (Number) - candidates
search-several = Forse è una di queste { $count } persone
search-none-about = Con questi dati, tra le schede che puoi vedere.
search-several-about = La più probabile per prima. Decidi tu: nulla si collega da solo.
search-open = Apri
# $code (String) - short code, or nothing
search-open-which = la scheda { $code }
search-open-by-force = Apri in emergenza
search-carried = Quello che hai scritto passa nel modulo.
search-nobody-of-these = Non è nessuna di queste, o non lo sai?
search-register-new = Registra una nuova persona
search-count-none = Scrivi ancora qualche lettera.
search-count-one = 1 scheda possibile. Scrivi ancora qualche lettera per vederla.
# $count (Number) - candidates
search-count = { $count } schede possibili. Scrivi ancora qualche lettera per vederle.
# $count (Number) - candidates
search-count-or-more = { $count } schede possibili o più. Scrivi ancora qualche lettera per vederle.
search-wrong-empty = Scrivi almeno un dato: un nome, una data o un codice.
search-wrong-purpose = Scegli perché cerchi: viene annotato.
search-wrong-no-code = Nessuna persona con questo codice.
search-wrong-address = Dall’indirizzo si cerca solo un codice. Scrivi qui quello che sai di lei.
search-wrong-form = Un codice ha cinque segni, un trattino e un segno di controllo, per esempio 7K2FM-Q.
search-wrong-check = L’ultimo segno non corrisponde agli altri: forse un segno è sbagliato o scambiato.

told-family = Cognome
told-given = Nome
told-alias = Come si fa chiamare
told-birth = Data di nascita
told-year = oppure solo l’anno
told-number = Codice fiscale, STP, ENI o documento
told-wrong-birth = La data di nascita si scrive come 1985-12-10 e non è dopo oggi.
told-wrong-year = L’anno di nascita va dal 1900 a quest’anno; se non si sa, lascialo vuoto.

who-title = Registra una persona
who-crumb = Nuova persona
who-about = Serve solo il servizio. Tutto il resto si può lasciare vuoto, e aggiungere quando la persona vuole.
who-is = Chi è
who-odd-number = Il codice fiscale non ha la forma di un codice fiscale.
who-odd-correct = Puoi correggerlo
who-odd-goes-on = Se registri così, la persona viene registrata lo stesso e il codice non viene annotato.
who-number-help = Senza codice si registra lo stesso.
who-look = Cerca chi è già conosciuto
who-alike = Forse è già conosciuta
# $new (String) - the new person
who-alike-none = Per ora nessuna scheda somiglia a { $new }.
who-alike-nothing = Mentre scrivi, qui compare chi le somiglia.
who-new = nuova
# $name (String) - the candidate
who-is-she = È { $name }?
who-she = È lei
# $code (String) - short code, or nothing
who-she-which = : apri la scheda { $code }
who-other = Non è lei
who-open = Non so
who-kept = Quello che rispondi resta scritto. «Non so» la tiene tra le possibili.
who-few-letters = Scrivi ancora qualche lettera per vedere chi è.
who-no-right = Il tuo ruolo non ne vede il nome.
who-unnamed-one = 1 scheda possibile.
who-unnamed-one-more = E 1 altra scheda possibile.
# $count (Number) - candidates
who-unnamed = { $count } schede possibili.
# $count (Number) - candidates
who-unnamed-more = E altre { $count } schede possibili.
who-how = Come la registri
who-known = Quanto si sa di lei
who-known-anonymous = Non dice chi è, o non serve saperlo ora.
who-known-declared = Dice chi è; nessuno ha visto un documento.
who-known-identified = Hai visto un documento.
who-service = Servizio che la registra
who-choose = Scegli…
who-gender = Genere
who-language = Lingua che parla
who-language-unsaid = non detta
who-code = Sigla nel tuo servizio, se ne usate una
who-code-help = 2–4 lettere, un trattino, un numero. Mai un nome.
who-do = Registra e continua
who-do-new = Registra come nuova persona
who-cancel = Annulla
who-sealed = Nome, nascita e codici restano cifrati e li vede solo chi ne ha il compito. Tutti gli altri vedono un codice breve.
who-wrong-service = Scegli il servizio che la registra.

reception = Accoglienza
reception-steps = Passi dell’accoglienza
reception-about = Accoglienza. Ogni passo si salva da solo: puoi fermarti quando vuoi.
reception-done = : fatto
reception-to-record = Vai alla scheda
reception-registered = Persona registrata
# $code (String) - short code
reception-person = Persona { $code }
reception-told-registered = Persona registrata.
reception-told-saved = Salvato.
reception-go-on = Puoi continuare, o fermarti qui: non si perde nulla.
reception-no-number = Il codice che hai scritto non ha la forma attesa e non è stato annotato; il resto sì.
reception-no-facts = Nome e codici non sono stati annotati: cercala con il suo codice breve.
reception-draft = Abbiamo ripreso quello che avevi scelto prima di uscire.
reception-done-once = Questo passo è già stato fatto una volta: se lo salvi di nuovo, si aggiunge.
reception-save = Salva e continua
reception-close = Salva e chiudi
reception-skip = Salta per ora
reception-later = Più tardi
reception-soon = La sua scheda si apre tra un istante.
reception-open = Apri la scheda
reception-back = Torna alla ricerca
reception-missing = Accoglienza da completare.
reception-missing-what = Manca:
step-who = Chi
step-needs = Bisogno
step-housing = Situazione abitativa
step-notice = Informativa
needs-title = Di che cosa ha bisogno
needs-about = Come lo dice la persona. Lascia «no» dove non serve.
needs-service = Servizio che la riceve
needs-channel = Come è arrivata
needs-levels = Bisogni, e quanto sono gravi
needs-no = no
needs-light = lieve
needs-serious = serio
needs-severe = grave
needs-wrong-service = Scegli il servizio che la riceve.
needs-wrong = Di’ quanto è grave almeno un bisogno, o salta questo passo.
housing-title = Dove dorme
housing-about = Oggi. Se cambia, si registra di nuovo: quello di prima resta.
housing-situation = Situazione abitativa
housing-roofless = Senza tetto
housing-houseless = Senza casa
housing-insecure = In una casa insicura
housing-inadequate = In una casa inadeguata
housing-wrong = Scegli dove dorme, o salta questo passo.
notice-title = Che cosa le è stato detto
notice-about = L’informativa dice alla persona che cosa si scrive di lei, chi lo vede, come può chiedere chi l’ha guardata e come può decidere che cosa non mostrare. Si consegna e si spiega a voce.
notice-language = Lingua in cui l’hai spiegata
notice-wrong = Scegli in quale lingua l’hai spiegata, o salta questo passo.

contact-title = Contatto anonimo
contact-about = Nessun nome. Tre cose, tutte facoltative.
contact-done = Contatto annotato.
contact-done-on = È sulla scheda di chi ha questa sigla:
contact-done-open = aprila
contact-unnamed = Contatto annotato senza nome.
contact-unnamed-why = Il tuo servizio usa già questa sigla per qualcuno, la cui scheda non si apre da qui. Chiedi nel tuo servizio chi è, o la prossima volta prendi un altro numero.
contact-next = Puoi scrivere il prossimo.
contact-draft = Abbiamo ripreso quello che avevi scelto prima di uscire. La sigla va scritta di nuovo.
contact-for = Contatto per
contact-code = Sigla
contact-code-help = Quella del tuo servizio. Una nuova apre una scheda senza nome; vuota, non apre niente.
contact-quarter = Quartiere
contact-quarter-help = Mai una via o un numero.
contact-channel = Come è arrivata
contact-given = Che cosa hai dato
contact-given-nothing = niente
contact-do = Annota
contact-not-in-street = Non dorme in strada?
contact-sleeps = Dove dorme
contact-other-service = Registri per un altro servizio?
contact-wrong-service = Scegli per quale servizio registri.
contact-wrong-code = La sigla è fatta di 2–4 lettere, un trattino e un numero, per esempio UDS-0142. Mai un nome; se non ne usate, lasciala vuota.
contact-wrong-quarter = Il posto è il nome di un quartiere, da una a quattro parole: Libertà, San Paolo. Mai una via, un numero o un nome.

form-one-wrong = Una cosa da sistemare
# $count (Number) - mistakes
form-wrong = { $count } cose da sistemare
match-reserved = Scheda riservata
match-unnamed = Nome non detto
# $code (String) - short code
match-code = codice { $code }
match-for = A favore:
match-against = Contro:
match-no-right = Il tuo ruolo non vede il nome: puoi sapere che la scheda esiste.
match-very-likely = molto probabile
match-likely = probabile
match-possible = possibile
