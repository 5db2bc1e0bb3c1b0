//! Synonyms: what a thesaurus adds to a query, how it is shown, and what its files may say.

use std::path::PathBuf;
use std::sync::Arc;

use expect_test::{Expect, expect};
use tipsearch::engine::Engine;
use tipsearch::query::{ExpansionSource, Query, Thesaurus};
use tipsearch::search::{SearchRequest, SearchResponse};

use crate::cli::tipsearch;
use crate::support::{Shelf, shown};

const OWN: &str = r#"
built_in = false
groups = [
    ["human trafficking", "trafficking in persons", "TIP"],
    ["debt bondage", "bonded labor"],
    ["NGO", "NGOs", "nongovernmental organization"],
    ["labor", "labour"],
]
[rules]
"referral mechanism" = ["NRM"]
"#;

const REPORT: &str = "\
# Kazakhstan

## Overview

The police set up a TIP unit.

## Prosecution

Human trafficking is a crime by law.

## Protection

The law on trafficking in persons is new. An NGO helps those in bonded labor.

## Referral

The NRM and one nongovernmental organization work. He was tipped off.
";

fn own(text: &str, name: &str) -> Result<Thesaurus, String> {
    Thesaurus::of(&[(text.to_owned(), PathBuf::from(name))]).map_err(|error| error.to_string())
}

fn search(thesaurus: &str, request: &SearchRequest) -> SearchResponse {
    let thesaurus = own(thesaurus, "own.toml").expect("a thesaurus");
    let searcher = Shelf::of(REPORT).searcher().with_thesaurus(Arc::new(thesaurus));
    searcher.search(request).expect("an answer")
}

/// What was added to the query, and the answer.
fn answer(request: &SearchRequest) -> String {
    let response = search(OWN, request);
    let mut text = String::new();
    for expansion in &response.expansions {
        assert_eq!(expansion.by, ExpansionSource::Thesaurus);
        text += &format!("{} => {}\n", expansion.from, expansion.to.join(", "));
    }
    text + &shown(&response)
}

fn check(query: &str, expected: Expect) {
    expected.assert_eq(&answer(&SearchRequest::new(query)));
}

