//! Makes a function of every message in `locales/`: a message that one language lacks has none, so
//! that its use does not compile. Compresses what pages load, once.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flate2::Compression;
use flate2::write::GzEncoder;
use fluent_typed::{BuildOptions, FtlOutputOptions, LintLevel, build_from_locales_folder};

fn main() -> ExitCode {
    let Some(out) = std::env::var_os("OUT_DIR").map(PathBuf::from) else {
        return ExitCode::FAILURE;
    };
    for folder in ["assets", "assets/vendor"] {
        println!("cargo::rerun-if-changed={folder}");
        if let Err(error) = compress(Path::new(folder), &out) {
            println!("cargo::error=the files in {folder} cannot be compressed: {error}");
            return ExitCode::FAILURE;
        }
    }
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

/// Every style sheet and script of a folder, beside what the build makes.
fn compress(folder: &Path, out: &Path) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let is_text = path.extension().is_some_and(|end| end == "css" || end == "js");
        if let Some(name) = path.file_name().filter(|_| is_text) {
            let mut packed = GzEncoder::new(Vec::new(), Compression::best());
            packed.write_all(&fs::read(&path)?)?;
            fs::write(out.join(format!("{}.gz", name.display())), packed.finish()?)?;
        }
    }
    Ok(())
}
