//! What queries are taken for: each with what is printed of it and, under that, what is said of it.

use tipsearch::query::{Fields, Query};
use tipsearch::search::SearchRequest;

use crate::support::Shelf;

fn told(query: &str) -> String {
    let fields = Fields { metadata: vec!["publisher".to_owned()] };
    match Query::parse(query, &fields) {
        Ok(query) => {
            let notes = query.notes.iter().map(|note| format!("\n{note}"));
            query.to_string() + &notes.collect::<String>()
        }
        Err(error) => format!("error: {error}; {}", error.hint().unwrap_or_default()),
    }
}

/// Holds that queries are printed and told so, and that what is printed is printed so again.
fn hold(cases: &[(&str, &str)]) {
    let told: Vec<(&str, String)> = cases.iter().map(|(query, _)| (*query, told(query))).collect();
    let expected: Vec<(&str, String)> =
        cases.iter().map(|(query, expected)| (*query, (*expected).to_owned())).collect();
    assert!(told == expected, "{:#?}", different(&told, &expected));
    for (query, told_so) in &told {
        let printed = told_so.lines().next().unwrap_or_default();
        if !printed.starts_with("error: ") {
            assert_eq!(self::told(printed).lines().next().unwrap_or_default(), printed, "{query}");
        }
    }
}

fn different<'t>(
    told: &'t [(&str, String)],
    expected: &'t [(&str, String)],
) -> Vec<(&'t str, &'t str, &'t str)> {
    let pairs = told.iter().zip(expected).filter(|(told, expected)| told != expected);
    pairs.map(|(told, expected)| (told.0, told.1.as_str(), expected.1.as_str())).collect()
}

#[test]
fn beside_operators_what_stands_between_blanks_is_one_operand() {
    hold(&[
        ("anti-trafficking AND police", "anti-trafficking AND police"),
        ("police OR self-employed", "police OR self-employed"),
        ("HIV/AIDS AND police", "HIV/AIDS AND police"),
        ("COVID-19 AND (Guinea-Bissau OR Mali)", "COVID-19 AND (Guinea-Bissau OR Mali)"),
        ("self-employed women AND police", "(self-employed OR women) AND police"),
        ("(self-employed)^2", "\"self-employed\"^2"),
        ("self-employed^2 AND police", "self-employed^2 AND police"),
        ("follow-up -mining", "follow-up -mining"),
        ("-HIV/AIDS police", "police -\"HIV/AIDS\""),
        ("HIV/AIDS NEAR/5 police", "\"HIV/AIDS\" NEAR/5 police"),
        // Prose has the words of it, and a comma parts them everywhere.
        ("anti-trafficking police", "anti trafficking police"),
        ("police,army AND mining", "(police army) AND mining"),
        ("\"police,army\" AND mining", "\"police,army\" AND mining"),
        ("\"country:mali\" AND mining", "\"country:mali\" AND mining"),
    ]);
}

#[test]
fn stop_words_count_only_as_operands_of_their_own() {
    hold(&[
        (
            "Which laws (labor code OR penal code) set the age in Chad?",
            "laws OR ((labor code) OR (penal code)) OR set OR age OR Chad",
        ),
        (
            "Is \"child labor\" AND poverty linked in Mali?",
            "\"child labor\" AND (poverty linked Mali)",
        ),
        ("who AND police", "who AND police"),
        ("police AND (the OR of)", "police AND (the OR of)"),
        ("of the AND police", "(of OR the) AND police"),
        ("the police -army", "police -army"),
        ("the -army", "(the) -army"),
        ("the +police", "police"),
        ("+police (the)", "+police (the)"),
        ("police -the", "police -the"),
        ("the NEAR/3 police", "the NEAR/3 police"),
        ("country:mali the -army", "+country:mali +the -army"),
        ("NOT *", "+* -*"),
        ("to be or not", "to OR be OR or OR not"),
    ]);
}

#[test]
fn operators_with_nothing_to_join_are_left_out_and_said() {
    let and = "`AND` has no word on one of its sides; it is left out";
    let or = "`OR` has no word on one of its sides; it is left out";
    let not = "`NOT` has no word behind it; it is left out";
    for (query, printed, note) in [
        ("mining AND AND army", "mining AND army", and),
        ("mining AND && army", "mining AND army", and),
        ("(mining OR) AND army", "mining AND army", or),
        ("((police AND army) OR", "police AND army", or),
        ("police NOT NOT army", "police -army", not),
        ("AND police", "police", and),
        ("police AND", "police", and),
        ("police AND (", "police", and),
        ("police AND ()^2", "police", and),
        ("police AND …", "police", and),
        ("police NOT", "police", not),
        ("police AND NOT", "police", &format!("{not}\n{and}")),
        ("police OR AND army", "police AND army", or),
        ("(AND) police", "police", and),
        ("police NOT -army", "police -army", not),
        (
            "self-employed NEAR/5",
            "self employed",
            "`NEAR/5` has no word on one of its sides; it is left out",
        ),
    ] {
        hold(&[(query, &format!("{printed}\n{note}"))]);
    }
    hold(&[
        ("police NOT +army", "police -army"),
        ("police AND - army", "police AND army"),
        ("police) AND army", "police AND army"),
        ("THE POLICE AND THE ARMY", "POLICE ARMY"),
        ("police AND country:()", "police"),
        ("rock & roll", "rock roll"),
    ]);
}

