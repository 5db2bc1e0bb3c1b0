//! The laws of locations, for one document: what it says of its places in the file is so. The tests and
//! the fuzzer hold readers to them.

use std::ops::Range;

use encoding_rs::Encoding;
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tipsearch::document::{Document, Grain, Run};
use tipsearch::passage::{Cut, PassageSize, cut};
use tipsearch::read::builder::collapse;
use tipsearch::read::source::Source;

/// Whether it is known what text stands for in its source that does not stand there as it is.
// Two programs hold readers to these laws, and the tests need fewer of them.
#[allow(dead_code)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// An entity, or white space: all that Markdown, wikitext and plain text have.
    Known,
    /// Whatever the format has.
    Open,
    /// The same, and some text is made: the names of columns come again in every row.
    Made,
}

/// All laws of locations, for a document and the file that it was read from.
pub fn checked_places(
    document: &Document,
    source: &Source<'_>,
    bytes: &[u8],
    meaning: Meaning,
) -> TestCaseResult {
    for run in &document.map.runs {
        checked_run(document, source, bytes, run, meaning)?;
    }
    let in_order =
        document.map.runs.windows(2).all(|pair| pair[0].text + pair[0].text_len <= pair[1].text);
    prop_assert!(in_order, "runs overlap");
    for cut in cut(document, PassageSize { target: 40, max: 60 }) {
        checked_passage(document, &cut, meaning)?;
        if let Some(place) = &cut.location.bytes {
            prop_assert!(place.start < place.end && place.end <= bytes.len(), "{place:?}");
            prop_assert_eq!(cut.location.lines, Some(document.lines_of(place)));
            checked_lines(document, bytes, place, source.encoding)?;
        }
    }
    for place in document.sections.iter().filter_map(|section| section.source.as_ref()) {
        prop_assert!(source.slice(place.clone()).is_some_and(|line| !line.is_empty()), "{place:?}");
        checked_lines(document, bytes, place, source.encoding)?;
    }
    Ok(())
}

/// Decodes a piece of a file apart from what reads it; `None` where that cannot be done for a piece.
fn decoded(bytes: &[u8], encoding: &str) -> Option<String> {
    // What is left over at the end of a file is no character.
    let rest = |width: usize| (!bytes.len().is_multiple_of(width)).then_some('\u{FFFD}');
    let units = |unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|&pair| unit(pair));
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).chain(rest(2)).collect()
    };
    let quads = |quad: fn([u8; 4]) -> u32| {
        let quads = bytes.as_chunks().0.iter().map(|&four| quad(four));
        quads.map(|number| char::from_u32(number).unwrap_or('\u{FFFD}')).chain(rest(4)).collect()
    };
    match encoding {
        "UTF-16LE" => Some(units(u16::from_le_bytes)),
        "UTF-16BE" => Some(units(u16::from_be_bytes)),
        "UTF-32LE" => Some(quads(u32::from_le_bytes)),
        "UTF-32BE" => Some(quads(u32::from_be_bytes)),
        // Which characters its bytes are depends on what stands before them.
        "ISO-2022-JP" => None,
        name => {
            let encoding = Encoding::for_label(name.as_bytes())?;
            Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
        }
    }
}

/// The line (one-based) of an offset in a file, by counting the ends of lines before it.
fn line_of(bytes: &[u8], offset: usize, encoding: &str) -> usize {
    let width = match encoding {
        "UTF-16LE" | "UTF-16BE" => 2,
        "UTF-32LE" | "UTF-32BE" => 4,
        _ => {
            let ends = memchr::memchr2_iter(b'\n', b'\r', &bytes[..offset]);
            let whole = ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
            return 1 + whole.count();
        }
    };
    let is_little = encoding.ends_with("LE");
    let unit = |chunk: &[u8]| -> u32 {
        let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        if is_little { chunk.iter().rev().fold(0, add) } else { chunk.iter().fold(0, add) }
    };
    let units: Vec<u32> = bytes.chunks(width).map(unit).collect();
    let ends_at = |index: usize| match units[index] {
        0x0A => true,
        0x0D => units.get(index + 1) != Some(&0x0A),
        _ => false,
    };
    1 + (0..offset / width).filter(|&index| ends_at(index)).count()
}

