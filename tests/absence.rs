//! What is not mentioned, searches that are run again, and ids that are not there any more.

use serde_json::Value;
use tipsearch::search::{SearchRequest, SearchResponse};

use super::cli::{Ran, program, ran};
use super::support::{Shelf, shown};

const CORPUS: &str = "\
--- atlantis.md
# Atlantis

## Prosecution

Police investigated traficking of organs and the organ harvesting ring in the capital.

## Protection

The shelter was closed. Anti-trafficking units were not trained.
--- lemuria.md
# Lemuria

Children beg at border crossings; border guard Smith saw it.

## More

Guards of the northern border were asked.
";

fn exhaustive(shelf: &Shelf, query: &str) -> SearchResponse {
    let request = SearchRequest { exhaustive: true, ..SearchRequest::new(query) };
    shelf.searcher().search(&request).unwrap()
}

fn found(shelf: &Shelf, query: &str) -> Vec<String> {
    let mut texts: Vec<String> =
        exhaustive(shelf, query).hits.iter().map(|hit| hit.passage.text.clone()).collect();
    texts.sort();
    texts
}

fn run(shelf: &Shelf, words: &[&str]) -> Ran {
    ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()))
}

#[test]
fn every_form_is_found_and_said() {
    let shelf = Shelf::of(CORPUS);
    // A misspelling in the report, though the word as typed is there too.
    let response = exhaustive(&shelf, "trafficking");
    assert_eq!(response.total.passages, 2, "{}", shown(&response));
    let said = response.exhaustive.unwrap();
    let word = &said.forms[0];
    assert!(word.forms.contains(&"trafficking".to_owned()), "{word:?}");
    assert!(word.spellings.contains(&"traficking".to_owned()), "{word:?}");
    // One of the words of a phrase is misspelled.
    assert_eq!(found(&shelf, "\"trafficking of organs\"").len(), 1);
    // Written together.
    assert_eq!(found(&shelf, "antitrafficking").len(), 1);
    assert_eq!(found(&shelf, "\"border guards\"").len(), 1);
}

#[test]
fn of_prose_every_word_is_required() {
    let shelf = Shelf::of(CORPUS);
    assert_eq!(found(&shelf, "shelter trained units").len(), 1);
    let none = exhaustive(&shelf, "shelter for organ harvesting");
    assert_eq!(none.total.passages, 0);
    let said = none.exhaustive.unwrap();
    assert_eq!(said.near_misses.len(), 2, "passages with some of the words");
    // Operators say what is required.
    assert_eq!(found(&shelf, "shelter OR smith").len(), 2);
}

#[test]
fn a_synonym_stands_for_all_its_words() {
    let shelf = Shelf::of("# Report\n\nThe debt bondage of brick makers was prosecuted.\n");
    let request =
        SearchRequest { exhaustive: true, ..SearchRequest::new("bonded labor prosecuted") };
    let response = shelf.searcher().search(&request).unwrap();
    assert!(!response.expansions.is_empty(), "the thesaurus has no such line any more");
    assert_eq!(response.total.passages, 1, "{}", shown(&response));
}

#[test]
fn another_word_is_no_near_spelling_because_its_stem_is() {
    let shelf = Shelf::of(
        "--- a.md\n# A\n\nPolicies are political.\n\n## B\n\nThe polise came; polices were sold.\n",
    );
    let response = exhaustive(&shelf, "police");
    assert_eq!(response.total.passages, 1, "{}", shown(&response));
    assert!(shown(&response).contains("The «polise» came; «polices» were sold."));
    let said = response.exhaustive.unwrap();
    assert_eq!(
        (said.forms[0].forms.join(" "), said.forms[0].spellings.join(" ")),
        ("polices".into(), "polise".into())
    );
    let near = shelf.search("police~1");
    assert_eq!(near.total.passages, 1, "{}", shown(&near));
}

