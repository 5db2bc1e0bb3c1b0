//! The best passages are the best of all: whatever a search passes over because it cannot be among them, the ranking begins
//! as the one for which nothing is passed over.

use std::path::PathBuf;
use std::sync::Arc;

use tipsearch::engine::{Engine, local::LocalEngine};
use tipsearch::query::{Query, Thesaurus};
use tipsearch::rank::Hit;

use crate::support::Shelf;

const THESAURUS: &str = r#"
built_in = false
groups = [
    ["bonded labor", "peonage"],
    ["border guards", "frontier police", "customs"],
    ["cotton harvest", "labor in cotton fields"],
]
"#;

/// The first stand in nearly all passages, the last in a few.
const WORDS: [&str; 24] = [
    "labor", "child", "forced", "work", "police", "victims", "border", "guards", "law", "bonded",
    "cotton", "harvest", "fields", "customs", "frontier", "mining", "brick", "kilns", "fishing",
    "peonage", "carpets", "quarry", "tobacco", "beggars",
];

const REPORTS: usize = 60;
const SECTIONS: usize = 150;
const YEARS: usize = 7;

/// The numbers of a linear congruence, so that each run has the same.
struct Numbers(u32);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % most
    }

    /// A word, the first far more often than the last.
    fn word(&mut self) -> &'static str {
        let part = self.below(1000) as f32 / 1000.0;
        WORDS[(part.powi(3) * WORDS.len() as f32) as usize]
    }

    fn text(&mut self) -> String {
        let length = 3 + self.below(12) * self.below(4);
        let words: Vec<&str> = (0..length).map(|_| self.word()).collect();
        words.join(" ")
    }

    fn query(&mut self) -> String {
        let phrases = ["border guards", "cotton harvest", "bonded labor", "peonage"];
        let mut words: Vec<&str> = (0..1 + self.below(4)).map(|_| self.word()).collect();
        if self.below(2) == 0 {
            words.insert(self.below(words.len() + 1), phrases[self.below(phrases.len())]);
        }
        words.extend([WORDS[self.below(WORDS.len())], "labor"].iter().take(self.below(3)));
        words.join(" ")
    }
}

fn write(shelf: &Shelf, report: usize, numbers: &mut Numbers) {
    let mut text = format!("---\nyear: {}\n---\n# Report {report}\n", 2010 + report % YEARS);
    for section in 0..SECTIONS {
        text.push_str(&format!("\n## Part {section}\n\n{}.\n", numbers.text()));
    }
    shelf.write(&format!("r{report}.md"), text.as_bytes());
}

/// Nine thousand passages in several segments, of which some have been replaced and removed.
fn shelf(numbers: &mut Numbers) -> Shelf {
    let shelf = Shelf::empty();
    (0..REPORTS).for_each(|report| write(&shelf, report, numbers));
    shelf.index();
    (0..REPORTS / 6).for_each(|report| write(&shelf, 5 * report, numbers));
    std::fs::remove_file(shelf.corpus().join("r7.md")).expect("a file");
    shelf.index();
    shelf
}

fn best(engine: &LocalEngine, query: &Query, limit: usize) -> Vec<Hit> {
    engine.retrieve(query, limit).expect("a ranking").hits
}

#[test]
fn the_best_are_those_of_all() {
    let mut numbers = Numbers(7);
    let shelf = shelf(&mut numbers);
    let engine = shelf.engine();
    let passages = engine.summary().passages as usize;
    let thesaurus = Thesaurus::of(&[(THESAURUS.to_owned(), PathBuf::from("own.toml"))]);
    let thesaurus = Arc::new(thesaurus.expect("a thesaurus"));
    let mut phrases = 0;
    for _ in 0..300 {
        let text = numbers.query();
        let query = Query::parse(&text, &engine.summary().fields).expect("a query");
        let query = query.expand(engine.vocabulary(), &thesaurus).expect("a query");
        phrases += usize::from(!query.expansions.is_empty());
        let all = best(&engine, &query, passages);
        assert!(all.is_sorted_by(|a, b| a.score > b.score || a.score == b.score && a.id < b.id));
        for limit in [1, 60, 300] {
            let first = &all[..limit.min(all.len())];
            assert_eq!(best(&engine, &query, limit), first, "`{text}`, the best {limit}");
        }
    }
    assert!(phrases > 100, "{phrases} queries with phrases");
}

