//! Rules about the source itself: who imports whom, sizes, what must not stand in it, and that what the
//! README shows is what happens.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files under `src/`, with their text.
fn sources() -> Vec<(PathBuf, String)> {
    let files =
        WalkDir::new(root().join("src")).into_iter().map(|entry| entry.unwrap().into_path());
    let rust = files.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    rust.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The top module that a file of `src/` belongs to.
fn module(path: &Path) -> String {
    let relative = path.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Source without its comments.
fn code(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

struct Rule {
    /// `None`: anything.
    imports: Option<BTreeSet<String>>,
    crates: BTreeSet<String>,
}

fn backticked(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The table under "Who may import whom" in ARCHITECTURE.md.
fn table() -> BTreeMap<String, Rule> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let section = text.split("## Who may import whom").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let imports = (cells[2] != "any").then(|| backticked(cells[2]));
        let rule = Rule { imports, crates: backticked(cells[3]) };
        (cells[1].trim_matches('`').to_owned(), rule)
    })
    .collect()
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let table = table();
    assert!(table.len() >= 14, "the table has {} rows", table.len());
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let (module, code) = (module(&path), code(&text));
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let rule = table.get(&module).unwrap_or_else(|| panic!("`{module}` is not in the table"));
        for rest in code.split("crate::").skip(1) {
            let name: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let is_allowed = rule.imports.as_ref().is_none_or(|allowed| allowed.contains(&name));
            if name != module && !is_allowed {
                wrong.push(format!("{} imports `{name}`", path.display()));
            }
        }
        for (owner, other) in table.iter().filter(|(owner, _)| **owner != module) {
            for name in &other.crates {
                let is_own = rule.crates.contains(name);
                if !is_own
                    && (code.contains(&format!("{name}::"))
                        || code.contains(&format!("use {name};")))
                {
                    wrong
                        .push(format!("{} names `{name}`, which is for `{owner}`", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_of_the_library_is_in_the_table() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let modules: BTreeSet<String> = modules.map(str::to_owned).collect();
    assert_eq!(modules, table().into_keys().collect::<BTreeSet<_>>());
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{} does not begin with what it is for", path.display());
        let lines = text.lines().count();
        assert!(lines <= 660, "{} has {lines} lines", path.display());
        for word in ["TODO", "FIXME", ".unwrap()", ".expect(", "panic!(", "todo!(", "unsafe "] {
            assert!(!code(&text).contains(word), "{} has `{word}`", path.display());
        }
    }
}

#[test]
fn functions_are_not_longer_than_sixty_lines() {
    for (path, text) in sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let rest = line.trim_start().trim_start_matches("pub ");
            if !rest.starts_with("fn ")
                || lines[start..]
                    .iter()
                    .find(|line| line.ends_with(['{', ';']))
                    .is_none_or(|line| line.ends_with(';'))
            {
                continue;
            }
            let end = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().position(|line| *line == end).unwrap_or(0) + 1;
            assert!(length <= 60, "{}: {} has {length} lines", path.display(), line.trim());
        }
    }
}

#[test]
fn nothing_names_a_place_on_the_machine_it_was_made_on() {
    let listed = Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Ok(listed) = listed else { return eprintln!("skipped: there is no git") };
    for name in String::from_utf8_lossy(&listed.stdout).lines() {
        let Ok(text) = fs::read_to_string(root().join(name)) else { continue };
        for place in [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/")] {
            assert!(!text.contains(place), "{name} names a path that begins with {place}");
        }
    }
}

/// Numbers that differ from run to run: times, and cursors.
fn steady(text: &str) -> String {
    let spaced = text.replace(", ", " , ");
    let words = spaced.split(' ').map(|word| {
        let is_number = word.parse::<f64>().is_ok() && word.contains('.');
        if is_number || word.ends_with("Z:") { "N" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether the output is what the README shows; a line `...` stands for any number of lines, `...` at
/// the end of a line for any end of it.
pub fn is_as_shown(shown: &[&str], output: &[&str]) -> bool {
    match (shown.split_first(), output.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((&"...", rest)), _) => {
            (0..=output.len()).any(|skip| is_as_shown(rest, &output[skip..]))
        }
        (Some(_), None) => false,
        (Some((line, shown)), Some((printed, output))) => {
            let (line, printed) = (steady(line), steady(printed));
            let fits = match line.strip_suffix("...") {
                Some(start) => printed.starts_with(start),
                None => line == printed,
            };
            fits && is_as_shown(shown, output)
        }
    }
}

#[test]
fn what_the_readme_shows_is_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    super::cli::copy(&root().join("corpus"), &folder.path().join("corpus"));
    let tried = try_what_is_shown("README.md", folder.path());
    assert!(tried >= 5, "{tried} commands tried");
}

#[test]
fn what_the_worked_example_shows_is_what_happens() {
    let Some(shelf) = super::support::shared("reports/child-labor") else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("reports")).unwrap();
    for path in super::cli::files_under(&shelf) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if ["Kazakhstan", "Kyrgyz", "Uzbekistan"].iter().any(|start| name.starts_with(start)) {
            fs::copy(&path, folder.path().join("reports").join(name)).unwrap();
        }
    }
    let tried = try_what_is_shown("docs/worked-example.md", folder.path());
    assert!(tried >= 10, "{tried} commands tried");
}

/// Runs the commands that a page shows, in a folder, and holds what they print to what it shows. How many.
fn try_what_is_shown(page: &str, folder: &Path) -> usize {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let mut tried = 0;
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for part in block.split("$ tipsearch ").skip(1) {
            let (command, shown) = part.split_once('\n').unwrap();
            let shown: Vec<&str> = shown.trim_end().lines().collect();
            let output = Command::new("sh")
                .args(["-c", &format!("'{}' {command}", env!("CARGO_BIN_EXE_tipsearch"))])
                .env("COLUMNS", "80")
                .current_dir(folder)
                .output()
                .unwrap();
            assert!(output.status.success(), "`tipsearch {command}` ends with {}", output.status);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let printed: Vec<&str> = text.trim_end().lines().collect();
            assert!(is_as_shown(&shown, &printed), "`tipsearch {command}` prints:\n{text}");
            tried += 1;
        }
    }
    tried
}
