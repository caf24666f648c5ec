//! The executable: reads the command line, does what it says, answers with an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    trama::cli::run()
}
