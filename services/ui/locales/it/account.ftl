# One's own access: membership, second factor, sessions.
account-membership = Incarico
account-no-membership = Nessun incarico attivo.
# $role (String) - role in words
# $ats (String) - name of the territorial area
account-acts-as = { $role }, ATS { $ats }
account-change = Cambia incarico
account-choose-title = Con quale incarico?
account-choose-why = Vedi e fai quello che spetta all’incarico che scegli. Puoi cambiarlo quando vuoi, da «Il mio accesso».
account-choose-wrong = Questo incarico non è tuo, o non lo è più: nulla è cambiato. Scegline uno dell’elenco.
account-in-use = in uso
account-second-factor = Secondo fattore
account-second-shown = Lo hai mostrato entrando.
account-second-missing = Sei entrata senza. Alcune pagine e alcuni dati si aprono solo con un secondo fattore, per esempio SPID di livello 2 o CIE.
account-second-again = Entra di nuovo con il secondo fattore
account-second-title = Serve un secondo fattore
account-second-needed = Questa pagina si apre solo a chi è entrata con un secondo fattore, per esempio SPID di livello 2 o CIE. Dopo averlo mostrato torni qui.
account-sessions = Dove sei entrata
account-sessions-end = una sessione finisce dopo 15 minuti senza uso, e comunque dopo 8 ore
account-sessions-caption = Le tue sessioni aperte, dall’ultima usata
account-signed-in = Entrata
account-last-used = Usata l’ultima volta
account-close = Chiudi
# $when (String) - day and time
account-close-which = la sessione aperta il { $when }
account-yes = sì
account-no = no
account-this = questa
account-close-others = Chiudi tutte le altre
account-nobody-title = Nessun incarico attivo
account-nobody = Sei entrata, ma nessun servizio ti ha dato un incarico, oppure il tuo accesso è sospeso o concluso. Rivolgiti a chi gestisce gli accessi della tua organizzazione.
account-retry = Riprova
account-choose = Scegli un incarico
account-unsure-title = Non sappiamo chi può entrare
account-unsure = In questo momento non possiamo verificare gli incarichi: nessun dato viene mostrato. Riprova tra qualche istante; se continua, avvisa chi gestisce il sistema.
account-form-title = Modulo non accettato
account-form = Questo modulo non viene da una pagina di Trama aperta in questa sessione: nulla è stato fatto. Apri di nuovo la pagina e riprova.
