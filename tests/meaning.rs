//! Ranking by meaning: vectors of texts, and what they change in an answer.

use expect_test::expect;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tipsearch::highlight::MarkKind;
use tipsearch::meaning::{Embedder, Vector};
use tipsearch::search::{SearchRequest, SearchResponse};

use crate::support::Shelf;

fn vector(text: &str) -> Vector {
    Embedder::default().vector(text).expect("a text of known words")
}

/// How alike two texts are.
fn likeness(one: &str, other: &str) -> f32 {
    vector(one).likeness(&vector(other))
}

#[test]
fn the_digest_is_that_of_the_table() {
    let table = include_bytes!("../src/meaning/table.bin");
    let digest: String = Sha256::digest(table).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(tipsearch::meaning::DIGEST, digest);
}

#[test]
fn what_means_the_same_is_alike() {
    for (one, like, unlike) in [
        ("police", "officers", "harvest"),
        ("officials who helped smugglers", "complicity of border guards", "the price of cotton"),
        ("children beg in the streets", "minors forced into begging", "an airport was opened"),
        ("Wages", "salary", "rivers"),
        ("a judge sentenced the trafficker", "he was convicted in court", "schools lack teachers"),
    ] {
        let (near, far) = (likeness(one, like), likeness(one, unlike));
        assert!(near > far + 0.1, "`{one}`: `{like}` {near}, `{unlike}` {far}");
    }
}

#[test]
fn words_are_known_however_they_are_written() {
    for (one, other) in [("Café owners", "CAFE OWNERS"), ("anti-trafficking", "Anti trafficking")]
    {
        assert_eq!(vector(one), vector(other), "`{one}` and `{other}`");
    }
    // A word that the table does not have as a whole is cut into pieces.
    assert!(likeness("kidnappings", "kidnapping") > 0.5);
    for nothing in ["", " \n", "…", "\u{1F600}"] {
        assert_eq!(Embedder::default().vector(nothing), None, "`{nothing}`");
    }
}

proptest! {
    #[test]
    fn a_vector_is_stored_in_three_bits_a_number_and_means_the_same(text in "[a-z]{2,9}( [a-z]{2,9}){0,30}") {
        let Some(vector) = Embedder::default().vector(&text) else { return Ok(()) };
        let (signs, rest) = vector.to_words();
        prop_assert_eq!(size_of_val(&signs) + size_of_val(&rest), 96);
        let stored = Vector::from_words(&signs, &rest).expect("a vector");
        prop_assert!(stored.likeness(&vector) > 0.94, "{}", stored.likeness(&vector));
    }

    #[test]
    fn any_text_has_a_vector_or_none(text in "\\PC{0,300}", rounds in 1usize..3) {
        let mut embedder = Embedder::default();
        let first = embedder.vector(&text);
        for _ in 0..rounds {
            prop_assert_eq!(&embedder.vector(&text), &first);
        }
    }
}

/// Two passages have one word of the question, as often and in texts as long.
const SHELF: &str = "\
--- a.md
# Farms
Officials counted wheat, barley and sheep in seven northern provinces before winter began.
--- b.md
# Borders
Guards let smugglers pass for bribes, and officials covered it all up afterwards.
--- c.md
# Roads
Drivers wait at the crossing for many hours.
";

fn searched(shelf: &Shelf, request: SearchRequest) -> SearchResponse {
    shelf.searcher().search(&request).expect("an answer")
}

fn ids(response: &SearchResponse) -> Vec<&str> {
    response.hits.iter().map(|hit| hit.passage.report.doc_id.as_str()).collect()
}

#[test]
fn of_passages_with_the_same_words_the_one_that_means_it_is_first() {
    let shelf = Shelf::of(SHELF);
    let question = "corrupt officials helped criminals";
    let by_meaning = searched(&shelf, SearchRequest::new(question));
    assert_eq!(ids(&by_meaning), ["b.md", "a.md"]);
    let lexical = SearchRequest { lexical: true, ..SearchRequest::new(question) };
    let by_words = searched(&shelf, lexical);
    let score = |response: &SearchResponse, doc: &str| {
        let hit = response.hits.iter().find(|hit| hit.passage.report.doc_id == doc);
        hit.map(|hit| hit.score).expect("a hit")
    };
    for doc in ["a.md", "b.md"] {
        assert!(score(&by_meaning, doc) >= score(&by_words, doc), "nothing loses by meaning");
    }
    // Drivers who wait are neither in the words nor in the meaning.
    assert_eq!(by_meaning.total.passages, by_words.total.passages);
}

