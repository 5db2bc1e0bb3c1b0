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
