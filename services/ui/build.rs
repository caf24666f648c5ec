//! Makes a function of every message in `locales/`: a message that one language lacks has none, so
//! that its use does not compile.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, build_from_locales_folder};

fn main() -> ExitCode {
    let Some(out) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
        return ExitCode::FAILURE;
    };
    let file = |name: &str| Path::join(&out, name).display().to_string();
    build_from_locales_folder(
        BuildOptions::default()
            .with_locales_folder("locales")
            .with_default_language("it")
            .with_output_file_path(&file("words.rs"))
            .with_ftl_output(FtlOutputOptions::single_file(&file("words.ftl")))
            .with_prefix("")
            .with_lint_level(LintLevel::Strict)
            // Numbers and names go into tables and files too, where the marks would be seen.
            .without_bidi_isolation()
            .without_format(),
    )
}
