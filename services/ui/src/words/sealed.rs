//! Italian words for the codes of a sealed service. They are shown on its own pages and nowhere else.

use trama_events::sealed::CloseReason;

use super::words;

words! {
    CloseReason {
        Completed => "concluso come d’accordo",
        PersonLeft => "la persona non vuole continuare",
        ContinuedElsewhere => "continua in un altro servizio",
        NotReached => "non viene e non si trova",
        AnotherReason => "altro motivo",
    }
}