#[test]
fn several_words_of_prose_have_synonyms_and_are_not_missing_beside_one() {
    check(
        "human trafficking",
        expect![[r#"
        human trafficking => trafficking in persons, TIP
        1. Kazakhstan > Prosecution
        «Human» «trafficking» is a crime by law.
        2. Kazakhstan > Protection
        The law on «trafficking» in persons is new. An NGO helps those in bonded labor.
        3. Kazakhstan > Overview
        The police set up a «TIP» unit.
        4. Kazakhstan > Referral
        The NRM and one nongovernmental organization work. He was «tipped» off.
    "#]],
    );
}

#[test]
fn stop_words_of_an_entry_may_be_left_out_as_in_prose() {
    check(
        "trafficking in persons law",
        expect![[r#"
            trafficking in persons => human trafficking, TIP
            1. Kazakhstan > Prosecution
            «Human trafficking» is a crime by «law».
            2. Kazakhstan > Protection
            The «law» on «trafficking» in «persons» is new. An NGO helps those in bonded labor.
            3. Kazakhstan > Overview
            The police set up a «TIP» unit.
            without: law
            4. Kazakhstan > Referral
            The NRM and one nongovernmental organization work. He was «tipped» off.
            without: law
        "#]],
    );
}

#[test]
fn an_abbreviation_stands_for_its_words_and_not_for_its_other_forms() {
    check(
        "TIP",
        expect![[r#"
        TIP => human trafficking, trafficking in persons
        1. Kazakhstan > Overview
        The police set up a «TIP» unit.
        2. Kazakhstan > Referral
        The NRM and one nongovernmental organization work. He was «tipped» off.
        3. Kazakhstan > Prosecution
        «Human trafficking» is a crime by law.
        4. Kazakhstan > Protection
        The law on «trafficking in persons» is new. An NGO helps those in bonded labor.
    "#]],
    );
    check(
        "tipped",
        expect![[r#"
        1. Kazakhstan > Overview
        The police set up a «TIP» unit.
        2. Kazakhstan > Referral
        The NRM and one nongovernmental organization work. He was «tipped» off.
    "#]],
    );
}

#[test]
fn a_quotation_has_synonyms_where_it_is_an_entry_from_end_to_end() {
    check(
        "\"debt bondage\"",
        expect![[r#"
            debt bondage => bonded labor
            nowhere: debt, bondage
            1. Kazakhstan > Protection
            The law on trafficking in persons is new. An NGO helps those in «bonded labor».
        "#]],
    );
    check(
        "\"human trafficking is\"",
        expect![[r#"
        1. Kazakhstan > Prosecution
        «Human trafficking is» a crime by law.
    "#]],
    );
}

#[test]
fn rules_go_one_way() {
    check(
        "referral AND mechanism",
        expect![[r#"
        nowhere: mechanism
        nothing found
    "#]],
    );
    check(
        "referral mechanism",
        expect![[r#"
        referral mechanism => NRM
        nowhere: mechanism
        1. Kazakhstan > «Referral»
        The «NRM» and one nongovernmental organization work. He was tipped off.
    "#]],
    );
    check(
        "NRM",
        expect![[r#"
        1. Kazakhstan > Referral
        The «NRM» and one nongovernmental organization work. He was tipped off.
    "#]],
    );
}

#[test]
fn operators_take_synonyms_but_not_what_is_excluded_or_near() {
    check(
        "NGOs AND work",
        expect![[r#"
            NGOs => NGO, nongovernmental organization
            nowhere: NGOs
            1. Kazakhstan > Referral
            The NRM and one «nongovernmental organization» «work». He was tipped off.
        "#]],
    );
    check(
        "organization NOT NGO",
        expect![[r#"
        1. Kazakhstan > Referral
        The NRM and one nongovernmental «organization» work. He was tipped off.
    "#]],
    );
    check(
        "police NEAR/9 NGO",
        expect![[r#"
        nothing found
    "#]],
    );
}

#[test]
fn words_as_written_have_no_synonyms() {
    let literal = SearchRequest { literal: true, ..SearchRequest::new("TIP") };
    expect![[r#"
        1. Kazakhstan > Overview
        The police set up a «TIP» unit.
    "#]]
    .assert_eq(&answer(&literal));
    let without = SearchRequest { synonyms: false, ..SearchRequest::new("human trafficking") };
    assert!(search(OWN, &without).expansions.is_empty());
}

#[test]
fn a_word_with_a_synonym_is_not_taken_for_a_slip() {
    let response = search(OWN, &SearchRequest::new("labour"));
    let by: Vec<ExpansionSource> = response.expansions.iter().map(|found| found.by).collect();
    assert_eq!(by, [ExpansionSource::Thesaurus]);
    assert_eq!(response.unknown, ["labour"]);
}

#[test]
fn synonyms_are_marked_as_such_and_score_below_the_word() {
    let response = search(OWN, &SearchRequest::new("NGO"));
    let kinds = |hit: usize| -> Vec<&str> {
        response.hits[hit].marks.iter().map(|mark| mark.kind.name()).collect()
    };
    assert_eq!((kinds(0), kinds(1)), (vec!["term"], vec!["synonym"]));
    assert!(response.hits[0].score > response.hits[1].score);
}

#[test]
fn the_longest_entry_wins() {
    let text = "built_in = false\n[rules]\n\"the law\" = [\"crime\"]\n\"human trafficking\" = [\"TIP\"]\n\
                trafficking = [\"NGO\"]\nhuman = [\"police\"]\n";
    let response = search(text, &SearchRequest::new("human trafficking"));
    let added: Vec<_> =
        response.expansions.iter().map(|found| (&*found.from, found.to.join(", "))).collect();
    assert_eq!(added, [("human trafficking", "TIP".to_owned())]);
}

#[test]
fn the_same_rules_in_csv_and_turtle() {
    let csv =
        "# comment\nhuman trafficking, TIP\n\"police, rural\", constabulary\nNRM => mechanism\n";
    let turtle = r#"
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <#ht> a skos:Concept ; skos:prefLabel "human trafficking"@en, "торговля людьми"@ru ;
            skos:altLabel "TIP"@en-GB, "трафикинг"@ru ; skos:hiddenLabel "human traficking"@en ;
            skos:broader <#crime> .
        <#crime> skos:prefLabel "crime" ."#;
    assert_eq!(
        own(csv, "own.csv").map(|own| own.len()),
        own("", "own.csv").map(|built_in| built_in.len() + 2)
    );
    assert_eq!(
        own(turtle, "a.ttl").map(|own| own.len()),
        own("", "own.csv").map(|built_in| built_in.len() + 3)
    );
}

#[test]
fn faults_are_said_with_their_line_and_what_to_do() {
    let faults = [
        ("own.toml", "groups = [[\"a\",\n \"b c d e f g h i j\"]]".to_owned()),
        ("own.toml", "groups = 5".to_owned()),
        ("own.toml", "synonyms = []".to_owned()),
        ("own.toml", "groups = [\n[\"…\", \"police\"]]".to_owned()),
        ("own.csv", "police, guards\n=> officers".to_owned()),
        ("own.csv", "a => b => c".to_owned()),
        ("own.csv", "police, \"guards".to_owned()),
        ("own.csv", (0..22).map(|number| format!("word{number},")).collect()),
        ("own.csv", (0..5_100).map(|number| format!("one{number},two{number}\n")).collect()),
        ("own.csv", "#".repeat((1 << 20) + 1)),
        ("own.ttl", "<#a> <#b> .\n<#c>".to_owned()),
        ("own.ttl", "<#a> <#b> <#c> .".to_owned()),
        ("own.rdf", String::new()),
    ];
    let told: String = faults
        .iter()
        .map(|(name, text)| own(text, name).err().unwrap_or("no fault".into()) + "\n")
        .collect();
    expect![[r#"
        `own.toml`: line 1: `b c d e f g h i j` has 9 words; shorten it to 8
        `own.toml`: TOML parse error at line 1, column 10
          |
        1 | groups = 5
          |          ^
        invalid type: integer `5`, expected a sequence
        `own.toml`: TOML parse error at line 1, column 1
          |
        1 | synonyms = []
          | ^^^^^^^^
        unknown field `synonyms`, expected one of `built_in`, `groups`, `rules`
        `own.toml`: line 2: `…` has no word; leave it out
        `own.csv`: line 2: there must be words on both sides of `=>`
        `own.csv`: line 1: there is more than one `=>`; write two lines
        `own.csv`: line 1: a quotation mark is open at the end of the line; close it
        `own.csv`: line 1: `word0` has more than 20 synonyms; keep those that mean the same
        `own.csv`: line 4773: this is more than 10000 entries; leave out what nobody searches for
        `own.csv`: a thesaurus has 1048576 bytes at most, and this one 1048577; leave out what nobody searches for
        `own.ttl`: line 1: . is not a valid RDF object; it must be SKOS in Turtle
        `own.ttl`: it has no `skos:prefLabel` or `skos:altLabel`
        `own.rdf`: a thesaurus is named `.toml`, `.csv` or `.ttl` (SKOS in Turtle)
    "#]].assert_eq(&told);
}

#[test]
fn no_file_is_too_odd() {
    let pieces = [
        "\"",
        ",",
        "=>",
        "\n",
        "a b",
        "<#a>",
        "@en",
        "[",
        "]",
        "[[",
        "=",
        "skos:prefLabel",
        ".",
        "\u{0}",
        "é",
    ];
    let mut seed = 5u32;
    for _ in 0..3_000 {
        let mut text = String::new();
        for _ in 0..12 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            text += pieces[(seed >> 8) as usize % pieces.len()];
        }
        for name in ["a.toml", "a.csv", "a.ttl"] {
            let _ = own(&text, name);
        }
    }
}

#[test]
fn the_built_in_thesaurus_is_whole() {
    let text = include_str!("../src/query/thesaurus/built-in.toml");
    let written = own(&format!("built_in = false\n{text}"), "built-in.toml").expect("a thesaurus");
    assert_eq!(written.len(), Thesaurus::built_in().len());
    assert!(written.len() > 300, "{} entries", written.len());
    let response = Shelf::of(REPORT).search("trafficking in human beings");
    assert_eq!(response.expansions[0].to, ["human trafficking", "trafficking in persons"]);
    // Who was tipped off was not trafficked.
    assert!(!shown(&response).contains("«tipped»"), "{}", shown(&response));
    let response = Shelf::of(REPORT).search("TIP");
    assert_eq!(response.expansions[0].to, ["trafficking in persons", "human trafficking"]);
}

#[test]
fn everyday_words_find_those_of_reports() {
    let shelf = Shelf::of(
        "# Report\n\nChildren and adolescents shine shoes. Early pregnancy. Police took them to prison for their \
         abduction. Domestic workers do household chores, others hazardous work, garbage scavenging and begging.\n\n\
         Five percent work, 6 per cent beg, and the percentage grows.\n",
    );
    for (typed, found) in [
        ("kids", "«Children»"),
        ("teens", "«adolescents»"),
        ("teen pregnancy", "«Early pregnancy»"),
        ("cops", "«Police»"),
        ("jailed", "«prison»"),
        ("kidnapped", "«abduction»"),
        ("maids", "«Domestic workers»"),
        ("housework", "«household chores»"),
        ("dangerous jobs", "«hazardous work»"),
        ("rag picking", "«scavenging»"),
        ("beggars", "«begging»"),
        ("percent", "Five «percent» work, 6 «per cent» beg, and the «percentage» grows"),
        ("percentage", "Five «percent» work, 6 «per cent» beg, and the «percentage» grows"),
        ("\"per cent\"", "Five «percent» work, 6 «per cent» beg, and the «percentage» grows"),
    ] {
        let answer = shelf.answer(typed);
        assert!(answer.contains(found), "{typed}: {answer}");
    }
    // Who asks for children does not mean kids.
    assert!(shelf.search("children").expansions.is_empty());
}

/// What the program answers as JSON, with its exit code.
fn json(shelf: &Shelf, arguments: &[&str]) -> (i32, serde_json::Value) {
    let ran = tipsearch(shelf.folder.path(), arguments);
    (ran.code, serde_json::from_str(&ran.out).unwrap_or(serde_json::Value::String(ran.err)))
}

#[test]
fn a_file_may_be_named_at_the_command_line() {
    let shelf = Shelf::of(REPORT);
    std::fs::write(shelf.folder.path().join("own.csv"), "gendarme, police\n").expect("a file");
    let (code, answer) = json(&shelf, &["gendarme", "--thesaurus", "own.csv", "--json"]);
    assert_eq!(code, 0);
    let added =
        serde_json::json!({"from": "gendarme", "to": ["police"], "by": "thesaurus", "clause": 0});
    assert_eq!(answer["query"]["expanded"], serde_json::json!([added]));
    assert_eq!(answer["hits"][0]["marks"][0]["kind"], "synonym");
    assert_eq!(json(&shelf, &["gendarme", "--thesaurus", "own.csv", "--literal", "--json"]).0, 1);
    assert_eq!(
        json(&shelf, &["human trafficking", "--no-synonyms", "--json"]).1["query"]["expanded"],
        serde_json::json!([])
    );
    let ran = tipsearch(shelf.folder.path(), &["gendarme", "--thesaurus", "own.csv"]);
    assert!(ran.out.contains("searched for “gendarme” also as “police”"), "{}", ran.out);
    let ran = tipsearch(
        shelf.folder.path(),
        &["explain", "gendarme", "report.md", "--thesaurus", "own.csv"],
    );
    assert!(ran.out.contains("“gendarme” is searched for as “police” (thesaurus)"), "{}", ran.out);
    let ran = tipsearch(shelf.folder.path(), &["police", "--thesaurus", "none.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("none.toml"), "{}", ran.err);
}

#[test]
fn a_corpus_may_name_its_thesaurus() {
    let shelf = Shelf::empty();
    shelf.write("report.md", REPORT.as_bytes());
    shelf.write("corpus.toml", b"[search]\nthesaurus = \"words.toml\"\n");
    shelf.write("words.toml", b"groups = [[\"gendarme\", \"police\"]]\n");
    shelf.index();
    let (code, answer) = json(&shelf, &["gendarme", "--json"]);
    assert_eq!((code, &answer["query"]["expanded"][0]["to"][0]), (0, &"police".into()));
    for (config, told) in [
        ("thesaurus = \"../own.csv\"", "must be a file in this folder"),
        ("thesaurus = \"none.toml\"", "must be a file in this folder"),
        ("thesaurus = 5", "must be the name of a file"),
        ("thesauri = \"a\" # thesaurus", "is not known here"),
    ] {
        std::fs::write(shelf.folder.path().join("own.csv"), "a, b").expect("a file");
        shelf.write("corpus.toml", format!("[search]\n{config}\n").as_bytes());
        let ran = tipsearch(shelf.folder.path(), &["police"]);
        assert!(ran.code == 2 && ran.err.contains(told), "{config}: {}", ran.err);
    }
}

#[test]
fn a_query_takes_its_part_of_the_built_in_thesaurus() {
    let text = include_str!("../src/query/thesaurus/built-in.toml");
    let names: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect();
    assert!(names.len() > 300, "{} names", names.len());
    // One report that has all of them, so that every synonym counts.
    let shelf = Shelf::of(&format!("# Names\n\n{}.\n", names.join(".\n\n")));
    let engine = shelf.engine();
    let whole = Thesaurus::built_in();
    for name in names {
        let asked =
            [name.to_owned(), name.to_uppercase(), format!("\"{name}\""), format!("{name}s")];
        for query in asked {
            let expanded = |thesaurus: &Thesaurus| {
                let query = Query::parse(&query, &engine.summary().fields).expect("a query");
                query.expand(engine.vocabulary(), thesaurus).expect("an expanded query")
            };
            let part = Thesaurus::built_in_for(&query);
            assert!(part.len() < whole.len(), "`{query}` takes all");
            assert_eq!(expanded(&part), expanded(&whole), "`{query}`");
        }
    }
}
