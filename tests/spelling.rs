//! Words that are misspelled, rare, foreign, or divided by the lines of a PDF file.

use tipsearch::render::terminal::{self, Look};

use crate::support::Shelf;

/// A report with so many passages of each of these sentences.
fn report(passages: &[(usize, &str)]) -> Shelf {
    let mut text = "# Report\n".to_owned();
    for (number, (times, sentence)) in passages.iter().enumerate() {
        for time in 0..*times {
            text.push_str(&format!("\n## Part {number}.{time}\n\n{sentence}\n"));
        }
    }
    Shelf::of(&text)
}

/// What is suggested for a query.
fn meant(shelf: &Shelf, query: &str) -> Option<String> {
    shelf.search(query).did_you_mean
}

/// What each word of a query was searched for as.
fn searched_as(shelf: &Shelf, query: &str) -> Vec<String> {
    shelf.search(query).expansions.into_iter().flat_map(|expansion| expansion.to).collect()
}

#[test]
fn a_slip_is_not_two_words_one_of_which_stands_nowhere_else() {
    let shelf = report(&[
        (9, "Exploitation and prevention, with unaccompanied minors."),
        (1, "They exploit an aton. Una, preve, tion, companied."),
    ]);
    let query = "exploitaton";
    assert_eq!(meant(&shelf, query).as_deref(), Some("exploitation"));
    assert!(shelf.answer(query).contains("«Exploitation» and prevention"));
    assert_eq!(meant(&shelf, "prevetion").as_deref(), Some("prevention"));
    let query = "unacompanied minors";
    assert_eq!(meant(&shelf, query).as_deref(), Some("unaccompanied minors"));
}

#[test]
fn a_compound_that_is_nowhere_is_two_words() {
    let shelf = report(&[
        (3, "In Burkina Faso the labour inspectors and the anti trafficking unit met."),
        (1, "See example.org/laborinspectors."),
    ]);
    for (query, found) in [
        ("BurkinaFaso", "«Burkina Faso»"),
        ("labourinspectors", "«labour inspectors»"),
        ("antitrafficking", "«anti trafficking»"),
    ] {
        let answer = shelf.answer(query);
        assert!(answer.contains(found) && !answer.contains("did you mean"), "{query}: {answer}");
        let told = format!("searched for “{query}” as “{}”", searched_as(&shelf, query)[0]);
        let output = terminal::response(&shelf.search(query), &Look::plain());
        assert!(output.contains(&told), "{told}: {output}");
    }
}

#[test]
fn a_word_that_a_line_divides_once_is_no_compound() {
    let shelf = report(&[
        (60, "Countries report on child labor."),
        (40, "No inspectors work there."),
        (1, "Other co untries have inter national funds."),
        (9, "International law, inter alia, and national law."),
    ]);
    assert_eq!(searched_as(&shelf, "countries"), [""; 0]);
    assert_eq!(searched_as(&shelf, "international"), ["inter national"]);
    // What is written apart counts no more than the word.
    let score = |query: &str| shelf.search(query).hits[0].score;
    let shown = shelf.answer("international");
    assert!(shown.starts_with("1. Report > Part 3"), "{shown}");
    assert!(score("international") < score("\"inter national\""));
}

#[test]
fn the_nearest_as_it_is_written_is_meant() {
    let shelf = report(&[
        (30, "Orphaned children."),
        (9, "Orphanages report abuse."),
        (60, "The government, other governments, and the environment; their environments."),
        (1, "The goverment, a governent. The enviroment."),
    ]);
    assert_eq!(meant(&shelf, "orphanges abuse").as_deref(), Some("orphanages abuse"));
    assert_eq!(meant(&shelf, "goverment").as_deref(), Some("government"));
    assert_eq!(meant(&shelf, "enviroment").as_deref(), Some("environment"));
}

#[test]
fn words_that_are_right_or_foreign_are_no_slips() {
    let shelf = report(&[
        (1, "The garibous beg. The word talibes stands here, and ashna."),
        (60, "Various talibans and sakadas of SAIFI."),
    ]);
    for query in ["garibous", "SAISIE", "sakawa", "talibes", "ZAIFI"] {
        assert_eq!(meant(&shelf, query), None, "{query}");
        assert_eq!(searched_as(&shelf, query), [""; 0], "{query}");
    }
    // Of 12,000 passages one is no evidence for a short word, but may be for a long one.
    let shelf = report(&[(12_000, "Work."), (1, "Ashna met Nkurunziza.")]);
    assert_eq!(meant(&shelf, "ashwa"), None);
    assert_eq!(meant(&shelf, "nkurunzizza").as_deref(), Some("nkurunziza"));
}

#[test]
fn a_slip_that_stands_in_a_report_is_told_beside_the_words_that_have_its_stem() {
    let shelf = report(&[(30, "Road traffic."), (1, "Trafficing."), (1600, "On trafficking.")]);
    assert_eq!(meant(&shelf, "trafficing").as_deref(), Some("trafficking"));
    assert_eq!(meant(&shelf, "traffic"), None);
}

#[test]
fn slips_that_stand_in_reports_are_told_where_others_follow_that_only_mean_the_same() {
    // Of long passages one word says little, so that the meaning is asked.
    let long = |word: &str| {
        format!("{word} is one word of many{}.", " on what was built and sold".repeat(20))
    };
    let (one, other) = (long("Traficking"), long("Childern"));
    let shelf = report(&[
        (1, one.as_str()),
        (1, other.as_str()),
        (300, "Trafficking of children: child trafficking."),
    ]);
    let response = shelf.search("traficking childern");
    assert_eq!(response.did_you_mean.as_deref(), Some("trafficking children"));
    assert!(response.hits.len() > 2, "{:?}", response.total);
}

#[test]
fn slips_are_told() {
    let shelf = report(&[(
        9,
        "Trafficking and exploitation by labor recruiters, prosecutions by the government.",
    )]);
    for (typed, right) in [
        ("exploitaiton", "exploitation"),
        ("prosecutons", "prosecutions"),
        ("trafiking", "trafficking"),
        ("goverment", "government"),
        ("labuor", "labor"),
    ] {
        assert_eq!(meant(&shelf, typed).as_deref(), Some(right));
    }
}

#[test]
fn a_word_that_is_written_nowhere_is_no_form_of_another_with_its_stem() {
    let shelf = report(&[
        (1, "Road traffic. A min. They inspect the inspectorate."),
        (60, "Trafficking and mining, said the inspectors; farms and forms."),
    ]);
    for (typed, right) in
        [("trafficing", "trafficking"), ("inspecters", "inspectors"), ("minning", "mining")]
    {
        assert_eq!(meant(&shelf, typed).as_deref(), Some(right));
        let answer = shelf.answer(typed);
        assert!(answer.to_lowercase().contains(&format!("«{right}»")), "{typed}: {answer}");
    }
    let output = terminal::response(&shelf.search("minning"), &Look::plain());
    assert!(output.contains("searched for “minning” also as “mining”"), "{output}");
    // Forms of words that stand here in other forms.
    for typed in ["inspectorates", "farmed", "inspected", "minings"] {
        assert_eq!(meant(&shelf, typed), None);
    }
}

#[test]
fn what_is_ratified_is_found_by_its_ratification() {
    let shelf =
        Shelf::of("They ratified it. Ratification. Identifying victims; victim identification.");
    let answer = shelf.answer("ratify");
    assert!(answer.contains("«ratified» it. «Ratification»"), "{answer}");
    let answer = shelf.answer("identification");
    assert!(answer.contains("«Identifying» victims; victim «identification»"), "{answer}");
}