/// Whether an offset stands before the line end that ends the file: no line begins after it.
fn checked_lines(
    document: &Document,
    bytes: &[u8],
    place: &Range<usize>,
    encoding: &str,
) -> TestCaseResult {
    let lines = (line_of(bytes, place.start, encoding), line_of(bytes, place.end - 1, encoding));
    let found = document.lines_of(place);
    // Damage may part a line end of two units, which the two ways of counting then see otherwise.
    let slack = usize::from(encoding.starts_with("UTF-16") || encoding.starts_with("UTF-32"));
    let is_near = found.0.abs_diff(lines.0) <= slack && found.1.abs_diff(lines.1) <= slack;
    prop_assert!(is_near, "bytes {place:?}: {found:?}, not {lines:?}");
    Ok(())
}

/// A run's text is what its bytes mean, both by the source's own account and by another decoder's.
fn checked_run(
    document: &Document,
    source: &Source<'_>,
    bytes: &[u8],
    run: &Run,
    meaning: Meaning,
) -> TestCaseResult {
    let place = run.source..run.source + run.source_len;
    let text = &document.text[run.text..run.text + run.text_len];
    prop_assert!(place.end <= bytes.len(), "{run:?} of {}", bytes.len());
    let slice = source.slice(place.clone());
    match run.grain {
        Grain::Verbatim => prop_assert_eq!(&bytes[place], text.as_bytes()),
        Grain::Characters { .. } => {
            if let Some(other) = decoded(&bytes[place], source.encoding) {
                prop_assert_eq!(other.as_str(), text, "{:?}", run);
            }
        }
        Grain::Whole if meaning != Meaning::Known => return Ok(()),
        Grain::Whole => {
            // An entity is what it means, except in code.
            let slice = slice.unwrap_or_default();
            if slice.starts_with("&#") {
                return Ok(()); // numbers of control characters mean different things
            }
            // Marks of quotations and lists stand before each line of a piece of several.
            let lines = slice.lines().map(|line| line.trim_start_matches([' ', '\t', '>']));
            let unquoted = lines.collect::<Vec<_>>().join("\n");
            let meant = [slice, &htmlize::unescape(slice), &unquoted].map(collapse);
            // Far to the right the same sign is text: then both are compared without.
            let unmarked = |text: &str| collapse(&text.replace('>', " "));
            let is_meant = meant.iter().any(|meant| meant.contains(&collapse(text)))
                || unmarked(slice).contains(&unmarked(text))
                || is_counted(slice, text)
                || is_raised(&collapse(slice), &collapse(text));
            prop_assert!(is_meant, "{run:?}: {text:?} from {slice:?}");
            return Ok(());
        }
    }
    prop_assert_eq!(slice, Some(text), "{:?}", run);
    Ok(())
}

/// Whether a text is a piece of source with its digits raised.
fn is_raised(slice: &str, text: &str) -> bool {
    let is_same = |(one, other): (char, char)| {
        one == other || one.is_numeric() && "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(other)
    };
    slice.chars().count() == text.chars().count() && slice.chars().zip(text.chars()).all(is_same)
}

/// Whether a text is the number of an item with this mark: `2.` of the second `1.` or `#`.
fn is_counted(mark: &str, text: &str) -> bool {
    let is_number = |text: &str| {
        let digits = text.strip_suffix(['.', ')']).unwrap_or("x");
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    is_number(text)
        && (is_number(mark) && mark.chars().last() == text.chars().last() || mark == "#")
}

/// A passage's bytes hold the sources of all its runs, and every letter has one.
fn checked_passage(document: &Document, cut: &Cut, meaning: Meaning) -> TestCaseResult {
    let is_made = meaning == Meaning::Made;
    let Some(place) = document.map.locate(cut.range.clone()) else {
        let text = &document.text[cut.range.clone()];
        prop_assert!(is_made || !text.contains(char::is_alphanumeric), "no place for {text:?}");
        return Ok(());
    };
    prop_assert_eq!(cut.location.bytes.as_ref(), Some(&place));
    let mut covered = cut.range.start;
    for run in &document.map.runs {
        let (start, end) =
            (run.text.max(cut.range.start), (run.text + run.text_len).min(cut.range.end));
        if start >= end {
            continue;
        }
        let made = &document.text[covered..start];
        let is_right = is_made || !made.contains(char::is_alphanumeric);
        prop_assert!(is_right, "{made:?} came from nowhere");
        covered = end;
        let whole = start == run.text && end == run.text + run.text_len;
        let inside = match whole {
            true => Some(run.source..run.source + run.source_len),
            false => document.map.locate(start..end),
        };
        let is_inside =
            inside.is_some_and(|inside| place.start <= inside.start && inside.end <= place.end);
        prop_assert!(is_inside, "{run:?} is outside of {place:?}");
    }
    Ok(())
}
