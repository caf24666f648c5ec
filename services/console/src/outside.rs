//! What others see of what a worker of a health service does here, said to her on every page: she
//! decides with the person, and both must know it (domain §3.5 and §6; DPR 309/90, art. 120).

use trama_events::codes::Role;
use trama_ui::frame::Outside;

/// The addiction service. Source: ADR 19; `sealed.addiction`, `sealed.pseudonyms`.
const SERD: &[Outside] = &[
    Outside {
        who: "Senza l’accordo della persona",
        what: "Niente: né una riga, né un numero, né uno spazio vuoto.",
    },
    Outside {
        who: "Con il suo accordo",
        what: "Nella sua scheda, «Servizio esterno» e una sola parola: atteso, in percorso o chiuso. \
               Mai quale servizio.",
    },
    Outside {
        who: "Mai, per nessuno",
        what: "Chi siete, quando viene, che cosa le dite, perché un percorso si chiude.",
    },
];

/// The mental-health centre: what its answers to referrals tell. Source: `sealed.mental_health`.
const CSM: &[Outside] = &[
    Outside {
        who: "Chi vi ha mandato la persona, e chi la segue",
        what: "Se l’invio è accolto o respinto e perché, se è venuta al primo incontro, se è in \
               percorso, se il bisogno è risolto.",
    },
    Outside { who: "Solo con il suo accordo", what: "Le notizie che il centro scrive di lei." },
    Outside { who: "Tutti gli altri", what: "Niente, nemmeno che la conoscete." },
];

/// What others see of what this role does.
pub(crate) fn seen(role: Role) -> &'static [Outside] {
    if [Role::SerdOperator, Role::CourtOperator].contains(&role) {
        SERD
    } else if role == Role::CsmOperator {
        CSM
    } else {
        &[]
    }
}
