//! How lines of reStructuredText show what they are: adornments, bullets, enumerators, fields.

use crate::read::numbers::{Numerals, Ordered, Pattern};

/// Whether a line is nothing but one sign, again and again.
pub fn adornment(line: &str) -> Option<char> {
    let line = line.trim_end();
    let first = line.chars().next().filter(char::is_ascii_punctuation)?;
    (line.len() >= 2 && line.bytes().all(|byte| byte == first as u8)).then_some(first)
}

/// Columns that a text takes: letters of Chinese, Japanese and Korean take two.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Columns that a character takes (the wide blocks of UAX #11, and combining marks).
pub fn char_width(c: char) -> usize {
    match c as u32 {
        0x300..=0x36F | 0x200B..=0x200D => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 2,
        0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// The length of a bullet with the blanks after it.
pub fn bullet(text: &str) -> Option<usize> {
    let mark = text.chars().next().filter(|c| "*+-•‣⁃".contains(*c))?.len_utf8();
    after_mark(text, mark)
}

/// The length of an enumerator with the blanks after it: `1.`, `(a)`, `iv)`, `#.`
pub fn enumerator(text: &str) -> Option<usize> {
    let open = usize::from(text.starts_with('('));
    let rest = text.get(open..)?;
    let length =
        rest.bytes().take(8).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
    let label = rest.get(..length)?;
    let is_label = label == "#"
        || label.bytes().all(|byte| byte.is_ascii_digit())
        || label.len() == 1
        || ["ivxlcdm", "IVXLCDM"].iter().any(|roman| label.chars().all(|c| roman.contains(c)));
    let close = rest.as_bytes().get(length)?;
    let fits = matches!(close, b')') || (open == 0 && *close == b'.');
    (length > 0 && is_label && fits).then(|| after_mark(text, open + length + 1)).flatten()
}

/// The list that an item with this enumerator is the first of.
pub fn numbers(enumerator: &str) -> Ordered {
    let inside = enumerator.trim_matches(['(', ')', '.']);
    let is_decimal = inside == "#" || inside.bytes().all(|byte| byte.is_ascii_digit());
    let first = if is_decimal { enumerator.replace(inside, "1") } else { enumerator.to_owned() };
    let pattern = Pattern::like(&first).filter(|pattern| pattern.label(1) == first);
    Ordered::new(pattern.unwrap_or_else(|| Pattern::new("", Numerals::Decimal, ".")), 1)
}

fn after_mark(text: &str, mark: usize) -> Option<usize> {
    let rest = text.get(mark..)?;
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    (blanks > 0 || rest.is_empty()).then_some(mark + blanks)
}

/// The length of a field's name, without its colons, and that of the marker with the blanks after it.
pub fn field(text: &str) -> Option<(usize, usize)> {
    let rest = text.strip_prefix(':').filter(|rest| !rest.starts_with([':', ' ', '`']))?;
    let mut from = 0;
    loop {
        let at = from + rest.get(from..)?.find(':')?;
        if rest.as_bytes().get(at.wrapping_sub(1)) != Some(&b'\\')
            && let Some(marker) = after_mark(text, at + 2)
        {
            return Some((at, marker));
        }
        // A role in the name, or text that begins with one.
        if rest.as_bytes().get(at + 1) == Some(&b'`') {
            return None;
        }
        from = at + 1;
    }
}

/// Whether a line begins an item of a list of options: `-a`, `--all=FILE  description`, `/V`.
pub fn is_option(text: &str) -> bool {
    let first = text.split([' ', ',', '=']).next().unwrap_or_default();
    let is_long = first.strip_prefix("--").is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    });
    let is_short = first.len() == 2
        && first.starts_with(['-', '/'])
        && first.ends_with(|c: char| c.is_ascii_alphanumeric());
    (is_long || is_short) && (text.contains("  ") || text.trim_end() == first)
}

/// The name of a directive, and where its arguments begin.
pub fn directive(text: &str) -> Option<(&str, usize)> {
    let end = text.get(..text.floor_char_boundary(80))?.find("::")?;
    let name = text.get(..end)?.trim_end();
    let is_name = |c: char| c.is_alphanumeric() || "-_.+:".contains(c);
    let fits = !name.is_empty() && name.chars().all(is_name) && !name.ends_with(':');
    let rest = text.get(end + 2..)?;
    let blanks = rest.len() - rest.trim_start().len();
    (fits && (blanks > 0 || rest.is_empty())).then_some((name, end + 2 + blanks))
}

/// Whether a line is the border of a simple table: `=====  ====`.
pub fn is_simple_border(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("==") && line.contains(' ') && line.bytes().all(|b| matches!(b, b'=' | b' '))
}

/// Whether a line is the top of a grid table: `+----+---+`.
pub fn is_grid_border(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3
        && line.starts_with("+-")
        && line.ends_with('+')
        && line.bytes().all(|byte| matches!(byte, b'+' | b'-'))
}
