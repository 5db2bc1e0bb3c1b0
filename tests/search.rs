//! Search from outside: a corpus in a string, a query, the expected answer as text with «marks».

use std::fmt::Write;

use expect_test::{Expect, expect};
use tipsearch::engine::Engine;
use tipsearch::highlight::MarkKind;
use tipsearch::query::Query;
use tipsearch::rank::Explanation;
use tipsearch::search::{SearchRequest, SearchResponse, Sort};

use crate::support::{Shelf, hit, shown};

fn check(corpus: &str, query: &str, expected: Expect) {
    expected.assert_eq(&Shelf::of(corpus).answer(query));
}

const BORDER: &str = "\
# Kazakhstan

## Prosecution

Police investigated complicity of some border guards and migration police. The border was closed.

## Protection

Guards at shelters protected victims, who were not detained.
";

#[test]
fn words_are_marked_where_they_matched() {
    check(
        BORDER,
        "border guards complicity",
        expect![[r#"
        1. Kazakhstan > Prosecution
        Police investigated «complicity» of some «border» «guards» and migration police. The «border» was closed.
        2. Kazakhstan > Protection
        «Guards» at shelters protected victims, who were not detained.
        without: border, complicity
    "#]],
    );
}

#[test]
fn a_phrase_lights_only_where_it_stands_as_one() {
    check(
        BORDER,
        "\"border guards\"",
        expect![[r#"
        1. Kazakhstan > Prosecution
        Police investigated complicity of some «border guards» and migration police. The border was closed.
    "#]],
    );
}

/// Five reports of one length that have the same words: what is asked for side by side comes first where it
/// stands so, then where it stands near, then where it is apart.
#[test]
fn neighbours_of_the_query_come_first_where_they_are_neighbours() {
    let texts = [
        ("apart", "Guards saw many people who walked slowly over the old border."),
        ("apart too", "Guards met many people who walked slowly over the new border."),
        ("near", "Many people who walked over there saw guards at the border."),
        ("adjacent", "Many people who walked slowly over there saw the border guards."),
        ("turned", "Many people who walked slowly over there saw guards border there."),
    ];
    let corpus: Vec<String> = texts
        .iter()
        .map(|(title, text)| format!("--- {}.md\n# {title}\n\n{text}\n", title.replace(' ', "-")))
        .collect();
    let response = Shelf::of(&corpus.concat()).search("border guards");
    let titles: Vec<&str> =
        response.hits.iter().map(|hit| hit.passage.report.title.as_str()).collect();
    assert_eq!(titles[0], "adjacent");
    let mut near = titles[1..3].to_vec();
    near.sort_unstable();
    assert_eq!(near, ["near", "turned"], "{titles:?}");
}

#[test]
fn curly_quotes_are_quotes() {
    check(
        BORDER,
        "“border guards”",
        expect![[r#"
        1. Kazakhstan > Prosecution
        Police investigated complicity of some «border guards» and migration police. The border was closed.
    "#]],
    );
}

#[test]
fn a_phrase_that_stands_nowhere_is_said() {
    check(
        BORDER,
        "\"guards border\"",
        expect![[r#"
        warning: no passage has “guards border” as a phrase; these have the words
        1. Kazakhstan > Prosecution
        Police investigated complicity of some «border» «guards» and migration police. The «border» was closed.
        2. Kazakhstan > Protection
        «Guards» at shelters protected victims, who were not detained.
        without: border
    "#]],
    );
}

#[test]
fn a_phrase_does_not_cross_from_heading_to_text() {
    check(
        BORDER,
        "\"prosecution police\"",
        expect![[r#"
        warning: no passage has “prosecution police” as a phrase; these have the words
        1. Kazakhstan > «Prosecution»
        «Police» investigated complicity of some border guards and migration «police». The border was closed.
    "#]],
    );
}

#[test]
fn headings_match_and_are_marked() {
    check(
        BORDER,
        "protection",
        expect![[r#"
        1. Kazakhstan > «Protection»
        Guards at shelters «protected» victims, who were not detained.
    "#]],
    );
}

#[test]
fn what_is_excluded_is_absent_and_not_missing() {
    check(
        BORDER,
        "guards -police",
        expect![[r#"
        1. Kazakhstan > Protection
        «Guards» at shelters protected victims, who were not detained.
    "#]],
    );
}

#[test]
fn and_needs_both() {
    check(
        BORDER,
        "guards AND victims",
        expect![[r#"
        1. Kazakhstan > Protection
        «Guards» at shelters protected «victims», who were not detained.
    "#]],
    );
}

#[test]
fn or_and_brackets() {
    check(
        BORDER,
        "(complicity OR shelters) AND guards",
        expect![[r#"
        1. Kazakhstan > Protection
        «Guards» at «shelters» protected victims, who were not detained.
        without: complicity
        2. Kazakhstan > Prosecution
        Police investigated «complicity» of some border «guards» and migration police. The border was closed.
        without: shelters
    "#]],
    );
}

#[test]
fn a_plus_is_required() {
    check(
        BORDER,
        "+victims guards border",
        expect![[r#"
        1. Kazakhstan > Protection
        «Guards» at shelters protected «victims», who were not detained.
        without: border
    "#]],
    );
}

#[test]
fn a_prefix_matches_words_that_begin_so() {
    check(
        BORDER,
        "investig*",
        expect![[r#"
        1. Kazakhstan > Prosecution
        Police «investigated» complicity of some border guards and migration police. The border was closed.
    "#]],
    );
}

#[test]
fn a_prefix_does_not_match_other_words_of_the_stem() {
    check(
        "The government. They were governed.",
        "governm*",
        expect![[r#"
        1. report
        The «government». They were governed.
    "#]],
    );
}

#[test]
fn stems_match_and_say_so() {
    check(
        BORDER,
        "investigating victim",
        expect![[r#"
        1. Kazakhstan > Protection
        Guards at shelters protected «victims», who were not detained.
        without: investigating
        2. Kazakhstan > Prosecution
        Police «investigated» complicity of some border guards and migration police. The border was closed.
        without: victim
    "#]],
    );
}

#[test]
fn literal_search_takes_words_as_written() {
    let shelf = Shelf::of(BORDER);
    let request = SearchRequest { literal: true, ..SearchRequest::new("guard OR guards") };
    let response = shelf.searcher().search(&request).unwrap();
    expect![[r#"
        1. Kazakhstan > Protection
        «Guards» at shelters protected victims, who were not detained.
        without: guard
        2. Kazakhstan > Prosecution
        Police investigated complicity of some border «guards» and migration police. The border was closed.
        without: guard
    "#]].assert_eq(&shown(&response));
}

#[test]
fn a_misspelled_word_is_searched_in_its_nearest_spelling_and_said() {
    check(
        BORDER,
        "compliccity",
        expect![[r#"
        nowhere: compliccity
        did you mean: complicity
        1. Kazakhstan > Prosecution
        Police investigated «complicity» of some border guards and migration police. The border was closed.
    "#]],
    );
}

#[test]
fn what_is_nowhere_is_said_first() {
    check(
        BORDER,
        "organ border",
        expect![[r#"
        nowhere: organ
        1. Kazakhstan > Prosecution
        Police investigated complicity of some «border» guards and migration police. The «border» was closed.
        without: organ
    "#]],
    );
}

#[test]
fn nothing_found() {
    check(
        BORDER,
        "organ harvesting",
        expect![[r#"
        nowhere: organ, harvesting
        nothing found
    "#]],
    );
}

#[test]
fn prose_with_stray_punctuation_is_a_search() {
    check(
        BORDER,
        "what did the police do about border guards' \"complicity",
        expect![[r#"
        1. Kazakhstan > Prosecution
        «Police» investigated «complicity» of some «border» «guards» and migration «police». The «border» was closed.
        2. Kazakhstan > Protection
        «Guards» at shelters protected victims, who were not detained.
        without: police, border, complicity
    "#]],
    );
}

#[test]
fn an_unknown_field_names_the_nearest() {
    check(
        BORDER,
        "contry:kazakhstan border",
        expect![[r#"
        error: there is no field `contry` at column 1 of the query
          contry:kazakhstan border
          ^
        hint: did you mean `country:`? the fields are `country`, `doc`, `heading`, `lang`, `role`, `section`, `source`, `title`, `year`
    "#]],
    );
}

#[test]
fn a_colon_in_prose_is_no_field() {
    check(
        BORDER,
        "Note: border see localhost:8080",
        expect![[r#"
        nowhere: Note, see, localhost, 8080
        1. Kazakhstan > Prosecution
        Police investigated complicity of some «border» guards and migration police. The «border» was closed.
        without: Note, see, localhost, 8080
    "#]],
    );
}

const FORMS: &str = "\
Traffickers moved victims to the U.A.E. and the UAE sent some back.

The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $35,000.

Article 125(3)(b) of the code, the children’s rights, and José’s café in Almaty.
";

#[test]
fn initials_find_one_another() {
    check(
        FORMS,
        "UAE",
        expect![[r#"
        1. report
        Traffickers moved victims to the «U.A.E». and the «UAE» sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $35,000.

        Article 125(3)(b) of the code, the children’s rights, and José’s café in Almaty.
    "#]],
    );
    check(
        FORMS,
        "U.A.E.",
        expect![[r#"
        1. report
        Traffickers moved victims to the «U.A.E». and the «UAE» sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $35,000.

        Article 125(3)(b) of the code, the children’s rights, and José’s café in Almaty.
    "#]],
    );
}

#[test]
fn compounds_find_one_another() {
    for query in ["anti-trafficking", "antitrafficking", "anti trafficking"] {
        let answer = Shelf::of(FORMS).answer(query);
        for form in ["«anti»-«trafficking»", "«antitrafficking»", "«anti» «trafficking»"]
        {
            let joined = form.replace("»-«", "-").replace("» «", " ");
            assert!(answer.contains(form) || answer.contains(&joined), "{query}: {form}\n{answer}");
        }
    }
}

#[test]
fn money_is_found_with_and_without_its_comma() {
    check(
        FORMS,
        "35000",
        expect![[r#"
        1. report
        Traffickers moved victims to the U.A.E. and the UAE sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $«35,000».

        Article 125(3)(b) of the code, the children’s rights, and José’s café in Almaty.
    "#]],
    );
    check(
        FORMS,
        "$35,000",
        expect![[r#"
        1. report
        Traffickers moved victims to the U.A.E. and the UAE sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $«35,000».

        Article 125(3)(b) of the code, the children’s rights, and José’s café in Almaty.
    "#]],
    );
}

#[test]
fn legal_references_are_found_as_written_and_without_their_brackets() {
    check(
        FORMS,
        "125(3)(b)",
        expect![[r#"
        1. report
        Traffickers moved victims to the U.A.E. and the UAE sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $35,000.

        Article «125(3)(b)» of the code, the children’s rights, and José’s café in Almaty.
    "#]],
    );
    check(
        FORMS,
        "125",
        expect![[r#"
        1. report
        Traffickers moved victims to the U.A.E. and the UAE sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $35,000.

        Article «125»(3)(b) of the code, the children’s rights, and José’s café in Almaty.
    "#]],
    );
}

#[test]
fn possessives_accents_and_curly_apostrophes_fold() {
    check(
        FORMS,
        "children's cafe Jose",
        expect![[r#"
        1. report
        Traffickers moved victims to the U.A.E. and the UAE sent some back.

        The anti-trafficking unit is an antitrafficking unit; anti trafficking work costs $35,000.

        Article 125(3)(b) of the code, the «children’s» rights, and «José’s» «café» in Almaty.
    "#]],
    );
}

const SHELF: &str = "\
--- kazakhstan_2008.md
# Kazakhstan 2008
Country: Kazakhstan
Year: 2008

## Prosecution

Police arrested traffickers at the border.
--- kazakhstan_2019.md
# Kazakhstan 2019
Country: Kazakhstan
Year: 2019

## Prevention

Police trained border guards.
--- russia_2019.md
# Russia 2019
Country: Russia
Year: 2019

## Prosecution

Police closed a border crossing.
--- corpus.toml
[[files]]
pattern = \"{country}_{year}.md\"
";

fn titles(query: &str) -> Vec<String> {
    let response = Shelf::of(SHELF).search(query);
    let mut titles: Vec<String> =
        response.hits.iter().map(|hit| hit.passage.report.title.clone()).collect();
    titles.sort();
    titles
}

#[test]
fn filters_restrict() {
    assert_eq!(titles("police country:russia"), ["Russia 2019"]);
    assert_eq!(titles("police year:2008"), ["Kazakhstan 2008"]);
    assert_eq!(titles("police year:2008..2010"), ["Kazakhstan 2008"]);
    assert_eq!(titles("police year:..2010"), ["Kazakhstan 2008"]);
    assert_eq!(titles("police year:2010..2008"), ["Kazakhstan 2008"]);
    assert_eq!(titles("police year:2010.."), ["Kazakhstan 2019", "Russia 2019"]);
    assert_eq!(titles("police -country:russia"), ["Kazakhstan 2008", "Kazakhstan 2019"]);
    assert_eq!(titles("role:prosecution country:kazakhstan"), ["Kazakhstan 2008"]);
    assert_eq!(titles("section:prevention"), ["Kazakhstan 2019"]);
    assert_eq!(titles("title:russia"), ["Russia 2019"]);
    assert_eq!(titles("country:russia AND country:kazakhstan"), [""; 0]);
    assert_eq!(titles("country:russia country:kazakhstan").len(), 3);
}

#[test]
fn filters_keep_the_marks() {
    expect![[r#"
        1. Russia 2019 > Prosecution
        «Police» closed a border crossing.
    "#]]
    .assert_eq(&Shelf::of(SHELF).answer("police -country:kazakhstan"));
}

#[test]
fn a_section_restricts_and_shares_no_clause_with_the_query() {
    let shelf = Shelf::of(SHELF);
    let request = SearchRequest {
        section: Some("prosecution".to_owned()),
        ..SearchRequest::new("guards border")
    };
    expect![[r#"
        1. Russia 2019 > «Prosecution»
        Police closed a «border» crossing.
        without: guards
        2. Kazakhstan 2008 > «Prosecution»
        Police arrested traffickers at the «border».
        without: guards
    "#]]
    .assert_eq(&shown(&shelf.searcher().search(&request).unwrap()));
}

#[test]
fn sorting_by_date_puts_the_latest_first() {
    let request = SearchRequest { sort: Sort::Date, ..SearchRequest::new("police") };
    let response = Shelf::of(SHELF).searcher().search(&request).unwrap();
    let years: Vec<_> = response.hits.iter().map(|hit| hit.passage.year()).collect();
    assert_eq!(years, [Some(2019), Some(2019), Some(2008)]);
}

/// Two hundred passages in forty reports, many of them alike.
#[test]
fn without_words_no_passage_is_looked_at() {
    let shelf = Shelf::of("---\nyear: 2010\n---\n# A\n\nPolice.\n");
    let searcher = shelf.searcher();
    let fields = &searcher.engine().summary().fields;
    for (text, needs) in [("*", false), ("year:2010..2020", false), ("year:2010 police", true)] {
        let mut query = Query::parse(text, fields).unwrap();
        assert!(!query.needs_a_look(), "{text}");
        query.literal = true;
        assert_eq!(query.needs_a_look(), needs, "{text} as written");
    }
}

#[test]
fn newer_reports_come_first_where_they_answer_as_well() {
    let shelf = Shelf::of(concat!(
        "--- old.md\n---\nyear: 2001\n---\n# Old\n\nPolice took bribes at the border.\n",
        "--- new.md\n---\nyear: 2021\n---\n# New\n\nPolice took bribes at the bridge.\n",
        "--- none.md\n# None\n\nPolice took bribes at the market.\n",
        "--- other.md\n---\nyear: 2021\n---\n# Other\n\nCotton was harvested by the police.\n",
    ));
    let titles = |query: &str| {
        let request =
            SearchRequest { sort: Sort::Recent, explain: true, ..SearchRequest::new(query) };
        let found = shelf.searcher().search(&request).unwrap().hits;
        for hit in &found {
            let explained = hit.explanation.as_ref().unwrap().value;
            assert!((explained - hit.score).abs() < 0.01, "{explained} {}", hit.score);
        }
        found.iter().map(|hit| hit.passage.report.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles("police bribes"), ["New", "None", "Old", "Other"]);
    // The year weighs; it does not decide.
    assert_eq!(titles("police border")[0], "Old");
}

fn many() -> Shelf {
    let mut corpus = String::new();
    for report in 0..40 {
        corpus.push_str(&format!("--- r{report}.md\n# Report {report}\n"));
        for section in 0..5 {
            let extra = "police border guards ".repeat(1 + section % 2);
            corpus
                .push_str(&format!("## Part {section}\n\nThe {extra}of region {}.\n", report % 7));
        }
    }
    Shelf::of(&corpus)
}

#[test]
fn pages_cover_every_hit_once_in_one_order() {
    let searcher = many().searcher();
    let all = SearchRequest {
        limit: 1000,
        per_document: Some(0),
        ..SearchRequest::new("police border region guards")
    };
    let whole: Vec<String> =
        searcher.search(&all).unwrap().hits.into_iter().map(|hit| hit.passage.id).collect();
    assert_eq!(whole.len(), 200);
    let (mut paged, mut cursor) = (Vec::new(), None);
    loop {
        let request = SearchRequest { limit: 7, cursor, ..all.clone() };
        let response = searcher.search(&request).unwrap();
        paged.extend(response.hits.into_iter().map(|hit| hit.passage.id));
        cursor = response.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, whole);
}

#[test]
fn ties_go_to_the_smaller_id() {
    let searcher = many().searcher();
    let request =
        SearchRequest { limit: 200, per_document: Some(0), ..SearchRequest::new("police") };
    let hits = searcher.search(&request).unwrap().hits;
    for pair in hits.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        assert!(a.score > b.score || a.score == b.score && a.passage.id < b.passage.id);
    }
}

#[test]
fn a_report_shows_at_most_three_passages_unless_asked() {
    let searcher = many().searcher();
    let request = SearchRequest { limit: 120, ..SearchRequest::new("police") };
    let mut counts = std::collections::BTreeMap::new();
    for hit in searcher.search(&request).unwrap().hits {
        *counts.entry(hit.passage.report.doc_id.clone()).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 40);
    assert!(counts.values().all(|&count| count == 3));
}

#[test]
fn neighbours_merge_and_bring_their_context() {
    let corpus = (0..6).map(|n| {
        format!("Paragraph {n} on police work. {}\n\n", "Filler words stand here. ".repeat(35))
    });
    let shelf = Shelf::of(&corpus.collect::<String>());
    let request = SearchRequest {
        merge_neighbours: true,
        context: 1,
        limit: 3,
        ..SearchRequest::new("police paragraph")
    };
    let response = shelf.searcher().search(&request).unwrap();
    let found = &response.hits[0];
    let ordinals: Vec<usize> = found.before.iter().map(|passage| passage.ordinal).collect();
    assert!(ordinals.iter().all(|&ordinal| ordinal + 1 == found.passage.ordinal));
    let last = found.passage.ordinal + found.merged.len();
    assert!(found.after.iter().all(|passage| passage.ordinal == last + 1));
    assert!(hit(found).contains("«Paragraph»"));
}

/// The same advice in three years, beside another report.
const YEARS: &str = "\
--- 2016.md
# Report 2016

The government should train border guards to identify victims among the people whom they turn away at every crossing.
--- 2017.md
# Report 2017

The government should train border guards to identify victims
among the people whom they turn away at every crossing.
--- 2018.md
# Report 2018

The government should train border guards to identify victims among the people whom they turn away at every crossing.
--- other.md
# Elsewhere

The government trained border guards.
";

#[test]
fn a_text_that_many_reports_have_is_shown_once() {
    let shelf = Shelf::of(YEARS);
    let ask = |request: SearchRequest| shelf.searcher().search(&request).unwrap();
    let asked = || SearchRequest::new("train border guards at every crossing");
    let once = ask(asked());
    expect![[r#"
        1. Report 2018
        The government should «train» «border» «guards» to identify victims among the people whom they turn away at «every» «crossing».
        the same: Report 2017
        the same: Report 2016
        2. Elsewhere
        The government «trained» «border» «guards».
        without: every, crossing
    "#]]
    .assert_eq(&shown(&once));
    assert_eq!(ask(SearchRequest { copies: true, ..asked() }).hits.len(), 4);
    // Pages go on where the last one ended, and show no text twice.
    let first = ask(SearchRequest { limit: 1, ..asked() });
    let second = ask(SearchRequest { limit: 1, cursor: first.next_cursor, ..asked() });
    assert_eq!(second.hits[0].passage.id, once.hits[1].passage.id);
    assert_eq!(second.next_cursor, None);
}

#[test]
fn a_short_text_is_a_finding_of_each_report() {
    let response = Shelf::of(
        "--- a.md\n# A\n\n## Cases\n\nNo prosecutions.\n--- b.md\n# B\n\n## Cases\n\nNo prosecutions.\n",
    )
    .search("prosecutions");
    assert_eq!(response.hits.len(), 2);
    assert!(response.hits.iter().all(|hit| hit.copies.is_empty()));
}

const SOURCED: &str = "\
# Uzbekistan

## Forced Labor

Observers saw children who were sent to the cotton harvest.

## References

Forum. Cotton harvest 2014: why the cotton harvest of Uzbekistan needs children in the harvest.
";

#[test]
fn what_the_text_says_comes_before_its_sources() {
    let shelf = Shelf::of(SOURCED);
    let first = |query: &str| shelf.search(query).hits[0].passage.trail.clone();
    assert_eq!(first("cotton harvest children"), ["Uzbekistan", "Forced Labor"]);
    assert_eq!(first("cotton harvest children sources"), ["Uzbekistan", "References"]);
    assert_eq!(first("cotton harvest children role:references"), ["Uzbekistan", "References"]);
}

#[test]
fn where_an_order_ends_before_all_are_shown_it_says_so() {
    let shelf = Shelf::empty();
    for year in [2001, 2002] {
        let sections = (0..600).map(|at| format!("## Section {at}\n\nBorder police came.\n\n"));
        let text = format!("---\nyear: {year}\n---\n\n# R\n\n{}", sections.collect::<String>());
        shelf.write(&format!("{year}.md"), text.as_bytes());
    }
    shelf.index();
    let asked = |query: &str, limit| {
        let request = SearchRequest {
            sort: Sort::Recent,
            per_document: Some(0),
            copies: true,
            limit,
            ..SearchRequest::new(query)
        };
        shelf.searcher().search(&request).unwrap()
    };
    let told =
        |answer: &SearchResponse| answer.warnings.iter().any(|it| it.contains("the best 1000"));
    let first = asked("police", 100);
    assert!(first.next_cursor.is_some() && !told(&first), "{:?}", first.warnings);
    let all = asked("police", 1000);
    assert_eq!((all.hits.len(), all.next_cursor.as_deref()), (1000, None));
    assert!(told(&all), "{:?}", all.warnings);
    let few = asked("police year:2002", 1000);
    assert_eq!(few.hits.len(), 600);
    assert!(!told(&few), "{:?}", few.warnings);
}

/// Every part of an explanation is in words, and what it is made of makes it.
fn adds_up(why: &Explanation) {
    let said = &why.description;
    let inside = ["Query", "Scorer", "Clause", "Const", "...", "idf", "dl"];
    assert!(!said.is_empty() && inside.iter().all(|word| !said.contains(word)), "{why}");
    let values = why.parts.iter().map(|part| part.value);
    let made = match said.rsplit(": ").next().unwrap_or_default() {
        _ if why.parts.is_empty() => why.value,
        "product of" => values.product(),
        "the best of" => values.fold(0.0, f32::max),
        "sum of" => values.sum(),
        // So many words of the one for so many of the other.
        _ if said.starts_with("its meaning") => why.value,
        _ => panic!("made of parts, nobody knows how:\n{why}"),
    };
    assert!((made - why.value).abs() < 0.002 * made.max(1.0), "{made} is not\n{why}");
    why.parts.iter().for_each(adds_up);
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let shelf = Shelf::of(&format!("{SOURCED}{YEARS}"));
    let (engine, searcher) = (shelf.engine(), shelf.searcher());
    let mut explained = 0;
    for query in [
        "cotton harvest children",
        "children \"cotton harvest\"^2 forum",
        "border guards every crossing border",
        "governmnet guards",
        "anti trafficking forced labour NEAR/5 references",
        "har* OR cotton",
        "cotton role:references",
        "children country:uzbekistan -zebra",
        "-cotton",
        "(-cotton -heading:forum) AND *",
        "police OR labour^3",
        "(\"border guards\" OR guards) AND year:>1990",
        "((forum NEAR/1 references) AND anti) OR heading:\"forced labor\" OR guards",
        "cotton OR (zebra? AND police) OR (*e* AND anti)",
    ] {
        let query = searcher.query(&SearchRequest::new(query)).unwrap();
        for hit in engine.retrieve(&query, 100).unwrap().hits {
            let why = engine.explain(&query, &hit).unwrap();
            assert!((why.value - hit.score).abs() < 0.002, "{query}: {} of\n{why}", hit.score);
            adds_up(&why);
            let id = &engine.load(&[hit]).unwrap()[0].id;
            let again = engine.hit_of(&query, id).unwrap().unwrap();
            assert_eq!(again.score, hit.score, "{query}");
            explained += 1;
        }
    }
    assert!(explained > 10, "{explained}");
}

#[test]
fn a_cursor_of_another_query_is_refused() {
    let searcher = many().searcher();
    let first = SearchRequest { limit: 5, ..SearchRequest::new("police") };
    let cursor = searcher.search(&first).unwrap().next_cursor;
    let other = SearchRequest { cursor, ..SearchRequest::new("border") };
    let error = searcher.search(&other).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the cursor no longer fits: it belongs to another query or another index"
    );
}

#[test]
fn a_cursor_of_another_index_is_refused() {
    let request = SearchRequest { limit: 1, ..SearchRequest::new("police") };
    let first = many().searcher().search(&request).unwrap();
    let other =
        Shelf::of("# Other\n\nThe police came.\n\n## Again\n\nThe police went.\n").searcher();
    assert_eq!(other.engine().summary().generation, first.index.generation);
    let error = other.search(&SearchRequest { cursor: first.next_cursor, ..request }).unwrap_err();
    assert!(error.to_string().contains("another index"), "{error}");
}

#[test]
fn queries_beyond_the_caps_are_refused_with_the_reason() {
    let shelf = Shelf::of(BORDER);
    let answer = |query: &str| shelf.answer(query);
    assert!(answer(&"a".repeat(5000)).starts_with("error: the query has 5000 bytes"));
    assert!(answer(&"(police AND ".repeat(40)).starts_with("error: brackets nest deeper"));
    assert!(answer(&"police ".repeat(300)).starts_with("error: the query has more than 256"));
    let years: Vec<String> = (1000..2100).map(|year| year.to_string()).collect();
    expect![[r#"
        error: `/[0-9]{4}/` stands for more than 1024 words
        hint: write more of the letters that the words have
    "#]]
    .assert_eq(&Shelf::of(&years.join(" ")).answer("/[0-9]{4}/"));
}

const NEAR: &str = "\
# Report

## One

Police near the closed border arrested guards. Forced and bonded labor is forced labour.

## Two

Guards were trained. Officers of the border police organised it, and government officials governed.
";

#[test]
fn words_near_one_another_are_marked_and_not_what_lies_between() {
    check(
        NEAR,
        "border NEAR/3 guards",
        expect![[r#"
        1. Report > One
        Police near the closed «border» arrested «guards». Forced and bonded labor is forced labour.
    "#]],
    );
    check(
        NEAR,
        "guards PRE/3 border",
        expect![[r#"
            nothing found
        "#]],
    );
    check(
        NEAR,
        "\"border police officers\"~2",
        expect![[r#"
        1. Report > Two
        Guards were trained. «Officers» of the «border» «police» organised it, and government officials governed.
    "#]],
    );
    check(
        NEAR,
        "(police OR officers) NEAR/4 \"closed border\"",
        expect![[r#"
        1. Report > One
        «Police» near the «closed border» arrested guards. Forced and bonded labor is forced labour.
    "#]],
    );
}

#[test]
fn patterns_mean_words_and_not_stems() {
    check(
        NEAR,
        "organi?ed",
        expect![[r#"
        1. Report > Two
        Guards were trained. Officers of the border police «organised» it, and government officials governed.
    "#]],
    );
    check(
        NEAR,
        "\"bond* labo*r\"",
        expect![[r#"
        1. Report > One
        Police near the closed border arrested guards. Forced and «bonded» «labor» is forced labour.
    "#]],
    );
    check(
        NEAR,
        "/gov.*(ment|ing)/",
        expect![[r#"
        1. Report > Two
        Guards were trained. Officers of the border police organised it, and «government» officials governed.
    "#]],
    );
    check(
        NEAR,
        "offisers~1",
        expect![[r#"
            1. Report > Two
            Guards were trained. «Officers» of the border police organised it, and government officials governed.
        "#]],
    );
}

#[test]
fn near_spellings_are_words_and_not_what_shares_their_stems() {
    check(
        "The policy of the pollice. Policies and polices differ.",
        "policy~1",
        expect![[r#"
        1. report
        The «policy» of the pollice. Policies and polices differ.
    "#]],
    );
    check(
        "# R\n\n## One\n\nA policy.\n\n## Two\n\nPolicies.\n",
        "police~1",
        expect![[r#"
        1. R > One
        A «policy».
    "#]],
    );
}

#[test]
fn a_letter_and_a_star_are_said_to_be_no_pattern() {
    check(
        NEAR,
        "closed g*",
        expect![[r#"
        nowhere: g
        warning: `g*` is taken as the word `g`: a pattern has two letters at least
        1. Report > One
        Police near the «closed» border arrested guards. Forced and bonded labor is forced labour.
        without: g
    "#]],
    );
    check(
        "See table 5* for 50 cases, and 5 more.",
        "table 5*",
        expect![[r#"
        1. report
        See «table» «5»* for 50 cases, and «5» more.
    "#]],
    );
    // What ends so is excluded.
    check(
        NEAR,
        "guards -*ised",
        expect![[r#"
        1. Report > One
        Police near the closed border arrested «guards». Forced and bonded labor is forced labour.
    "#]],
    );
}

#[test]
fn what_is_malformed_says_where() {
    let shelf = Shelf::of(NEAR);
    let told = |query: &str| shelf.answer(query);
    expect![[r#"
        error: `/gua(rds/` is not a pattern: unclosed group at column 8 of the query
          police /gua(rds/
                 ^
        hint: put it in quotes to search for what is written
    "#]]
    .assert_eq(&told("police /gua(rds/"));
    expect![[r#"
        error: words can be at most 100 words apart at column 8 of the query
          border NEAR/500 guards
                 ^
        hint: join the words with `AND`: a passage is not much longer
    "#]]
    .assert_eq(&told("border NEAR/500 guards"));
    expect![[r#"
        error: only words, phrases and alternatives in brackets can be near one another at column 14 of the query
          country:chad NEAR/2 guards
                       ^
        hint: write `(police OR army) NEAR/5 "border guards"`
    "#]].assert_eq(&told("country:chad NEAR/2 guards"));
    expect![[r#"
        error: `officers~7` is too far: near spellings differ by 1 or 2 at column 1 of the query
          officers~7
          ^
        hint: write `word~`, `word~1` or `word~2`
    "#]]
    .assert_eq(&told("officers~7"));
    expect![[r#"
        error: `^0` is not a weight at column 7 of the query
          police^0 guards
                ^
        hint: weights go from `^0.01` to `^1000`
    "#]]
    .assert_eq(&told("police^0 guards"));
}

#[test]
fn weights_change_the_order_and_nothing_else() {
    check(
        NEAR,
        "forced^0.1 officials",
        expect![[r#"
        1. Report > Two
        Guards were trained. Officers of the border police organised it, and government «officials» governed.
        without: forced
        2. Report > One
        Police near the closed border arrested guards. «Forced» and bonded labor is «forced» labour.
        without: officials
    "#]],
    );
    check(
        NEAR,
        "forced officials^0.1",
        expect![[r#"
        1. Report > One
        Police near the closed border arrested guards. «Forced» and bonded labor is «forced» labour.
        without: officials
        2. Report > Two
        Guards were trained. Officers of the border police organised it, and government «officials» governed.
        without: forced
    "#]],
    );
}

#[test]
fn prose_with_marks_of_syntax_is_prose() {
    for query in [
        "who are the guards?",
        "the ?closed? guards",
        "police and/or guards",
        "a 5~10 border",
        "NEAR/3 guards",
        "guards near/3",
        "x^y guards",
    ] {
        assert!(!Shelf::of(NEAR).answer(query).is_empty(), "{query}");
    }
}

#[test]
fn feedback_finds_what_has_the_words_of_the_best() {
    let mut corpus = String::new();
    for place in 0..3 {
        let _ = write!(
            corpus,
            "--- a{place}.md\n# Report {place}\n\nCotton was harvested by pupils under a quota in district {place}.\n"
        );
    }
    corpus.push_str("--- quota.md\n# Another\n\nPupils were sent to the fields under a quota.\n");
    for place in 0..60 {
        let _ = write!(
            corpus,
            "--- z{place}.md\n# Filler {place}\n\nNothing of note in place {place}.\n"
        );
    }
    let shelf = Shelf::of(&corpus);
    let searcher = shelf.searcher();
    let plain = searcher.search(&SearchRequest::new("cotton harvest")).unwrap();
    let request =
        SearchRequest { feedback: true, explain: true, ..SearchRequest::new("cotton harvest") };
    let fed = searcher.search(&request).unwrap();
    let has = |response: &SearchResponse| {
        response.hits.iter().any(|hit| hit.passage.report.doc_id == "quota.md")
    };
    assert!(!has(&plain) && has(&fed), "{}", shown(&fed));
    let last = fed.hits.last().unwrap();
    assert_eq!(last.missing, ["cotton", "harvest"]);
    assert!(last.marks.iter().all(|mark| mark.kind == MarkKind::Semantic), "{}", shown(&fed));
    assert!(fed.expansions.iter().any(|it| it.to == ["quota"]), "{:?}", fed.expansions);
    for hit in &fed.hits {
        let explained = hit.explanation.as_ref().unwrap().value;
        assert!((explained - hit.score).abs() < 0.01, "{explained} {}", hit.score);
    }
    // What nobody asked for in words finds nothing more.
    let literal = SearchRequest { literal: true, ..request };
    assert!(!has(&searcher.search(&literal).unwrap()));
}

/// What reports on two countries say, one with its title written together, and an older one.
const PLACES: &str = "\
--- BurkinaFaso_2013.md
---
country: BurkinaFaso
year: 2013
---
# BurkinaFaso

Labor inspectors of Burkina Faso had no vehicles for inspections of gold mines.
--- Burkina_Faso_2019.md
---
country: Burkina Faso
year: 2019
---
# Burkina Faso

The Ministry employed 169 labor inspectors, who had no vehicles.
--- Mali_2019.md
---
country: Mali
year: 2019
---
# Mali

Labor inspectors counted. Inspectors of labor had labor inspectors beside them, unlike in Burkina Faso.
";

#[test]
fn words_written_together_count_no_more_than_the_two() {
    let shelf = Shelf::of(PLACES);
    let response = shelf.search("Burkina Faso gold");
    let score = |doc_id: &str| {
        let hit = response.hits.iter().find(|hit| hit.passage.report.doc_id == doc_id);
        hit.map_or(0.0, |hit| hit.score)
    };
    assert!(score("BurkinaFaso_2013.md") > 0.0, "{}", shown(&response));
    // The title stands for the two words, and neither is missing where only that is there.
    let glued = shelf.search("burkina faso -mali -ministry -vehicles OR burkinafaso");
    assert!(glued.hits.is_empty() || glued.hits[0].missing.is_empty(), "{}", shown(&glued));
    let expansion = &response.expansions[0];
    assert_eq!(
        (expansion.from.as_str(), expansion.to[0].as_str()),
        ("Burkina Faso", "burkinafaso")
    );
    let explained =
        SearchRequest { explain: true, lexical: true, ..SearchRequest::new("Burkina Faso gold") };
    for hit in shelf.searcher().search(&explained).unwrap().hits {
        let explanation = hit.explanation.unwrap();
        assert!((explanation.value - hit.score).abs() < 0.01, "{} {explanation}", hit.score);
    }
}

#[test]
fn a_report_on_the_country_and_year_that_prose_names_comes_first() {
    let shelf = Shelf::of(PLACES);
    let first = |query: &str| shelf.search(query).hits[0].passage.report.doc_id.clone();
    assert_eq!(first("labor inspectors Burkina Faso 2019"), "Burkina_Faso_2019.md");
    assert_eq!(first("labor inspectors Mali"), "Mali_2019.md");
    // A field that is asked for is no matter of preference, and others are not left out.
    assert_eq!(first("labor inspectors year:2013"), "BurkinaFaso_2013.md");
    assert_eq!(shelf.search("labor inspectors Mali").total.documents, 3);
    // As explained.
    let request =
        SearchRequest { explain: true, ..SearchRequest::new("labor inspectors Mali 2019") };
    let hits = shelf.searcher().search(&request).unwrap().hits;
    for hit in &hits {
        let explanation = hit.explanation.as_ref().unwrap();
        assert!((explanation.value - hit.score).abs() < 0.01, "{} {explanation}", hit.score);
    }
    let explanation = hits[0].explanation.as_ref().unwrap().to_string();
    assert!(
        explanation.contains("the query names `country:mali` and `year:2019`"),
        "{explanation}"
    );
    // Words as written are no prose.
    let literal = SearchRequest { literal: true, ..request };
    let hits = shelf.searcher().search(&literal).unwrap().hits;
    assert!(!hits[0].explanation.as_ref().unwrap().to_string().contains("names"));
}

#[test]
fn a_word_that_is_excluded_and_stands_above_all_is_said() {
    let shelf = Shelf::of(
        "--- a.md\n# Child labor in Ghana\n\nPolice came.\n--- b.md\n# Child labor in Mali\n\nNobody.\n",
    );
    let response = shelf.search("police -child");
    let expected = "1 passage matches otherwise, and has what is excluded, in its text or in the title above it";
    assert_eq!(response.warnings, [expected]);
    assert_eq!(shelf.search("police NOT \"child labor\"").warnings, [expected]);
    assert!(shelf.search("police -mali").warnings.is_empty());
}

#[test]
fn references_of_a_letter_and_a_number_are_found_apart_and_together() {
    let corpus = "# Law\n\n## One\n\nIt ratified ILO C. 182.\n\n## Two\n\nIt ratified C182 in 2001.\n\n## Three\n\nC of 182.\n";
    for query in ["C182", "\"C. 182\"", "C-182", "+C.182"] {
        let answer = Shelf::of(corpus).answer(query);
        assert!(answer.contains("ratified ILO «C. 182»"), "{query}: {answer}");
        assert!(answer.contains("ratified «C182»"), "{query}: {answer}");
        assert!(!answer.contains("«C» of"), "{query}: {answer}");
    }
}

#[test]
fn words_that_lines_of_plain_text_break_are_whole() {
    let shelf = Shelf::empty();
    let text = "The court con-\nvicted nine officers for comp-\r\nlicity in a self-\nemployed group, on a well-\nfounded case: two-\nto ten-year terms.\n\nConvicted of complicity, a hard-\nwrapped case.\n";
    shelf.write("a.txt", text.as_bytes());
    shelf.index();
    let answer = shelf.answer("\"convicted nine officers\"");
    assert!(answer.contains("«convicted nine officers»"), "{answer}");
    let passage = &shelf.search("complicity").hits[0].passage;
    let expected = "The court convicted nine officers for complicity in a self-\nemployed group, on a well-\nfounded case: two-\nto ten-year terms.";
    assert_eq!(passage.text.split("\n\n").next(), Some(expected));
    let examination =
        tipsearch::examine::examine(&shelf.engine(), &crate::support::guard()).unwrap();
    assert!(examination.faults.is_empty(), "{:?}", examination.faults);
}

#[test]
fn values_that_are_spelled_otherwise_are_named() {
    let report = |name: &str, country: &str| {
        format!("--- {name}.md\n---\ncountry: {country}\n---\n# {name}\n\nPolice in {country}.\n")
    };
    let corpus =
        ["Yemen", "Yeman", "Bosnia and Herzegovina", "BosniaHerzegovina", "Gambia", "Zambia"];
    let corpus: String =
        corpus.iter().map(|country| report(&country.replace(' ', ""), country)).collect();
    let shelf = Shelf::of(&corpus.replacen("--- BosniaandHerzegovina.md", "--- Bosnia.md", 1));
    let notes = |query: &str| shelf.search(query).warnings;
    assert_eq!(notes("country:yemen"), ["`country:yemen` alone is meant, not `country:yeman`"]);
    let bosnia = notes("country:\"bosnia and herzegovina\"");
    assert_eq!(
        bosnia,
        ["`country:\"bosnia and herzegovina\"` alone is meant, not `country:bosniaherzegovina`"]
    );
    assert_eq!(notes("country:gambia"), Vec::<String>::new());
}

#[test]
fn a_name_leads_to_its_reports_and_there_to_what_is_asked() {
    let report = |name: &str, country: &str, year: u16, text: &str| {
        format!(
            "--- {name}.md\n---\ncountry: {country}\nyear: {year}\n---\n# {country}\n\n{text}\n"
        )
    };
    let others: String = (0..9)
        .map(|at| report(&format!("other{at}"), "Oz", 1900 + at, "Traders met in Ur."))
        .collect();
    let kenya = "## Trade\n\nKenya and Kenya, of Kenya in 2019.\n\n## Labor\n\nThree inspectors.";
    let shelf = Shelf::of(
        &(others
            + &report("kenya", "Kenya", 2019, kenya)
            + &report(
                "older",
                "Kenya",
                2014,
                "Kenya had two inspectors in 2014, and in 2019 more.",
            )
            + &report("uganda", "Uganda", 2019, "Kenya, Kenya, Kenya, and inspectors of Kenya.")),
    );
    let found = |query: &str| {
        let hits = shelf.search(query).hits;
        let first: Vec<String> = hits
            .iter()
            .take(2)
            .map(|hit| format!("{}: {}", hit.passage.report.doc_id, hit.passage.text))
            .collect();
        first.join(" | ")
    };
    assert!(found("Kenya").starts_with("kenya.md: Kenya and"), "{}", found("Kenya"));
    assert!(found("Kenya 2019").starts_with("kenya.md: Kenya and"), "{}", found("Kenya 2019"));
    let asked = found("inspectors in Kenya 2019");
    assert!(asked.starts_with("kenya.md: Three inspectors. | "), "{asked}");
}

#[test]
fn part_of_a_longer_name_names_no_report_and_turned_names_do() {
    let report = |name: &str, country: &str, text: &str| {
        format!("--- {name}.md\n---\ncountry: {country}\nyear: 2019\n---\n# {name}\n\n{text}\n")
    };
    let corpus = report("one", "Niger", "Inspectors counted spills.")
        + &report("two", "Nigeria", "Spills of oil in the Niger Delta were counted by inspectors.")
        + &report("three", "\"Gambia, The\"", "Inspectors counted boats in the Gambia.")
        + &report("four", "\"Congo, Democratic Republic of the\"", "Inspectors counted mines.")
        + &report("five", "\"Congo, Republic of\"", "Inspectors counted mines, mines and mines.");
    let shelf = Shelf::of(&corpus);
    let searcher = shelf.searcher();
    let named = |query: &str| {
        let query = searcher.query(&SearchRequest::new(query)).unwrap();
        let named = searcher.naming(query).unwrap().named;
        named.iter().map(|it| it.filter.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(named("spills in the Niger Delta"), "");
    assert_eq!(named("spills in Niger"), "country:niger");
    assert_eq!(named("inspectors in The Gambia 2019"), "country:\"gambia the\" year:2019");
    assert_eq!(
        named("mines of the Democratic Republic of the Congo"),
        "country:\"congo democratic republic of the\""
    );
    assert_eq!(named("mines in Congo"), "");
    // By a word for what is of it, in small letters too where all are; but not who is elsewhere, nor a place on a way.
    assert_eq!(named("Nigerian inspectors"), "country:nigeria");
    assert_eq!(named("nigerian inspectors of mines"), "country:nigeria");
    assert_eq!(named("Nigerian refugees counted by inspectors"), "");
    assert_eq!(named("boats from Niger to Nigeria"), "");
    assert_eq!(named("girls from the Gambia"), "");
    assert_eq!(named("boats from Niger and Nigeria"), "");
    assert_eq!(named("boats from traders of Niger"), "country:niger");
    assert_eq!(named("mines in the DRC"), "country:\"congo democratic republic of the\"");
    // Beside a section too, and in an export as on a page.
    let request = SearchRequest {
        explain: true,
        filter: Some("title:four".to_owned()),
        ..SearchRequest::new("inspectors mines Democratic Republic of the Congo")
    };
    let mut found = 0;
    let check = |hit: &tipsearch::search::Found| {
        let explanation = hit.explanation.as_ref().unwrap();
        assert!((explanation.value - hit.score).abs() < 0.01, "{} {explanation}", hit.score);
        assert!(explanation.to_string().contains("the query names"), "{explanation}");
    };
    searcher.search(&request).unwrap().hits.iter().for_each(check);
    let streamed = searcher.stream(&request, |hit| {
        check(hit);
        found += 1;
        Ok(())
    });
    assert_eq!((streamed.unwrap().total.passages, found), (1, 1));
}
