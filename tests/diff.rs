//! Reports compared from year to year: corpora in strings, what is said of each paragraph, and laws over generated
//! reports.

use std::fmt::Write;

use proptest::prelude::*;
use tipsearch::diff::{Change, DiffRequest, Edit, Revision, Standing, diff, since};
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
            _ => new.or(old).map(|side| news(&side.text, change.sentences())).unwrap_or_default(),
        };
        let _ = writeln!(out, "{}: {text}", change.name());
    }
    out
}

/// A text in which those sentences that stand in the other report are between `=`.
fn news(text: &str, sentences: &[Standing]) -> String {
    let mut text = text.to_owned();
    for sentence in sentences.iter().rev().filter(|sentence| sentence.id.is_some()) {
        text.insert(sentence.bytes.end, '=');
        text.insert(sentence.bytes.start, '=');
    }
    text
}

fn written(edit: &Edit) -> String {
    match edit {
        Edit::Same(text) => text.clone(),
        Edit::Removed(text) => format!("[-{text}-]"),
        Edit::Added(text) => format!("{{+{text}+}}"),
        Edit::Left(text, _) => format!("[={}=]", text.trim()),
        Edit::Arrived(text, _) => format!("{{={}=}}", text.trim()),
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

/// What is told of a paragraph or more in each of two years.
fn of_two_years(old: &str, new: &str) -> String {
    let shelf = Shelf::of(&format!(
        "--- a_2001.md\n---\nyear: 2001\ncountry: Atlantis\n---\n# A\n\n{old}\n\
         --- a_2002.md\n---\nyear: 2002\ncountry: Atlantis\n---\n# A\n\n{new}\n"
    ));
    compared(&shelf.searcher(), "2001", "2002", "")
}

const BRIBES: &str =
    "Border guards of the northern provinces took bribes from smugglers of people. (3)";
const SHELTERS: &str = "Shelters in the capital assisted three hundred victims of forced labor.";
const COURTS: &str = "Courts convicted twelve offenders under the penal code and fined the others.";
const UNIT: &str = "A new unit with forty inspectors opened in three provinces.";

#[test]
fn a_paragraph_that_was_cut_in_two_is_not_new() {
    let old = format!("{BRIBES} {SHELTERS} {COURTS}");
    let new = format!("{BRIBES} {SHELTERS}\n\n{}", COURTS.replace("others.", "others.(5, 6)"));
    let said = of_two_years(&old, &new);
    assert!(
        said.contains(&format!("moved: ={COURTS}").replace("others.", "others.(5, 6)=")),
        "{said}"
    );
    assert!(said.contains(&format!("[={COURTS}=]")), "it is not removed either: {said}");
    assert!(!said.contains("new: ") && !said.contains("dropped: "), "{said}");
    // And back: what was joined is not dropped.
    let said = of_two_years(&new, &old);
    assert!(said.contains(&format!("{{={COURTS}=}}")), "{said}");
    assert!(!said.contains("new: ") && !said.contains("dropped: "), "{said}");
}

#[test]
fn only_sentences_that_stand_nowhere_are_news() {
    let old = format!("{BRIBES} {SHELTERS}\n\n{COURTS}");
    let new = format!("{COURTS}\n\n{UNIT}{SHELTERS} Yes.\n\nYes (4)");
    let said = of_two_years(&old, &new);
    let expected = format!(
        "dropped: {BRIBES} ={SHELTERS}=\nunchanged: {COURTS}\nnew: {UNIT}={SHELTERS}= =Yes.=\nnew: Yes (4)\n"
    );
    assert_eq!(said, expected.replace(" =Yes.=", " Yes."));
}

#[test]
fn a_part_of_a_sentence_is_no_sentence() {
    let said = of_two_years(
        "No official of the border police was prosecuted in the year.",
        "Official of the border police was prosecuted.\n\nMuch else was said of the matter.",
    );
    assert!(!said.contains("moved") && !said.contains("{="), "{said}");
    let old = "In the capital, shelters of the church assisted three hundred victims, and others too. \
               Nothing else is known of any of them in this year, as before.";
    let said = of_two_years(old, "Shelters of the church assisted three hundred victims.");
    assert!(said.contains("new: Shelters"), "{said}");
}

#[test]
fn sentences_are_looked_up_in_all_sections() {
    let report = |year: i64, one: &str, other: &str| {
        format!(
            "--- a_{year}.md\n---\nyear: {year}\ncountry: Atlantis\n---\n# A\n\n## Prosecution\n\n{one}\n\n## Protection\n\n{other}\n"
        )
    };
    let shelf =
        Shelf::of(&format!("{}{}", report(2001, COURTS, SHELTERS), report(2002, SHELTERS, UNIT)));
    let searcher = shelf.searcher();
    let request = DiffRequest {
        old: "2001".to_owned(),
        new: "2002".to_owned(),
        section: Some("prosecution".to_owned()),
        ..DiffRequest::default()
    };
    let revision = diff(&searcher, &request).unwrap();
    assert_eq!(told(&revision), format!("dropped: {COURTS}\nmoved: ={SHELTERS}=\n"));
    let passages = searcher.engine().document("a_2001.md").unwrap();
    let place = passages.iter().find(|passage| passage.text == SHELTERS).unwrap();
    assert_eq!(revision.changes[1].sentences()[0].id.as_ref(), Some(&place.id));
}

#[test]
fn other_numbers_of_notes_are_no_edit() {
    let says = "Children work in mines and on the streets of Atlantis";
    for (old, new) in [
        (".(3, 4)", ".(5, 6)"),
        (". (1-6)", ".(1; 2; 3; 4)"),
        (".[12] Others beg.[13]", ".[14] Others beg.[15]"),
        (" [12].", " [13]."),
        (" (12,14)", " (13,15)"),
        (" (1, 2) Washing cars (15; 18)", " (2; 3) Washing cars (3; 8)"),
        ("† (1, 19)", "† (5)"),
        (". (4)", "."),
    ] {
        let said = of_two_years(&format!("{says}{old}"), &format!("{says}{new}"));
        assert_eq!(said, format!("unchanged: {says}{new}\n"), "{old} {new}");
    }
    for (old, new) in [
        (" (79,690)", " (81,102)"),
        (", 3.2 (79,690)", ", 3.2 (81,102)"),
        (" under Article 3(2)", " under Article 3(1)"),
        (" (see Article 3)(2)(1).", " (see Article 3)(2)(2)."),
        (" with 12 boys (of them 3)", " with 12 boys (of them 4)"),
        (", girls (12) and boys", ", girls (15) and boys"),
        (" (12) The police", " (45) The police"),
        (" (12)", " (45)"),
        (", (12) of them boys", ", (45) of them boys"),
        (" at “work” (12) in spring", " at “work” (45) in spring"),
        (" in 1999 (2012)", " in 1999 (2013)"),
        (". (4)", "! (4)"),
    ] {
        let said = of_two_years(&format!("{says}{old}"), &format!("{says}{new}"));
        assert!(said.starts_with("edited: "), "{old} {new}: {said}");
    }
}

#[test]
fn other_numbers_of_items_are_no_edit() {
    let old = format!("1. {COURTS}\n2. {SHELTERS}\n3. {BRIBES}\n\n## B\n\n4. {UNIT}");
    let new = format!("1. {COURTS}\n\n## B\n\n7. {UNIT}");
    let told = of_two_years(&old, &new);
    assert!(told.contains(&format!("unchanged: 7. {UNIT}")), "{told}");
    let renumbered = of_two_years(
        &format!("4. {COURTS}\n5. {SHELTERS}"),
        &format!("5. {COURTS}\n6. {SHELTERS}"),
    );
    assert!(renumbered.starts_with("unchanged: 5. "), "{renumbered}");
}

#[test]
fn a_single_number_is_of_a_note_where_the_report_has_as_many() {
    let notes: String = (1..=12).map(|number| format!("Nobody came in time.({number}) ")).collect();
    let told = |old: &str, new: &str| {
        of_two_years(&format!("{notes}Fishing{old}"), &format!("{notes}Fishing{new}"))
    };
    assert!(told(" (11)", " (12)").starts_with("unchanged: "));
    assert!(told(" (11)", " (45)").starts_with("edited: "), "there are no 45 notes");
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

#[test]
fn the_commands_tell_which_sentences_are_no_news() {
    let report = |year: i64, text: String| {
        format!("--- a_{year}.md\n---\nyear: {year}\n---\n# A\n\n{text}\n")
    };
    let old = report(2001, format!("{BRIBES} {SHELTERS} {COURTS}"));
    let new = report(2002, format!("{BRIBES} {SHELTERS}\n\n{COURTS}\n\n{UNIT} {SHELTERS}"));
    let shelf = Shelf::of(&format!("{old}{new}"));
    let ids: Vec<String> = ["a_2001.md", "a_2002.md"]
        .map(|doc_id| shelf.engine().document(doc_id).unwrap()[0].id.clone())
        .into();
    let run = |words: &[&str]| {
        let found =
            ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()));
        assert_eq!(found.code, 0, "{}", found.err);
        found.out
    };
    let said = run(&["diff", "2001", "2002"]);
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        format!("[={COURTS}=] id {} → {}", ids[0], ids[1]),
        format!("[=…=] stands in the newer report: id {}", ids[1]),
        format!("> {COURTS} moved · id {} → {}", ids[0], ids[1]),
        format!("+ {UNIT} {{={SHELTERS}=}} id {}", ids[1]),
        format!("{{=…=}} stands in the older report: id {}", ids[0]),
        "3 paragraphs: 1 edited, 1 moved, 1 new".to_owned(),
    ] {
        assert!(flat.contains(&part), "{part}\n{said}");
    }
    let data: serde_json::Value =
        serde_json::from_str(&run(&["diff", "2001", "2002", "--json"])).unwrap();
    let change = |name: &str| {
        data["changes"].as_array().unwrap().iter().find(|it| it["change"] == name).unwrap().clone()
    };
    let edits = change("edited")["diff"].clone();
    let away = edits
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["text"].as_str().unwrap().trim() == COURTS)
        .unwrap()
        .clone();
    assert_eq!((&away["op"], &away["stands_in"]), (&"removed".into(), &ids[1].as_str().into()));
    let moved = serde_json::json!([{"text": COURTS, "id": ids[1], "stands_in": ids[0]}]);
    assert_eq!(
        (&change("moved")["old"], &change("moved")["sentences"]),
        (&serde_json::Value::Null, &moved)
    );
    let new = serde_json::json!([
        {"text": UNIT, "id": ids[1], "stands_in": null},
        {"text": SHELTERS, "id": ids[1], "stands_in": ids[0]},
    ]);
    assert_eq!(change("new")["sentences"], new);
    assert!(edits[0].get("stands_in").is_none() && change("edited").get("sentences").is_none());
}

