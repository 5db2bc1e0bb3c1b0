//! What filters and sections mean, what is said where nothing has what they ask for, and how many match.

use tipsearch::engine::Engine;
use tipsearch::query::Query;
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
    // Who asks for several tells them apart.
    hold("police country:papua country:guinea", &["guinea_2019.md", "papua_2021.md"], &[]);
    let three = ["guinea-bissau_2019.md", "kyrgyz_2021.md", "papua_2021.md"];
    hold("police -country:guinea", &three, &[others]);
}

#[test]
fn a_value_that_nothing_has_is_said_with_those_that_may_be_meant() {
    let nothing = |query: &str, said: &str| hold(query, &[], &[said]);
    let republic = "did you mean `country:\"kyrgyz republic\"`?";
    let called = "`country:kyrgyzstan` is `country:\"kyrgyz republic\"`";
    hold("police country:Kyrgyzstan", &["kyrgyz_2021.md"], &[called]);
    nothing("police country:kyr", &format!("nothing has `country:kyr`; {republic}"));
    nothing(
        "police country:guinae",
        "nothing has `country:guinae`; did you mean `country:guinea`, `country:\"guinea bissau\"`?",
    );
    nothing(
        "police role:enforcements",
        "nothing has `role:enforcements`; did you mean `role:enforcement`?",
    );
    nothing("police year:2020", "nothing has `year:2020`; the years are 2019, 2021");
    nothing("police year:..2018", "nothing has `year:..2018`; the years are 2019, 2021");
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
    for filter in ["country:kyrgyzst", "year:2018", "role:prevention"] {
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

/// The passages of a search, by the first word of each.
fn first_words(shelf: &Shelf, query: &str) -> Vec<String> {
    let searcher = shelf.searcher();
    let request = SearchRequest { per_document: Some(0), ..SearchRequest::new(query) };
    let hits = searcher.search(&request).unwrap().hits;
    let first = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    let mut words: Vec<String> = hits.iter().map(|hit| first(&hit.passage.text)).collect();
    words.sort();
    words
}

fn of_two_years() -> Shelf {
    let shelf = Shelf::empty();
    for (year, country) in [(2014, "North Land"), (2020, "South Land")] {
        let text = format!(
            "---\nyear: {year}\ncountry: {country}\n---\n# Report\n\n## One\n\nA{year} police took corrupt children.\n\n\
             ## Two\n\nB{year} police were corrupt.\n\n## Three\n\nC{year} corruption of courts.\n"
        );
        shelf.write(&format!("r{year}.md"), text.as_bytes());
    }
    shelf.index();
    shelf
}

#[test]
fn what_is_excluded_with_a_field_is_excluded_where_passages_decide() {
    let shelf = of_two_years();
    for (query, expected) in [
        ("polic* -(children AND year:2014)", &["A2020", "B2014", "B2020"][..]),
        ("polic* NOT (children OR year:2014)", &["B2020"]),
        ("year:2014 OR (NOT polic*)", &["A2014", "B2014", "C2014", "C2020"]),
        ("(polic* AND year:2014) OR courts", &["A2014", "B2014", "C2014", "C2020"]),
    ] {
        assert_eq!(first_words(&shelf, query), expected, "{query}");
    }
}

#[test]
fn words_of_a_group_whose_field_does_not_fit_are_not_lit() {
    let shelf = of_two_years();
    let own = shown(&shelf.search("(police AND year:2014) OR courts"));
    assert!(own.contains("«police»"), "{own}");
    let other = shown(&shelf.search("((police AND year:2014) OR corrupt*) AND year:2020"));
    assert!(!other.contains("«police»"), "{other}");
}

#[test]
fn fields_take_several_values_in_brackets_and_bounds() {
    let shelf = of_two_years();
    for (query, expected) in [
        ("corruption year:(2014 OR 2015)", &["A2014", "B2014", "C2014"][..]),
        ("courts year:>2014", &["C2020"]),
        ("courts year:>=2014", &["C2014", "C2020"]),
        ("courts year:<2020", &["C2014"]),
        ("courts year:2013-2015", &["C2014"]),
        ("courts (year:2014 OR year:2013)", &["C2014"]),
        ("courts country:(\"north land\" OR nowhere)", &["C2014"]),
        ("courts year:>2013 year:<2016", &["C2014"]),
        ("courts year:2013-15", &["C2014"]),
        ("courts (-year:2014)", &["C2020"]),
        ("courts -year:(2014 2020)", &[]),
        ("heading:*wo", &["B2014", "B2020"]),
        ("police -/child.*/", &["B2014", "B2020"]),
        ("\"police were corrup*.\"", &["B2014", "B2020"]),
    ] {
        assert_eq!(first_words(&shelf, query), expected, "{query}");
    }
    let refused = Query::parse("courts country:/no.*/", &shelf.engine().summary().fields);
    assert!(refused.unwrap_err().to_string().contains("`country` has values"));
    let searcher = shelf.searcher();
    let said = |query| searcher.search(&SearchRequest::new(query)).unwrap().warnings.join("; ");
    assert!(said("courts date:2014").contains("there is no field `date`"));
    assert_eq!(said("Note:12 courts"), "");
}

#[test]
fn a_hyphen_joins_a_word_and_a_pattern() {
    let shelf = Shelf::of("# R\n\nPolice of anti-trafficking units.\n\nAnti-corruption law.\n");
    let shown = shown(&shelf.search("anti-traffick*"));
    assert!(shown.contains("«anti»-«trafficking»"), "{shown}");
}

#[test]
fn a_span_of_years_is_each_of_them() {
    let shelf = Shelf::empty();
    for (name, year) in [("a", "2019-2021"), ("b", "2019/20"), ("c", "2018-05"), ("d", "1999/00")] {
        let text =
            format!("---\nyear: {year}\n---\n# R\n\n{} kilns were closed.\n", name.to_uppercase());
        shelf.write(&format!("{name}.md"), text.as_bytes());
    }
    shelf.index();
    for (query, expected) in [
        ("kilns year:2020", &["A", "B"][..]),
        ("kilns year:2021..", &["A"]),
        ("kilns year:2018", &["C"]),
        ("kilns year:2000", &["D"]),
        ("kilns year:2019..2020 NOT year:2021", &["B"]),
    ] {
        assert_eq!(first_words(&shelf, query), expected, "{query}");
    }
}

#[test]
fn words_without_blanks_between_are_words() {
    let shelf = Shelf::of(
        "# R\n\n人人有言论自由。\n\n## 二\n\n不得使为奴隶。\n\n## 三\n\n由他自己宣言。\n",
    );
    let shown = |query: &str| shown(&shelf.search(query));
    for query in ["奴隶*", "自由", "\"言论 自由*\""] {
        assert_eq!(first_words(&shelf, query).len(), 1, "a word, and not two characters: {query}");
    }
    assert!(shown("奴隶*").contains("为«奴隶»"), "{}", shown("奴隶*"));
    assert!(shown("自由").contains("言论«自由»"), "{}", shown("自由"));
}

#[test]
fn a_word_that_no_heading_has_is_said_of_headings() {
    let shelf = of_two_years();
    let response = shelf.search("heading:police courts");
    assert_eq!(response.unknown, [""; 0]);
    assert_eq!(response.warnings, ["no heading has the word `police`"]);
}

#[test]
fn beside_a_heading_one_of_the_words_is_required_as_beside_any_field() {
    for query in [
        "section:protection shelter",
        "heading:protection shelter",
        "section:protection AND shelter",
    ] {
        let response = search(query);
        assert_eq!(documents(&response), ["kyrgyz_2021.md", "papua_2021.md"], "{query}");
        assert_eq!(response.total.passages, 2, "{query}");
    }
    let response = search("section:protection begging watched");
    assert_eq!(documents(&response), ["kyrgyz_2021.md"]);
    assert_eq!(response.parsed, "heading:protection AND (begging watched)");
    assert_eq!(documents(&search("title:2019 arrested")), ["guinea_2019.md"]);
}

#[test]
fn what_a_phrase_or_a_filter_cannot_say_is_told() {
    let response = search("\"police * shelter\"");
    assert!(
        response.warnings.iter().any(|it| it.contains("`\"police shelter\"~1`")),
        "{:?}",
        response.warnings
    );
    let searcher = Shelf::of(SHELF).searcher();
    let told = |filter: &str| {
        let request =
            SearchRequest { filter: Some(filter.to_owned()), ..SearchRequest::new("police") };
        match searcher.search(&request) {
            Err(error) => format!("{error}; {}", error.hint().unwrap_or_default()),
            Ok(response) => response.warnings.join("; "),
        }
    };
    assert!(
        told("region:Africa").contains("there is no field `region`"),
        "{}",
        told("region:Africa")
    );
    let two = told("country:Papua New Guinea");
    assert!(
        two.contains("not in a field: New, Guinea") && two.contains("country:\"Burkina Faso\""),
        "{two}"
    );
    assert!(
        told("country:\"Republic Kyrgyz\"")
            .ends_with("did you mean `country:\"kyrgyz republic\"`?")
    );
    assert_eq!(told("year:2020"), "nothing has `year:2020`; the years are 2019, 2021");
}

#[test]
fn a_slip_that_a_report_has_too_is_told() {
    let often = "\n\n## Part\n\nThe government acts.".repeat(60);
    let shelf = Shelf::of(&format!("# Report\n\nThe goverment acted.{often}\n"));
    assert_eq!(shelf.search("goverment").did_you_mean.as_deref(), Some("government"));
    assert_eq!(shelf.search("government").did_you_mean, None);
    // A slip more is likelier than a word that is as wrong.
    let shelf = Shelf::of(&format!(
        "# Report\n\nOf traficking.{}\n",
        "\n\n## Part\n\nOn trafficking.".repeat(2000)
    ));
    assert_eq!(shelf.search("trafiking").did_you_mean.as_deref(), Some("trafficking"));
}

#[test]
fn a_country_is_found_by_its_other_names_and_a_language_without_its_region() {
    let report =
        |name: &str, keys: &str| format!("--- {name}.md\n---\n{keys}\n---\n# {name}\n\nPolice.\n");
    let shelf = Shelf::of(
        &(report("one", "country: Burma\nassessment: No advancement\nlang: en-US")
            + &report("two", "country: Côte d'Ivoire\nassessment: No advancement – complicit")
            + &report(
                "three",
                "country: Congo, Democratic Republic of the\nyear: 2014\nlang: EN-us",
            )
            + &report("four", "country: CongoDemocraticRepublic\nyear: 2013")),
    );
    let found = |query: &str| {
        let response = shelf.search(query);
        let documents = documents(&response).join(" ").replace(".md", "");
        format!("{documents}: {}", response.warnings.join("; "))
    };
    assert_eq!(found("police country:Myanmar"), "one: `country:myanmar` is `country:burma`");
    assert_eq!(
        found("police country:\"Ivory Coast\""),
        "two: `country:\"ivory coast\"` is `country:\"cote d ivoire\"`"
    );
    for name in ["DRC", "DR Congo", "Democratic Republic of the Congo"] {
        let found = found(&format!("police country:\"{name}\""));
        assert!(found.starts_with("three: "), "{name}: {found}");
    }
    let congo = "`country:congo` alone is meant, not `country:congodemocraticrepublic`";
    assert_eq!(found("police country:congo"), format!("three: {congo}"));
    let none = "`assessment:\"no advancement\"` alone is meant, not `assessment:\"no advancement complicit\"`";
    assert_eq!(found("police assessment:\"no advancement\" country:burma"), format!("one: {none}"));
    assert_eq!(found("police lang:en"), "one three: ");
    assert_eq!(found("police lang:en-US"), "one three: ");
}

#[test]
fn a_blank_behind_the_colon_of_a_field_is_told() {
    let shelf = Shelf::of(SHELF);
    let request =
        SearchRequest { filter: Some("year: 2019".to_owned()), ..SearchRequest::new("police") };
    let error = shelf.searcher().search(&request).unwrap_err().to_string();
    assert!(error.contains("nothing directly behind `year:`"), "{error}");
    let request =
        SearchRequest { filter: Some("yaer: 2019".to_owned()), ..SearchRequest::new("police") };
    let error = shelf.searcher().search(&request).unwrap_err().to_string();
    assert!(error.contains("there is no field `yaer`"), "{error}");
}
