//! Which encoding a file is in, where its bytes are not UTF-8: byte order marks, UTF-16 and UTF-32
//! by their zero bytes, legacy encodings by the frequencies of letters (chardetng) and, for the
//! encodings that it does not know, by whether the letters make plausible words.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// How a file's bytes become characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one for each file, and it is not moved about"
)]
pub enum Charset {
    /// Valid or damaged; damage becomes U+FFFD.
    Utf8,
    Utf16 {
        big_endian: bool,
    },
    Utf32 {
        big_endian: bool,
    },
    /// One byte a character; the table is of the bytes from 0x80 on.
    SingleByte {
        name: &'static str,
        table: [char; 128],
    },
    /// Several bytes a character.
    MultiByte(&'static Encoding),
}

impl Charset {
    /// The name, as the WHATWG Encoding Standard and IANA write it.
    pub fn name(&self) -> &'static str {
        match self {
            Charset::Utf8 => "UTF-8",
            Charset::Utf16 { big_endian: true } => "UTF-16BE",
            Charset::Utf16 { big_endian: false } => "UTF-16LE",
            Charset::Utf32 { big_endian: true } => "UTF-32BE",
            Charset::Utf32 { big_endian: false } => "UTF-32LE",
            Charset::SingleByte { name, .. } => name,
            Charset::MultiByte(encoding) => encoding.name(),
        }
    }
}

/// How much of a file is looked at to find a legacy encoding, bytes.
const SAMPLE: usize = 256 * 1024;

/// The charset of a file, and the length of its byte order mark.
pub fn detect(bytes: &[u8]) -> (Charset, usize) {
    if let Some(marked) = byte_order_mark(bytes) {
        return marked;
    }
    let charset = wide(bytes).unwrap_or_else(|| match declared(bytes) {
        // Its escape sequences are ASCII, and so valid UTF-8.
        Some(Charset::MultiByte(encoding)) if encoding == encoding_rs::ISO_2022_JP => {
            Charset::MultiByte(encoding)
        }
        _ if std::str::from_utf8(bytes).is_ok() => Charset::Utf8,
        Some(declared) if declared != Charset::Utf8 || is_utf8(bytes) => declared,
        _ if is_utf8(bytes) => Charset::Utf8,
        _ => legacy(&bytes[..bytes.len().min(SAMPLE)]),
    });
    (charset, 0)
}

/// How much of a page is looked at for a declaration of its encoding, bytes. The HTML standard asks for
/// 1024; many pages have longer comments and scripts before it.
const PRESCAN: usize = 4096;

/// The encoding that a web page or an XML document says it is in: `<meta charset>`, `<meta
/// http-equiv>`, `<?xml encoding?>`. UTF-16 cannot be meant where this can be read (HTML Living
/// Standard, section 13.2.3.2).
fn declared(bytes: &[u8]) -> Option<Charset> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    if !head.trim_ascii_start().starts_with(b"<") {
        return None;
    }
    let head = head.to_ascii_lowercase();
    let in_xml = match head.trim_ascii_start().starts_with(b"<?xml") {
        true => label_after(&head, b"encoding", b"?>"),
        false => None,
    };
    let label = in_xml.or_else(|| {
        let metas = memchr::memmem::find_iter(&head, b"<meta");
        metas.filter_map(|at| label_after(head.get(at..)?, b"charset", b">")).next()
    })?;
    charset_of_label(label)
}

/// The value after a name and `=`, before the end of a tag; quotes may be around it.
fn label_after<'a>(text: &'a [u8], name: &[u8], end: &[u8]) -> Option<&'a [u8]> {
    let tag = &text[..memchr::memmem::find(text, end)?];
    for at in memchr::memmem::find_iter(tag, name) {
        let rest = tag.get(at + name.len()..)?.trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else { continue };
        let rest = rest.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
        let is_label = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_:.()+".contains(byte);
        let length = rest.iter().take_while(is_label).count();
        return rest.get(..length).filter(|label| !label.is_empty());
    }
    None
}

fn charset_of_label(label: &[u8]) -> Option<Charset> {
    match label {
        b"kz-1048" | b"strk1048-2002" | b"rk1048" => return Some(patched("KZ-1048", &KZ_1048)),
        b"ptcp154" | b"csptcp154" | b"pt154" | b"cp154" => {
            return Some(patched("PTCP154", &PTCP_154));
        }
        _ => {}
    }
    let encoding = Encoding::for_label(label)?;
    match encoding {
        _ if encoding == encoding_rs::UTF_8 => Some(Charset::Utf8),
        _ if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE => {
            Some(Charset::Utf8)
        }
        // What no browser decodes, and `x-user-defined`, which stands for no characters.
        _ if encoding == encoding_rs::REPLACEMENT || encoding == encoding_rs::X_USER_DEFINED => {
            None
        }
        _ if encoding.is_single_byte() => Some(single_byte(encoding)),
        _ => Some(Charset::MultiByte(encoding)),
    }
}

