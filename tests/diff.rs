//! Reports compared from year to year: corpora in strings, what is said of each paragraph, and laws over generated
//! reports.

use std::fmt::Write;

use proptest::prelude::*;
use tipsearch::diff::{Change, DiffRequest, Edit, Revision, diff, since};
use tipsearch::engine::Engine;
use tipsearch::engine::local::LocalEngine;
use tipsearch::search::Searcher;

use super::cli::{program, ran};
use super::support::{Shelf, cases};

const CORPUS: &str = "\
--- atlantis_2017.md
---
country: Atlantis
year: 2017
---
# Atlantis

## Prosecution

The government maintained its efforts to enforce the law against trafficking.

Courts convicted twelve offenders and sentenced nine of them to prison terms of seven years.

No official was prosecuted for complicity, although border guards were said to take bribes from smugglers.

Police trained thirty officers at the academy in the capital.

## Protection

Shelters assisted 300 victims during the year.
--- atlantis_2021.md
---
country: Atlantis
year: 2021
---
# Atlantis

## Prosecution

Police trained thirty officers at the academy in the capital.

The government maintained its efforts to enforce the law against trafficking.

Courts convicted nineteen offenders and sentenced nine of them to prison terms of eight years.

A new unit with forty inspectors opened in three provinces.

## Protection

Shelters assisted 300 victims during the year.
--- lemuria_2021.md
---
country: Lemuria
year: 2021
---
# Lemuria

Nothing is known of it.
";

fn compared(searcher: &Searcher<LocalEngine>, old: &str, new: &str, section: &str) -> String {
    let request = DiffRequest {
        old: old.to_owned(),
        new: new.to_owned(),
        filter: Some("country:atlantis".to_owned()),
        section: (!section.is_empty()).then(|| section.to_owned()),
    };
    match diff(searcher, &request) {
        Ok(revision) => told(&revision),
        Err(error) => format!("{error} {}\n", error.hint().unwrap_or_default()),
    }
}

fn told(revision: &Revision) -> String {
    let mut out = String::new();
    for change in &revision.changes {
        let (old, new) = change.sides();
        let text = match change {
            Change::Edited { edits, .. } => edits.iter().map(written).collect(),
            _ => new.or(old).map(|side| side.text.clone()).unwrap_or_default(),
        };
        let _ = writeln!(out, "{}: {text}", change.name());
    }
    out
}

fn written(edit: &Edit) -> String {
    match edit {
        Edit::Same(text) => text.clone(),
        Edit::Removed(text) => format!("[-{text}-]"),
        Edit::Added(text) => format!("{{+{text}+}}"),
    }
}

#[test]
fn each_paragraph_is_told_by_what_became_of_it() {
    let shelf = Shelf::of(CORPUS);
    let searcher = shelf.searcher();
    let expected = "\
moved: Police trained thirty officers at the academy in the capital.
unchanged: The government maintained its efforts to enforce the law against trafficking.
edited: Courts convicted [-twelve-]{+nineteen+} offenders and sentenced nine of them to prison terms of [-seven-]{+eight+} years.
dropped: No official was prosecuted for complicity, although border guards were said to take bribes from smugglers.
new: A new unit with forty inspectors opened in three provinces.
";
    assert_eq!(compared(&searcher, "2017", "2021", "prosecution"), expected);
    let protection = "unchanged: Shelters assisted 300 victims during the year.\n";
    assert_eq!(compared(&searcher, "2017", "2021", "Protection"), protection);
    assert_eq!(
        compared(&searcher, "atlantis_2017.md", "atlantis_2021.md", ""),
        format!("{expected}{protection}")
    );
}

#[test]
fn what_cannot_be_compared_says_why() {
    let shelf = Shelf::of(CORPUS);
    let searcher = shelf.searcher();
    for (old, new, section, what) in [
        ("2018", "2021", "", "2018"),
        ("lemuria", "2021", "", "did you mean `lemuria_2021.md`?"),
        ("2017", "2021", "recommendations", "recommendations"),
        ("2017", "99999999999", "", "99999999999"),
    ] {
        let said = compared(&searcher, old, new, section);
        assert!(said.contains(what), "{old} {new} {section}: {said}");
    }
    let request =
        DiffRequest { old: "2017".to_owned(), new: "2021".to_owned(), ..DiffRequest::default() };
    let said = diff(&searcher, &request).map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("2021 has 2 reports") && said.contains("lemuria_2021.md"), "{said}");
}

#[test]
fn a_paragraph_over_several_passages_is_one() {
    let long: Vec<String> = (0..120)
        .map(|n| format!("Sentence number {n} tells of case {n} in the province of the north."))
        .collect();
    let old = long.join(" ");
    let new = old.replace("case 77 ", "trial 77 ");
    let shelf = Shelf::of(&format!(
        "--- a_2001.md\n---\nyear: 2001\n---\n# A\n\n{old}\n--- a_2002.md\n---\nyear: 2002\n---\n# A\n\n{new}\n"
    ));
    let searcher = shelf.searcher();
    assert!(searcher.engine().document("a_2001.md").unwrap().len() > 1, "one passage is no test");
    let request =
        DiffRequest { old: "2001".to_owned(), new: "2002".to_owned(), ..DiffRequest::default() };
    let said = told(&diff(&searcher, &request).unwrap());
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("tells of [-case-]{+trial+} 77 in"), "{said}");
}

