//! What doors refuse, in a sentence for whoever filled in a form.

use trama_platform::Problem;

/// What happened, what is safe, what to do. A code that is not here is told as what it is: nothing
/// was done.
pub(crate) fn words(problem: &Problem) -> &'static str {
    match problem.code.as_str() {
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
        _ => "Non è stato possibile: nulla è stato fatto. Controlla i dati e riprova.",
    }
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
