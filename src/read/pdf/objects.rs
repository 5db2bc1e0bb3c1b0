//! What PDF objects hold: text strings, numbers, and ways into dictionaries that end.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

/// The characters of `PDFDocEncoding` that are not those of Latin-1 (ISO 32000-1, annex D.2).
const DOC_ENCODING: [(u8, char); 41] = [
    (0x18, '\u{2d8}'),
    (0x19, '\u{2c7}'),
    (0x1a, '\u{2c6}'),
    (0x1b, '\u{2d9}'),
    (0x1c, '\u{2dd}'),
    (0x1d, '\u{2db}'),
    (0x1e, '\u{2da}'),
    (0x1f, '\u{2dc}'),
    (0x80, '•'),
    (0x81, '†'),
    (0x82, '‡'),
    (0x83, '…'),
    (0x84, '—'),
    (0x85, '–'),
    (0x86, 'ƒ'),
    (0x87, '⁄'),
    (0x88, '‹'),
    (0x89, '›'),
    (0x8a, '−'),
    (0x8b, '‰'),
    (0x8c, '„'),
    (0x8d, '“'),
    (0x8e, '”'),
    (0x8f, '‘'),
    (0x90, '’'),
    (0x91, '‚'),
    (0x92, '™'),
    (0x93, 'ﬁ'),
    (0x94, 'ﬂ'),
    (0x95, 'Ł'),
    (0x96, 'Œ'),
    (0x97, 'Š'),
    (0x98, 'Ÿ'),
    (0x99, 'Ž'),
    (0x9a, 'ı'),
    (0x9b, 'ł'),
    (0x9c, 'œ'),
    (0x9d, 'š'),
    (0x9e, 'ž'),
    (0xa0, '€'),
    (0xad, '\u{ad}'),
];

/// Decodes a text string: UTF-16 or UTF-8 with its mark in front, else `PDFDocEncoding`.
pub fn text(bytes: &[u8]) -> String {
    let utf16 = |from_bytes: fn([u8; 2]) -> u16, rest: &[u8]| {
        let (pairs, _) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|&pair| from_bytes(pair)).collect();
        String::from_utf16_lossy(&units)
    };
    let decoded = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(u16::from_be_bytes, rest),
        [0xff, 0xfe, rest @ ..] => utf16(u16::from_le_bytes, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|&byte| doc_encoded(byte)).collect(),
    };
    // An escape in a text string names a language, up to the next escape.
    let parts = decoded.split('\u{1b}').enumerate().filter(|(index, _)| index % 2 == 0);
    parts.flat_map(|(_, part)| part.chars()).filter(|&c| c != '\0').collect()
}

fn doc_encoded(byte: u8) -> char {
    match DOC_ENCODING.iter().find(|(code, _)| *code == byte) {
        Some(&(_, c)) => c,
        None => char::from(byte),
    }
}

/// A text string of a dictionary, decoded and with its white space folded; `None` when it is empty.
pub fn text_of(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    let bytes = dict.get::<PdfString<'_>>(key)?;
    let text = super::super::builder::collapse(&text(bytes.as_bytes()));
    (!text.is_empty()).then_some(text)
}

/// A name of a dictionary.
pub fn name_of(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    dict.get::<Name<'_>>(key).map(|name| name.as_str().to_owned())
}

/// The data of a stream, at most so many bytes: the library inflates whatever comes, and a small file can
/// come to gigabytes. `None` where it cannot be decoded.
pub fn decoded<'a>(stream: &Stream<'a>, most: usize) -> Option<Cow<'a, [u8]>> {
    let (dict, filters) = (stream.dict(), stream.filters());
    let is_plain = !dict.contains_key(b"DecodeParms") && !dict.contains_key(b"DP");
    if !is_plain || filters.iter().any(|filter| *filter != Filter::FlateDecode) {
        return stream.decoded_data().ok();
    }
    let mut data = stream.raw_data();
    for _ in filters {
        let mut inflated = Vec::new();
        let whole = ZlibDecoder::new(&*data).take(most as u64).read_to_end(&mut inflated);
        // What comes before the damage is text all the same; the library knows ways to more.
        if whole.is_err() && inflated.is_empty() {
            return stream.decoded_data().ok();
        }
        data = Cow::Owned(inflated);
    }
    Some(data)
}

/// The members of an entry that may be one object or an array of them.
pub fn members<'a>(dict: &Dict<'a>, key: &[u8]) -> Vec<Object<'a>> {
    match dict.get::<Object<'a>>(key) {
        Some(Object::Array(array)) => array.iter::<Object<'a>>().collect(),
        Some(Object::Null(_)) | None => Vec::new(),
        Some(object) => vec![object],
    }
}

/// The numbers of an array.
pub fn numbers(array: &Array<'_>) -> Vec<f64> {
    let objects = array.iter::<Object<'_>>().take(64);
    objects.filter_map(|object| object.into_number()).map(|number| number.as_f64()).collect()
}

/// A dictionary, be it of a stream or not.
pub fn dict_of<'a>(object: &Object<'a>) -> Option<Dict<'a>> {
    match object {
        Object::Dict(dict) => Some(dict.clone()),
        Object::Stream(stream) => Some(stream.dict().clone()),
        _ => None,
    }
}
