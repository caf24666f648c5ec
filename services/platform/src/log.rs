//! The log: where events are kept, in order, for ever. Only this module writes them.

mod aggregate;
mod append;
mod ask;
mod feed;
mod install;
mod kept;
mod name;
mod receipt;
mod steps;
mod store;
mod timers;
mod verify;
mod writer;

pub use aggregate::{During, Keep, Logged, Refusal, Taken};
pub use append::{Commit, Outcome};
pub use ask::{Asked, Done, Log, SYSTEM};
pub use feed::Feed;
pub use install::{Unsafe, install, refuse_unsafe};
pub use kept::{kept_differences, kept_differences_in};
pub use name::LogName;
pub use receipt::Receipt;
pub use steps::Step;
pub use timers::Due;
pub use verify::{LogVerdict, verify_log};
pub use writer::Writer;

/// Whether an error says "cannot be reached now" and not "this is wrong". Only such errors are
/// waited for; they never park an event and never count as a fault.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what sqlx may add is a fault until somebody has looked at it"
)]
pub fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Protocol(text) => text.contains("expected") || text.contains("closed"),
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            // 08 connection, 53 resources, 57P shutdown or start-up, 40 serialisation, 55P03 lock
            // time-out, 57014 statement time-out, 25P03 idle in transaction.
            ["08", "53", "57P", "40", "55P03", "57014", "25P03", "25006"]
                .iter()
                .any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}