/// The charset of a name that a file gives (WHATWG labels, which hold those of IANA that are in use).
pub fn named(label: &str) -> Option<Charset> {
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    Some(match encoding {
        _ if encoding == encoding_rs::UTF_8 => Charset::Utf8,
        _ if encoding == encoding_rs::UTF_16LE => Charset::Utf16 { big_endian: false },
        _ if encoding == encoding_rs::UTF_16BE => Charset::Utf16 { big_endian: true },
        _ if encoding == encoding_rs::REPLACEMENT => return None,
        _ if encoding.is_single_byte() => single_byte(encoding),
        _ => Charset::MultiByte(encoding),
    })
}

fn byte_order_mark(bytes: &[u8]) -> Option<(Charset, usize)> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some((Charset::Utf8, 3)),
        [0xFF, 0xFE, 0, 0, ..] => Some((Charset::Utf32 { big_endian: false }, 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((Charset::Utf32 { big_endian: true }, 4)),
        [0xFF, 0xFE, ..] => Some((Charset::Utf16 { big_endian: false }, 2)),
        [0xFE, 0xFF, ..] => Some((Charset::Utf16 { big_endian: true }, 2)),
        _ => None,
    }
}

/// UTF-16 and UTF-32 without a mark: blanks, digits and line ends leave zero bytes, and always on the
/// same side of the unit.
fn wide(bytes: &[u8]) -> Option<Charset> {
    let sample = &bytes[..bytes.len().min(4096) / 4 * 4];
    let mut zeros = [0usize; 4];
    for quad in sample.chunks_exact(4) {
        for (place, byte) in quad.iter().enumerate() {
            zeros[place] += usize::from(*byte == 0);
        }
    }
    let quads = sample.len() / 4;
    let most = |count: usize| count * 10 > quads * 9;
    if quads < 4 {
        return None;
    }
    if most(zeros[2]) && most(zeros[3]) && !most(zeros[0]) {
        return Some(Charset::Utf32 { big_endian: false });
    }
    if most(zeros[0]) && most(zeros[1]) && !most(zeros[3]) {
        return Some(Charset::Utf32 { big_endian: true });
    }
    let (even, odd) = (zeros[0] + zeros[2], zeros[1] + zeros[3]);
    // One is a slip in a text of single bytes, however short that is.
    let some = |count: usize| count > 1 && count * 20 > quads * 2;
    match (some(even), some(odd)) {
        (false, true) if even * 10 <= odd => Some(Charset::Utf16 { big_endian: false }),
        (true, false) if odd * 10 <= even => Some(Charset::Utf16 { big_endian: true }),
        _ => None,
    }
}

/// Whether the bytes are UTF-8, damaged or not: text that is mostly valid UTF-8 is UTF-8 with damage.
fn is_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid, mut places) = (0usize, 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        let multibyte = chunk.valid().bytes().filter(|byte| (0xC2..=0xF4).contains(byte)).count();
        valid += multibyte;
        invalid += usize::from(!chunk.invalid().is_empty());
        // Bad bytes in a row are one place.
        places += usize::from(!chunk.invalid().is_empty() && !chunk.valid().is_empty());
    }
    // A lone bad byte in a long ASCII text is damage or Latin-1: the detector decides.
    invalid == 0 || valid > 0 && (valid >= invalid || valid >= 3 * places)
}

/// Encodings that the detector does not know, to be tried beside its guess.
fn unknown_to_detector(guess: &'static Encoding) -> Vec<Charset> {
    let is_cyrillic = [
        encoding_rs::WINDOWS_1251,
        encoding_rs::KOI8_U,
        encoding_rs::ISO_8859_5,
        encoding_rs::IBM866,
    ]
    .contains(&guess);
    let is_latin = [
        encoding_rs::WINDOWS_1252,
        encoding_rs::WINDOWS_1250,
        encoding_rs::WINDOWS_1254,
        encoding_rs::WINDOWS_1257,
        encoding_rs::ISO_8859_2,
        encoding_rs::ISO_8859_4,
    ]
    .contains(&guess);
    match (is_cyrillic, is_latin) {
        (true, _) => vec![
            single_byte(encoding_rs::WINDOWS_1251),
            patched("KZ-1048", &KZ_1048),
            patched("PTCP154", &PTCP_154),
            single_byte(encoding_rs::X_MAC_CYRILLIC),
        ],
        (_, true) => vec![single_byte(encoding_rs::MACINTOSH)],
        _ => Vec::new(),
    }
}

fn legacy(sample: &[u8]) -> Charset {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if !guess.is_single_byte() {
        return Charset::MultiByte(guess);
    }
    // The detector's own guess comes last, so that it wins a tie.
    let candidates = unknown_to_detector(guess).into_iter().chain([single_byte(guess)]);
    candidates
        .max_by_key(|charset| match charset {
            Charset::SingleByte { table, .. } => plausibility(sample, table),
            _ => i64::MIN,
        })
        .unwrap_or(Charset::Utf8)
}