#[test]
fn a_sentence_has_stood_since_the_first_year_without_a_gap() {
    // Notes are numbered anew in each report.
    let stands = |year: i64| {
        let note = year - 2000;
        format!(
            "The border police of the north (Article 12) take bribes from smugglers of people. (3, {note})"
        )
    };
    let other = "Courts of the south heard no case of forced labor at all.";
    let mut corpus = String::new();
    for year in 2010..=2013 {
        let text = if year == 2011 { other.to_owned() } else { stands(year) };
        let _ = write!(
            corpus,
            "--- a_{year}.md\n---\nyear: {year}\ncountry: Atlantis\n---\n# A\n\n{text}\n"
        );
    }
    let _ = write!(
        corpus,
        "--- b_2009.md\n---\nyear: 2009\ncountry: Lemuria\n---\n# B\n\n{}\n",
        stands(2009)
    );
    let shelf = Shelf::of(&corpus);
    let engine = shelf.engine();
    let id = &engine.document("a_2013.md").unwrap()[0].id;
    let found = since(&engine, id).unwrap();
    assert_eq!(found.years, [2010, 2011, 2012, 2013]);
    let sentence = &found.sentences[0];
    let years: Vec<i64> = sentence.years.iter().map(|standing| standing.year).collect();
    assert_eq!((years.as_slice(), found.sentences.len()), ([2010, 2012, 2013].as_slice(), 1));
    assert_eq!(sentence.since(&found.years, 2013), Some(2012));
    let unknown = since(&engine, "0000000000000000").map(|_| ()).unwrap_err().to_string();
    assert!(unknown.contains("0000000000000000"), "{unknown}");
}

#[test]
fn the_commands_tell_it_in_text_and_data() {
    let shelf = Shelf::of(CORPUS);
    let index = shelf.index_path();
    let run = |words: &[&str]| ran(program(&shelf.corpus()).args(words).arg("--index").arg(&index));
    let words = ["diff", "--country", "Atlantis", "--section", "prosecution", "2017", "2021"];
    let found = run(&words);
    assert_eq!(found.code, 0, "{}", found.err);
    assert!(found.out.contains("[-twelve-]{+nineteen+}"), "{}", found.out);
    assert!(
        found.out.contains("5 paragraphs: 1 dropped, 1 edited, 1 moved, 1 new, 1 unchanged"),
        "{}",
        found.out
    );
    let same = run(&["diff", "--country", "Atlantis", "-s", "protection", "2017", "2021"]);
    assert_eq!(same.code, 1, "nothing was found that changed: {}", same.out);
    let data = run(&[&words[..], &["--json"]].concat());
    let data: serde_json::Value = serde_json::from_str(&data.out).unwrap();
    assert_eq!(data["schema"], "tipsearch.diff/1");
    assert_eq!(data["summary"]["edited"], 1);
    let edited =
        data["changes"].as_array().unwrap().iter().find(|it| it["change"] == "edited").unwrap();
    let id = edited["new"]["id"].as_str().unwrap();
    let since = run(&["since", id]);
    assert_eq!(since.code, 0, "{}", since.err);
    assert!(since.out.contains("new in 2021"), "{}", since.out);
    assert!(since.out.contains("since 2017"), "{}", since.out);
    let since = run(&["since", id, "--json"]);
    let since: serde_json::Value = serde_json::from_str(&since.out).unwrap();
    assert_eq!(since["years"], serde_json::json!([2017, 2021]));
}

/// Paragraphs of a few words, so that many are alike.
fn report() -> impl Strategy<Value = Vec<String>> {
    let word = prop::sample::select(vec![
        "guards",
        "police",
        "the",
        "labor",
        "12",
        "“forced”",
        "courts—and",
        "не",
        "victims,",
    ]);
    let paragraph = prop::collection::vec(word, 1..12)
        .prop_map(|words: Vec<&str>| format!("A {}.", words.join(" ")));
    prop::collection::vec(paragraph, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases().cases.min(40), ..cases() })]

    /// Every paragraph of both reports comes once; the newer ones stand in their order; what was edited gives both
    /// texts back.
    #[test]
    fn nothing_is_lost_and_nothing_invented(old in report(), new in report()) {
        let shelf = Shelf::of(&format!(
            "--- r_2001.md\n---\nyear: 2001\n---\n# R\n\n{}\n--- r_2002.md\n---\nyear: 2002\n---\n# R\n\n{}\n",
            old.join("\n\n"), new.join("\n\n")
        ));
        let request = DiffRequest {
            old: "2001".to_owned(), new: "2002".to_owned(), ..DiffRequest::default()
        };
        let revision = diff(&shelf.searcher(), &request).unwrap();
        let (mut olds, mut news) = (Vec::new(), Vec::new());
        for change in &revision.changes {
            let (old, new) = change.sides();
            olds.extend(old.map(|side| side.text.clone()));
            news.extend(new.map(|side| side.text.clone()));
            if let Change::Edited { edits, .. } = change {
                let side = |without: fn(&Edit) -> bool| -> String {
                    let kept = edits.iter().filter(|edit| !without(edit));
                    kept.map(|(Edit::Same(text) | Edit::Removed(text) | Edit::Added(text))| text.as_str()).collect()
                };
                prop_assert_eq!(Some(side(|edit| matches!(edit, Edit::Added(_)))), olds.last().cloned());
                prop_assert_eq!(Some(side(|edit| matches!(edit, Edit::Removed(_)))), news.last().cloned());
            }
        }
        prop_assert_eq!(&news, &new);
        olds.sort();
        let mut expected = old;
        expected.sort();
        prop_assert_eq!(olds, expected);
    }
}
