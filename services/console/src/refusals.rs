//! What doors refuse, in a sentence for whoever filled in a form.

use trama_platform::Problem;

/// What happened, what is safe, what to do. A code that is not here is told as what it is: nothing
/// was done.
pub(crate) fn words(problem: &Problem) -> &'static str {
    let code = problem.code.as_str();
    of_linking(code)
        .or_else(|| of_forcing(code))
        .or_else(|| of_moving(code))
        .or_else(|| of_sealed(code))
        .or_else(|| of_deciding(code))
        .or_else(|| of_everything(code))
        .unwrap_or("Non è stato possibile: nulla è stato fatto. Controlla i dati e riprova.")
}

/// Judging whether records are one person.
fn of_linking(code: &str) -> Option<&'static str> {
    Some(match code {
        "same_record" => "È la stessa scheda: scegline un’altra.",
        "not_open" => {
            "Una delle due schede non può essere collegata da qui: chiedi a chi ti ha dato il codice."
        }
        "no_reason" => "Per dire che è la stessa persona serve almeno un motivo: scegline uno.",
        "already_linked" | "one_person_already" => {
            "Queste schede sono già collegate: non serve altro."
        }
        "behind_another" => {
            "La scheda è già collegata dietro a un’altra: apri quella davanti e collega da lì."
        }
        "unlinked_before" => {
            "Queste schede, o due collegate con loro, sono già state scollegate: restano separate."
        }
        "declared_different" => {
            "Qualcuno ha già giudicato che sono due persone: si collegano solo con lo stesso documento \
             o codice fiscale."
        }
        "different_across" => {
            "Due schede collegate con queste sono state giudicate di due persone: guarda prima quelle."
        }
        "still_linked" => "Queste schede sono collegate: se sono due persone, scollegale.",
        "too_many_records" => {
            "Le schede di una sola persona sarebbero troppe: rivedi prima i collegamenti che ha."
        }
        "not_linked" => "Queste schede non sono collegate: non c’è niente da scollegare.",
        _ => return None,
    })
}

/// Opening by force, and looking at it.
fn of_forcing(code: &str) -> Option<&'static str> {
    Some(match code {
        "no_section" => "Scegli che cosa ti serve adesso: almeno una voce.",
        "never_by_force" => {
            "Una di queste voci non si apre mai in emergenza: chiedi a chi la tiene."
        }
        "words" => "Scrivi che cosa succede, con parole tue: da 10 a 1.000 segni.",
        "length" | "unprintable" | "form" => {
            "Queste parole non si possono tenere: scrivile senza segni strani, fino a 1.000."
        }
        "over" => "Questo accesso è finito: se serve ancora, chiedine un altro.",
        "own_access" => "È un tuo accesso: lo verifica un’altra persona.",
        "reviewed_already" => "Qualcuno l’ha già verificato, con un altro esito: vale il primo.",
        _ => return None,
    })
}

/// Moving an entry, or taking it back.
fn of_moving(code: &str) -> Option<&'static str> {
    Some(match code {
        "no_such_person" => {
            "Questa persona non ha una scheda che puoi scegliere: cerca il suo codice, o registrala."
        }
        "same_person" => "La registrazione è già su questa scheda: scegli la persona giusta.",
        "not_on_her" => "La registrazione non è più su questa scheda: guarda di nuovo.",
        "undone" => "La registrazione è stata annullata: falla di nuovo sulla persona giusta.",
        "not_here" => {
            "Questa registrazione non si sposta così: correggila dove è nata, o chiudila e rifalla."
        }
        "too_late" => {
            "I 30 secondi sono passati: non si annulla più. Puoi spostarla sulla persona giusta."
        }
        "gone_on" | "part_of_entry" => {
            "Qualcuno ha continuato da qui: non si annulla. Puoi spostarla sulla persona giusta."
        }
        _ => return None,
    })
}

