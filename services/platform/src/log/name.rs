use std::fmt::{Debug, Display};

use trama_events::envelope::Recorded;
use trama_events::sealed::{self, SealedKey};
use trama_events::{Context, subject};

use crate::servers::PgRole;

/// What names a log, and what follows from the name: schema, roles, stream, subjects, broker user.
///
/// A context's log is shared: everybody may be given its feed. A sealed organisation's is not, and
/// a reader of the one kind does not compile with the other.
pub trait LogName: Copy + Eq + Ord + Debug + Display + Send + Sync + 'static {
    /// Role that writes; its name is that of the schema.
    fn writer(self) -> PgRole;
    /// Role that reads.
    fn reader(self) -> PgRole;
    /// Stream that carries it.
    fn stream(self) -> String;
    /// Every subject of its events.
    fn subjects(self) -> String;
    /// The subject of one event.
    fn subject_of(event: &Recorded<Self>) -> String;
    /// User of the broker that publishes it and nothing else.
    fn publisher(self) -> String;
    /// Whether `PostgreSQL` tells its listeners of a commit. Any role of the database may listen, so
    /// of a sealed log nothing is told; its relay looks at short intervals.
    fn is_announced(self) -> bool;

    /// The schema.
    fn schema(self) -> String {
        self.writer().name()
    }
}

impl LogName for Context {
    fn writer(self) -> PgRole {
        PgRole::Writer(self)
    }

    fn reader(self) -> PgRole {
        PgRole::Feed(self)
    }

    fn stream(self) -> String {
        subject::stream_of(self)
    }

    fn subjects(self) -> String {
        subject::all_of(self)
    }

    fn subject_of(event: &Recorded) -> String {
        event.subject()
    }

    fn publisher(self) -> String {
        format!("relay_{self}")
    }

    fn is_announced(self) -> bool {
        true
    }
}

impl LogName for SealedKey {
    fn writer(self) -> PgRole {
        PgRole::Sealed(self)
    }

    fn reader(self) -> PgRole {
        PgRole::SealedFeed(self)
    }

    fn stream(self) -> String {
        sealed::stream_of(self)
    }

    fn subjects(self) -> String {
        sealed::all_of(self)
    }

    fn subject_of(event: &Recorded<Self>) -> String {
        sealed::subject(event.context, &event.event_type)
    }

    fn publisher(self) -> String {
        format!("sealed_{self}")
    }

    fn is_announced(self) -> bool {
        false
    }
}
