//! A new commit is taken over while the server answers: no request fails, and no answer mixes two states.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::client::{PATIENCE, Server, get};
use crate::support::Shelf;

/// Every report of a state says which state it is.
fn write(shelf: &Shelf, state: usize) {
    for report in 0..6 {
        let text = format!(
            "# Report {report}\n\n## Part\n\nThe border guards of state{state} stood at the border.\n"
        );
        shelf.write(&format!("report-{report}.md"), text.as_bytes());
    }
    shelf.index();
}

#[test]
fn a_new_commit_is_taken_over_without_a_failed_or_a_mixed_answer() {
    let shelf = Shelf::empty();
    write(&shelf, 0);
    let server = Server::start(&shelf, &[]);
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let ask = || {
            let mut asked = 0;
            while !is_done.load(Ordering::Relaxed) {
                let answer = get(&server, "/v1/search?query=border+guards&copies=true");
                assert_eq!(answer.status, 200, "{}", answer.text());
                let answer = answer.json();
                let hits = answer["hits"].as_array().unwrap();
                let states: Vec<&str> =
                    hits.iter().map(|hit| hit["text"].as_str().unwrap()).collect();
                assert_eq!(states.len(), 6);
                assert!(states.windows(2).all(|two| two[0] == two[1]), "{states:?}");
                let tells = answer["index"]["generation"].as_u64().unwrap();
                let says = format!("state{} ", tells - 1);
                assert!(states[0].contains(&says), "generation {tells} answers {}", states[0]);
                asked += 1;
            }
            asked
        };
        let askers = [scope.spawn(ask), scope.spawn(ask)];
        for state in 1..=3 {
            write(&shelf, state);
            let start = Instant::now();
            while get(&server, "/readyz").text() != format!("ready, generation {}\n", state + 1) {
                assert!(start.elapsed() < PATIENCE, "generation {} is not taken over", state + 1);
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        is_done.store(true, Ordering::Relaxed);
        for asker in askers {
            assert!(asker.join().unwrap() > 5);
        }
    });
}

#[test]
fn an_index_that_goes_away_or_is_damaged_changes_nothing_for_who_is_open() {
    let shelf = Shelf::empty();
    write(&shelf, 0);
    let server = Server::start(&shelf, &[]);
    std::fs::write(shelf.index_path().join("current.json"), "{").unwrap();
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(get(&server, "/v1/search?query=border").status, 200);
    std::fs::remove_file(shelf.index_path().join("current.json")).unwrap();
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(get(&server, "/v1/search?query=guards").status, 200);
}

/// Waits until `/readyz` begins with its generation and does or does not tell of a state that cannot be opened.
fn wait_until_stuck(server: &Server, is_stuck: bool) {
    let start = Instant::now();
    loop {
        let answer = get(server, "/readyz");
        assert!(answer.status == 200 && answer.text().starts_with("ready, generation 1\n"));
        if answer.text().contains("stale: ") == is_stuck {
            break;
        }
        assert!(start.elapsed() < PATIENCE, "{}", answer.text());
        std::thread::sleep(Duration::from_millis(20));
    }
    let gauge = format!("tipsearch_index_stuck{{index=\"default\"}} {}\n", u8::from(is_stuck));
    assert!(get(server, "/metrics").text().contains(&gauge));
    assert_eq!(get(server, "/v1/search?query=border").status, 200);
}

#[test]
fn a_state_that_cannot_be_taken_over_is_told() {
    let shelf = Shelf::empty();
    write(&shelf, 0);
    let server = Server::start(&shelf, &[]);
    let path = shelf.index_path().join("current.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    let newer = whole.replace("\"format\": ", "\"format\": 9");
    assert_ne!(newer, whole);
    for damaged in ["{", newer.as_str()] {
        std::fs::write(&path, damaged).unwrap();
        wait_until_stuck(&server, true);
        std::fs::write(&path, &whole).unwrap();
        wait_until_stuck(&server, false);
    }
    std::fs::rename(shelf.index_path(), shelf.folder.path().join("gone")).unwrap();
    wait_until_stuck(&server, true);
    std::thread::sleep(Duration::from_millis(1500));
    let log = server.stop();
    let of = |event: &str| log.matches(&format!("\"event\":\"{event}\"")).count();
    assert_eq!((of("fault"), of("mended")), (3, 2), "each once: {log}");
    assert!(
        log.contains("newer than this program's") && log.contains("there is no index"),
        "{log}"
    );
}
