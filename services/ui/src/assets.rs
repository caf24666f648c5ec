//! The files that pages need, inside the program: one style sheet, scripts and three fonts. Their
//! address holds a digest of all of them, so that a browser may keep them for ever.

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A file that pages need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its name, the last part of its address.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// The same by gzip, made when the program was built; none for what is compressed already.
    pub gzip: Option<&'static [u8]>,
}

macro_rules! text {
    ($name:literal, $path:literal, $media_type:literal) => {
        Asset {
            name: $name,
            media_type: $media_type,
            bytes: include_bytes!(concat!("../assets/", $path)),
            gzip: Some(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz"))),
        }
    };
}

macro_rules! script {
    ($name:literal, $path:literal) => {
        text!($name, $path, "text/javascript; charset=utf-8")
    };
}

macro_rules! font {
    ($name:literal) => {
        Asset {
            name: $name,
            media_type: "font/woff2",
            bytes: include_bytes!(concat!("../assets/vendor/", $name)),
            gzip: None,
        }
    };
}

/// The one script that was not written here. Pages use of it that an element asks for a part of the
/// page and puts it in its place, and nothing that would make code of a text.
pub const VENDORED_SCRIPT: &str = "htmx-4.0.1.min.js";

/// Every file.
pub const ALL: [Asset; 11] = [
    text!("trama.css", "trama.css", "text/css; charset=utf-8"),
    script!("live.js", "live.js"),
    script!("frame.js", "frame.js"),
    script!("session.js", "session.js"),
    script!("keys.js", "keys.js"),
    script!("slide.js", "slide.js"),
    script!("drafts.js", "drafts.js"),
    script!("htmx-4.0.1.min.js", "vendor/htmx-4.0.1.min.js"),
    font!("titillium-web-latin-400-normal.woff2"),
    font!("titillium-web-latin-600-normal.woff2"),
    font!("titillium-web-latin-700-normal.woff2"),
];

static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for asset in ALL {
        digest.update(asset.name);
        digest.update(asset.bytes);
    }
    hex(&digest.finalize()[..8])
});

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The address of the folder in which the files are.
pub fn folder() -> String {
    format!("/assets/{}", *DIGEST)
}

/// The file of this name in the folder with this digest; none for another digest.
pub fn find(digest: &str, name: &str) -> Option<Asset> {
    ALL.into_iter().find(|asset| asset.name == name && digest == *DIGEST)
}

/// What a page may load: style, scripts, fonts and pictures of its own, and nothing else. Scripts ask
/// us alone; nothing inline is run or styled.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
    connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vendor {
        file: Vec<Vendored>,
    }

    #[derive(Deserialize)]
    struct Vendored {
        path: String,
        licence: String,
        sha256: String,
    }

    #[test]
    fn vendored_files_are_the_ones_that_are_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/vendor");
        let list = std::fs::read_to_string(format!("{folder}/VENDOR.toml")).unwrap();
        let listed: Vendor = toml::from_str(&list).unwrap();
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "VENDOR.toml")
            .collect();
        found.sort();
        let mut paths: Vec<&str> = listed.file.iter().map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(paths, found);
        for file in &listed.file {
            let bytes = std::fs::read(format!("{folder}/{}", file.path)).unwrap();
            assert_eq!(hex(&Sha256::digest(bytes)), file.sha256, "{}", file.path);
            assert!(["OFL-1.1", "0BSD"].contains(&file.licence.as_str()), "{}", file.path);
        }
    }

    fn is_our_script(asset: &Asset) -> bool {
        asset.media_type.starts_with("text/javascript") && asset.name != VENDORED_SCRIPT
    }

    #[test]
    fn our_scripts_ask_only_us_and_make_no_code_or_markup_of_what_they_read() {
        for asset in ALL.iter().filter(|asset| is_our_script(asset)) {
            let script = std::str::from_utf8(asset.bytes).unwrap();
            for forbidden in [
                "http",
                "eval",
                "innerHTML",
                "insertAdjacent",
                "document.write",
                "Function(",
                "cookie",
            ] {
                assert!(!script.contains(forbidden), "{}: {forbidden}", asset.name);
            }
        }
    }

    #[test]
    fn what_is_sent_compressed_is_the_same_file_and_smaller() {
        for asset in ALL.iter().filter(|asset| asset.media_type.starts_with("text/")) {
            let packed = asset.gzip.unwrap();
            let mut unpacked = Vec::new();
            GzDecoder::new(packed).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == asset.bytes && packed.len() < asset.bytes.len(), "{}", asset.name);
        }
    }

    #[test]
    fn a_file_is_found_under_its_own_digest_only() {
        assert!(find(&DIGEST, "trama.css").is_some());
        assert!(find("0000000000000000", "trama.css").is_none());
        assert!(find(&DIGEST, "../Cargo.toml").is_none());
    }

    #[test]
    fn the_style_sheet_loads_nothing_from_elsewhere() {
        let css = std::str::from_utf8(ALL[0].bytes).unwrap();
        assert!(!css.contains("http") && !css.contains("@import"));
        for font in ALL.iter().filter(|asset| asset.media_type == "font/woff2") {
            assert!(css.contains(font.name), "{}", font.name);
        }
    }
}
