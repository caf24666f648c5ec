//! What others see of what a worker of a health service does here, said to her on every page: she
//! decides with the person, and both must know it (domain §3.5 and §6; DPR 309/90, art. 120).

use trama_events::codes::Role;
use trama_ui::frame::Outside;
use trama_ui::language::Language;

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

/// The same, for who reads English.
const SERD_IN_ENGLISH: &[Outside] = &[
    Outside {
        who: "Without the person’s agreement",
        what: "Nothing: no row, no number, no empty space.",
    },
    Outside {
        who: "With her agreement",
        what: "On her record, “External service” and one word: expected, in path or closed. Never \
               which service.",
    },
    Outside {
        who: "Never, for nobody",
        what: "Who you are, when she comes, what you tell her, why a path closes.",
    },
];

const CSM_IN_ENGLISH: &[Outside] = &[
    Outside {
        who: "Whoever sent you the person, and whoever follows her",
        what: "Whether the referral is accepted or declined and why, whether she came to the first \
               visit, whether she is in path, whether the need is met.",
    },
    Outside { who: "Only with her agreement", what: "What the centre writes about her." },
    Outside { who: "Everybody else", what: "Nothing, not even that you know her." },
];

/// What others see of what this role does.
pub(crate) fn seen(role: Role, language: Language) -> &'static [Outside] {
    let (serd, csm) = match language {
        Language::Italian => (SERD, CSM),
        Language::English => (SERD_IN_ENGLISH, CSM_IN_ENGLISH),
    };
    if [Role::SerdOperator, Role::CourtOperator].contains(&role) {
        serd
    } else if role == Role::CsmOperator {
        csm
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_is_said_in_each_language_and_to_health_services_alone() {
        for role in [Role::SerdOperator, Role::CourtOperator, Role::CsmOperator] {
            let [italian, english] = Language::ALL.map(|language| seen(role, language));
            assert_eq!(italian.len(), english.len(), "{role}");
            assert!(italian.iter().zip(english).all(|(one, other)| one != other), "{role}");
        }
        assert!(seen(Role::CaseManager, Language::English).is_empty());
    }
}