/// Answering a referral; slips and the paths of a sealed service.
fn of_sealed(code: &str) -> Option<&'static str> {
    Some(match code {
        "already_answered" => {
            "Qualcuno del tuo servizio ha già risposto: guarda di nuovo la posta."
        }
        "ended" | "closed" => "È già chiuso: non c’è niente da fare.",
        "not_a_slip" => {
            "Il biglietto non è scritto giusto: otto gruppi di sei segni. Guarda un segno scambiato."
        }
        "slip_not_valid" => "Questo biglietto qui non vale: controlla i gruppi, o fanne uno nuovo.",
        "slip_expired" => "Questo biglietto è troppo vecchio: fanne uno nuovo.",
        "slip_used" => "Questo biglietto è già stato presentato: il percorso è nell’elenco.",
        "appointment_in_the_past" => "Un appuntamento è per oggi o dopo: correggi il giorno.",
        "no_appointment" => "Non c’è nessun appuntamento fissato.",
        "appointment_to_come" => "L’appuntamento deve ancora venire: si annota dopo la sua ora.",
        "not_answered" => "Prima rispondi di sì.",
        "in_path_already" => "È già in percorso.",
        "half_an_answer" => "Di’ sì, con o senza quando; oppure no, con il motivo.",
        _ => return None,
    })
}

/// What she decides about who sees her past.
fn of_deciding(code: &str) -> Option<&'static str> {
    Some(match code {
        "no_such_wish" => "Questa scelta non è sulla sua scheda: guarda di nuovo l’elenco.",
        "id_in_use" => "Questa scelta è già annotata in un altro modo: annotane una nuova.",
        "still_a_minor" => {
            "È minorenne, o potrebbe esserlo: decide da maggiorenne. Fino ad allora decide chi \
             risponde di lei."
        }
        "age_unknown" => {
            "Non si sa in che anno è nata, e quindi se è maggiorenne: collega la scheda con una che \
             lo dice."
        }
        "own_body" => {
            "Così il tuo ente vedrebbe di più, e non l’hai in carico tu: lo annota chi l’ha in \
             carico, o un altro ente che la segue."
        }
        "never_open" => {
            "L’ultimo giorno è passato, o è prima del primo: correggilo o lascialo vuoto."
        }
        "unknown_body" => "Questo servizio o ente non è in elenco: scegline uno che c’è.",
        "no_such_entry" => {
            "Il tuo ente non ha scritto questa registrazione di lei: la oscura chi l’ha scritta, \
             oppure si oscura tutto quello che scrive un servizio."
        }
        _ => return None,
    })
}

/// Searching, registering, and what every door may say.
fn of_everything(code: &str) -> Option<&'static str> {
    Some(match code {
        "too_many_searches" => {
            "Hai cercato molti codici in un’ora. Riprova più tardi, o cerca per nome e data di nascita."
        }
        "alias_code" => {
            "La sigla è fatta di 2–4 lettere, un trattino e un numero, per esempio UDS-0142. Mai un nome."
        }
        "alias_taken" => {
            "Il tuo servizio usa già questa sigla per un’altra persona: scegline un’altra."
        }
        "birth_year" => "L’anno di nascita va dal 1900 a quest’anno; se non si sa, lascialo vuoto.",
        "second_factor_needed" => "Serve il secondo fattore: entra di nuovo mostrandolo.",
        "key_reused" | "already_registered" => {
            "Questo modulo è già stato inviato: cerca la persona prima di registrarla di nuovo."
        }
        "stale" | "outdated" => {
            "Nel frattempo qualcuno ha cambiato questi dati: guarda di nuovo, poi ripeti."
        }
        "unknown_outcome" | "unavailable" | "unsure" | "not_logged" | "too_slow" => {
            "In questo momento non riusciamo a salvare. Quello che hai scritto è ancora qui: riprova \
             tra qualche istante."
        }
        "not_found" | "role_may_not" => {
            "Nulla è stato fatto: la scheda non esiste, oppure il tuo ruolo non può farlo."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn a_refusal_is_told_in_a_sentence_and_never_as_a_code() {
        for code in ["no_reason", "stale", "something_new"] {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, "for programs");
            let said = words(&problem);
            assert!(said.ends_with('.') && !said.contains('_') && !said.contains("for programs"));
        }
    }
}