#[test]
fn explicit_queries_are_ranked_by_their_words() {
    let shelf = Shelf::of(SHELF);
    for query in [
        "+officials",
        "officials OR drivers",
        "\"officials covered\"",
        "officials*",
        "officials^2 bribes",
    ] {
        let by_default = searched(&shelf, SearchRequest::new(query));
        let lexical = SearchRequest { lexical: true, ..SearchRequest::new(query) };
        let scores = |response: &SearchResponse| {
            response.hits.iter().map(|hit| (hit.passage.id.clone(), hit.score)).collect::<Vec<_>>()
        };
        assert_eq!(scores(&by_default), scores(&searched(&shelf, lexical)), "`{query}`");
    }
}

#[test]
fn what_meaning_adds_is_explained() {
    let shelf = Shelf::of(SHELF);
    let request = SearchRequest {
        explain: true,
        ..SearchRequest::new("officials covered up for smugglers at the crossing")
    };
    let response = searched(&shelf, request);
    let mut by_meaning = 0;
    for hit in &response.hits {
        let explanation = hit.explanation.as_ref().expect("an explanation");
        assert!((explanation.value - hit.score).abs() < 0.01, "{explanation}");
        by_meaning +=
            usize::from(explanation.to_string().contains("its meaning is like the query's"));
    }
    assert!(by_meaning > 0, "no explanation names it");
}

#[test]
fn reports_in_other_languages_are_compared_too() {
    let shelf = Shelf::of(
        "--- a.md\n---\nlang: es\n---\n# Trabajo\nLos oficiales contaron trigo y ovejas en siete provincias.\n\
         --- b.md\n---\nlang: es\n---\n# Frontera\nLos oficiales cobraron sobornos para dejar pasar a los traficantes.\n",
    );
    let request = SearchRequest::new("oficiales corruptos");
    let lexical = SearchRequest { lexical: true, ..request.clone() };
    let scores = |request| -> Vec<f32> {
        searched(&shelf, request).hits.iter().map(|hit| hit.score).collect()
    };
    let (by_meaning, by_words) = (scores(request), scores(lexical));
    assert_eq!(by_meaning.len(), by_words.len());
    assert!(by_meaning.iter().sum::<f32>() > by_words.iter().sum::<f32>());
}

/// The lines of an answer: of each hit the report, its text with «what matched» and ‹what means it›, and what it lacks.
fn told(response: &SearchResponse) -> String {
    let mut told = String::new();
    for hit in &response.hits {
        let mut text = hit.passage.text.clone();
        for mark in hit.marks.iter().rev() {
            let [left, right] = match mark.kind {
                MarkKind::Semantic => ['‹', '›'],
                _ => ['«', '»'],
            };
            text.insert(mark.bytes.end, right);
            text.insert(mark.bytes.start, left);
        }
        told += &format!("{}: {text}", hit.passage.report.doc_id);
        if !hit.missing.is_empty() {
            told += &format!(" (without {})", hit.missing.join(", "));
        }
        told.push('\n');
    }
    told
}

