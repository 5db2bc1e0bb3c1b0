//! The program as people and scripts meet it: its exit codes, its streams, its forms and messages.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Shelf, report_folder};

/// What a run of the program said.
pub struct Ran {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program in a folder, with none of this machine's settings.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tipsearch"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["TIPSEARCH_INDEX", "TIPSEARCH_FORMAT", "NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command
}

/// Runs a command to its end. A panic is never an answer.
pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("a run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!err.contains("panicked"), "{command:?} panicked: {err}");
    Ran { code: output.status.code().unwrap_or(-1), out, err }
}

/// Runs the program in a folder.
pub fn tipsearch(folder: &Path, arguments: &[&str]) -> Ran {
    ran(program(folder).args(arguments))
}

/// A copy of a folder's files, without subfolders.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        if entry.file_type().expect("a type").is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

/// The files in a folder and in those under it, sorted by path.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        match entry.file_type().expect("a type").is_dir() {
            true => files.extend(files_under(&entry.path())),
            false => files.push(entry.path()),
        }
    }
    files.sort_unstable();
    files
}

impl Shelf {
    /// The project's own report, not yet indexed.
    fn of_report() -> Shelf {
        let shelf = Shelf::empty();
        copy(&report_folder(), &shelf.corpus());
        shelf
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        tipsearch(self.folder.path(), arguments)
    }

    /// The JSON that a command prints.
    fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[&["--json"], arguments].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.err))
    }

    /// The command ends with 2, and its message has each of these.
    fn refuses(&self, arguments: &[&str], expected: &[&str]) {
        let ran = self.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
        for part in expected {
            assert!(ran.err.contains(part), "{arguments:?}: no `{part}` in {}", ran.err);
        }
    }
}

/// The ids of a response's hits.
fn ids(response: &Value) -> Vec<String> {
    let hits = response["hits"].as_array().expect("hits");
    hits.iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
}

/// The command that a note or hint names.
fn command_in(text: &str) -> &str {
    let start = text.find("`tipsearch ").expect("a command") + 1;
    text[start..].split('`').next().expect("its end")
}

