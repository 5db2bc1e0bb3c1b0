//! What every reader of markup is held to: locations, bounds of time and memory, over texts made to
//! break it.

use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use tipsearch::document::{Document, Grain};
use tipsearch::read::corpus::Corpus;
use tipsearch::read::read;

use crate::support::cases;

/// What holds of every document: runs that are verbatim equal their source, all lie inside of it and
/// in the order of the text, and blocks do not overlap.
pub fn lawful(source: &str, document: &Document) {
    let mut end = 0;
    for run in &document.map.runs {
        assert!(run.text >= end, "{run:?}");
        end = run.text + run.text_len;
        let place = source.get(run.source..run.source + run.source_len);
        let text = &document.text[run.text..end];
        match run.grain {
            Grain::Verbatim => assert_eq!(place, Some(text)),
            _ => assert!(place.is_some(), "{run:?}"),
        }
    }
    let mut end = 0;
    for block in &document.blocks {
        let between = &document.text[end..block.range.start];
        assert!(between.chars().all(char::is_whitespace), "{between:?}");
        let text = &document.text[block.range.clone()];
        assert!(!text.is_empty() && text.trim() == text, "{text:?}");
        end = block.range.end;
    }
    for section in document.sections.iter().filter_map(|section| section.source.clone()) {
        assert!(source.get(section.clone()).is_some(), "{section:?}");
    }
}

pub fn document(name: &str, source: &str) -> Document {
    let document = read(name, source.as_bytes(), &Corpus::default()).unwrap();
    lawful(source, &document);
    document
}

/// Generous, for a debug build on a busy machine: what is quadratic takes minutes.
pub const LONGEST: Duration = Duration::from_secs(60);

pub fn hostile(name: &str, source: &str) {
    let start = Instant::now();
    let document = document(name, source);
    assert!(start.elapsed() < LONGEST, "{name}: {:?} for {:.40}", start.elapsed(), source);
    assert!(document.text.len() < 8 * source.len() + 65536, "{name}: {:.40}", source);
}

/// Inputs on which readers of light markup take long or fall: unclosed, deep, and endless.
pub fn hostile_markup(name: &str, pieces: &[&str]) {
    for piece in pieces {
        hostile(name, &piece.repeat(100_000 / piece.len().max(1) + 1));
        hostile(name, &format!("Text {}", piece.repeat(100_000)));
        hostile(name, &format!("{}\n\n{0}", format!("{piece}\n").repeat(20_000)));
    }
    let stairs: String = (0..400).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect();
    hostile(name, &stairs);
    hostile(name, &"\n".repeat(200_000));
    hostile(name, &"word ".repeat(400_000));
}

/// What may stand between the marks of any markup.
const WORDS: &[&str] = &[
    "word",
    "Words and words. ",
    " ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "é",
    "e\u{301}",
    "人口贩运。",
    "👮\u{200D}♀️",
    "\u{a0}",
    "\u{2028}",
    "5 %",
    "(",
    ")",
    "\"",
    "'",
    "“",
    ", ",
    "- ",
    ":",
    "\u{AD}",
];

/// Texts made of a format's marks and of words, in any order, keep what holds of every document.
pub fn holds(name: &str, marks: &[&'static str]) {
    let pieces = vec(prop_oneof![3 => select(marks.to_vec()), 2 => select(WORDS)], 0..40);
    let checked = TestRunner::new(cases()).run(&pieces, |pieces| {
        document(name, &pieces.concat());
        Ok(())
    });
    assert!(checked.is_ok(), "{name}: {checked:?}");
}