#[test]
fn what_could_not_be_read_may_say_it() {
    let shelf = Shelf::of(CORPUS);
    let none = run(&shelf, &["search", "zeppelin", "--assert-none"]);
    assert_eq!(none.code, 0, "{} {}", none.out, none.err);
    assert!(
        none.out.contains("nowhere in the index, nor anything spelled like it"),
        "{}",
        none.out
    );
    let narrow = run(&shelf, &["search", "zeppelin", "--assert-none", "--no-synonyms"]);
    assert_eq!(narrow.code, 1, "{}", narrow.out);
    assert!(narrow.err.contains("synonyms were not searched for"), "{}", narrow.err);
    let some = run(&shelf, &["search", "shelters", "--assert-none"]);
    assert_eq!(some.code, 1, "{}", some.out);
    shelf.write("broken.docx", b"PK\x03\x04 this is no package");
    shelf.index();
    let unsure = run(&shelf, &["search", "zeppelin", "--assert-none", "--json"]);
    assert_eq!(unsure.code, 1, "{}", unsure.out);
    assert!(unsure.err.contains("1 file could not be read, or not whole"), "{}", unsure.err);
    let data: Value = serde_json::from_str(&unsure.out).unwrap();
    assert_eq!(data["exhaustive"]["is_complete"], false);
    assert_eq!(data["exhaustive"]["not_read"][0]["doc_id"], "broken.docx");
    let plain = run(&shelf, &["search", "zeppelin", "--exhaustive"]);
    assert_eq!(plain.code, 1);
    assert!(!plain.out.contains("by design"), "{}", plain.out);
    shelf.write("page.html", b"<p>A page of words.</p>");
    shelf.index();
    let page = run(&shelf, &["search", "zeppelin", "--exhaustive"]);
    assert!(page.out.contains("not searched, by design: of web pages"), "{}", page.out);
    assert!(plain.out.contains("1 file could not be read"), "{}", plain.out);
}

#[test]
fn a_receipt_is_run_again_and_says_what_changed() {
    let shelf = Shelf::of(CORPUS);
    let path = shelf.folder.path().join("receipt.json");
    let name = path.to_str().unwrap();
    let asked = run(&shelf, &["search", "border guards", "--receipt", name]);
    assert_eq!(asked.code, 0, "{}", asked.err);
    let receipt: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(receipt["schema"], "tipsearch.receipt/1");
    assert_eq!(receipt["request"]["query"], "border guards");
    assert_eq!(receipt["results"].as_array().unwrap().len(), 2);
    assert!(receipt["methods"].as_str().unwrap().contains("2 passages in 1 document matched"));
    let same = run(&shelf, &["replay", name]);
    assert_eq!(same.code, 0, "{} {}", same.out, same.err);
    assert!(same.out.contains("the same results"), "{}", same.out);

    let text = CORPUS.split("--- lemuria.md\n").nth(1).unwrap();
    let changed = text.replace("saw it", "denied it").replace("Guards of the", "New guards of a");
    shelf.write("lemuria.md", changed.as_bytes());
    shelf.write("utopia.md", b"# Utopia\n\nBorder guards slept.\n");
    shelf.index();
    let replayed = run(&shelf, &["replay", name]);
    assert_eq!(replayed.code, 1, "{} {}", replayed.out, replayed.err);
    for said in ["documents: 2 → 3", "[-saw-]{+denied+} it", "Utopia", "not the same results"] {
        assert!(replayed.out.contains(said), "{said}: {}", replayed.out);
    }
    let data = run(&shelf, &["replay", name, "--json"]);
    let data: Value = serde_json::from_str(&data.out).unwrap();
    let fates: Vec<&str> =
        data["results"].as_array().unwrap().iter().map(|it| it["fate"].as_str().unwrap()).collect();
    assert_eq!(fates, ["text_changed", "text_changed"], "{data:#}");
    let methods = run(&shelf, &["replay", name, "--methods"]);
    assert!(methods.out.starts_with("On ") && methods.out.contains("`border guards`"));
}

#[test]
fn what_is_no_receipt_says_so() {
    let shelf = Shelf::of(CORPUS);
    for text in ["", "{}", "[1]", "{\"schema\": \"tipsearch.receipt/9\"}", "\0\0"] {
        shelf.write("bad.json", text.as_bytes());
        let path = shelf.corpus().join("bad.json");
        let refused = run(&shelf, &["replay", path.to_str().unwrap()]);
        assert_eq!(refused.code, 2, "{text}");
        assert!(refused.err.contains("no receipt"), "{text}: {}", refused.err);
    }
}

