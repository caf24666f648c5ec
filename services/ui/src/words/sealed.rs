//! Words for the codes of a sealed service. They are shown on its own pages and nowhere else.

use trama_events::sealed::CloseReason;

use super::words;

words! {
    CloseReason {
        Completed => "concluso come d’accordo" / "completed as agreed",
        PersonLeft => "la persona non vuole continuare" / "the person does not want to go on",
        ContinuedElsewhere => "continua in un altro servizio" / "continues in another service",
        NotReached => "non viene e non si trova" / "does not come and cannot be found",
        AnotherReason => "altro motivo" / "other reason",
    }
}