/// Letters that one language beside Russian adds to the Cyrillic alphabet: a text has those of one.
const CYRILLIC_ALPHABETS: [&str; 6] =
    ["ґєіїҐЄІЇ", "іўІЎ", "ђјљњћџЂЈЉЊЋЏ", "ѓѕјљњќџЃЅЈЉЊЌЏ", "әғқңөұүһіӘҒҚҢӨҰҮҺІ", "ҷӣқғӯҳҶӢҚҒӮҲ"];

/// How much a decoding looks like words: foreign letters, capitals and signs inside words count
/// against it.
fn plausibility(sample: &[u8], table: &[char; 128]) -> i64 {
    let mut foreign = [0i64; CYRILLIC_ALPHABETS.len()];
    let (mut oddities, mut before) = (0i64, [' '; 2]);
    for &byte in sample {
        let c = high(byte, table);
        let is_added = matches!(c, '\u{400}'..='\u{52F}') && !is_russian(c);
        for (count, letters) in foreign.iter_mut().zip(CYRILLIC_ALPHABETS) {
            *count += i64::from(is_added && !letters.contains(c));
        }
        let [first, middle] = before;
        let is_sign = !middle.is_ascii() && !middle.is_alphabetic();
        oddities += i64::from(middle.is_lowercase() && c.is_uppercase());
        oddities += i64::from(is_sign && first.is_alphabetic() && c.is_alphabetic()) * 2;
        before = [middle, c];
    }
    let misfits = foreign.into_iter().min().unwrap_or(0);
    -(misfits * 2 + oddities)
}

fn is_russian(c: char) -> bool {
    matches!(c, '\u{410}'..='\u{44F}' | 'ё' | 'Ё')
}

/// The character of a byte.
pub fn high(byte: u8, table: &[char; 128]) -> char {
    match byte.checked_sub(128) {
        None => byte as char,
        Some(place) => table.get(usize::from(place)).copied().unwrap_or('\u{FFFD}'),
    }
}

fn single_byte(encoding: &'static Encoding) -> Charset {
    let mut table = ['\u{FFFD}'; 128];
    for (place, byte) in (128..=255u8).enumerate() {
        let decoded = encoding.decode_without_bom_handling(&[byte]).0.chars().next();
        table[place] = decoded.unwrap_or('\u{FFFD}');
    }
    Charset::SingleByte { name: encoding.name(), table }
}

/// Windows-1251 with some places taken by other letters.
fn patched(name: &'static str, places: &[(u8, char)]) -> Charset {
    let Charset::SingleByte { mut table, .. } = single_byte(encoding_rs::WINDOWS_1251) else {
        return Charset::Utf8;
    };
    for &(byte, c) in places {
        table[usize::from(byte) - 128] = c;
    }
    Charset::SingleByte { name, table }
}

/// Kazakh Cyrillic (STRK1048-2002, RFC 1345 style registration at IANA), where it differs from
/// Windows-1251.
const KZ_1048: [(u8, char); 16] = [
    (0x8D, 'Қ'),
    (0x8E, 'Һ'),
    (0x9D, 'қ'),
    (0x9E, 'һ'),
    (0xA1, 'Ұ'),
    (0xA2, 'ұ'),
    (0xA3, 'Ә'),
    (0xA5, 'Ө'),
    (0xAA, 'Ғ'),
    (0xAF, 'Ү'),
    (0xB4, 'ө'),
    (0xBA, 'ғ'),
    (0xBC, 'ә'),
    (0xBD, 'Ң'),
    (0xBE, 'ң'),
    (0xBF, 'ү'),
];

/// Asian Cyrillic (ParaType PTCP154, registered at IANA), where it differs from Windows-1251.
const PTCP_154: [(u8, char); 37] = [
    (0x80, 'Җ'),
    (0x81, 'Ғ'),
    (0x82, 'Ӯ'),
    (0x83, 'ғ'),
    (0x86, 'Ҷ'),
    (0x87, 'Ү'),
    (0x88, 'Ҳ'),
    (0x89, 'ү'),
    (0x8A, 'Ҡ'),
    (0x8B, 'Ӣ'),
    (0x8C, 'Ң'),
    (0x8D, 'Қ'),
    (0x8E, 'Һ'),
    (0x8F, 'Ҹ'),
    (0x90, 'җ'),
    (0x98, 'ҳ'),
    (0x99, 'ҷ'),
    (0x9A, 'ҡ'),
    (0x9B, 'ӣ'),
    (0x9C, 'ң'),
    (0x9D, 'қ'),
    (0x9E, 'һ'),
    (0x9F, 'ҹ'),
    (0xA1, 'Ў'),
    (0xA4, 'Ө'),
    (0xA5, 'Ҙ'),
    (0xA6, 'Ұ'),
    (0xAA, 'Ә'),
    (0xAD, 'ӯ'),
    (0xAF, 'Ҝ'),
    (0xB1, 'ұ'),
    (0xB4, 'ҙ'),
    (0xB5, 'ө'),
    (0xBA, 'ә'),
    (0xBD, 'Ҫ'),
    (0xBE, 'ҫ'),
    (0xBF, 'ҝ'),
];
