# The desk of a sealed service: slips, answers and paths, under pseudonyms.
sealed-about = Le persone del tuo servizio, con una sigla. Qui non c’è nessun nome, e nessuna scheda della rete.
sealed-slip-new = Un biglietto per lei
sealed-slip-new-about = Daglielo adesso: si vede una volta sola e non resta scritto da nessuna parte. Con questo legge la risposta.

sealed-waiting = Da rispondere
sealed-waiting-about = senza aprire nessuna scheda
sealed-waiting-none = Niente da rispondere.
sealed-open = Percorsi aperti
sealed-open-about = dal più vecchio
sealed-open-none = Nessun percorso aperto.
sealed-parts = Pagine dell’elenco
sealed-newer = Più recenti
sealed-comes-on = Viene il
sealed-elsewhere = mandata a un altro sportello del tuo servizio
# $sees (String) - what others read
sealed-network = La rete legge: niente; con il suo accordo, { $sees }.
sealed-network-expected = «Servizio esterno, atteso»
sealed-network-in-path = «Servizio esterno, in percorso»
sealed-network-closed = «Servizio esterno, chiuso»

sealed-badge-expected = attesa
sealed-badge-no-day = appuntamento da fissare
sealed-badge-came = è venuta
sealed-badge-in-path = in percorso
sealed-badge-overdue = scaduto il
sealed-badge-due = rispondere entro il
sealed-badge-serious = bisogno serio
sealed-badge-grave = bisogno grave

sealed-choose = Scegli…
sealed-yes-more = Sì…
# $sign (String) - of the path
sealed-to-which = a { $sign }
# $sign (String) - of the path
sealed-of-which = di { $sign }
# $sign (String) - of the path
sealed-path-of-which = il percorso di { $sign }
sealed-yes-when = Quando può venire, se lo sai
sealed-yes = Può venire
sealed-no-more = No…
sealed-why = Perché: resta nel tuo servizio
sealed-no = Non può venire
sealed-came = È venuta
sealed-missed = Non è venuta
sealed-enter = Inizia il percorso
sealed-appointment-more = Appuntamento…
sealed-appointment-when = Quando
sealed-appointment = Fissa
sealed-close-more = Chiudi…
sealed-close = Chiudi il percorso

sealed-present = Presenta un biglietto
sealed-slip = Biglietto
sealed-slip-help = Otto gruppi di sei segni. Vale una volta, per trenta giorni.
sealed-desk = Sportello
sealed-urgency = Urgenza
sealed-need = Bisogno
sealed-need-slight = lieve
sealed-need-serious = serio
sealed-need-grave = grave
sealed-present-do = Presenta
sealed-print = È venuta senza: fanne uno
sealed-present-note = Nasce un percorso con una sigla nuova. Nessuno annota chi l’ha presentato.

sealed-wrong-slip = Scrivi il biglietto: otto gruppi di sei segni.
sealed-wrong-desk = Scegli lo sportello a cui si è presentata.
sealed-wrong-no = Per dire di no serve un motivo: resta nel tuo servizio.
sealed-wrong-day = Scrivi il giorno e l’ora dell’appuntamento.
sealed-wrong-close = Per chiudere serve un motivo: resta nel tuo servizio.
sealed-wrong-step = Questo non si può fare: apri di nuovo la pagina.
sealed-wrong-moment = Giorno e ora si scrivono come 2026-11-25T09:30.

sealed-done-slip = Biglietto preso.
sealed-done-slip-next = Il percorso è qui sotto, con una sigla nuova.
sealed-done-yes = Risposto: sì.
sealed-done-yes-next = La persona lo legge con il suo biglietto. Nessun altro lo vede.
sealed-done-no = Risposto: no.
sealed-done-no-next = La persona lo legge con il suo biglietto, senza il motivo.
sealed-done-appointment = Appuntamento fissato.
sealed-done-appointment-next = La persona lo legge con il suo biglietto.
sealed-done-came = Annotato: è venuta.
sealed-done-came-next = Resta nel tuo servizio.
sealed-done-missed = Annotato: non è venuta.
sealed-done-missed-next = Puoi fissare un altro appuntamento.
sealed-done-enter = In percorso.
sealed-done-enter-next = Con il suo accordo la rete legge «in percorso», e basta.
sealed-done-close = Percorso chiuso.
sealed-done-close-next = Il motivo resta nel tuo servizio.
