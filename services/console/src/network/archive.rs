//! A ZIP file whose entries are stored as they are: small enough, and packed on the wire anyway.
//! Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.

/// Version that whoever reads it must know: 1.0.
const VERSION: u16 = 10;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1 January 1980, the first day that the format knows: the file has no day of its own.
const DAY: u16 = 0x21;

/// A file of files, each at most 4 GiB.
#[derive(Debug, Default)]
pub(super) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Archive {
    /// Adds a file. One that would not fit the format is cut by nobody here: callers bound it.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) {
        let start = size(self.bytes.len());
        let facts = facts(name, content);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&facts);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(content);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&facts);
        // No comment, first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
    }

    /// The whole file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let (start, length) = (size(self.bytes.len()), size(self.directory.len()));
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

/// What both headers of a file say of it.
fn facts(name: &str, content: &[u8]) -> Vec<u8> {
    let mut facts = Vec::with_capacity(26);
    // Stored, at midnight.
    for half in [VERSION, FLAGS, 0, 0, DAY] {
        facts.extend(half.to_le_bytes());
    }
    for word in [checksum(content), size(content.len()), size(content.len())] {
        facts.extend(word.to_le_bytes());
    }
    facts.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
    // Nothing further.
    facts.extend([0; 2]);
    facts
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// CRC-32, bit by bit. Source: APPNOTE.TXT 4.4.7, ISO 3309.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b""), 0);
    }

    #[test]
    fn a_file_is_found_where_the_directory_says() {
        let mut archive = Archive::default();
        archive.add("a", b"first");
        archive.add("folder/b", b"second");
        let bytes = archive.finish();
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let directory = usize::try_from(word(end + 16)).unwrap();
        assert_eq!(&bytes[directory..directory + 4], b"PK\x01\x02");
        let second = directory + 46 + 1;
        assert_eq!(&bytes[second + 46..second + 54], b"folder/b");
        let local = usize::try_from(word(second + 42)).unwrap();
        assert_eq!(&bytes[local..local + 4], b"PK\x03\x04");
        assert_eq!(&bytes[local + 30 + 8..local + 30 + 14], b"second");
    }
}
