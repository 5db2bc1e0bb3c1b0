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
