//! `corpus.toml`: what it asks for in vain is said, what cannot be meant is refused, in whatever encoding it was saved.

use tipsearch::engine::Engine;
use tipsearch::error::{Error, ErrorKind};
use tipsearch::read::corpus::Corpus;

use super::cli::{Ran, program, ran};
use super::support::Shelf;

fn run(shelf: &Shelf, words: &[&str]) -> Ran {
    ran(program(&shelf.corpus()).args(words).arg("--index").arg(shelf.index_path()))
}

fn refused(text: &str) -> String {
    let parsed = Corpus::parse(text, std::path::Path::new("corpus.toml"));
    parsed.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn what_the_configuration_asks_for_in_vain_is_said() {
    let shelf = Shelf::empty();
    shelf.write("mali_2019.md", b"# Mali\n\nPolice came.\n");
    let config = "[[files]]\npattern = \"{country}_{year}.md\"\n\n[[files]]\npattern = \"reports/*.pdf\"\nsource = \"UN\"\n\n[search]\nthesaurus = \"words.toml\"\n";
    shelf.write("corpus.toml", config.as_bytes());
    let expected = [
        "the pattern `reports/*.pdf` fits no file",
        "`search.thesaurus` must be a file in this folder; `words.toml` is none",
    ];
    for round in 0..2 {
        let report = shelf.index();
        assert_eq!(report.committed, round == 0);
        let said: Vec<&str> = report.warnings.iter().map(|(_, what)| what.as_str()).collect();
        assert_eq!(said, expected);
    }
    let status = run(&shelf, &["status"]);
    assert!(expected.iter().all(|what| status.err.contains(what)), "{}", status.err);
}

#[test]
fn fields_that_are_none_are_refused() {
    for pattern in ["{country_{year}.md", "{}.md", "{a/b}.md"] {
        let said = refused(&format!("[[files]]\npattern = \"{pattern}\"\n"));
        assert!(said.contains("is no field"), "{pattern}: {said}");
    }
    assert_eq!(refused("[[files]]\npattern = \"{country}_{year}.md\"\n"), "");
}

#[test]
fn values_that_cannot_be_what_their_keys_say_are_left_out_with_a_warning() {
    let shelf = Shelf::empty();
    shelf.write("a.md", b"# A\n\nPolice came.\n");
    let config = "[[files]]\npattern = \"*.md\"\nyear = 99999\ncountry = \"\"\nsource = \"UN\"\n";
    shelf.write("corpus.toml", config.as_bytes());
    let report = shelf.index();
    assert_eq!(report.warnings.len(), 2, "{:?}", report.warnings);
    let engine = shelf.engine();
    let keys: Vec<&String> = engine.documents().unwrap()[0].metadata.keys().collect();
    assert_eq!(keys, ["source"]);
}

#[test]
fn the_configuration_is_read_in_the_encodings_that_editors_write() {
    let config = "[[files]]\npattern = \"*.md\"\nsource = \"Défenseur des droits\"\n";
    let wide: Vec<u8> =
        [0xFEFF].into_iter().chain(config.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let narrow: Vec<u8> = config.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [wide, narrow, [b"\xEF\xBB\xBF", config.as_bytes()].concat()] {
        let shelf = Shelf::empty();
        shelf.write("a.md", b"# A\n\nPolice came.\n");
        shelf.write("corpus.toml", &bytes);
        shelf.index();
        let engine = shelf.engine();
        assert_eq!(engine.documents().unwrap()[0].metadata["source"], ["Défenseur des droits"]);
    }
}

#[test]
fn a_full_disk_is_no_damage() {
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    let error = Error::io("write", "index", full);
    assert_eq!(error.kind(), ErrorKind::Fault);
    assert!(error.hint().unwrap().contains("the last index is kept"));
}
