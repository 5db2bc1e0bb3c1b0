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
    let mut text = format!("# Report {report}\n");
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
