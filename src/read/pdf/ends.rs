//! Whether the objects of a PDF end. Where an index of objects is damaged, the library looks for them by trying
//! each place where one might begin, up to where it ends: the end of the file, for a string that nothing closes.
//! Many such take time with the square of the file's length, so that they are walked here first, with a limit.

use memchr::memmem;

/// Bytes that may be walked in any file, and how many times its length beside them: sound objects are walked
/// once, and once more for each dictionary that they stand in.
const ALWAYS: usize = 256 << 20;
const TIMES: usize = 64;
/// How deep objects stand within one another. The library goes deeper: that makes it slower, but no more so in
/// longer files.
const DEPTH: usize = 64;

/// Whether all objects of a file can be looked for in time.
pub fn are_near(bytes: &[u8]) -> bool {
    let mut left = ALWAYS + TIMES.saturating_mul(bytes.len());
    let dictionaries = memmem::find_iter(bytes, b"<<");
    let objects = memmem::find_iter(bytes, b" obj").map(|at| at + b" obj".len());
    for start in dictionaries.chain(objects) {
        let end = object(bytes, start);
        let end = end + stream(bytes.get(end..).unwrap_or_default());
        let Some(rest) = left.checked_sub(end - start) else { return false };
        left = rest;
    }
    true
}

/// Where the walk through an object ends: behind it, or where it goes on no more.
fn object(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let is_double = rest.get(1) == Some(&byte);
        match byte {
            b'(' => at += string(rest),
            b'%' => at += rest.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(rest.len()),
            b'<' if !is_double => at += 1 + hexadecimal(rest.get(1..).unwrap_or_default()),
            b'<' | b'[' if depth < DEPTH => {
                depth += 1;
                at += if byte == b'<' { 2 } else { 1 };
            }
            b']' | b'>' if depth > 0 => {
                depth -= 1;
                at += if byte == b'>' && is_double { 2 } else { 1 };
            }
            b'<' | b'[' | b']' | b'>' | b')' | b'{' | b'}' => return at,
            _ if depth == 0 && !byte.is_ascii_whitespace() => return at,
            _ => at += 1,
        }
        if depth == 0 && b"(<>]".contains(&byte) {
            return at;
        }
    }
    at
}

/// The length of a string with its brackets; of all that is left, where nothing closes it.
fn string(bytes: &[u8]) -> usize {
    let mut open = 0_usize;
    let mut bytes_left = bytes.iter().enumerate();
    while let Some((at, byte)) = bytes_left.next() {
        match byte {
            b'\\' => {
                bytes_left.next();
            }
            b'(' => open += 1,
            b')' if open == 1 => return at + 1,
            b')' => open -= 1,
            _ => {}
        }
    }
    bytes.len()
}

/// The length of digits, with the white space between and the bracket behind them.
fn hexadecimal(bytes: &[u8]) -> usize {
    let is_one = |byte: &u8| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace();
    let digits = bytes.iter().position(|byte| !is_one(byte)).unwrap_or(bytes.len());
    digits + usize::from(bytes.get(digits) == Some(&b'>'))
}

/// The length of a stream that follows an object.
fn stream(bytes: &[u8]) -> usize {
    let bytes = bytes.trim_ascii_start();
    if !bytes.starts_with(b"stream") {
        return 0;
    }
    memmem::find(bytes, b"endstream").unwrap_or(bytes.len())
}
