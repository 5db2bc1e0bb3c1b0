//! Which passages are named where reports are compared, and what is the same in both: beside those of `diff.rs`, long
//! paragraphs, heads of tables, punctuation, countries by their other names.

use tipsearch::diff::{Change, DiffRequest, Revision, diff, since};
use tipsearch::engine::Engine;
use tipsearch::passage::Passage;

use super::cli::{Ran, program, ran};
use super::support::Shelf;

/// A shelf with a report of Atlantis for each of some texts, from 2001 on.
fn shelf_of(texts: &[&str]) -> Shelf {
    let report = |(at, text): (usize, &&str)| {
        let year = 2001 + at;
        format!("--- a_{year}.md\n---\nyear: {year}\ncountry: Atlantis\n---\n# A\n\n{text}\n")
    };
    Shelf::of(&texts.iter().enumerate().map(report).collect::<String>())
}

fn revision(shelf: &Shelf) -> Revision {
    let request =
        DiffRequest { old: "2001".to_owned(), new: "2002".to_owned(), ..DiffRequest::default() };
    diff(&shelf.searcher(), &request).unwrap()
}

fn run(shelf: &Shelf, words: &[&str]) -> Ran {
    ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()))
}

fn json(shelf: &Shelf, words: &[&str]) -> serde_json::Value {
    serde_json::from_str(&run(shelf, &[words, &["--json"]].concat()).out).unwrap()
}

/// The sentences of a change that stand in the other report, and those that do not.
fn sentences(change: &Change) -> (Vec<String>, Vec<String>) {
    let (old, new) = change.sides();
    let text = &new.or(old).unwrap().text;
    let (known, news): (Vec<_>, Vec<_>) = change.sentences().iter().partition(|it| it.id.is_some());
    let of = |all: Vec<&tipsearch::diff::Standing>| {
        all.iter().map(|it| text[it.bytes.clone()].to_owned()).collect()
    };
    (of(known), of(news))
}

fn passages(shelf: &Shelf, doc_id: &str) -> Vec<Passage> {
    shelf.engine().document(doc_id).unwrap()
}

/// So many sentences that are told from one another.
fn cases(count: usize) -> Vec<String> {
    let case = |n| format!("Sentence number {n} tells of case {n} in the province of the north.");
    (0..count).map(case).collect()
}

#[test]
fn a_sentence_names_the_passage_that_has_it() {
    let mut others = cases(120);
    let mut turned = others.clone();
    turned.reverse();
    others.push("Nothing else is known of the coast.".to_owned());
    let shelf = shelf_of(&[&others.join(" "), &turned.join("\n\n")]);
    let own = passages(&shelf, "a_2001.md");
    assert!(own.len() > 3, "one passage is no test");
    let found = json(&shelf, &["diff", "2001", "2002"]);
    let mut named = 0;
    for change in found["changes"].as_array().unwrap() {
        let (old, new) = (&change["old"], &change["new"]);
        for sentence in change["sentences"].as_array().into_iter().flatten() {
            let text = sentence["text"].as_str().unwrap();
            let has = |id: &serde_json::Value| {
                let passage = shelf.engine().passage(id.as_str().unwrap()).unwrap().unwrap();
                passage.text.contains(text)
            };
            assert!(has(&sentence["id"]), "its own: {sentence}");
            assert!(sentence["stands_in"].is_null() || has(&sentence["stands_in"]), "{sentence}");
            named += usize::from(!sentence["stands_in"].is_null());
        }
        if new.is_null() {
            let ids: Vec<&str> = own.iter().map(|it| it.id.as_str()).collect();
            assert_eq!(old["passages"], serde_json::json!(ids));
            let bytes = [&own[0], &own[own.len() - 1]].map(|it| it.location.bytes.clone().unwrap());
            let whole = serde_json::json!([bytes[0].start, bytes[1].end]);
            assert_eq!(old["location"]["bytes"], whole, "the place has all of it");
        }
    }
    assert!(named > 120, "{named}");
    let said = run(&shelf, &["diff", "2001", "2002"]).out;
    let all: Vec<&str> = own.iter().map(|it| it.id.as_str()).collect();
    assert!(said.contains(&format!("id {}", all.join(", "))), "{said}");
    let whole = revision(&shelf).changes;
    let long = whole.iter().find_map(|it| it.sides().0.filter(|old| old.text.len() > 2000));
    assert_eq!(long.map(|it| it.passages().count()), Some(own.len()));
}

const FISHING: &str = "Fishing, including for tilapia; preparing bait, nets, and gear (1, 2)";
const QUARRYING: &str = "Quarrying† and small-scale mining,† including using mercury† (8, 9)";
const COCOA: &str = "Producing cocoa, including land clearing and carrying heavy loads (3, 4)";

#[test]
fn the_head_of_a_table_before_a_cell_is_no_news() {
    let old = format!(
        "Activity {FISHING} {QUARRYING}\n\nRole & Description Courts heard all of the twelve cases."
    );
    let new = format!(
        "Activity {COCOA}\n\n{}\n\nNothing more is said of what they do there.\n\n{QUARRYING}\n\nCourts heard all of the twelve cases.",
        FISHING.replace("1, 2", "5, 6, 7")
    );
    for (texts, is_turned) in [([old.as_str(), &new], false), ([new.as_str(), &old], true)] {
        let shelf = shelf_of(&texts);
        for change in revision(&shelf).changes {
            let (_, news) = sentences(&change);
            let all = news.join(" ");
            let is_known = ["Fishing", "Quarrying", "Courts"].iter().any(|it| all.contains(it));
            assert!(!is_known, "turned {is_turned}: {change:?}");
        }
        let said = run(&shelf, &["diff", "2001", "2002"]).out;
        assert!(said.contains("Producing cocoa") && !said.contains("{=Producing"), "{said}");
    }
}

