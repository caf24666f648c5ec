# Opening a record by force, and what stands on top of one that is open so.
forced-title = Apri in emergenza
forced-about = Per una scheda che il tuo ruolo non apre, quando non c’è tempo di chiedere.
forced-happens = Che cosa succede
forced-happens-time = 60 minuti.
forced-happens-time-why = Vedi le voci che scegli, poi la scheda si chiude da sola. Puoi solo leggere.
forced-happens-told = Avviso subito
forced-happens-told-why = a chi ha in carico la persona e al responsabile della protezione dei dati.
forced-happens-review = Verifica entro 72 ore.
forced-happens-review-why = Un’altra persona guarda che cosa hai aperto e dice se era giustificato.
forced-happens-stays = Resta scritto.
forced-happens-stays-why = La persona può sapere chi ha aperto la sua scheda e perché.
forced-happens-never = Non si apre mai:
forced-happens-never-why = un indirizzo segreto, le note riservate, chi ha segnalato, quello che sanno i servizi riservati.

forced-now = Perché adesso
forced-reason = Motivo
forced-words = Che cosa succede, con parole tue
forced-words-help = Da 10 a 1.000 segni. Restano cifrate nella scheda della persona, e le legge solo chi può.
forced-what = Che cosa ti serve
forced-classes = Solo quello che ti serve adesso
forced-no-second-factor = Sei entrata senza il secondo fattore: salute e minori restano chiusi.
forced-do = Apri per 60 minuti
forced-cancel = Annulla

forced-class-identity = nome, nascita, codici
forced-class-contact = telefono, posta elettronica
forced-class-address = dove abita; mai un indirizzo segreto
forced-class-safety = pericoli per lei o per chi la incontra
forced-class-health = allergie, cure, invii sanitari
forced-class-language = che lingua parla
forced-class-needs = di che cosa ha bisogno
forced-class-path = chi la segue e che cosa è successo
forced-class-housing = dove dorme
forced-class-minors = quello che riguarda un minore
forced-class-diary = le note dei colleghi

forced-wrong-reason = Scegli il motivo: lo legge chi verifica.
forced-wrong-classes = Scegli che cosa ti serve adesso: almeno una voce.
forced-wrong-words = Scrivi che cosa succede, con parole tue: da 10 a 1.000 segni.

forced-soon = Aperta in emergenza
forced-soon-about = La scheda si apre tra un istante, per 60 minuti. Chi ne risponde è stato avvisato.
forced-soon-open = Apri la scheda

forced-closed-what = Che cosa fare
forced-closed = È un’emergenza?
forced-closed-about = Se una vita o un minore è a rischio e non c’è tempo di chiedere, puoi aprire quello che ti serve per 60 minuti. Chi segue la persona viene avvisato subito, e qualcuno lo verifica.

# $left (String) - how long yet
forced-band-left = Aperta in emergenza: { $left }
# $minutes (Number) - minutes that are left
# $time (String) - time of the day
forced-left = { $minutes ->
    [one] ancora 1 minuto, fino alle { $time }
   *[other] ancora { $minutes } minuti, fino alle { $time }
}
# $reason (String) - why
forced-band-reason = Motivo: { $reason }.
# $classes (String) - what was opened
forced-band-sees = Vedi: { $classes }. Puoi solo leggere; chi ne risponde è stato avvisato e lo verifica.
forced-band-who = Chi è
