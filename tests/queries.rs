//! What queries are taken for: each with what is printed of it and, under that, what is said of it.

use tipsearch::query::{Fields, Query};

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
    for (query, expected) in cases {
        assert_eq!(told(query), *expected, "{query}");
        let printed = expected.lines().next().unwrap_or_default();
        if !printed.starts_with("error: ") {
            assert_eq!(told(printed).lines().next().unwrap_or_default(), printed, "{query}");
        }
    }
}

#[test]
fn beside_operators_what_stands_between_blanks_is_one_operand() {
    hold(&[
        ("anti-trafficking AND police", "anti-trafficking AND police"),
        ("police OR self-employed", "police OR self-employed"),
        ("HIV/AIDS AND police", "HIV/AIDS AND police"),
        ("COVID-19 AND (Guinea-Bissau OR Mali)", "COVID-19 AND (Guinea-Bissau OR Mali)"),
        ("self-employed women AND police", "(self-employed OR women) AND police"),
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
        ("police^2^3", "police^2^3"),
        ("(police OR army)^2^3", "(police army)^2^3"),
        ("*^2", "*^2"),
        ("10^-6", "10 6"),
    ]);
    let hint = "weights go from `^0.01` to `^1000`";
    assert!(told("labor^-1").contains("`^-1` is not a weight") && told("labor^-1").ends_with(hint));
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