#[test]
fn a_sentence_ends_where_its_blank_was_lost() {
    let report = |year: i64, text: String| {
        format!("--- a_{year}.md\n---\nyear: {year}\ncountry: Atlantis\n---\n# A\n\n{text}\n")
    };
    let set = format!("{UNIT}{SHELTERS}");
    let shelf = Shelf::of(&format!("{}{}", report(2001, SHELTERS.to_owned()), report(2002, set)));
    let engine = shelf.engine();
    let found = since(&engine, &engine.document("a_2002.md").unwrap()[0].id).unwrap();
    let first: Vec<Option<i64>> =
        found.sentences.iter().map(|sentence| sentence.since(&found.years, 2002)).collect();
    assert_eq!(first, [Some(2002), Some(2001)]);
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
    /// texts back; sentences that are told to stand in the other report do.
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
        let (whole_old, whole_new) = (old.join(" "), new.join(" "));
        for change in &revision.changes {
            let (old, new) = change.sides();
            olds.extend(old.map(|side| side.text.clone()));
            news.extend(new.map(|side| side.text.clone()));
            for sentence in change.sentences().iter().filter(|sentence| sentence.id.is_some()) {
                let text = new.or(old).and_then(|side| side.text.get(sentence.bytes.clone()));
                let other = if new.is_some() { &whole_old } else { &whole_new };
                prop_assert!(other.contains(text.unwrap()));
            }
            if let Change::Edited { edits, .. } = change {
                let side = |without: fn(&Edit) -> bool| -> String {
                    let kept = edits.iter().filter(|edit| !without(edit));
                    kept.map(|(Edit::Same(text) | Edit::Removed(text) | Edit::Added(text)
                        | Edit::Left(text, _) | Edit::Arrived(text, _))| text.as_str()).collect()
                };
                let is_added = |edit: &Edit| matches!(edit, Edit::Added(_) | Edit::Arrived(..));
                let is_removed = |edit: &Edit| matches!(edit, Edit::Removed(_) | Edit::Left(..));
                prop_assert_eq!(Some(side(is_added)), olds.last().cloned());
                prop_assert_eq!(Some(side(is_removed)), news.last().cloned());
            }
        }
        prop_assert_eq!(&news, &new);
        olds.sort();
        let mut expected = old;
        expected.sort();
        prop_assert_eq!(olds, expected);
    }
}

#[test]
fn a_country_that_is_written_otherwise_is_the_same() {
    let report = |year: u32, country: &str| {
        format!(
            "--- {year}.md\n---\ncountry: {country}\nyear: {year}\n---\n# {year}\n\nIt has a working group on gaps in the law.\n"
        )
    };
    let corpus =
        report(2012, "Moldova, Republic of") + &report(2013, "Moldova") + &report(2014, "Mali");
    let shelf = Shelf::of(&corpus);
    let engine = shelf.engine();
    let id = engine.document("2013.md").unwrap()[0].id.clone();
    let found = since(&engine, &id).unwrap();
    assert_eq!(found.years, [2012, 2013]);
    assert_eq!(found.sentences[0].since(&found.years, 2013), Some(2012));
}