/// Runs a command line as a shell does, with the program found by its name.
fn shell(folder: &Path, line: &str) -> Ran {
    let bin = Path::new(env!("CARGO_BIN_EXE_tipsearch")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.current_dir(folder).args(["-c", line]).stdin(Stdio::null());
    ran(command.env("PATH", format!("{}:{path}", bin.display())))
}

const TWO_REPORTS: &str = "\
--- north.md
---
year: 2020
country: Northland
lang: en
source: https://example.org/north
---
# Northland
Opening words of the report.

## Prosecution
Police arrested two traffickers. Courts convicted one.

## Protection of victims
Shelters helped forty victims.

### Shelter rules
Each shelter keeps records.
--- south.md
---
year: 2021
country: Southland
---
# Southland
## Prosecution
Police investigated nobody. An officer was policing the port.
";

#[test]
fn exit_codes_tell_found_nothing_and_error() {
    let shelf = Shelf::of(TWO_REPORTS);
    assert_eq!(shelf.run(&["police"]).code, 0);
    let nothing = shelf.run(&["zebra"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.out.contains("nowhere in the index: “zebra”"), "{}", nothing.out);
    shelf.refuses(&["--bogus", "police"], &["--bogus"]);
    shelf.refuses(&["police", "--index", "elsewhere"], &["no index at `elsewhere`", "hint:"]);
    shelf.refuses(&["index", "nowhere"], &["`nowhere`"]);
    shelf.refuses(&["show", "nothing-of-the-kind"], &["`nothing-of-the-kind`"]);
    shelf.refuses(&["show", "nort"], &["did you mean `north.md`?"]);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let text: String =
        (0..2000).map(|i| format!("## Part {i}\n\nGuards at gate {i}.\n\n")).collect();
    let shelf = Shelf::of(&text);
    let many = ["guards", "-n", "1000", "--json"];
    for arguments in [&many[..], &["guards", "-n", "1000"], &["show", "report.md"], &["--help"]] {
        let mut command = program(shelf.folder.path());
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a process");
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().expect("stderr").read_to_string(&mut err).expect("UTF-8");
        let status = child.wait().expect("an end");
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn the_bare_form_is_search_and_a_dash_makes_a_command_a_word() {
    let shelf = Shelf::of(TWO_REPORTS);
    let text = |arguments: &[&str]| shelf.json(arguments)["query"]["text"].clone();
    assert_eq!(
        ids(&shelf.json(&["police", "court"])),
        ids(&shelf.json(&["search", "police", "court"]))
    );
    assert_eq!(text(&["police", "court"]), "police court");
    assert_eq!(text(&["--", "index"]), "index");
    assert_eq!(text(&["search", "status"]), "status");
    assert_eq!(text(&["-n", "1", "index"]), "index");
    assert_eq!(text(&["--color", "never", "police"]), "police");
    let without = shelf.json(&["-police victims"]);
    assert_eq!(without["query"]["text"], "-police victims");
    // Words to exclude, as they are typed; options are options beside them.
    for typed in [&["victims", "-police"][..], &["search", "victims", "-police", "-n", "3"]] {
        assert_eq!(shelf.json(typed)["query"]["text"], "victims -police", "{typed:?}");
    }
    assert_eq!(text(&["victims", "-жертвы", "-Women"]), "victims -жертвы -Women");
    let noted = shelf.run(&["victims", "-smuggling"]);
    assert!(noted.err.contains("the option is `-s muggling`"), "{}", noted.err);
    let lines = shelf.run(&["kwic", "police", "-smuggling"]).out;
    assert_eq!(lines, shelf.run(&["kwic", "police"]).out);
    let counted = shelf.run(&["victims", "-cq"]);
    assert_eq!(counted.out, "", "{}", counted.err);
    assert_eq!(without["hits"][0]["section"]["anchor"], "protection-of-victims");
}

#[test]
fn with_no_index_and_no_corpus_the_report_in_the_program_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = tipsearch(folder.path(), &["border guards complicity"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("answering from the report in the program"), "{}", ran.err);
    let first = ran.out.lines().find(|line| line.starts_with(" 1.")).expect("a hit");
    assert!(first.contains("Prosecution (2008)"), "{first}");
    for mark in ["«border»", "«guards»", "«complicity»"] {
        assert!(ran.out.contains(mark), "{mark} is not in {}", ran.out);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left behind");
    for other in [&["status"][..], &["doctor"], &["-c", "police"]] {
        assert_eq!(tipsearch(folder.path(), other).code, 0, "{other:?}");
    }
}

#[test]
fn with_no_index_a_corpus_is_indexed_first() {
    let shelf = Shelf::of_report();
    let first = shelf.run(&["border guards complicity"]);
    assert_eq!(first.code, 0);
    assert!(first.err.contains("there is no index yet; building one"), "{}", first.err);
    assert!(shelf.index_path().join("current.json").is_file());
    let second = shelf.run(&["border guards complicity"]);
    assert_eq!((second.code, second.err.as_str()), (0, ""));
}

/// Changes reports, and runs the command that the note of the next search names.
fn stale_index_is_mended(index: &str) {
    let shelf = Shelf::of(TWO_REPORTS);
    let named = ["--index", index];
    let options = if index == "index" { &[][..] } else { &named[..] };
    let search = [&["police"], options].concat();
    assert_eq!(shelf.run(&[&["index", "corpus"], options].concat()).code, 0);
    assert_eq!(shelf.run(&search).err, "");
    shelf.write("north.md", b"# Northland\n\nPolice left.\n");
    let stale = shelf.run(&search);
    assert!(stale.err.contains("1 file has changed since indexing"), "{}", stale.err);
    shelf.write("west.md", b"# Westland\n\nPolice came.\n");
    fs::remove_file(shelf.corpus().join("south.md")).expect("removed");
    let stale = shelf.run(&search);
    assert!(stale.err.contains("3 files have changed"), "{}", stale.err);
    assert_eq!(stale.code, 0);
    assert_eq!(shelf.run(&[&["-q"], &search[..]].concat()).err, "");
    let command = command_in(&stale.err);
    assert_eq!(shell(shelf.folder.path(), command).code, 0, "{command}");
    assert_eq!(shelf.run(&search).err, "", "after `{command}`");
}

#[test]
fn a_stale_index_is_said_with_the_command_that_mends_it() {
    stale_index_is_mended("index");
    stale_index_is_mended("other");
}

#[test]
fn commands_in_notes_can_be_pasted_into_a_shell() {
    stale_index_is_mended("my index");
}

#[test]
fn json_has_the_shape_that_is_promised() {
    let shelf = Shelf::of(TWO_REPORTS);
    let found = shelf.json(&["prosecution police arrested"]);
    assert_eq!(found["schema"], "tipsearch.hits/1");
    assert_eq!(found["query"]["text"], "prosecution police arrested");
    assert!(found["query"]["parsed"].is_string() && found["query"]["expanded"].is_array());
    assert_eq!(found["index"]["generation"], 1);
    assert!(found["index"]["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:")));
    assert_eq!((&found["index"]["documents"], &found["index"]["passages"]), (&2.into(), &5.into()));
    assert_eq!(
        found["total"],
        serde_json::json!({"passages": 2, "documents": 2, "relation": "eq"})
    );
    assert!(found["took_ms"].is_number());
    assert_eq!((&found["truncated"], &found["next_cursor"]), (&false.into(), &Value::Null));
    assert_eq!(found["warnings"], serde_json::json!([]));
    let hit = &found["hits"][0];
    assert_eq!((&hit["rank"], &hit["doc_id"]), (&1.into(), &"north.md".into()));
    assert_eq!(hit["title"], "Northland");
    assert_eq!((&hit["year"], &hit["country"]), (&2020.into(), &"Northland".into()));
    assert_eq!((&hit["lang"], &hit["source"]), (&"en".into(), &"https://example.org/north".into()));
    let section = serde_json::json!({
        "path": ["Northland", "Prosecution"], "role": "prosecution", "anchor": "prosecution"
    });
    assert_eq!(hit["section"], section);
    assert!(hit["score"].as_f64().is_some_and(|score| score > 0.0));
    assert!(hit["cite"]["short"].as_str().is_some_and(|short| short.contains("Northland")));
    assert!(hit["cite"]["uri"].as_str().is_some_and(|uri| uri.starts_with("tipsearch://north.md")));
    assert_eq!(found["hits"][1]["missing"], serde_json::json!(["arrested"]));
    assert_eq!(hit["missing"], serde_json::json!([]));
    places_hold(&shelf, hit);
    let nothing = shelf.run(&["zebra", "--json"]);
    let value: Value = serde_json::from_str(&nothing.out).expect("JSON");
    assert_eq!((nothing.code, &value["hits"]), (1, &serde_json::json!([])));
    let failed = shelf.run(&["contry:x", "--json"]);
    let value: Value = serde_json::from_str(&failed.err).expect("JSON");
    assert!(value["error"]["hint"].as_str().is_some_and(|hint| hint.contains("country")));
}

/// Text, marks and snippet stand where a hit says.
fn places_hold(shelf: &Shelf, hit: &Value) {
    let range = |value: &Value| {
        let at = |index: usize| value[index].as_u64().expect("an offset") as usize;
        at(0)..at(1)
    };
    let source = fs::read_to_string(shelf.corpus().join("north.md")).expect("a file");
    let digest = Sha256::digest(source.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hit["location"]["sha256"], digest.as_str());
    let text = hit["text"].as_str().expect("a text");
    assert_eq!(text, "Police arrested two traffickers. Courts convicted one.");
    assert_eq!(&source[range(&hit["location"]["bytes"])], text);
    let lines = range(&hit["location"]["lines"]);
    assert_eq!(source.lines().nth(lines.start - 1), Some(text));
    let marked = |text: &str, marks: &Value| -> Vec<String> {
        let marks = marks.as_array().expect("marks");
        marks.iter().map(|mark| text[range(&mark["bytes"])].to_owned()).collect()
    };
    // What was not asked for means the same here.
    assert_eq!(marked(text, &hit["marks"]), ["Police", "arrested", "convicted"]);
    assert_eq!(hit["marks"][2]["kind"], "semantic");
    for mark in hit["marks"].as_array().expect("marks") {
        assert!(mark["kind"].is_string() && mark["clause"].is_u64(), "{mark}");
    }
    assert_eq!(hit["section_marks"][0]["part"], 1);
    assert_eq!(marked("Prosecution", &hit["section_marks"]), ["Prosecution"]);
    let snippet = &hit["snippet"];
    assert_eq!(snippet["text"], text[range(&snippet["bytes"])]);
    let shown = snippet["text"].as_str().expect("a text");
    assert_eq!(marked(shown, &snippet["marks"]), ["Police", "arrested", "convicted"]);
}

#[test]
fn jsonl_and_markdown() {
    let shelf = Shelf::of(TWO_REPORTS);
    let lines = shelf.run(&["police", "-f", "jsonl"]);
    let hits: Vec<Value> =
        lines.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(Value::from(hits), shelf.json(&["police"])["hits"]);
    let markdown = shelf.run(&["police arrested", "-f", "markdown"]).out;
    assert!(markdown.contains("## 1. Northland › Prosecution"), "{markdown}");
    assert!(markdown.contains("> **Police** **arrested** two"), "{markdown}");
    assert!(markdown.contains("Northland (2020), “Prosecution”, line "), "{markdown}");
    assert!(markdown.contains("Without: arrested"), "{markdown}");
    let mut by_environment = program(shelf.folder.path());
    by_environment.args(["police"]).env("TIPSEARCH_FORMAT", "markdown");
    assert!(ran(&mut by_environment).out.starts_with("# police"));
}

#[test]
fn colour_is_for_terminals_and_can_be_forced() {
    let shelf = Shelf::of(TWO_REPORTS);
    let colored = |arguments: &[&str], no_color: &str| {
        let mut command = program(shelf.folder.path());
        command.args(["police"]).args(arguments).env("NO_COLOR", no_color);
        ran(&mut command).out.contains('\x1b')
    };
    assert!(!colored(&[], ""));
    assert!(colored(&["--color", "always"], ""));
    assert!(colored(&["--color", "always"], "1"), "a flag is stronger than the environment");
    assert!(!colored(&["--color", "never"], ""));
    assert!(
        !shelf.run(&["police", "--color", "always"]).out.contains("\x1b]8"),
        "no link in a pipe"
    );
}

/// What the program prints on a terminal; `None` where `script` cannot make one.
fn on_terminal(folder: &Path, settings: &str, arguments: &str) -> Option<String> {
    let line = format!("{settings} '{}' {arguments}", env!("CARGO_BIN_EXE_tipsearch"));
    let mut command = Command::new("script");
    command.current_dir(folder).args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
    command.env_remove("NO_COLOR").env_remove("COLUMNS").env("TERM", "xterm-256color");
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn colour_on_a_terminal_follows_the_environment() {
    let shelf = Shelf::of(TWO_REPORTS);
    let show =
        |settings: &str, arguments: &str| on_terminal(shelf.folder.path(), settings, arguments);
    let Some(plain) = show("", "police") else {
        eprintln!("skipped: there is no `script` to make a terminal");
        return;
    };
    assert!(plain.contains("\x1b[") && plain.contains("\x1b]8;;file://"), "{plain:?}");
    for (settings, arguments, is_colored) in [
        ("NO_COLOR=1", "police", false),
        ("NO_COLOR=", "police", true),
        ("TERM=dumb", "police", false),
        ("TERM=dumb NO_COLOR=1", "police --color always", true),
        ("", "police --color never", false),
    ] {
        let shown = show(settings, arguments).expect("a terminal");
        assert_eq!(shown.contains('\x1b'), is_colored, "{settings} {arguments}: {shown:?}");
    }
}

#[test]
fn escape_sequences_of_documents_never_reach_the_terminal() {
    const EVIL: &str = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{2066}\u{8}\u{7f}";
    let shelf = Shelf::empty();
    let yaml = r#"title: "Re\e[31mport"
country: "Evil\e]0;owned\alands"
"e\evil": "v\e[2Jalue""#;
    let text = format!(
        "---\n{yaml}\n---\n# Title{EVIL}\n## Head{EVIL}ing\n\nThe police{EVIL} came. {}\n",
        "Calm words. ".repeat(50)
    );
    shelf.write("evil\u{1b}[31m.md", text.as_bytes());
    shelf.write("broken\u{1b}[31m.md", b"%PDF-1.4");
    let first = shelf.run(&["index"]);
    assert_eq!(first.code, 0);
    let id = ids(&shelf.json(&["police"])).remove(0);
    let file = "corpus/evil\u{1b}[31m.md";
    let mut runs = vec![first];
    for arguments in [
        &["police"][..],
        &["police", "--explain", "-C", "3"],
        &["police\u{1b}[31m zebra\u{9b}"],
        &["police", "-l"],
        &["contry\u{1b}[31m:police"],
        &["show", &id],
        &["show", file],
        &["show", "missing\u{1b}[31m"],
        &["outline", file],
        &["outline", "evil\u{1b}[31m.md"],
        &["explain", "police\u{1b}[31m", &id],
        &["explain", "police AND zebra\u{1b}[31m", &id],
        &["status"],
        &["doctor"],
        &["index", "--force"],
    ] {
        runs.push(shelf.run(arguments));
    }
    shelf.write("evil\u{1b}[31m.md", b"other");
    runs.push(shelf.run(&["doctor"]));
    let is_bad = |c: char| c.is_control() && !"\n\t".contains(c) || "\u{202e}\u{2066}".contains(c);
    for (number, ran) in runs.iter().enumerate() {
        assert!(!ran.out.contains(is_bad), "run {number} prints {:?}", ran.out);
        assert!(!ran.err.contains(is_bad), "run {number} says {:?}", ran.err);
    }
    let colored = shelf.run(&["police", "--color", "always"]).out;
    assert!(
        !colored.contains("\x1b]0") && !colored.contains("\x1b[2J") && !colored.contains('\u{9b}')
    );
}

#[test]
fn the_name_of_a_file_stays_on_its_line() {
    let shelf = Shelf::empty();
    shelf.write("od\nd\tname.md", b"# Police\n\nThe police came.\n");
    shelf.write("bro\nken.md", b"%PDF-1.4");
    let indexed = shelf.run(&["index"]);
    assert!(indexed.err.contains("`bro\u{FFFD}ken.md` could not be read"), "{}", indexed.err);
    for arguments in
        [&["police"][..], &["police", "-f", "markdown"], &["police", "-f", "markdown", "--all"]]
    {
        let shown = shelf.run(arguments).out;
        assert!(shown.contains("od\u{FFFD}d\u{FFFD}name.md"), "{arguments:?}: {shown}");
        assert!(!shown.contains("od\nd"), "{arguments:?}: {shown}");
    }
}

#[test]
fn an_unknown_field_is_answered_with_the_nearest() {
    let shelf = Shelf::of(TWO_REPORTS);
    shelf.refuses(&["contry:northland"], &["no field `contry`", "did you mean `country:`?"]);
    shelf.refuses(&["police", "--filter", "yeer:2020"], &["did you mean `year:`?"]);
    shelf.refuses(&["year:last"], &["`last` is not a year", "year:2007..2010"]);
}

#[test]
fn paging_shows_each_hit_once() {
    let mut corpus = String::new();
    for report in 0..5 {
        corpus.push_str(&format!("--- r{report}.md\n# Report {report}\n"));
        for part in 0..12 {
            let guards = "guards ".repeat(1 + part % 3);
            corpus.push_str(&format!("## Part {part}\n\nThe {guards} of gate {part}.\n"));
        }
    }
    let shelf = Shelf::of(&corpus);
    for options in [&["--per-document", "0"][..], &[], &["--sort", "document"], &["--literal"]] {
        let ask = |more: &[&str]| shelf.json(&[&["guards gate"], options, more].concat());
        let all = ask(&["-n", "1000"]);
        assert_eq!(all["next_cursor"], Value::Null);
        let (mut paged, mut cursor) = (Vec::new(), None);
        loop {
            let next: Option<String> = cursor.take();
            let response = match &next {
                Some(cursor) => ask(&["-n", "7", "--cursor", cursor]),
                None => ask(&["--limit", "7"]),
            };
            for (index, hit) in response["hits"].as_array().expect("hits").iter().enumerate() {
                assert_eq!(hit["rank"], paged.len() + index + 1);
            }
            paged.extend(ids(&response));
            let Some(next) = response["next_cursor"].as_str() else { break };
            cursor = Some(next.to_owned());
        }
        assert_eq!(paged, ids(&all), "{options:?}");
        assert_eq!(paged.len(), if options == ["--per-document", "0"] { 60 } else { 15 });
    }
    let cursor = shelf.json(&["guards", "-n", "2"])["next_cursor"].as_str().map(str::to_owned);
    let cursor = cursor.expect("more");
    shelf.refuses(&["police", "--cursor", &cursor], &["belongs to another query", "hint:"]);
    shelf.write("new.md", b"# New\n\nguards\n");
    shelf.index();
    shelf.refuses(&["guards", "--cursor", &cursor], &["the index has changed"]);
}

#[test]
fn count_list_and_quiet() {
    let shelf = Shelf::of(TWO_REPORTS);
    assert_eq!(shelf.run(&["police", "-c"]).out, "2\n");
    assert_eq!(shelf.run(&["police OR shelters", "--count"]).out, "4\n");
    let none = shelf.run(&["zebra", "-c"]);
    assert_eq!((none.code, none.out.as_str()), (1, "0\n"));
    let names = shelf.run(&["police", "-l"]).out;
    let mut names: Vec<&str> = names.lines().collect();
    names.sort_unstable();
    assert_eq!(names, ["north.md", "south.md"]);
    for (query, code) in [("police", 0), ("zebra", 1), ("contry:x", 2)] {
        let ran = shelf.run(&["-q", query]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{query}");
    }
    // Scripts are not answered with other words than they asked for.
    assert_eq!(shelf.run(&["\"police came\"", "-q"]).code, 1);
}

#[test]
fn filters_sections_and_literal_words() {
    let shelf = Shelf::of(TWO_REPORTS);
    let documents = |arguments: &[&str]| shelf.run(&[arguments, &["-l"]].concat()).out;
    assert_eq!(documents(&["police", "--filter", "year:2020"]), "north.md\n");
    assert_eq!(documents(&["police", "--filter", "year:2021.. country:southland"]), "south.md\n");
    assert_eq!(documents(&["police", "--filter", "role:protection"]), "");
    shelf.refuses(&["police", "--filter", "north"], &["`north`", "field:value"]);
    let anchors = |arguments: &[&str]| {
        let hits = shelf.json(arguments);
        let hits = hits["hits"].as_array().expect("hits");
        hits.iter().map(|hit| hit["section"]["anchor"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(anchors(&["shelter", "-s", "shelter rules"]), ["shelter-rules"]);
    assert_eq!(anchors(&["shelter", "--section", "Protection"]).len(), 2, "with its subsections");
    assert_eq!(shelf.run(&["policing", "-c"]).out, "2\n");
    assert_eq!(shelf.run(&["policing", "--literal", "-c"]).out, "1\n");
    assert_eq!(shelf.run(&["polices", "--literal"]).code, 1);
}

#[test]
fn context_shows_the_neighbours() {
    let shelf = Shelf::of(TWO_REPORTS);
    let alone = shelf.run(&["traffickers"]).out;
    assert!(!alone.contains("Opening words") && !alone.contains("forty"), "{alone}");
    let around = shelf.run(&["traffickers", "-C", "1"]).out;
    assert!(around.contains("Opening words") && around.contains("forty"), "{around}");
    assert!(!around.contains("keeps records"), "{around}");
    let hit = shelf.json(&["traffickers", "-C", "9"])["hits"][0].clone();
    let count = |name: &str| hit[name].as_array().map_or(0, Vec::len);
    assert_eq!((count("before"), count("after")), (1, 2));
}

#[test]
fn show_and_outline_take_ids_documents_and_files() {
    let shelf = Shelf::of(TWO_REPORTS);
    let id = ids(&shelf.json(&["forty"])).remove(0);
    let texts = |what: &str| {
        let shown = shelf.json(&["show", what]);
        assert_eq!(shown["schema"], "tipsearch.passages/1");
        let passages = shown["passages"].as_array().expect("passages").clone();
        passages.iter().map(|passage| passage["text"].clone()).collect::<Vec<_>>()
    };
    let all = texts("north.md");
    assert_eq!(all.len(), 4);
    assert_eq!(texts(&id), all[2..3]);
    assert_eq!(texts(&format!("{id}:1:1")), all[1..4]);
    assert_eq!(texts(&format!("{id}:1")), all[1..3]);
    assert_eq!(texts(&format!("{id}:99:{}", usize::MAX)), all);
    assert_eq!(texts("corpus/north.md"), all);
    let shown = shelf.run(&["show", &id]).out;
    assert!(shown.starts_with("Northland › Protection of victims\n\nShelters helped"), "{shown}");
    shelf.write("new.md", b"# New\n\n## Annex\n\nWords.\n");
    shelf.refuses(&["show", "new.md"], &["`new.md`"]);
    assert!(shelf.run(&["show", "corpus/new.md"]).out.contains("Words."));
    let outline = shelf.run(&["outline", "corpus/new.md"]).out;
    assert!(outline.starts_with("New\n  Annex  1 passage\n"), "{outline}");
    let outline = shelf.run(&["outline", "north.md"]).out;
    assert!(outline.contains("\n  Prosecution  [prosecution]  1 passage\n"), "{outline}");
    assert!(outline.contains("\n    Shelter rules"), "{outline}");
    let value = shelf.json(&["outline", "north.md"]);
    assert_eq!(
        (&value["schema"], &value["title"]),
        (&"tipsearch.outline/1".into(), &"Northland".into())
    );
    assert_eq!(value["sections"][3]["path"][2], "Shelter rules");
    assert_eq!(value["sections"][3]["level"], 2);
}

#[test]
fn show_and_outline_of_a_file_need_no_index() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("notes.md"), "# Notes\n\n## Part\n\nWords.\n").expect("a file");
    for command in ["show", "outline"] {
        let ran = tipsearch(folder.path(), &[command, "notes.md"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command}");
        assert!(ran.out.contains("Part"), "{}", ran.out);
    }
    assert!(!folder.path().join("index").exists());
}

#[test]
fn status_tells_what_the_index_holds() {
    let shelf = Shelf::of(TWO_REPORTS);
    let text = shelf.run(&["status"]).out;
    assert!(text.starts_with("5 passages in 2 documents, generation 1\n"), "{text}");
    assert!(text.contains("Northland (1), Southland (1)"), "{text}");
    let value = shelf.json(&["status"]);
    assert_eq!(value["format"], tipsearch::engine::local::FORMAT);
    assert_eq!(value["documents"][1]["doc_id"], "south.md");
    assert_eq!(value["changed_files"], 0);
    shelf.write("south.md", b"gone");
    assert_eq!(shelf.json(&["status"])["changed_files"], 1);
    assert!(shelf.run(&["status"]).out.contains("stale     1 file changed since"));
}

/// Changes a byte in the middle of a file.
fn damage(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).expect("a file");
}

/// The files of the index's folder of segments whose names end so.
pub fn index_files(shelf: &Shelf, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(shelf.index_path().join("segments-1")).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

#[test]
fn doctor_proves_a_good_index_and_tells_a_damaged_one() {
    let shelf = Shelf::of(TWO_REPORTS);
    let good = shelf.run(&["doctor"]);
    assert_eq!((good.code, good.err.as_str()), (0, ""));
    assert!(
        good.out.starts_with("5 passages of 5 in 2 documents stand where they say"),
        "{}",
        good.out
    );
    let value = shelf.json(&["doctor"]);
    assert_eq!((&value["ok"], &value["located"]), (&true.into(), &5.into()));
    let endings =
        [".term", ".idx", ".pos", ".store", ".fast", ".fieldnorm", "catalog-1.zst", "words-1.zst"];
    for ending in endings {
        let files = index_files(&shelf, ending);
        assert!(!files.is_empty(), "there is no {ending}");
        for path in files {
            let whole = fs::read(&path).expect("a file");
            damage(&path);
            let ran = shelf.run(&["doctor"]);
            assert_ne!(ran.code, 0, "{}: {}", path.display(), ran.out);
            let name = path.file_name().expect("a name").to_string_lossy();
            assert!((ran.out + &ran.err).contains(&*name), "{name} is not named");
            // A search over it may find or fail, but it does not panic.
            let ran = shelf.run(&["\"two traffickers\" OR shelter*"]);
            assert!((0..=2).contains(&ran.code), "{}", ran.err);
            fs::write(&path, whole).expect("a file");
        }
    }
    assert_eq!(shelf.run(&["doctor"]).code, 0);
    shelf.write("north.md", b"# Other\n");
    let changed = shelf.run(&["doctor"]);
    assert_eq!(changed.code, 1, "what has changed could not be proved");
    assert!(changed.out.contains("changed or gone since indexing: north.md"), "{}", changed.out);
}

#[test]
fn doctor_finds_no_fault_with_what_markup_stands_for() {
    let shelf = Shelf::empty();
    let files: [(&str, &str); 6] = [
        (
            "a.tex",
            "\\documentclass{article}\\begin{document}\nThe law \\citep{smith2010}, pages 770--778, ``so''.\n\\end{document}\n",
        ),
        (
            "a.adoc",
            "= Report\n:country: Guinea Bissau\n\nThe police of {country} -- so they say -- came...\n",
        ),
        (
            "a.rst",
            "Report\n======\n\nThe police of |country| came.\n\n.. |country| replace:: Guinea Bissau\n",
        ),
        (
            "a.typ",
            "#let country = \"Guinea Bissau\"\n= Report\nThe police of #country came -- \"so\" they say...\n",
        ),
        (
            "quoted.eml",
            "Subject: One\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nThe police of Troms=F8 came.\n",
        ),
        (
            "base.eml",
            "Subject: Two\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nVGhlIHBvbGljZSBvZiBUcm9tc8O4IGNhbWUgYW5kIHRvb2sgdGhlIGNoaWxkcmVuIHRvIGEgc2hl\nbHRlci4K\n",
        ),
    ];
    files.iter().for_each(|(name, content)| shelf.write(name, content.as_bytes()));
    assert_eq!(shelf.run(&["index"]).code, 0);
    let ran = shelf.run(&["doctor"]);
    assert_eq!((ran.code, ran.out.contains("fault")), (0, false), "{}", ran.out);
}

#[test]
fn doctor_looks_at_what_the_last_commit_says_too() {
    let shelf = Shelf::of(TWO_REPORTS);
    let path = shelf.index_path().join("segments-1/meta.json");
    let meta = fs::read_to_string(&path).expect("a file");
    for (from, to) in
        [(r#"passages\":5"#, r#"passages\":4"#), (r#"documents\":2"#, r#"documents\":3"#)]
    {
        assert!(meta.contains(from), "{meta}");
        fs::write(&path, meta.replace(from, to)).expect("a file");
        let ran = shelf.run(&["doctor"]);
        assert_ne!(ran.code, 0, "{to}: {}", ran.out);
    }
}

#[test]
fn related_is_a_command() {
    let shelf = Shelf::of("--- a.md\n# A\nJudges met.\n--- b.md\n# B\nA judge met the police.\n");
    assert_eq!(shelf.run(&["related", "law", "courts"]).out.split(' ').next(), Some("judge"));
    assert_eq!(shelf.run(&["related", "qqq"]).code, 1);
}

#[test]
fn an_index_of_another_version_is_refused() {
    let current = |shelf: &Shelf| shelf.index_path().join("current.json");
    for (key, value, reason) in [
        ("format", Value::from(99), "its format 99 is newer than this program's"),
        ("format", Value::from(0), "its format 0 is older than this program's"),
        ("analyzer", Value::from("other"), "another version of the analyzer"),
        ("meaning", Value::from("other"), "by another table"),
    ] {
        let shelf = Shelf::of(TWO_REPORTS);
        let text = fs::read_to_string(current(&shelf)).expect("a file");
        let mut state: Value = serde_json::from_str(&text).expect("JSON");
        state[key] = value;
        fs::write(current(&shelf), state.to_string()).expect("a file");
        for arguments in
            [&["police"][..], &["status"], &["doctor"], &["show", "north.md"], &["index"]]
        {
            shelf.refuses(arguments, &["the index at `index` cannot be used", reason, "hint:"]);
        }
        let refused = shelf.run(&["police"]);
        let rebuilt = shell(shelf.folder.path(), command_in(&refused.err));
        assert_eq!(rebuilt.code, 0, "{}", rebuilt.err);
        assert_eq!(shelf.json(&["police"])["index"]["generation"], 2, "generations never repeat");
    }
}

/// The index with this file overwritten is refused, and the command in the hint rebuilds it.
fn is_rebuilt_as_hinted(file: &str) {
    let shelf = Shelf::of(TWO_REPORTS);
    fs::write(shelf.index_path().join(file), "x").expect("a file");
    shelf.refuses(&["status"], &["is damaged", "hint:"]);
    let refused = shelf.run(&["status"]);
    let command = command_in(&refused.err);
    let rebuilt = shell(shelf.folder.path(), command);
    assert_eq!(rebuilt.code, 0, "`{command}`: {}", rebuilt.err);
    let after = shelf.run(&["status"]);
    assert_eq!(after.code, 0, "after `{command}`: {}", after.err);
}

#[test]
fn a_damaged_catalog_is_rebuilt_as_the_hint_says() {
    is_rebuilt_as_hinted("segments-1/catalog-1.zst");
}

#[test]
fn a_damaged_state_is_rebuilt_as_the_hint_says() {
    is_rebuilt_as_hinted("current.json");
}

#[test]
fn explain_tells_why_and_why_not() {
    let shelf = Shelf::of(TWO_REPORTS);
    let why = shelf.run(&["explain", "police arrested", "north.md"]);
    assert_eq!(why.code, 0);
    assert!(why.out.contains("ranks 1 for police arrested"), "{}", why.out);
    assert!(why.out.contains("`arrest`") && why.out.contains("`polic`"), "{}", why.out);
    let id = ids(&shelf.json(&["police arrested"])).remove(0);
    let value = shelf.json(&["explain", "police arrested", &id]);
    assert_eq!((&value["matches"], &value["rank"]), (&true.into(), &1.into()));
    let score = shelf.json(&["police arrested"])["hits"][0]["score"].clone();
    assert_eq!(value["score"], score);
    let why_not = shelf.run(&["explain", "police AND shelters", "south.md"]);
    assert_eq!(why_not.code, 1);
    assert!(why_not.out.contains("has      police"), "{}", why_not.out);
    assert!(why_not.out.contains("lacks    shelters"), "{}", why_not.out);
}

#[test]
fn help_version_manual_and_completions_agree() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let ran = tipsearch(folder.path(), arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
        ran.out
    };
    let format = tipsearch::engine::local::FORMAT;
    let version = format!("tipsearch {} (index format {format})\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), version);
    let long = run(&["--help"]);
    for command in ["search", "index", "show", "outline", "status", "doctor", "explain", "man"] {
        assert!(long.contains(&format!("\n  {command} ")), "{command} is not in the help");
        assert!(run(&[command, "--help"]).contains("Usage: tipsearch"));
    }
    let (examples, commands) = (long.find("Examples:"), long.find("Commands:"));
    assert!(examples < commands, "`--help` begins with examples:\n{long}");
    assert!(run(&["-h"]).len() <= long.len());
    let manual = run(&["man"]);
    assert!(manual.contains(".TH tipsearch") && manual.contains("doctor"), "{manual}");
    for shell in ["bash", "zsh", "fish"] {
        let text = run(&["completions", shell]);
        assert!(text.contains("outline") && text.contains("per-document"), "{shell}");
    }
    let script = run(&["completions", "bash"]);
    fs::write(folder.path().join("completions"), script).expect("a file");
    if let Ok(status) =
        Command::new("bash").current_dir(&folder).args(["-n", "completions"]).status()
    {
        assert!(status.success());
    }
}

#[test]
fn the_index_can_be_named_by_the_environment() {
    let shelf = Shelf::of(TWO_REPORTS);
    fs::rename(shelf.index_path(), shelf.folder.path().join("other")).expect("renamed");
    let run = |arguments: &[&str], index: &str| {
        ran(program(shelf.folder.path()).args(arguments).env("TIPSEARCH_INDEX", index))
    };
    assert_eq!(run(&["police", "-l"], "other").code, 0);
    let missing = run(&["police"], "missing");
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("no index at `missing`"), "{}", missing.err);
    assert_eq!(run(&["police", "--index", "other"], "missing").code, 0, "a flag is stronger");
    assert!(!shelf.index_path().exists() && !shelf.folder.path().join("missing").exists());
}

/// Names, times and lengths of what is in a folder.
fn listing(folder: &Path) -> Vec<String> {
    let line = |path: PathBuf| {
        let metadata = fs::metadata(&path).expect("metadata");
        format!("{} {:?} {}", path.display(), metadata.modified(), metadata.len())
    };
    files_under(folder).into_iter().map(line).collect()
}

#[test]
fn searching_writes_nothing_and_needs_no_right_to() {
    let shelf = Shelf::of(TWO_REPORTS);
    let before = listing(&shelf.index_path());
    let search = || {
        for arguments in [&["police"][..], &["status"], &["doctor"], &["show", "north.md"]] {
            let ran = shelf.run(arguments);
            assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        }
    };
    search();
    assert_eq!(listing(&shelf.index_path()), before);
    let folders = [shelf.index_path().join("segments-1"), shelf.index_path()];
    let set_readonly = |readonly: bool| {
        for folder in &folders {
            let mut permissions = fs::metadata(folder).expect("metadata").permissions();
            permissions.set_readonly(readonly);
            fs::set_permissions(folder, permissions).expect("permissions");
        }
    };
    set_readonly(true);
    if fs::write(shelf.index_path().join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write to a read-only folder");
    } else {
        search();
        shelf.write("new.md", b"# New\n");
        shelf.refuses(&["index"], &["cannot"]);
    }
    #[allow(clippy::permissions_set_readonly_false, reason = "a temporary folder, to be removed")]
    set_readonly(false);
}

#[test]
fn bad_arguments_get_messages() {
    let shelf = Shelf::of(TWO_REPORTS);
    let huge = usize::MAX.to_string();
    for option in ["-C", "-n", "--per-document"] {
        assert_eq!(shelf.run(&["police", option, &huge]).code, 0, "{option}");
        let ran = shelf.run(&["police", option, "0"]);
        assert!([0, 2].contains(&ran.code), "{option} 0");
        shelf.refuses(&["police", option, "99999999999999999999"], &["99999999999999999999"]);
        shelf.refuses(&["police", option, "-1"], &["-1"]);
        shelf.refuses(&["police", option, "x"], &["x"]);
    }
    for cursor in
        ["", "-", "x", "1-0", "1-0-0", "1-0-0-0", "1--1", "-1--1--1", "1-x-99999999999999999999"]
    {
        shelf.refuses(
            &["police", &format!("--cursor={cursor}")],
            &["the cursor no longer fits", "hint:"],
        );
    }
    let cursor = shelf.json(&["police", "-n", "1"])["next_cursor"].as_str().map(str::to_owned);
    let far = cursor.expect("more").replace("-1", &format!("-{huge}"));
    shelf.refuses(&["police", "--cursor", &far], &["the cursor no longer fits"]);
    for value in ["0", "1", "40000", &huge] {
        let ran = shelf.run(&["index", "--force", "--memory", value]);
        assert!([0, 2].contains(&ran.code), "--memory {value}: {}", ran.err);
        let ran = shelf.run(&["index", "--force", "--threads", value]);
        assert!([0, 2].contains(&ran.code), "--threads {value}: {}", ran.err);
    }
    assert_eq!(shelf.run(&["police"]).code, 0);
    shelf.refuses(&["police", "--color", "sometimes"], &["always"]);
    shelf.refuses(&["police", "-f", "nonsense"], &["markdown"]);
    shelf.refuses(&["completions", "nosuchshell"], &["bash"]);
    shelf.refuses(&["search"], &["<QUERY>"]);
    shelf.refuses(&["show", "0000000000000:x"], &["0000000000000:x"]);
    shelf.refuses(&[&"word ".repeat(1000)], &["4096", "hint:"]);
    for columns in ["0", "1", "99999999999", "x"] {
        let mut command = program(shelf.folder.path());
        assert_eq!(ran(command.args(["police"]).env("COLUMNS", columns)).code, 0, "{columns}");
    }
    for query in [
        "",
        " ",
        "\"",
        "(((((",
        "a AND",
        "NOT",
        "--",
        "*",
        "year:",
        ":",
        "^2",
        "\u{0}1".trim_matches('\0'),
    ] {
        let ran = shelf.run(&["search", "--", query]);
        assert!([0, 1, 2].contains(&ran.code), "`{query}`: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_not_unicode_get_messages() {
    use std::os::unix::ffi::OsStrExt;
    let shelf = Shelf::of(TWO_REPORTS);
    let odd = std::ffi::OsStr::from_bytes(b"caf\xE9");
    for command in ["search", "show", "explain"] {
        assert_eq!(ran(program(shelf.folder.path()).arg(command).arg(odd)).code, 2);
    }
    fs::write(shelf.corpus().join(odd), "# Coffee\n\nPolice drank it.\n").expect("a file");
    assert_eq!(shelf.run(&["index"]).code, 0);
    assert_eq!(shelf.json(&["drank"])["hits"][0]["title"], "Coffee");
    let index = program(shelf.folder.path()).args(["index", "--index"]).arg(odd).output();
    assert!(index.expect("a run").status.success());
}

#[test]
fn a_phrase_that_a_passage_lacks_is_explained_as_that() {
    let text =
        "# R\n\n## One\n\nPolice. Forced labour.\n\n## Two\n\nGuards were trained by police.\n";
    let shelf = Shelf::of(text);
    let query = "police OR \"forced labour\" OR (guards NEAR/2 trained)";
    let found = shelf.json(&[query]);
    let hits = found["hits"].as_array().expect("hits");
    assert_eq!(hits.len(), 2);
    for hit in hits {
        let id = hit["id"].as_str().expect("an id");
        let ran = shelf.run(&["explain", query, id]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("sum of"), "{}", ran.out);
    }
}

#[test]
fn what_was_not_counted_is_not_said_to_stand_in_few_documents() {
    let shelf = Shelf::empty();
    for name in ["a.md", "b.md"] {
        let sections = (0..600).map(|at| format!("## Section {at}\n\nBorder police came.\n\n"));
        shelf.write(name, format!("# {name}\n\n{}", sections.collect::<String>()).as_bytes());
    }
    shelf.write("c.md", b"# Other\n\nCourts convicted nobody.\n");
    shelf.index();
    let index = shelf.index_path();
    let text = ran(program(&shelf.corpus()).arg("border police").arg("--index").arg(index)).out;
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("1-6 of at least 1,200 passages, "), "{text}");
}

#[test]
fn where_a_word_stands_everywhere_all_passages_are_what_matches() {
    let shelf = Shelf::empty();
    let sections = |what: &str| {
        (0..600).map(|at| format!("## Section {at}\n\n{what} came.\n\n")).collect::<String>()
    };
    for (name, what) in [("a.md", "Border police"), ("b.md", "Police"), ("c.md", "Nobody")] {
        shelf.write(name, format!("# {name}\n\n{}", sections(what)).as_bytes());
    }
    shelf.index();
    fs::remove_file(shelf.corpus().join("c.md")).expect("it is there");
    shelf.index();
    let index = shelf.index_path();
    let text = ran(program(&shelf.corpus()).arg("border police").arg("--index").arg(index)).out;
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("1-6 of 1,200 passages in 2 documents, "), "{text}");
}