fn by_id(hits: &[Hit]) -> Vec<(u64, f32)> {
    let mut hits: Vec<(u64, f32)> = hits.iter().map(|hit| (hit.id, hit.score)).collect();
    hits.sort_by_key(|hit| hit.0);
    hits
}

/// Within some reports, or without some, the best are those of all that are there, and as many match.
#[test]
fn the_best_within_fields_are_those_of_all() {
    let mut numbers = Numbers(11);
    let shelf = shelf(&mut numbers);
    let engine = shelf.engine();
    let passages = engine.summary().passages as usize;
    let thesaurus = Thesaurus::of(&[(THESAURUS.to_owned(), PathBuf::from("own.toml"))]);
    let thesaurus = Arc::new(thesaurus.expect("a thesaurus"));
    let query = |text: &str| {
        let query = Query::parse(text, &engine.summary().fields).expect("a query");
        query.expand(engine.vocabulary(), &thesaurus).expect("a query")
    };
    for round in 0..150 {
        let text = numbers.query();
        let year = 2010 + numbers.below(YEARS);
        let fields = [format!("year:{year}"), format!("-year:{year}"), "year:2011..2013".into()];
        let field = &fields[round % fields.len()];
        // What excludes a phrase is found by going from passage to passage, even if nothing has it.
        let slowly = query(&format!("{text} {field} -\"no such\""));
        let all = best(&engine, &slowly, passages);
        let within = query(&format!("{text} {field}"));
        let found = best(&engine, &within, passages);
        assert_eq!(by_id(&found).len(), by_id(&all).len(), "`{text} {field}`");
        for (one, other) in by_id(&found).into_iter().zip(by_id(&all)) {
            // Its scores are added up in numbers of 32 bits.
            let is_same = one.0 == other.0 && (one.1 - other.1).abs() < 0.002;
            assert!(is_same, "`{text} {field}`: {one:?} {other:?}");
        }
        for limit in [1, 60] {
            let first = &found[..limit.min(found.len())];
            assert_eq!(best(&engine, &within, limit), first, "`{text} {field}`, the best {limit}");
        }
        let total = engine.total(&within, true).expect("a total");
        assert_eq!(total.passages, all.len() as u64, "`{text} {field}`");
        assert_eq!(total.passages, engine.every(&within).expect("all").len() as u64);
    }
}

/// A word that weighs next to nothing is found all the same, and one that weighs more than anything changes no other.
#[test]
fn words_of_any_weight_are_found() {
    let shelf = Shelf::of(
        "--- a.md\n# A\n\n## One\n\nBorder guards.\n\n## Two\n\nCotton fields.\n\n## Three\n\nCarpets.\n",
    );
    let engine = shelf.engine();
    // Weights of groups are multiplied, until nothing or everything is left.
    let weighed = |word: &str, weight: &str| {
        (0..24).fold(word.to_owned(), |it, _| format!("({it})^{weight}"))
    };
    let light = weighed("guards", "0.01");
    for query in [format!("{light} fields"), format!("{} {light}", weighed("fields", "1000"))] {
        let found = shelf.search(&format!("{query} carpets")).hits.len();
        assert_eq!(found, 3, "`{query} carpets`");
        let query = Query::parse(&query, &engine.summary().fields).expect("a query");
        assert_eq!(best(&engine, &query, 10).len(), 2, "`{}`", query.text);
    }
}
