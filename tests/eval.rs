//! Evaluation: measures by hand, runs in and out, comparisons, and ranking on the judged collections.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use tipsearch::eval::{
    Collection, Evaluation, Measure, Qrels, Run, compare, evaluate, evaluate_run,
    randomization_test, read_qrels, read_run,
};

use crate::cli::tipsearch;
use crate::support::shared;

/// What every change of ranking has to keep or change knowingly, in four collections that a debug build
/// goes through in seconds: one with grades, one with headings, one with few documents, one not English.
/// `benches/check_collections.py` does it for all, and writes the table.
const QUICK: [&str; 4] = ["cranfield", "doc2dial_val", "legalbenchrag_privacy_qa", "xquad_ru"];

#[test]
fn ranking_is_as_pinned() {
    let Some(folder) = shared("collections") else { return };
    let table = include_str!("../benches/collections.tsv");
    let mut lines = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let pinned: Vec<Vec<&str>> = lines.filter(|row| QUICK.contains(&row[0])).collect();
    assert_eq!(pinned.len(), QUICK.len());
    let measures = measures(&header[5..].join(","));
    for row in pinned {
        let collection = Collection::read(&folder.join(row[0]), None).unwrap();
        let found = evaluate(&collection, &measures).unwrap();
        let index = found.index.unwrap();
        let statistics = [index.documents, index.passages, index.terms, found.topics.len() as u64];
        let mut cells = vec![row[0].to_owned()];
        cells.extend(statistics.iter().map(u64::to_string));
        cells.extend(found.means.iter().map(|mean| format!("{mean:.4}")));
        assert_eq!(cells, row, "under {header:?}");
    }
}

