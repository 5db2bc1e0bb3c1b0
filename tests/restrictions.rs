//! What filters and sections mean, what is said where nothing has what they ask for, and how many match.

use tipsearch::engine::Engine;
use tipsearch::search::{SearchRequest, SearchResponse};

use super::cli::{program, ran};
use super::support::{Shelf, shown};

const SHELF: &str = "\
--- guinea_2019.md
# Guinea 2019
Country: Guinea
Year: 2019

## Legal framework

Police arrested traffickers in the capital, Benin.
--- guinea-bissau_2019.md
# Guinea-Bissau 2019
Country: Guinea-Bissau
Year: 2019

## Legal framework

Police trained border guards.
--- papua_2021.md
# Papua New Guinea 2021
Country: Papua New Guinea
Year: 2021

## Protection

Police closed a shelter.
--- kyrgyz_2021.md
# Kyrgyz Republic 2021
Country: Kyrgyz Republic
Year: 2021

## Protection

Police opened a shelter for trafficked children, and forced begging of children went on. It was being watched; being
near, being there.
--- corpus.toml
[roles]
enforcement = [\"legal framework\"]
";

fn search(query: &str) -> SearchResponse {
    Shelf::of(SHELF).searcher().search(&SearchRequest::new(query)).unwrap()
}

fn documents(response: &SearchResponse) -> Vec<&str> {
    let mut documents: Vec<&str> =
        response.hits.iter().map(|hit| hit.passage.report.doc_id.as_str()).collect();
    documents.sort_unstable();
    documents
}

/// The documents that are found, and what is said.
#[track_caller]
fn hold(query: &str, expected: &[&str], said: &[&str]) {
    let response = search(query);
    assert_eq!(documents(&response), expected, "{query}");
    assert_eq!(response.warnings, said, "{query}");
}

#[test]
fn a_value_is_the_whole_one_where_there_is_one() {
    let others = "`country:guinea` alone is meant, not `country:\"guinea bissau\"`, `country:\"papua new guinea\"`";
    hold("police country:guinea", &["guinea_2019.md"], &[others]);
    hold("police country:\"Guinea-Bissau\"", &["guinea-bissau_2019.md"], &[]);
    hold("police country:bissau", &["guinea-bissau_2019.md"], &[]);
    hold("police country:papua country:guinea", &["guinea_2019.md", "papua_2021.md"], &[others]);
    let three = ["guinea-bissau_2019.md", "kyrgyz_2021.md", "papua_2021.md"];
    hold("police -country:guinea", &three, &[others]);
}

#[test]
fn a_value_that_nothing_has_is_said_with_those_that_may_be_meant() {
    let nothing = |query: &str, said: &str| hold(query, &[], &[said]);
    let republic = "did you mean `country:\"kyrgyz republic\"`?";
    nothing("police country:Kyrgyzstan", &format!("nothing has `country:kyrgyzstan`; {republic}"));
    nothing("police country:kyr", &format!("nothing has `country:kyr`; {republic}"));
    nothing(
        "police country:guinae",
        "nothing has `country:guinae`; did you mean `country:guinea`, `country:\"guinea bissau\"`?",
    );
    nothing(
        "police role:enforcements",
        "nothing has `role:enforcements`; did you mean `role:enforcement`?",
    );
    nothing("police year:2020", "nothing has `year:2020`; the years are 2019 to 2021");
    nothing("police year:..2018", "nothing has `year:..2018`; the years are 2019 to 2021");
    hold("police year:2020..", &["kyrgyz_2021.md", "papua_2021.md"], &[]);
}

#[test]
fn a_section_that_is_a_kind_of_section_is_said() {
    let shelf = Shelf::of(SHELF);
    let of = |section: &str| {
        let section = Some(section.to_owned());
        let request = SearchRequest { section, ..SearchRequest::new("police") };
        shelf.searcher().search(&request).unwrap().warnings
    };
    assert_eq!(
        of("enforcement"),
        ["no heading has the word `enforcement`; sections of that kind are `role:enforcement`"]
    );
    assert_eq!(of("zeppelins"), ["no heading has the word `zeppelins`"]);
    assert_eq!(of("protection"), [""; 0]);
}

#[test]
fn nothing_that_was_searched_says_nothing() {
    let shelf = Shelf::of(SHELF);
    let run = |words: &[&str]| {
        ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()))
    };
    for filter in ["country:kyrgyzstan", "year:2018", "role:prevention"] {
        let none = run(&["search", "zeppelin", "--assert-none", "--filter", filter]);
        assert_eq!(none.code, 1, "{filter}: {}", none.out);
        assert!(none.err.contains("no passage was searched"), "{filter}: {}", none.err);
        assert!(none.out.contains("searched 0 documents and 0 passages"), "{filter}: {}", none.out);
    }
    let none = run(&["search", "zeppelin", "--assert-none", "--filter", "year:2019"]);
    assert_eq!(none.code, 0, "{}", none.err);
    assert!(none.out.contains("searched 2 documents and 2 passages"), "{}", none.out);
}

#[test]
fn a_misspelled_word_of_a_phrase_is_searched_in_its_nearest_spelling() {
    let response = search("\"trafficked childen\"");
    assert_eq!(documents(&response), ["kyrgyz_2021.md"]);
    assert!(shown(&response).contains("«trafficked children»"), "{}", shown(&response));
    assert_eq!(response.did_you_mean.as_deref(), Some("\"trafficked children\""));
    assert_eq!(response.warnings, [""; 0]);
    // A letter too few of two is likelier than another word that is more frequent.
    assert_eq!(search("\"forced beging\"").did_you_mean.as_deref(), Some("\"forced begging\""));
}

#[test]
fn fields_are_asked_of_fields() {
    // The word of the title is no word of the text, nor is anything there marked as like it.
    let shown = shown(&search("title:guinea arrested police"));
    assert!(shown.contains("«Police» «arrested» traffickers in the capital, Benin."), "{shown}");
}

#[test]
fn how_many_match_is_known_where_all_were_met() {
    let sentences: String = (0..40)
        .map(|number| {
            format!("## Part {number}\n\nBorder guards took bribes at post {number}.\n\n")
        })
        .collect();
    let shelf = Shelf::of(&format!("# Report\n\n{sentences}"));
    let searcher = shelf.searcher();
    assert_eq!(searcher.engine().summary().passages, 40);
    for query in [
        "\"border guards\"",
        "\"border guards\" post",
        "guards NEAR/3 bribes",
        "brib*",
        "guards AND bribes",
        "+guards bribes",
        "section:part bribes",
        "bribes",
    ] {
        let request = SearchRequest { limit: 2, ..SearchRequest::new(query) };
        let total = searcher.search(&request).unwrap().total;
        assert_eq!((total.passages, total.documents, total.is_exact), (40, 1, true), "{query}");
    }
}
