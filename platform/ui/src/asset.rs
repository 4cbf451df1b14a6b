//! The files that pages load, inside the program.

/// A file that pages load.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its bytes.
    pub bytes: &'static [u8],
    /// Its media type, with charset where it is text.
    pub content_type: &'static str,
    /// A strong entity tag, quotes included.
    pub etag: &'static str,
    /// Whether the path named this very version, so that it never changes and may be kept for ever.
    pub immutable: bool,
}

/// What changes whenever any asset does; pages put it into the path of all of them.
pub const VERSION: &str = include_str!(concat!(env!("OUT_DIR"), "/version.txt"));

const ETAG: &str = concat!("\"", include_str!(concat!(env!("OUT_DIR"), "/version.txt")), "\"");

macro_rules! assets {
    ($($path:literal $kind:literal)*) => {
        const ALL: &[(&str, &[u8], &str)] =
            &[$(($path, include_bytes!(concat!("../assets/", $path)), $kind)),*];
    };
}

assets! {
    "gallery.css" "text/css; charset=utf-8"
    "sakta.css" "text/css; charset=utf-8"
    "sakta.js" "text/javascript; charset=utf-8"
    "tokens.css" "text/css; charset=utf-8"
    "fonts/OFL-atkinson-hyperlegible-mono.txt" "text/plain; charset=utf-8"
    "fonts/OFL-commissioner.txt" "text/plain; charset=utf-8"
    "fonts/atkinson-hyperlegible-mono-latin-ext-wght-normal.woff2" "font/woff2"
    "fonts/atkinson-hyperlegible-mono-latin-wght-normal.woff2" "font/woff2"
    "fonts/commissioner-latin-ext-wght-normal.woff2" "font/woff2"
    "fonts/commissioner-latin-wght-normal.woff2" "font/woff2"
    "img/josta-v.svg" "image/svg+xml"
    "img/josta.svg" "image/svg+xml"
    "img/sakta.svg" "image/svg+xml"
}

/// The file at a path below `/assets/`: `sakta.css`, or `<version>/sakta.css` for ever.
///
/// A path of another version is not found: the page that named it is older than the program.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    let (name, immutable) = match path.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix('/'))
    {
        Some(name) => (name, true),
        None => (path, false),
    };
    let (_, bytes, content_type) = ALL.iter().find(|(known, _, _)| *known == name)?;
    Some(Asset { bytes, content_type, etag: ETAG, immutable })
}

/// The paths of all files, without version.
pub fn asset_names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_by_its_name_and_by_its_version() {
        let plain = asset("sakta.css").unwrap();
        assert!(!plain.immutable);
        let versioned = asset(&format!("{VERSION}/sakta.css")).unwrap();
        assert!(versioned.immutable);
        assert_eq!(plain.bytes, versioned.bytes);
        for path in ["", "/", "sakta", "../Cargo.toml", "0000000000000000/sakta.css"] {
            assert!(asset(path).is_none(), "{path}");
        }
    }

    #[test]
    fn every_file_in_the_folder_is_served_and_the_script_stays_small() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
        let mut found = 0;
        for entry in ["", "/fonts", "/img"] {
            for file in std::fs::read_dir(format!("{folder}{entry}")).unwrap() {
                found += usize::from(file.unwrap().path().is_file());
            }
        }
        assert_eq!(found, asset_names().count());
        assert!(asset("sakta.js").unwrap().bytes.len() < 10_000);
    }
}