fn measures(names: &str) -> Vec<Measure> {
    names.split(',').map(|name| name.parse().unwrap()).collect()
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn judgments(text: &str) -> Qrels {
    read_qrels(&folder(&[("qrels", text)]).path().join("qrels")).unwrap()
}

fn stored(text: &str) -> tipsearch::error::Result<Run> {
    read_run(&folder(&[("run", text)]).path().join("run"))
}

fn ids(run: &Run, topic: usize) -> Vec<&str> {
    run.topics[topic].documents.iter().map(|ranked| ranked.id.as_str()).collect()
}

fn message(result: tipsearch::error::Result<impl std::fmt::Debug>) -> String {
    let text = result.unwrap_err().to_string();
    // Without the path, which is a temporary one.
    text.rsplit_once("run`").map_or(text.clone(), |(_, rest)| format!("run{rest}"))
}

#[test]
fn measures_are_as_worked_out_by_hand() {
    // Found: not judged, grade 2, grade 0, grade 1; a relevant document of grade 3 is not found.
    let found = [None, Some(2), Some(0), Some(1), None];
    let ideal = [3, 2, 1];
    let log = f64::log2;
    let gain = 2.0 / log(3.0) + 1.0 / log(5.0);
    let best = 3.0 + 2.0 / log(3.0) + 1.0 / log(4.0);
    for (name, expected) in [
        ("nDCG", gain / best),
        ("nDCG@2", (2.0 / log(3.0)) / (3.0 + 2.0 / log(3.0))),
        ("R@2", 1.0 / 3.0),
        ("R@100", 2.0 / 3.0),
        ("MRR", 0.5),
        ("MRR@1", 0.0),
        ("MAP", (1.0 / 2.0 + 2.0 / 4.0) / 3.0),
        ("MAP@3", 0.5 / 3.0),
        ("P@4", 0.5),
        // Ranks that are not filled count as wrong; but what is not there cannot be judged.
        ("P@10", 0.2),
        ("judged@2", 0.5),
        ("judged@10", 3.0 / 5.0),
    ] {
        let value = measures(name)[0].value(&found, &ideal);
        assert!((value - expected).abs() < 1e-12, "{name}: {value}, expected {expected}");
        assert_eq!(measures(name)[0].to_string(), name);
    }
    for name in ["nDCG@10", "R@10", "MRR", "MAP", "P@5", "judged@5"] {
        assert_eq!(measures(name)[0].value(&[], &[]), 0.0, "{name}");
        let is_judged = name.starts_with("judged");
        let value = measures(name)[0].value(&[Some(0)], &[]);
        assert_eq!(value, if is_judged { 1.0 } else { 0.0 }, "{name}");
    }
}

#[test]
fn a_run_is_read_as_trec_eval_reads_it() {
    let run = stored(
        "2 Q0 a 1 0.5 x\n\
         1\tQ0\tlow\t1\t-3e-2\tx\n\
         2 Q0 b 2 0.50000000001 x\n\
         1 Q0 high 9 1e3 x\n\
         2 Q0 c 3 7 x\n",
    )
    .unwrap();
    let topics: Vec<&str> = run.topics.iter().map(|topic| topic.topic.as_str()).collect();
    assert_eq!(topics, ["2", "1"]);
    // By score, whatever rank says; scores equal in 32 bits by decreasing id.
    assert_eq!(ids(&run, 0), ["c", "b", "a"]);
    assert_eq!(ids(&run, 1), ["high", "low"]);
}

#[test]
fn a_malformed_run_is_an_error_at_its_line() {
    let expected = "run, line 2: expected `topic Q0 document rank score tag`; a score is a number";
    for line in ["1 Q0 b 2 0.5", "1 Q0 b 2 0.5 x y", "1 Q0 b 2 NaN x", "1 Q0 b 2 many x", "1"] {
        assert_eq!(message(stored(&format!("1 Q0 a 1 1 x\n{line}\n"))), expected, "{line}");
    }
    assert_eq!(
        message(stored("1 Q0 a 1 2 x\n2 Q0 a 1 1 x\n1 Q0 a 2 1 x\n")),
        "run, line 3: `a` comes twice for `1`"
    );
    assert_eq!(message(stored("\n")), "run holds no run");
}

fn evaluated(run: &str, qrels: &Qrels) -> Evaluation {
    evaluate_run(stored(run).unwrap(), qrels, &measures("P@1,MRR")).unwrap()
}

#[test]
fn topics_that_a_run_lacks_count_as_zero_and_others_do_not_count() {
    let qrels = judgments("1 0 a 1\n2 0 b 1\n3 0 a 0\n4 0 c 1\n");
    let found =
        evaluated("1 Q0 a 1 1 x\n2 Q0 x 1 2 x\n2 Q0 b 2 1 x\n3 Q0 a 1 1 x\n9 Q0 a 1 1 x\n", &qrels);
    let topics: Vec<&str> = found.topics.iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(topics, ["1", "2", "3", "4"]);
    assert_eq!(found.means, [1.0 / 4.0, 1.5 / 4.0]);
    assert_eq!((found.without_hit, found.warnings.len()), (1, 2));
    assert_eq!((found.index, found.latency), (None, None));
    let unjudged = evaluate_run(stored("1 Q0 b 1 1 x\n").unwrap(), &qrels, &measures("P@1"));
    assert_eq!(message(unjudged), "the run has no document that is judged for its topic");
}

#[test]
fn evaluations_are_compared_topic_by_topic() {
    let qrels = judgments("1 0 a 1\n2 0 a 1\n3 0 a 1\n4 0 a 1\n");
    let this =
        evaluated("1 Q0 a 1 1 x\n2 Q0 a 1 1 x\n3 Q0 b 1 2 x\n3 Q0 a 1 1 x\n4 Q0 a 1 1 x\n", &qrels);
    let other = evaluated("4 Q0 b 1 1 x\n3 Q0 a 1 1 x\n2 Q0 a 1 1 x\n1 Q0 b 1 1 x\n", &qrels);
    let compared = compare(&this, &other);
    let [precision, mrr] = compared.measures.as_slice() else { panic!("{compared:?}") };
    assert_eq!((precision.wins, precision.ties, precision.losses), (2, 1, 1));
    assert_eq!((precision.this, precision.other), (0.75, 0.5));
    // Differences 1, 1 and -1: every assignment of signs is at least 1 from 0.
    assert_eq!(precision.p, 1.0);
    // 1, 1 and -0.5: of the eight only those with equal signs of the first two and 2.5 or 1.5: all four.
    assert_eq!(mrr.p, 0.5);
    let changed: Vec<&str> = compared.changed.iter().map(|topic| topic.id.as_str()).collect();
    assert_eq!(changed, ["1", "3", "4"]);
    let same = compare(&this, &this);
    assert!(same.changed.is_empty() && same.measures.iter().all(|measure| measure.p == 1.0));
}

#[test]
fn the_randomization_test_counts_few_and_draws_many() {
    assert_eq!(randomization_test(&[]), 1.0);
    assert_eq!(randomization_test(&[0.3]), 1.0);
    // All the same way: 2 of 2^20 assignments.
    assert_eq!(randomization_test(&[0.1; 20]), 2.0 / f64::from(1 << 20));
    // One more is drawn, and the observed one counts among those drawn.
    let drawn = randomization_test(&[0.1; 21]);
    assert!((1e-6..4e-5).contains(&drawn), "{drawn}");
    // 60 of 100 won by the same: 0.05689 by the binomial distribution; drawn, within 4 deviations.
    let differences: Vec<f64> =
        (0..100).map(|topic| if topic < 60 { 0.25 } else { -0.25 }).collect();
    let p = randomization_test(&differences);
    assert!((p - 0.05689).abs() < 0.003, "{p}");
    assert_eq!(p, randomization_test(&differences), "the same numbers give the same p");
    let reversed: Vec<f64> = differences.iter().map(|difference| -difference).collect();
    assert!((randomization_test(&reversed) - p).abs() < 0.003, "two-sided");
}

/// A collection of three documents, one of them with a blank in its id.
fn small() -> TempDir {
    folder(&[
        (
            "corpus.jsonl",
            "{\"_id\": \"a b\", \"title\": \"Border\", \"text\": \"Guards took bribes at the border.\"}\n\
             {\"_id\": \"c\", \"title\": \"Shelters\", \"text\": \"Shelters for victims.\"}\n\
             {\"_id\": \"d\", \"title\": \"Courts\", \"text\": \"Courts convicted two guards.\"}\n",
        ),
        (
            "queries.jsonl",
            "{\"_id\": \"1\", \"text\": \"bribes at the border\"}\n\
             {\"_id\": \"2\", \"text\": \"guards\"}\n\
             {\"_id\": \"3\", \"text\": \"not judged\"}\n",
        ),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n1\ta b\t2\n2\td\t1\n2\tc\t0\n"),
    ])
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let ran = tipsearch(folder, &[&["eval", "--json"], arguments].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_run_goes_out_and_comes_in_again_with_the_same_values() {
    let folder = small();
    let asked = json(folder.path(), &[".", "--run", "own.run"]);
    assert_eq!(
        asked["index"],
        serde_json::json!({"documents": 3, "passages": 3, "terms": asked["index"]["terms"]})
    );
    assert!(asked["index"]["terms"].as_u64().unwrap() > 8);
    assert!(asked["latency_ms"]["p99"].is_number());
    assert_eq!(
        (&asked["topics"], &asked["measures"]["MRR@10"]),
        (&2.into(), &asked["measures"]["MAP"])
    );
    let run = fs::read_to_string(folder.path().join("own.run")).unwrap();
    assert!(run.starts_with("1 Q0 a%20b 1 "), "{run}");
    let read = json(folder.path(), &["--qrels", "qrels.tsv", "--run", "own.run"]);
    assert_eq!(read["measures"], asked["measures"]);
    assert_eq!(read["per_topic"], asked["per_topic"]);
    assert!(read["latency_ms"].is_null() && read["index"].is_null());
    assert_eq!(fs::read_to_string(folder.path().join("own.run")).unwrap(), run, "it is only read");
}

#[test]
fn a_collection_is_compared_with_a_stored_run() {
    let folder = small();
    fs::write(folder.path().join("other.run"), "1 Q0 c 1 2 x\n1 Q0 a%20b 2 1 x\n2 Q0 d 1 1 x\n")
        .unwrap();
    let found = json(folder.path(), &[".", "--compare", "other.run", "--measures", "MRR,judged@1"]);
    let mrr = &found["comparison"]["measures"]["MRR"];
    let expected = serde_json::json!({"topic": "1", "this": 1.0, "other": 0.5});
    assert_eq!(found["comparison"]["changed"][0], expected);
    assert_eq!(
        (&mrr["other"], &mrr["losses"]),
        (&0.75.into(), &(found["comparison"]["changed"].as_array().unwrap().len() - 1).into())
    );
    let text = tipsearch(folder.path(), &["eval", ".", "--compare", "other.run", "--per-topic"]);
    assert_eq!(text.code, 0, "{}", text.err);
    for part in ["topic  nDCG@10", "\n1       1.0000", "difference", "changed in nDCG@10"] {
        assert!(text.out.contains(part), "{part}: {}", text.out);
    }
    // Two stored runs.
    json(folder.path(), &[".", "--run", "own.run"]);
    let two = ["--qrels", "qrels.tsv", "--run", "own.run", "--compare", "other.run"];
    assert_eq!(
        json(folder.path(), &two)["comparison"]["measures"]["nDCG@10"]["ties"],
        found["comparison"]["measures"]["MRR"]["ties"]
    );
}

#[test]
fn unknown_ids_are_errors() {
    let folder = small();
    fs::write(folder.path().join("document.run"), "1 Q0 nowhere 1 2 x\n1 Q0 c 2 1 x\n").unwrap();
    fs::write(folder.path().join("topic.run"), "7 Q0 c 1 2 x\n").unwrap();
    fs::write(folder.path().join("none.qrels"), "1 0 elsewhere 1\n").unwrap();
    for (arguments, expected) in [
        (
            vec![".", "--compare", "document.run"],
            "the run names a document that is not indexed: `nowhere`",
        ),
        (
            vec![".", "--compare", "topic.run"],
            "the run names a topic that is not among those to be asked: `7`",
        ),
        (
            vec![".", "--qrels", "none.qrels"],
            "the judgments name a document that is not indexed: `elsewhere`",
        ),
        (
            vec!["--qrels", "none.qrels", "--run", "document.run"],
            "the run has no document that is judged",
        ),
        (vec!["--qrels", "qrels.tsv", "--run", "absent.run"], "absent.run"),
        (vec!["--run", "document.run"], "name a folder, or"),
        (vec![".", "--measures", "R"], "`R` needs a rank"),
    ] {
        let ran = tipsearch(folder.path(), &[&["eval"], arguments.as_slice()].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn no_text_of_a_topic_is_an_error() {
    let folder = small();
    let texts = [
        "guards at 10^0 rate",
        "guards about~3 police",
        "guards NEAR/200 growth",
        "/regex[/ guards",
        "guards {a} <b> a|b c\\\\d",
        "guards NEAR PRE/ NEAR/",
    ];
    let topics: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| format!("{{\"_id\": \"{number}\", \"text\": \"{text}\"}}\n"))
        .collect();
    let judged = |number| format!("{number}\td\t1\n");
    let qrels: String = (0..texts.len() + 2).map(judged).collect();
    let nothing = ["\"^0 ~3\"", "~ ^ /"].iter().zip(texts.len()..);
    let nothing = nothing
        .map(|(text, number)| serde_json::json!({"_id": number, "text": text}).to_string() + "\n");
    let topics = topics.concat() + &nothing.collect::<String>();
    fs::write(folder.path().join("queries.jsonl"), topics).unwrap();
    fs::write(folder.path().join("qrels.tsv"), "query-id\tcorpus-id\tscore\n".to_owned() + &qrels)
        .unwrap();
    let found = json(folder.path(), &[".", "--measures", "R@10", "--per-topic"]);
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(found["per_topic"][number.to_string()]["R@10"], 1.0, "{text}: {found:#}");
    }
}

#[test]
fn a_measure_without_a_rank_sees_as_much_whatever_else_is_measured() {
    // Relevant at the ranks 1, 500 and 1,500.
    let found: Vec<Option<i32>> =
        (1..=1500).map(|rank| [1, 500, 1500].contains(&rank).then_some(1)).collect();
    let map = measures("MAP")[0].value(&found, &[1, 1, 1]);
    assert_eq!(map, measures("MAP@1000")[0].value(&found, &[1, 1, 1]));
    assert!((map - (1.0 + 2.0 / 500.0) / 3.0).abs() < 1e-12, "{map}");
    let value = measures("MAP")[0].value(&[None], &[1]);
    assert!(value == 0.0 && value.is_sign_positive(), "{value}");

    let corpus: Vec<String> = (0..150)
        .map(|number| format!("{{\"_id\": \"{number}\", \"text\": \"guards number {number}\"}}\n"))
        .collect();
    let folder = folder(&[
        ("corpus.jsonl", &corpus.concat()),
        ("queries.jsonl", "{\"_id\": \"1\", \"text\": \"guards\"}\n"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n1\t3\t1\n1\t99\t1\n1\t149\t1\n"),
    ]);
    let asked = |names: &str| json(folder.path(), &[".", "--measures", names, "--lexical"]);
    let alone = asked("MAP")["measures"]["MAP"].clone();
    assert_eq!(asked("MAP,R@1500")["measures"]["MAP"], alone);
    assert_eq!(asked("MAP,R@120")["measures"]["MAP"], alone);

    // A system is no worse than itself because less of it was stored.
    let store = [".", "--lexical", "--measures", "nDCG@10", "--run", "short.run"];
    json(folder.path(), &store);
    let compare = |names: &str| {
        let options = ["eval", ".", "--lexical", "--measures", names, "--compare", "short.run"];
        tipsearch(folder.path(), &options).err
    };
    let told = compare("MAP,P@5");
    let text =
        "at most 100 documents for a topic and the other 150, so that a difference in MAP may";
    assert!(told.contains(text), "{told}");
    assert!(!compare("nDCG@10,R@100").contains("at most"));
}

#[test]
fn topics_of_trec_may_share_a_line() {
    let topics = "<TOP><num> Number: 1 <title> guards</TOP> <top><num>2<title>bribes at the border</top><top>\n\
                  <num> 3\n<title> Topic: shelters\n</top> <top> <num> 4 <title> courts </top>\n";
    let folder = folder(&[("topics", topics)]);
    let read = tipsearch::eval::read_topics(&folder.path().join("topics")).unwrap();
    let read: Vec<(&str, &str)> =
        read.iter().map(|topic| (topic.id.as_str(), topic.text.as_str())).collect();
    let expected =
        [("1", "guards"), ("2", "bribes at the border"), ("3", "shelters"), ("4", "courts")];
    assert_eq!(read, expected);
}

#[test]
fn an_array_is_told_to_be_none_of_lines() {
    let folder = small();
    fs::write(folder.path().join("queries.jsonl"), "[{\"_id\": \"1\", \"text\": \"a\"}]\n")
        .unwrap();
    let told = |folder: &Path| tipsearch(folder, &["eval", "."]).err;
    let topics = told(folder.path());
    let text = "this is an array, and each object must have a line of its own";
    assert!(topics.contains("queries.jsonl`, line 1:") && topics.contains(text), "{topics}");
    fs::write(folder.path().join("corpus.jsonl"), "[\n{\"_id\": \"1\"}\n]\n").unwrap();
    let corpus = told(folder.path());
    assert!(
        corpus.contains("corpus.jsonl`, line 1:") && corpus.contains("jq -c '.[]'"),
        "{corpus}"
    );
    fs::write(folder.path().join("corpus.jsonl"), "{\"_id\": null, \"text\": \"a\"}\n").unwrap();
    let id = told(folder.path());
    assert!(id.contains("an id is a text or a number") && !id.contains("JsonId"), "{id}");
}

#[test]
fn a_floor_fails_the_command() {
    let folder = small();
    let code = |least: &str| {
        tipsearch(folder.path(), &["eval", ".", "--measures", "R@10", "--fail-under", least]).code
    };
    assert_eq!((code("1.0"), code("1.01")), (0, 1));
}
