use std::io::{self, Write};

use serde::Serialize;

/// One line on standard output. A reader that has gone is no trouble.
///
/// # Errors
///
/// When standard output cannot be written for another reason.
pub fn line(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// One JSON object on one line of standard output.
///
/// # Errors
///
/// As [`line`].
pub fn lines(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?)
}

/// What went wrong, with everything behind it, on standard error.
pub(super) fn trouble(error: &anyhow::Error) {
    let mut text = format!("trama: {error}");
    for cause in error.chain().skip(1) {
        text.push_str("\n  because ");
        text.push_str(&cause.to_string());
    }
    // Nobody is left to tell when standard error is gone.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
