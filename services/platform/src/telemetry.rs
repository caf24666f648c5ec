//! Logs: to standard error, as lines or JSON, without any personal data.

use std::io::{self, IsTerminal as _, Write};

use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogForm {
    /// For people.
    #[default]
    Text,
    /// For collectors.
    Json,
}

/// Starts logging; a second start changes nothing.
pub fn start(form: LogForm, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| OneLine);
    // Colours are for who looks on, not for files and collectors.
    let lines = lines.with_ansi(io::stderr().is_terminal());
    let started = match form {
        LogForm::Text => lines.try_init(),
        LogForm::Json => lines.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// Standard error, where each entry stays on one line: a line break inside a value would let
/// whoever wrote it pretend another entry (ASVS 5.0 V16.4.1).
#[derive(Debug, Clone, Copy)]
struct OneLine;

impl Write for OneLine {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(&on_one_line(entry))?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The subscriber writes each entry at once, with a line break at its end.
fn on_one_line(entry: &[u8]) -> Vec<u8> {
    let body = entry.strip_suffix(b"\n").unwrap_or(entry);
    let plain = body.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte });
    plain.chain(*b"\n").collect()
}

/// An error with everything behind it, in one line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut behind = error.source();
    while let Some(cause) = behind {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        behind = cause.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_writes_a_line_of_the_log_by_what_he_says() {
        let entry = b"WARN why=x\r\nINFO signed_in staff=7\n";
        assert_eq!(on_one_line(entry), b"WARN why=x  INFO signed_in staff=7\n");
        assert_eq!(on_one_line(b"plain\n"), b"plain\n");
    }
}