#[test]
fn what_prose_denies_is_said() {
    let note = |denial: &str, quoted: &str| {
        format!("`{denial}` is not searched for outside of quotes; in them it is: `\"{quoted}\"`")
    };
    for (query, printed, denial, quoted) in [
        (
            "Which countries have no labor inspectors?",
            "countries labor inspectors",
            "no",
            "no labor inspectors",
        ),
        ("C. 138 not ratified", "C 138 ratified", "not", "not ratified"),
        ("THE POLICE DID NOT INSPECT", "POLICE INSPECT", "not", "not inspect"),
    ] {
        hold(&[(query, &format!("{printed}\n{}", note(denial, quoted)))]);
    }
    hold(&[
        ("Convention No. 182", "Convention 182"),
        ("no 29", "29"),
        ("\"not ratified\"", "\"not ratified\""),
        ("is it or is it not", "is OR it OR or OR is OR it OR not"),
        ("police not only here", "police"),
        ("No, police", "police"),
    ]);
}

#[test]
fn an_exclamation_mark_before_a_word_excludes_it() {
    hold(&[
        ("mining !police", "mining -police"),
        ("!police", "+* -police"),
        (
            "mining && !(police || \"border guards\")",
            "mining AND (+* -(police OR \"border guards\"))",
        ),
        ("(!police)", "+* -police"),
        ("Help! police", "Help police"),
        ("police!", "police"),
        ("!!! police ! army", "police army"),
        ("!!police", "police"),
    ]);
}

#[test]
fn weights_are_read_or_refused_and_never_words() {
    hold(&[
        ("police^2^3", "police^6"),
        ("(police OR army)^2^3", "(police army)^6"),
        ("(police^2)^3", "(police^2)^3"),
        ("((self-employed^2)^3) army", "(\"self-employed\"^2)^3 OR army"),
        ("*^2", "*^2"),
        ("10^-6", "10 6"),
    ]);
    let hint = "weights go from `^0.01` to `^1000`";
    assert!(told("labor^-1").contains("`^-1` is not a weight") && told("labor^-1").ends_with(hint));
    assert!(told(&format!("a{}", "^2".repeat(1500))).ends_with(hint), "and nothing runs over");
    assert!(told(&format!("a{}", "^1".repeat(1500))).starts_with("a^1"));
    assert!(told("\"forced labor\"^-1").ends_with(hint), "{}", told("\"forced labor\"^-1"));
}

#[test]
fn a_phrase_is_printed_with_its_last_bracket() {
    hold(&[
        ("\"Article 3(d)\"", "\"Article 3(d)\""),
        ("\"(police) (army)\"", "\"(police) (army)\""),
        ("\"police (army\"", "\"police (army\""),
        ("+\"Article 3(d)\" police", "+\"Article 3(d)\" police"),
    ]);
}