#[test]
fn a_word_that_turns_a_sentence_is_no_head_of_a_table() {
    for (old, new) in [
        ("No Police in the north took any bribes.", "Police in the north took any bribes."),
        ("Former Officials of the ministry took bribes.", "Officials of the ministry took bribes."),
        ("Activity of the police took five days.", "of the police took five days."),
        ("Some say (3) that Police in the north took bribes.", "Police in the north took bribes."),
        ("Program Officers visited the mines.", "Officers visited the mines."),
        ("Program Officers visited the mines. (3, 4)", "Officers visited the mines. (5, 6)"),
        ("Area Farmers of the north met.", "Farmers of the north met."),
        ("Policy Makers of the north met.", "Makers of the north met."),
        ("Source Countries of the trade met.", "Countries of the trade met."),
        ("Standard Forms of the contract were used.", "Forms of the contract were used."),
        ("Although (3, 4) schools of the north are safe.", "Schools of the north are safe."),
    ] {
        let filler = "Nothing else of any kind is known about the whole of the matter so far.";
        let shelf = shelf_of(&[&format!("{old}\n\n{filler}"), &format!("{filler}\n\n{new}")]);
        let told: Vec<(Vec<String>, Vec<String>)> =
            revision(&shelf).changes.iter().map(sentences).collect();
        assert!(told.iter().all(|(known, _)| known.is_empty()), "{old}: {told:?}");
    }
}

#[test]
fn a_comma_or_the_number_of_a_note_makes_no_sentence_new() {
    let plain = "This standard leaves children vulnerable, (3, 5) but the law protects others. (4)";
    let years = |other: &str| {
        let shelf = shelf_of(&[other, plain]);
        let engine = shelf.engine();
        let found = since(&engine, &passages(&shelf, "a_2002.md")[0].id).unwrap();
        let years: Vec<i64> = found.sentences[0].years.iter().map(|it| it.year).collect();
        years
    };
    for same in [
        plain,
        "This standard leaves children vulnerable, (8, 9) but the law protects others. (7)",
        "This standard leaves children vulnerable (3, 5) but the law protects others. (4)",
        "This standard leaves children vulnerable but the law protects others.",
        "This standard leaves children vulnerable; but the law protects others. (12)",
    ] {
        assert_eq!(years(same), [2001, 2002], "{same}");
    }
    for other in [
        "This standard leaves children vulnerable, but no law protects others.",
        "This standard leaves children vulnerable, and the law protects others.",
        "This standard leaves children less vulnerable, but the law protects others.",
    ] {
        assert_eq!(years(other), [2002], "{other}");
    }
    let money =
        ["The fine for all of this is €500 or less.", "The fine for all of this is $500 or less."];
    let ages = [
        "It is about children of ages 12, 14 in the north.",
        "It is about children of ages 12-14 in the north.",
    ];
    for texts in [money, ages] {
        let shelf = shelf_of(&texts);
        let found = since(&shelf.engine(), &passages(&shelf, "a_2002.md")[0].id).unwrap();
        assert_eq!(found.sentences[0].years.len(), 1, "{texts:?}");
    }
}

#[test]
fn since_says_where_the_punctuation_is_another() {
    let texts = [
        "The law of the north protects girls but not boys.",
        "The law of the north protects girls, but not boys.",
    ];
    let shelf = shelf_of(&texts);
    let id = passages(&shelf, "a_2002.md")[0].id.clone();
    let said = run(&shelf, &["since", &id]).out;
    assert!(
        said.contains("since 2001") && said.contains("in 2001 with other punctuation, 2002"),
        "{said}"
    );
    let data = json(&shelf, &["since", &id]);
    let years = &data["sentences"][0]["years"];
    assert_eq!(
        (&years[0]["verdict"], &years[0]["differs"]),
        (&"near".into(), &serde_json::json!(["punctuation"]))
    );
    assert_eq!(
        (&years[1]["verdict"], &years[1]["differs"]),
        (&"verbatim".into(), &serde_json::json!([]))
    );
}

#[test]
fn a_country_is_known_by_each_of_its_names() {
    let report = |year: u32, country: &str| {
        format!(
            "--- {year}.md\n---\ncountry: {country}\nyear: {year}\n---\n# {year}\n\nPolice freed {year} children.\n"
        )
    };
    let corpus = report(2017, "Gambia")
        + &report(2021, "Gambia, The")
        + &report(2019, "Guinea")
        + &report(2020, "Guinea-Bissau");
    let shelf = Shelf::of(&corpus);
    for name in ["Gambia", "The Gambia", "Gambia, The", "gambia"] {
        let found = run(&shelf, &["diff", "2017", "2021", "--country", name]);
        assert_eq!(found.code, 0, "{name}: {}", found.err);
        let filter = format!("police country:\"{name}\"");
        let line = json(&shelf, &["timeline", &filter]);
        assert_eq!(line["total"]["documents"], 2, "{name}: {line}");
    }
    let found = run(&shelf, &["diff", "2019", "2020", "--country", "Guinea"]);
    assert_eq!(found.code, 2, "Guinea-Bissau is another country: {}", found.out);
    let told = shelf.search("police country:gambia").warnings;
    assert_eq!(told, ["`country:gambia` is also `country:\"gambia the\"`"]);
}