#[test]
fn an_id_that_is_gone_says_what_became_of_it() {
    let first = "The first paragraph tells of police who took bribes from smugglers of people.";
    let second = "The second paragraph tells of a shelter for boys in the north of the country.";
    let shelf = Shelf::of(&format!(
        "--- a.md\n# A\n\n## One\n\n{first}\n\n## Two\n\n{second}\n\n## Three\n\nNothing else is told of forests here.\n--- b.md\n# B\n\n{first}\n"
    ));
    let ids: Vec<String> = tipsearch::engine::Engine::document(&shelf.engine(), "a.md")
        .unwrap()
        .into_iter()
        .map(|passage| passage.id)
        .collect();
    let changed = second.replace("boys", "girls");
    shelf.write("a.md", format!("# A\n\n## New\n\n{first}\n\n## Two\n\n{changed}\n").as_bytes());
    shelf.index();
    for (id, fate, said) in [
        (&ids[0], "moved", "moved: now id"),
        (&ids[1], "text_changed", "[-boys-]{+girls+}"),
        (&ids[2], "gone", "gone from its document"),
    ] {
        let shown = run(&shelf, &["show", id]);
        assert_eq!(shown.code, 1, "{} {}", shown.out, shown.err);
        assert!(shown.out.contains(said), "{fate}: {}", shown.out);
        let data = run(&shelf, &["show", id, "--json"]);
        let data: Value = serde_json::from_str(&data.out).unwrap();
        assert_eq!((&data["schema"], &data["fate"]), (&"tipsearch.fate/1".into(), &fate.into()));
    }
    // What has gone with its document is still known two generations later.
    std::fs::remove_file(shelf.corpus().join("a.md")).unwrap();
    shelf.index();
    shelf.write("c.md", b"# C\n\nSomething new.\n");
    shelf.index();
    let gone = run(&shelf, &["show", &ids[1]]);
    assert!(gone.out.contains("gone with its document"), "{}", gone.out);
    // Under another name, what it says now is found.
    shelf.write("d.md", format!("# A\n\n## Two\n\n{changed}\n").as_bytes());
    shelf.index();
    let renamed = run(&shelf, &["show", &ids[1]]);
    assert!(renamed.out.contains("[-boys-]{+girls+}"), "{}", renamed.out);
    let moved = run(&shelf, &["show", &ids[0]]);
    assert!(moved.out.contains("moved: now id") && moved.out.contains("b.md"), "{}", moved.out);
    let unknown = run(&shelf, &["show", "0123456789abcdef"]);
    assert_eq!(unknown.code, 2, "{}", unknown.out);
}

#[test]
fn what_has_changed_since_is_not_asserted() {
    let shelf = Shelf::of(CORPUS);
    let asked = ["torture", "--assert-none"];
    assert_eq!(run(&shelf, &asked).code, 0);
    shelf.write("new.md", b"# New\n\nTorture with cables.\n");
    let ran = run(&shelf, &asked);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("1 file has changed since indexing"), "{}", ran.err);
    assert_eq!(run(&shelf, &["torture", "--assert-none", "--quiet"]).code, 1);
    let told = run(&shelf, &["verify", "--quote", "The shelter was closed."]);
    assert!(told.err.contains("1 file has changed since indexing"), "{}", told.err);
    shelf.index();
    assert_eq!(run(&shelf, &["shelter", "--quiet"]).err, "");
}

/// What is odd about a report is a ground to doubt only where its text may be lost.
#[test]
fn a_report_that_is_not_read_whole_may_say_it() {
    let shelf = Shelf::of("--- a.md\n---\ncountry: 2014 Report_final\n---\n# A\n\nPolice came.\n");
    let asked = ["search", "zeppelin", "--assert-none"];
    assert_eq!(run(&shelf, &asked).code, 0);
    shelf.write("odd.txt", b"\xEF\xBB\xBFThey saw a zeppe\xFFin over the town.");
    shelf.index();
    let unsure = run(&shelf, &asked);
    assert_eq!(unsure.code, 1, "{}", unsure.out);
    assert!(unsure.err.contains("1 file could not be read, or not whole"), "{}", unsure.err);
    assert!(unsure.out.contains("odd.txt"), "{}", unsure.out);
}

#[test]
fn what_a_title_excludes_may_say_it_and_so_may_a_damaged_index() {
    let shelf = Shelf::of("# Child labor in Ghana\n\nPolice freed slaves.\n");
    let ran = run(&shelf, &["slaves NOT \"child labor\"", "--assert-none"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("1 passage would match"), "{}", ran.err);
    let ran = run(&shelf, &["pirates NOT corruption", "--assert-none"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let segments = shelf.index_path().join("segments-1");
    let terms = std::fs::read_dir(segments).unwrap().flatten().map(|entry| entry.path());
    let terms = terms.into_iter().find(|path| path.extension().is_some_and(|it| it == "pos"));
    let terms = terms.unwrap();
    let mut bytes = std::fs::read(&terms).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&terms, bytes).unwrap();
    let ran = run(&shelf, &["pirates", "--assert-none"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("damaged"), "{}", ran.err);
}