#[test]
fn a_question_mark_at_the_edge_of_a_word_is_a_letter_or_asks() {
    let told = |printed: &str, word: &str| {
        format!(
            "{printed}\nthe `?` of `{word}` stands for one more letter; without it the word itself is asked for"
        )
    };
    hold(&[
        ("201?", "\"201?\""),
        ("20??", "\"20??\""),
        ("reports 199?", "reports \"199?\""),
        ("reports 2019-202?", "+\"2019-202?\" reports"),
        ("?olice", "\"?olice\""),
        ("wom?", &told("\"wom?\"", "wom?")),
        ("\"tipping points?\"", &told("\"tipping points?\"", "points?")),
        ("\"wom?\"", "\"wom?\""),
        ("\"201? reports\"", "\"201? reports\""),
        ("\"wom? in prison\"", "\"wom? in prison\""),
        ("wom? AND police", "\"wom?\" AND police"),
        ("police (201? OR wom?)", "police OR (\"201?\" \"wom?\")"),
        ("title:wom?", "title:\"wom?\""),
        ("wom? NEAR/3 police", "\"wom?\" NEAR/3 police"),
        ("wom?n", "wom?n"),
        // Questions.
        ("who are guards?", "guards"),
        ("What happened in 2019?", "happened 2019"),
        ("Who paid? Nobody knows?", "paid Nobody knows"),
        ("Is slavery OR forced labor legal in Chad?", "slavery OR (forced labor legal Chad)"),
        ("\"What did the police do?\"", "\"What did the police do\""),
        ("\"Who knew? Nobody did\"", "\"Who knew Nobody did\""),
        (
            "Really?? police",
            "Really police\nthe `?` of `Really??` is left out; in quotes it stands for a letter: `\"Really??\"`",
        ),
        (
            "wom? in prison",
            "wom prison\nthe `?` of `wom?` is left out; in quotes it stands for a letter: `\"wom?\"`",
        ),
        (
            "the ?closed? guards",
            "closed guards\nthe `?` of `?closed?` is left out; in quotes it stands for a letter: `\"?closed?\"`",
        ),
        ("Which laws are older than section 165?", "laws older section 165"),
        (
            "Which laws are of 201?",
            "laws 201\nthe `?` of `201?` is left out; in quotes it stands for a letter: `\"201?\"`",
        ),
        ("the laws of 201? and 20??", "laws \"201?\" \"20??\""),
        ("police and border wom?-", "police border \"wom?\""),
        ("child AND labor AND 201?", "child AND labor AND \"201?\""),
        ("child AND (labor in 201?)", "child AND (labor \"201?\")"),
        ("How do taxes work? how are they used?", "taxes work used"),
        ("What is called the \"tipping point?\"", "+\"tipping point\" called"),
        ("What is http://example.org/?", "http example org"),
    ]);
}

#[test]
fn signs_that_make_no_pattern_are_said() {
    hold(&[
        ("U.N*", "U.N\nthe `*` of `U.N*` is left out: a pattern is one word, two letters at least"),
        (
            "anti-*",
            "anti\nthe `*` of `anti-*` is left out: a pattern is one word, two letters at least",
        ),
        ("\"* officers\"", "officers\na `*` by itself stands for no word of a phrase"),
        (
            "country:c*",
            "country:c\nvalues of `country` are meant whole or by a word: `c*` is no pattern there",
        ),
        ("g*", "g\n`g*` is taken as the word `g`: a pattern has two letters at least"),
    ]);
}

#[test]
fn what_is_quoted_was_typed_in_quotes() {
    let is_quoted = |query: &str| Query::parse(query, &Fields::default()).unwrap().has_quotations();
    assert!(is_quoted("\"border guards\"") && is_quoted("police «guards»"));
    assert!(!is_quoted("AT&T") && !is_quoted("anti-trafficking AND police"));
}

#[test]
fn what_is_said_is_said_once_and_not_without_end() {
    let notes = |query: &str| Query::parse(query, &Fields::default()).unwrap().notes.len();
    assert_eq!(notes(&"wom? ".repeat(50)), 1);
    assert_eq!(
        notes(&(10..99).map(|at| format!("w{at}* AND AND 5x{at}.* ")).collect::<String>()),
        10
    );
}

#[test]
fn a_question_without_blanks_asks() {
    for question in ["谁在那里工作", "สิทธิมนุษยชนคืออะไร", "人権とは何ですか"]
    {
        assert_eq!(told(&format!("{question}?")), told(question));
    }
}

#[test]
fn signs_that_stand_for_nothing_are_told() {
    let shelf = Shelf::of("# Report\n\nA child is forced to labor; children laboured.\n");
    for (query, told) in [
        ("????* guards", "`????*` is left out"),
        ("\"?????? guards\"", "`??????` is left out"),
        ("a~9", "`~` behind `a` is left out"),
    ] {
        let warnings = shelf.search(query).warnings;
        assert!(warnings.iter().any(|it| it.starts_with(told)), "{query}: {warnings:?}");
    }
}

#[test]
fn patterns_that_mean_all_words_of_their_stems_need_no_look_at_texts() {
    let shelf = Shelf::of(
        "# Report\n\nA child is forced to labor; children laboured, organs were sold.\n\n## Two\n\nThe organization of organs.\n",
    );
    let searcher = shelf.searcher();
    let needs_a_look = |query: &str| {
        let request = SearchRequest::new(query);
        searcher.query(&request).unwrap().needs_a_look()
    };
    assert!(!needs_a_look("chil* NEAR/5 lab*"));
    assert!(needs_a_look("childr* NEAR/5 lab*"));
    assert_eq!(shelf.search("chil* NEAR/9 lab*").total.passages, 1);
    assert_eq!(shelf.search("childr* NEAR/9 labor*").total.passages, 1);
}
