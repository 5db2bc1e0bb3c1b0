//! Reports in other languages than English: the forms of their words, and words between which there are no blanks.

use tipsearch::search::{SearchRequest, SearchResponse};

use super::support::Shelf;

const SPANISH: &str = "\
--- es.md
---
lang: es
---
# Informe

## Enjuiciamiento

Los jueces condenaron a los traficantes por la explotación de las niñas.

## Protección

Las trabajadoras fueron explotadas en los talleres.
--- en.md
---
lang: en
---
# Report

## Trial

A minor worked in a workshop, and the minority of the miners left.
";

fn found(shelf: &Shelf, query: &str) -> SearchResponse {
    shelf.search(query)
}

fn exhaustive(shelf: &Shelf, query: &str) -> u64 {
    let request = SearchRequest { exhaustive: true, ..SearchRequest::new(query) };
    shelf.searcher().search(&request).unwrap().total.passages
}

#[test]
fn a_spanish_word_is_found_in_its_other_forms() {
    let shelf = Shelf::of(SPANISH);
    for (query, expected) in [
        ("juez", "«jueces»"),
        ("condenó", "«condenaron»"),
        ("explotación", "«explotación»"),
        ("explotados", "«explotación»"),
        ("explotados", "«explotadas»"),
        ("trabajador", "«trabajadoras»"),
        ("niño", "«niñas»"),
    ] {
        assert!(shelf.answer(query).contains(expected), "{query}: {}", shelf.answer(query));
        let response = found(&shelf, query);
        assert!(response.unknown.is_empty(), "{query}: {:?}", response.unknown);
        assert!(response.did_you_mean.is_none(), "{query}: {:?}", response.did_you_mean);
        assert!(exhaustive(&shelf, query) > 0, "{query}");
    }
    // As typed where that is asked for, and in quotes.
    let literal = SearchRequest { literal: true, ..SearchRequest::new("explotados") };
    assert!(shelf.searcher().search(&literal).unwrap().hits.is_empty());
}

#[test]
fn english_words_have_no_spanish_forms() {
    let shelf = Shelf::of(SPANISH);
    for query in ["minor", "worked", "left"] {
        assert!(found(&shelf, query).expansions.is_empty(), "{query}");
        assert_eq!(exhaustive(&shelf, query), 1, "{query}");
    }
}

#[test]
fn letters_without_blanks_are_words_and_not_each_by_itself() {
    let shelf = Shelf::of(
        "--- th.md\n# รายงาน\n\nเรือนจำกลางมีนักโทษและแรงงานต่างด้าว\n\nตำรวจทรมานรักษากฎหมาย\n",
    );
    assert!(shelf.answer("แรงงาน").contains("«แรงงาน»ต่างด้าว"), "{}", shelf.answer("แรงงาน"));
    // Its letters stand there, and the word does not.
    assert!(found(&shelf, "ทราย").hits.is_empty());
    // A sentence is found by its pieces.
    let sentence = "แรงงานต่างด้าวถูกทรมานในเรือนจำหรือไม่";
    assert!(!found(&shelf, sentence).hits.is_empty());
}

#[test]
fn arabic_and_russian_words_are_found_with_and_without_what_they_take() {
    let shelf = Shelf::of(
        "--- ar.md\n# تقرير\n\nالرجال والنساء والعدل والمحاكم والطفولة، وبالتعبير والبطالة والعمال والضحايا.\n\
         --- ru.md\n# Отчёт\n\nРебёнок и беженец, отец десяти девочек, жертва пыток.\n",
    );
    for word in ["نساء", "عدل", "محاكم", "طفولة", "بطالة", "عمال", "ضحايا"]
    {
        let response = found(&shelf, word);
        assert!(!response.hits.is_empty() && response.expansions.is_empty(), "{word}");
    }
    for word in ["ребёнка", "беженцы", "девочки", "пытки"] {
        let response = found(&shelf, word);
        assert!(!response.hits.is_empty() && response.expansions.is_empty(), "{word}");
    }
}

#[test]
fn a_legal_reference_is_found_in_a_longer_one() {
    let shelf =
        Shelf::of("# Law\n\nArticle 18(2)(a) forbids it.\n\n## More\n\nILO C.182 is in force.\n");
    assert!(
        shelf.answer("18(2)").contains("«18(2»)(a)") || shelf.answer("18(2)").contains("«18(2)»"),
        "{}",
        shelf.answer("18(2)")
    );
    assert_eq!(found(&shelf, "182").total.passages, 1);
    assert_eq!(found(&shelf, "18(2)(a)").total.passages, 1);
}