#[test]
fn a_passage_without_a_word_of_the_question_is_found_by_what_it_means() {
    let shelf = Shelf::of(SHELF);
    let question = "corrupt authorities protected smuggling";
    let response = searched(&shelf, SearchRequest::new(question));
    expect![[r#"
        b.md: Guards let smugglers pass for ‹bribes›, and ‹officials› covered it all up afterwards. (without corrupt, authorities, protected, smuggling)
    "#]].assert_eq(&told(&response));
    assert_eq!(
        response.warnings,
        ["none of these has a word of the query; they mean something like it"]
    );
    assert!(!response.total.is_exact, "by words there is none, and the total says so");
    for request in [
        SearchRequest { lexical: true, ..SearchRequest::new(question) },
        SearchRequest { literal: true, ..SearchRequest::new(question) },
        SearchRequest { exhaustive: true, ..SearchRequest::new(question) },
        SearchRequest::new("+corrupt authorities protected smuggling"),
    ] {
        let response = searched(&shelf, request);
        assert_eq!(ids(&response), [""; 0], "the words alone decide");
    }
}

#[test]
fn what_restricts_words_restricts_meaning() {
    let shelf = Shelf::of(SHELF);
    for (query, expected) in [
        ("corrupt authorities protected smuggling doc:b", &["b.md"][..]),
        ("corrupt authorities protected smuggling doc:c", &[]),
        ("corrupt authorities protected smuggling -doc:b", &[]),
    ] {
        assert_eq!(ids(&searched(&shelf, SearchRequest::new(query))), expected, "`{query}`");
    }
    let filtered = SearchRequest {
        filter: Some("doc:c".to_owned()),
        ..SearchRequest::new("corrupt authorities protected smuggling")
    };
    assert_eq!(ids(&searched(&shelf, filtered)), [""; 0]);
}

#[test]
fn more_like_a_passage() {
    let shelf = Shelf::of(SHELF_OF_BRIBES);
    let id = |doc: &str| {
        let all = searched(&shelf, SearchRequest::new(format!("doc:{doc}")));
        all.hits.first().expect("a passage").passage.id.clone()
    };
    let like = |query: &str, doc: &str| {
        let request = SearchRequest { like: Some(id(doc)), ..SearchRequest::new(query) };
        searched(&shelf, request)
    };
    assert_eq!(ids(&like("", "b")), ["d.md", "e.md"]);
    assert_eq!(like("", "b").warnings, [""; 0], "no words were asked for");
    assert_eq!(ids(&like("doc:e", "b")), ["e.md"]);
    let unknown =
        SearchRequest { like: Some("0000000000000000".to_owned()), ..SearchRequest::new("") };
    let error = shelf.searcher().search(&unknown).expect_err("no such passage");
    assert_eq!(error.to_string(), "there is no passage `0000000000000000`");
}

const SHELF_OF_BRIBES: &str = "\
--- a.md
# Farms
Wheat, barley and sheep were counted in seven northern provinces before winter began.
--- b.md
# Borders
Guards let smugglers pass for bribes, and officials covered it all up afterwards.
--- d.md
# Ports
Customs guards took bribes and let smugglers pass at night.
--- e.md
# Courts
Two judges had been paid to acquit smugglers.
";

#[test]
fn words_of_the_index_that_mean_something_like_others() {
    let shelf = Shelf::of(
        "--- a.md\n# A\nPolice and prosecutors met. Judges did not.\n--- b.md\n# B\nA judge and the police met \
         prosecutors; wheat was harvested.\n--- c.md\n# C\nWheat was harvested again by a judge of an officer.\n",
    );
    let related = |words: &str, limit| {
        let found = shelf.searcher().related(words, limit).expect("words");
        let told = found.iter().map(|it| format!("{} in {}", it.word, it.passages));
        told.collect::<Vec<_>>().join(", ")
    };
    // An officer stands in one passage only; of the forms of a word one is told.
    expect!["judge in 3"].assert_eq(&related("law courts", 3));
    expect!["police in 2"].assert_eq(&related("trial of policemen", 9));
    expect![[r""]].assert_eq(&related("\u{1F600} the of", 9));
}

#[test]
fn words_written_as_one_with_what_was_asked_are_not_related() {
    let report = |number| {
        format!(
            "--- {number}.md\n# Report\nThe policeofficer met a border judge by the lawcourt.\n"
        )
    };
    let shelf = Shelf::of(&(report(1) + &report(2)));
    let words = |asked: &str| {
        let found = shelf.searcher().related(asked, 9).expect("words").into_iter();
        found.map(|it| it.word).collect::<Vec<_>>()
    };
    assert!(!words("police").contains(&"policeofficer".to_owned()));
    // The `of` of a question is in many words.
    assert!(words("trial of policemen").contains(&"policeofficer".to_owned()));
}
