//! What the bytes of a part mean: the encoding for transport, then the charset; and the way back.

use super::header::Transfer;
use crate::read::decode::{Offsets, Stretches, decode};
use crate::read::encoding::{Charset, detect, named};

/// The bytes of a part as they were before transport, where each came from, and whether characters of
/// the one stand for characters of the other. `start` is where the
/// part begins in its message. `is_quoted`: lines that begin with `From ` were given a `>`, as
/// mailboxes do.
pub fn received(
    body: &[u8],
    start: usize,
    transfer: Transfer,
    is_quoted: bool,
) -> (Vec<u8>, Offsets, bool) {
    let is_exact = transfer != Transfer::Base64 || !is_base64(body);
    let (bytes, offsets) = match transfer {
        _ if !is_exact => base64(body, start),
        Transfer::QuotedPrintable => quoted_printable(body, start),
        _ if is_quoted => unquoted(body, start),
        _ => {
            let mut offsets = Stretches::new();
            offsets.equal(body.len(), start);
            (body.to_vec(), offsets.finish())
        }
    };
    (bytes, offsets, is_exact)
}

/// The text of a part, and the way back to its bytes. A charset that cannot be, or is named out of
/// habit, is not believed.
pub fn text(bytes: &[u8], charset: Option<&str>) -> (String, Offsets) {
    let is_utf_8 = std::str::from_utf8(bytes).is_ok();
    let given = charset.and_then(named).filter(|charset| match charset {
        Charset::Utf8 => is_utf_8,
        Charset::SingleByte { name: "windows-1252", .. } => !is_utf_8,
        _ => true,
    });
    let (charset, skip) = given.map_or_else(|| detect(bytes), |charset| (charset, 0));
    let decoded = decode(bytes, &charset, skip);
    (decoded.text.into_owned(), decoded.offsets)
}

/// What base64 stands for (RFC 4648): four characters for three bytes. Others, such as line ends, are
/// passed over.
fn base64(body: &[u8], start: usize) -> (Vec<u8>, Offsets) {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let mut offsets = Stretches::new();
    let (mut bits, mut count, mut first) = (0u32, 0, 0);
    for (at, byte) in body.iter().enumerate() {
        let Some(value) = sextet(*byte) else {
            if *byte == b'=' && count > 1 {
                end_group(bits, count, &mut bytes);
                offsets.unit(count - 1, start + first..start + at + 1);
                count = 0;
            }
            continue;
        };
        if count == 0 {
            (first, bits) = (at, 0);
        }
        bits = bits << 6 | value;
        count += 1;
        if count == 4 {
            end_group(bits, count, &mut bytes);
            offsets.unit(3, start + first..start + at + 1);
            count = 0;
        }
    }
    if count > 1 {
        end_group(bits, count, &mut bytes);
        offsets.unit(count - 1, start + first..start + body.len());
    }
    (bytes, offsets.finish())
}

/// The bytes of a group of two to four characters.
fn end_group(bits: u32, count: usize, bytes: &mut Vec<u8>) {
    let bits = bits << (6 * (4 - count.min(4)));
    bytes.extend_from_slice(&bits.to_be_bytes()[1..count.clamp(1, 4)]);
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Whether a part is what it is said to be: a text that is not encoded has many other characters.
fn is_base64(body: &[u8]) -> bool {
    let seen = body.iter().take(4096).filter(|byte| !byte.is_ascii_whitespace());
    let (mut others, mut all) = (0usize, 0usize);
    for byte in seen {
        others += usize::from(sextet(*byte).is_none() && *byte != b'=');
        all += 1;
    }
    // Text of words only has blanks instead.
    let blanks = body.iter().take(4096).filter(|byte| **byte == b' ').count();
    others * 20 <= all && blanks * 20 <= all
}

/// What quoted-printable stands for (RFC 2045, section 6.7). What is no escape stands for itself.
fn quoted_printable(body: &[u8], start: usize) -> (Vec<u8>, Offsets) {
    let mut bytes = Vec::with_capacity(body.len());
    let mut offsets = Stretches::new();
    let mut at = 0;
    while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr::memchr2(b'=', b'\n', rest).unwrap_or(rest.len());
        let plain = rest.get(..length).unwrap_or_default();
        let (is_line, is_escape) = (rest.get(length) == Some(&b'\n'), length < rest.len());
        let line = plain.strip_suffix(b"\r").filter(|_| is_line).unwrap_or(plain);
        // Blanks at the end of a line were added on the way.
        let kept = if is_line { line.trim_ascii_end().len() } else { plain.len() };
        bytes.extend_from_slice(&plain[..kept]);
        offsets.equal(kept, start + at);
        at += length;
        if is_line {
            let end = plain.get(line.len()..).unwrap_or_default();
            bytes.extend_from_slice(end);
            bytes.push(b'\n');
            offsets.equal(end.len() + 1, start + at - end.len());
            at += 1;
        } else if is_escape {
            at += escape(&rest[length..], start + at, &mut bytes, &mut offsets);
        }
    }
    (bytes, offsets.finish())
}

/// Reads what begins with `=`; how long it is.
fn escape(text: &[u8], start: usize, bytes: &mut Vec<u8>, offsets: &mut Stretches) -> usize {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    if let (Some(high), Some(low)) = (digit(1), digit(2)) {
        bytes.push((high << 4 | low) as u8);
        offsets.unit(1, start..start + 3);
        return 3;
    }
    let blanks = text[1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
    if matches!(text.get(1 + blanks), None | Some(b'\n')) {
        return (2 + blanks).min(text.len());
    }
    bytes.push(b'=');
    offsets.equal(1, start);
    1
}

/// Takes back the `>` that mailboxes put before `From ` at the start of a line, and before those that
/// have one already (the format `mboxrd`).
fn unquoted(body: &[u8], start: usize) -> (Vec<u8>, Offsets) {
    let mut bytes = Vec::with_capacity(body.len());
    let mut offsets = Stretches::new();
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let is_quoted = marks > 0 && line[marks..].starts_with(b"From ");
        let skip = usize::from(is_quoted);
        bytes.extend_from_slice(&line[skip..]);
        offsets.equal(line.len() - skip, start + at + skip);
        at += line.len();
    }
    (bytes, offsets.finish())
}
