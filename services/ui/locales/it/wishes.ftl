# What a person decides about who sees her past, taken down in her presence.
# $code (String) - public code
wishes-person = Persona { $code }
# $code (String) - public code
wishes-title = Le scelte di { $code }
wishes-here = Le sue scelte
wishes-about = Chi vede il suo passato lo decide lei. Qui annoti quello che decide, davanti a lei.
wishes-no-code = senza codice
# $code (String) - public code
wishes-record = scheda { $code }

wishes-stand = Le scelte che valgono
wishes-stand-by = annotate dal tuo ente
wishes-none = Nessuna. Se vuole decidere qualcosa, annotalo qui sotto.
wishes-soon = L’elenco si aggiorna tra un istante.
wishes-soon-again = L’elenco si aggiorna tra un istante: ricarica la pagina.
wishes-of-others = Quelle annotate da altri enti qui non ci sono, e da nessuna parte si vede se esistono.
wishes-close = Richiudila
wishes-lift-more = Togli…
wishes-lift = Togli l’oscuramento

# $whom (String) - service or body
wishes-open-to = Infanzia aperta a { $whom }
wishes-open-now = aperta
wishes-open-over = finita da sola
wishes-open-later = non ancora
wishes-whole-body = con tutti i suoi servizi
wishes-gone-body = un ente non più in elenco
wishes-gone-service = un servizio non più in elenco
wishes-from = dal
wishes-until = al
# $from (String) - day
wishes-no-end = { $from }, finché non la richiude
# $service (String) - service
wishes-hidden-service = Oscurato tutto quello che scrive { $service }
wishes-hidden-later = anche quello che scriverà
# $what (String) - entry
wishes-hidden-entry = Oscurata la registrazione «{ $what }»
wishes-hidden-some = Oscurata una registrazione del tuo ente
wishes-entry-of = del

wishes-before = Da dirle prima
wishes-before-back = Può ripensarci quando vuole. Tornare indietro è facile come decidere.
wishes-before-hide = Oscurare non cancella: resta a chi l’ha scritto, e a nessun altro. Nemmeno che è oscurato si vede.
wishes-before-open = Da maggiorenne apre la sua infanzia a chi vuole lei. Finché non la apre, resta ai servizi per minori.

wishes-choose = Scegli…
wishes-how = Come l’ha detto?
wishes-service-title = Oscura un servizio
wishes-service-about = Tutto quello che il servizio ha scritto di lei e che scriverà resta a lui solo.
wishes-service = Servizio
wishes-service-journey = Nel suo percorso
wishes-service-do = Oscura il servizio
wishes-open-title = Apri la sua infanzia
wishes-open-about = Quello che i servizi per minori scrissero di lei lo vede anche chi sceglie lei, da maggiorenne.
wishes-open-whom = A chi
wishes-open-help = Al tuo ente può aprirla solo se l’hai in carico tu.
# $body (String) - body
wishes-open-body = { $body }: tutto l’ente
wishes-open-from = Dal (oggi, se vuoto)
wishes-open-until = Fino al (se vuoto, finché vuole)
wishes-open-do = Apri l’infanzia
wishes-entry-title = Oscura una registrazione
wishes-entry-own = del tuo ente, dalla più recente
wishes-entry-about = Resta a chi l’ha scritta, con quello che ne è seguito. Quelle di un altro ente le oscura chi le ha scritte.
wishes-entry-none = Il tuo ente non ha scritto niente di lei che si possa oscurare da solo.
wishes-entry-no-older = Non ce ne sono di più vecchie.
wishes-entry-which = Quale?
wishes-entry-do = Oscura la registrazione
wishes-entry-parts = Pagine delle registrazioni
wishes-entry-newer = Più recenti
wishes-entry-older = Più vecchie

wishes-wrong-form = Scegli come l’ha detto.
wishes-wrong-whom = Scegli a chi apre la sua infanzia.
wishes-wrong-service = Scegli il servizio di cui oscura tutto.
wishes-wrong-entry = Scegli la registrazione da oscurare.
wishes-wrong-day = Il giorno si scrive come 2026-10-15.

wishes-done-opened = Infanzia aperta.
wishes-done-opened-next = La vede chi ha scelto lei, nei giorni che ha detto.
wishes-done-closed = Infanzia richiusa.
wishes-done-closed-next = Da adesso questa scelta non la mostra più. Un’altra sua scelta può ancora mostrarla.
wishes-done-hidden = Oscurato.
wishes-done-hidden-next = Resta a chi l’ha scritto. Gli altri non lo vedono, e non vedono che è oscurato.
wishes-done-lifted = Oscuramento tolto.
wishes-done-lifted-next = Da adesso questa scelta non nasconde più nulla. Un’altra sua scelta può ancora nascondere.
