//! The labels of items in a text without its blocks: `2. UCW`, `(b) to inspect`, `iv. fines`.

use std::ops::Range;

use rustc_hash::FxHashSet;

/// The lower-case Roman numbers that are told from words.
const ROMAN: [&str; 20] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
    "xvi", "xvii", "xviii", "xix", "xx",
];

/// What a label counts in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Counting {
    Digits,
    Letters,
    Roman,
}

/// A label at the beginning of a line.
struct Label<'t> {
    bytes: Range<usize>,
    /// The sign behind it.
    close: char,
    inside: &'t str,
    begins_paragraph: bool,
}

/// The bytes of the labels at the beginnings of lines, with the blank behind each, in order. Beside the first line of a
/// paragraph it is one only where another counts on from it, or it from another: a line of running text may begin with
/// a number too.
pub fn labels(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Label<'_>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let before = text.get(..start).unwrap_or_default();
        let begins_paragraph = before.is_empty() || before.ends_with("\n\n");
        found.extend(label(line, start, begins_paragraph));
        start += line.len();
    }
    let known: FxHashSet<(char, Counting, u32)> = found
        .iter()
        .flat_map(|it| values(it.inside).map(|(how, value)| (it.close, how, value)))
        .collect();
    let has_neighbour = |it: &Label<'_>| {
        values(it.inside).any(|(how, value)| {
            known.contains(&(it.close, how, value + 1))
                || value > 0 && known.contains(&(it.close, how, value - 1))
        })
    };
    found.retain(|it| it.begins_paragraph || has_neighbour(it));
    found.into_iter().map(|it| it.bytes).collect()
}

/// The label that a line begins with.
fn label(line: &str, start: usize, begins_paragraph: bool) -> Option<Label<'_>> {
    const LONGEST: usize = 8;
    let open = usize::from(line.starts_with('('));
    let window = line.get(open..line.floor_char_boundary(LONGEST))?;
    let length = window.find(['.', ')'])?;
    let (inside, close) = (window.get(..length)?, window[length..].chars().next()?);
    let end = open + length + 1;
    let is_label = (open == 0 || close == ')')
        && line.get(end..)?.starts_with(' ')
        && values(inside).next().is_some();
    is_label.then(|| Label { bytes: start..start + end + 1, close, inside, begins_paragraph })
}

/// What a label may count: `i` is one, and the ninth letter.
fn values(inside: &str) -> impl Iterator<Item = (Counting, u32)> + use<> {
    let is_number = inside.len() <= 3 && inside.bytes().all(|byte| byte.is_ascii_digit());
    let number = inside.parse().ok().filter(|_| is_number);
    let lower = inside.to_ascii_lowercase();
    let letter = match lower.as_bytes() {
        [letter @ b'a'..=b'z'] => Some(u32::from(*letter)),
        _ => None,
    };
    let is_one_case = lower == inside || inside.bytes().all(|byte| byte.is_ascii_uppercase());
    let roman = ROMAN.iter().position(|roman| *roman == lower).filter(|_| is_one_case);
    [
        number.map(|number| (Counting::Digits, number)),
        letter.map(|letter| (Counting::Letters, letter)),
        roman.map(|at| (Counting::Roman, at as u32 + 1)),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::labels;

    #[test]
    fn labels_count_on_or_begin_a_paragraph() {
        let of =
            |text: &str| labels(text).into_iter().map(|it| text[it].to_owned()).collect::<Vec<_>>();
        assert_eq!(of("7. UCW. Understanding\n8. ILO"), ["7. ", "8. "]);
        assert_eq!(
            of("As follows:\n(a) one\n(b) two\nii) x\niii) y"),
            ["(a) ", "(b) ", "ii) ", "iii) "]
        );
        // A line of running text, an initial, a decimal.
        assert_eq!(of("It grew by\n12. That was\n1.5 more, as\nA. Smith said"), [""; 0]);
        assert_eq!(of("one\n\n12. Later\n2014. The"), ["12. "]);
    }
}
