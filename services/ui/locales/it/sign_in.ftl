# Signing in and out, before anybody is known.
sign-in-title = Entra
sign-in-heading = Entra in Trama
sign-in-left = Sei uscita
sign-in-demo = Questa è una dimostrazione: persone, servizi e fatti sono inventati.
sign-in-closed = La sessione in Trama è chiusa, in tutte le schede di questo browser.
sign-in-shared = Se altre persone usano questo dispositivo, chiudi anche l’accesso al servizio di identità:
sign-in-leave-there = esci anche da lì
sign-in-choose = Scegli con chi entrare
sign-in-again = Entra di nuovo
sign-in-enter = Entra
sign-in-off = In questa installazione l’accesso dalle pagine non è attivo.
sign-in-not-under-way = Questo accesso non è più valido: è passato troppo tempo, è già stato usato, oppure è iniziato in un’altra finestra. Ricomincia da qui.
sign-in-refused = Il servizio di identità non ha confermato l’accesso. Riprova; se continua, avvisa chi gestisce il sistema.
sign-in-no-second-factor = Per questi dati serve un secondo fattore, e il servizio di identità non lo ha confermato.
sign-in-too-many = Dal tuo indirizzo sono partiti troppi accessi in poco tempo. Aspetta qualche secondo e ricomincia da qui.
sign-in-unavailable = In questo momento non è possibile entrare. Riprova tra qualche istante; se continua, avvisa chi gestisce il sistema.
