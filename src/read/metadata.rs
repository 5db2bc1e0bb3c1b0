//! What a report says of itself: front matter, and the `Key: value` lines under its title.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Value;

use super::builder::DocumentBuilder;
use crate::document::{BlockKind, Document, SourceMap, Warning};

/// Keys that make a single `Key: value` line metadata; otherwise it takes two.
const WELL_KNOWN: [&str; 8] =
    ["author", "authors", "country", "date", "language", "publisher", "source", "year"];

/// Front matter beyond this size (bytes) is taken for text.
const LONGEST_FRONT_MATTER: usize = 64 * 1024;

/// Reads front matter (`---` YAML, `+++` TOML) at the start of a text into the builder. Returns where
/// the text goes on; malformed front matter is a warning, and the text goes on at its start.
pub fn front_matter(source: &str, builder: &mut DocumentBuilder<'_>) -> usize {
    let fence = match source.lines().next().map(str::trim_end) {
        Some("---") => "---",
        Some("+++") => "+++",
        _ => return 0,
    };
    let start = source.find('\n').map_or(source.len(), |at| at + 1);
    let mut end = start;
    for line in source[start..].split_inclusive('\n') {
        let is_fence = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
        if is_fence {
            let inside = &source[start..end];
            let entries = if fence == "+++" { toml_entries(inside) } else { yaml_entries(inside) };
            return match entries {
                Ok(entries) => {
                    entries.iter().for_each(|(key, value)| entry(key, value, builder));
                    end + line.len()
                }
                Err(reason) => {
                    malformed(start..end, &reason, inside, builder);
                    // With blank lines in it, it may be text between two rules.
                    if inside.contains("\n\n") { 0 } else { end + line.len() }
                }
            };
        }
        end += line.len();
    }
    0
}

/// Keeps malformed front matter as text, and says so.
fn malformed(range: Range<usize>, reason: &str, inside: &str, builder: &mut DocumentBuilder<'_>) {
    builder.warn(format!("the front matter is malformed: {reason}"), Some(range.clone()));
    if !inside.contains("\n\n") {
        builder.begin(BlockKind::Code, false);
        builder.push(inside, range);
        builder.end();
    }
}

fn entry(key: &str, value: &str, builder: &mut DocumentBuilder<'_>) {
    match key.to_lowercase().as_str() {
        "title" => builder.title(value, None),
        _ => builder.metadata(key, value),
    }
}

type Entries = Vec<(String, String)>;

fn toml_entries(text: &str) -> Result<Entries, String> {
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let mut entries = Vec::new();
    for (key, value) in &table {
        flatten(key, value, &mut entries);
    }
    Ok(entries)
}

fn flatten(key: &str, value: &Value, entries: &mut Entries) {
    let mut add = |text: String| entries.push((key.to_owned(), text));
    match value {
        Value::String(text) => add(text.clone()),
        Value::Integer(number) => add(number.to_string()),
        Value::Float(number) => add(number.to_string()),
        Value::Boolean(truth) => add(truth.to_string()),
        Value::Datetime(date) => add(date.to_string()),
        Value::Array(values) => values.iter().for_each(|value| flatten(key, value, entries)),
        Value::Table(table) => {
            for (inner, value) in table {
                flatten(&format!("{key}_{inner}"), value, entries);
            }
        }
    }
}

/// YAML by a library that bounds what aliases may expand to.
fn yaml_entries(text: &str) -> Result<Entries, String> {
    if text.len() > LONGEST_FRONT_MATTER {
        return Err(format!("it has more than {LONGEST_FRONT_MATTER} bytes"));
    }
    if text.trim().is_empty() {
        return Ok(Entries::new());
    }
    let map: BTreeMap<String, serde_json::Value> =
        serde_saphyr::from_str(text).map_err(|error| first_line(&error.to_string()))?;
    let mut entries = Entries::new();
    for (key, value) in &map {
        flatten_yaml(key, value, &mut entries);
    }
    Ok(entries)
}

fn flatten_yaml(key: &str, value: &serde_json::Value, entries: &mut Entries) {
    match value {
        serde_json::Value::Null => {}
        serde_json::Value::String(text) => entries.push((key.to_owned(), text.clone())),
        serde_json::Value::Array(values) => {
            values.iter().for_each(|value| flatten_yaml(key, value, entries));
        }
        serde_json::Value::Object(map) => {
            for (inner, value) in map {
                flatten_yaml(&format!("{key}_{inner}"), value, entries);
            }
        }
        scalar => entries.push((key.to_owned(), scalar.to_string())),
    }
}

fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").trim_end_matches(':').to_owned()
}

/// Takes the `Key: value` lines that follow the title out of the text and into the metadata: the first
/// block, where every line of it is one. Also sets the language where the metadata names it.
pub fn key_value_lines(document: &mut Document) {
    let first =
        document.blocks.first().filter(|block| block.section == 0).map(|block| block.range.clone());
    if let Some(range) = first {
        let pairs: Option<Vec<(String, String)>> = document.text[range].lines().map(pair).collect();
        if let Some(pairs) = pairs.filter(|pairs| is_metadata(pairs)) {
            for (key, value) in pairs {
                document.metadata.entry(key).or_default().push(value);
            }
            remove_first_block(document);
        }
    }
    if document.lang.is_none() {
        let named = ["lang", "language", "code"].iter().find_map(|key| document.metadata.get(*key));
        document.lang = named.and_then(|values| language_tag(values.first()?));
    }
}

fn pair(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(':')?;
    let is_key = key.chars().count() <= 30
        && key.starts_with(char::is_uppercase)
        && key.split(' ').count() <= 3
        && key.chars().all(|c| c.is_alphanumeric() || c == ' ');
    let value = value.strip_prefix(' ')?.trim();
    (is_key && !value.is_empty()).then(|| (key.to_lowercase().replace(' ', "_"), value.to_owned()))
}

fn is_metadata(pairs: &[(String, String)]) -> bool {
    pairs.len() >= 2 || pairs.iter().any(|(key, _)| WELL_KNOWN.contains(&key.as_str()))
}

fn remove_first_block(document: &mut Document) {
    let end = document.blocks.remove(0).range.end;
    let shift = document.blocks.first().map_or(document.text.len(), |block| block.range.start);
    document.text.drain(..shift);
    for block in &mut document.blocks {
        block.range = block.range.start - shift..block.range.end - shift;
    }
    // What was removed may have marked notes, and may itself be one.
    document.note_marks.retain(|mark| mark.text > end && mark.block > 0);
    for mark in &mut document.note_marks {
        mark.text -= shift;
        mark.block -= 1;
    }
    document.links.retain(|link| link.text.start >= shift);
    for link in &mut document.links {
        link.text = link.text.start - shift..link.text.end - shift;
    }
    let runs = std::mem::take(&mut document.map.runs).into_iter().filter(|run| run.text >= shift);
    let shifted = runs.map(|mut run| {
        run.text -= shift;
        run
    });
    document.map = SourceMap { runs: shifted.collect() };
    let marks = std::mem::take(&mut document.places);
    let last = marks.partition_point(|mark| mark.text <= shift).saturating_sub(1);
    let shifted = marks.into_iter().skip(last).map(|mut mark| {
        mark.text = mark.text.saturating_sub(shift);
        mark
    });
    document.places = shifted.collect();
}

/// Whether a value may be one of a key whose values are known: no country has a year in its name, and each year one.
pub fn may_be(key: &str, value: &str) -> bool {
    const LONGEST_COUNTRY: usize = 80;
    let has_year = || value.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() == 4);
    match key {
        "country" | "countries" => {
            value.contains(char::is_alphabetic)
                && !value.contains('_')
                && value.chars().count() <= LONGEST_COUNTRY
                && !has_year()
        }
        "year" => has_year(),
        _ => true,
    }
}

/// Drops what cannot be what its key says, as file names and programs leave it (`Country: 2014 Report_final`): a filter
/// would offer it beside the countries.
pub fn drop_absurd(document: &mut Document) {
    let mut dropped = Vec::new();
    for (key, values) in &mut document.metadata {
        values.retain(|value| {
            let is_kept = may_be(key, value);
            if !is_kept {
                dropped.push(format!("its {key} is none, and is left out: `{value}`"));
            }
            is_kept
        });
    }
    document.metadata.retain(|_, values| !values.is_empty());
    let warning = |message| Warning { message, source: None, hides_text: false };
    let warnings = dropped.into_iter().map(warning);
    document.warnings.extend(warnings);
}

/// Who says the date of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dated {
    /// It does itself, in its text or for its readers.
    ByItself,
    /// What keeps it: the program that made its file or saved a page last, which may be years later.
    ByItsFile,
}

/// The year of a report that does not say it: of its date, in the name of its file, or in its title. The date of a file
/// comes last.
pub fn year(document: &mut Document, dated: Dated) {
    if document.metadata.contains_key("year") {
        return;
    }
    let date = document.metadata.get("date").and_then(|dates| dates.first());
    let date = date.map(String::as_str);
    let name = document.id.rsplit(['/', '#']).next();
    let title = Some(document.title.as_str());
    let found = match dated {
        Dated::ByItself => [date, name, title],
        Dated::ByItsFile => [name, title, date],
    };
    // One year is that of the report; two are a span, or something else altogether.
    let only = found.into_iter().flatten().find_map(|text| match years(text).as_slice() {
        [year] => Some(*year),
        _ => None,
    });
    if let Some(year) = only {
        document.metadata.insert("year".to_owned(), vec![year.to_owned()]);
    }
}

/// The numbers in a text that are years: 1900 to 2099, no digit beside them.
fn years(text: &str) -> Vec<&str> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let mut years: Vec<&str> = numbers
        .filter(|number| {
            number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
        })
        .collect();
    years.dedup();
    years
}

/// The BCP 47 tag of a language's English name, ISO 639-1 or ISO 639-3 code.
pub fn language_tag(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    let is_tag = name.len() == 2 || name.as_bytes().get(2) == Some(&b'-');
    let known = LANGUAGES
        .iter()
        .find(|(tag, code, english)| name == *tag || name == *code || name == *english);
    match known {
        Some((tag, ..)) => Some((*tag).to_owned()),
        None => (is_tag && name.is_ascii()).then_some(name),
    }
}

/// ISO 639-1, ISO 639-3 and the English name (SIL, *ISO 639-3 code tables*).
const LANGUAGES: [(&str, &str, &str); 77] = [
    ("af", "afr", "afrikaans"),
    ("ak", "aka", "akan"),
    ("am", "amh", "amharic"),
    ("ar", "arb", "arabic"),
    ("ar", "ara", "arabic"),
    ("az", "aze", "azerbaijani"),
    ("be", "bel", "belarusian"),
    ("bg", "bul", "bulgarian"),
    ("bn", "ben", "bengali"),
    ("ca", "cat", "catalan"),
    ("cs", "ces", "czech"),
    ("cy", "cym", "welsh"),
    ("da", "dan", "danish"),
    ("de", "deu", "german"),
    ("el", "ell", "greek"),
    ("en", "eng", "english"),
    ("eo", "epo", "esperanto"),
    ("es", "spa", "spanish"),
    ("et", "est", "estonian"),
    ("fa", "pes", "persian"),
    ("fi", "fin", "finnish"),
    ("fr", "fra", "french"),
    ("gu", "guj", "gujarati"),
    ("he", "heb", "hebrew"),
    ("hi", "hin", "hindi"),
    ("hr", "hrv", "croatian"),
    ("hu", "hun", "hungarian"),
    ("hy", "hye", "armenian"),
    ("id", "ind", "indonesian"),
    ("it", "ita", "italian"),
    ("ja", "jpn", "japanese"),
    ("jv", "jav", "javanese"),
    ("ka", "kat", "georgian"),
    ("kk", "kaz", "kazakh"),
    ("km", "khm", "khmer"),
    ("kn", "kan", "kannada"),
    ("ko", "kor", "korean"),
    ("ky", "kir", "kyrgyz"),
    ("la", "lat", "latin"),
    ("lt", "lit", "lithuanian"),
    ("lv", "lav", "latvian"),
    ("mk", "mkd", "macedonian"),
    ("ml", "mal", "malayalam"),
    ("mn", "khk", "mongolian"),
    ("mr", "mar", "marathi"),
    ("my", "mya", "burmese"),
    ("nb", "nob", "norwegian"),
    ("ne", "nep", "nepali"),
    ("nl", "nld", "dutch"),
    ("or", "ori", "odia"),
    ("pa", "pan", "punjabi"),
    ("pl", "pol", "polish"),
    ("pt", "por", "portuguese"),
    ("ro", "ron", "romanian"),
    ("ru", "rus", "russian"),
    ("si", "sin", "sinhala"),
    ("sk", "slk", "slovak"),
    ("sl", "slv", "slovenian"),
    ("sn", "sna", "shona"),
    ("sr", "srp", "serbian"),
    ("sv", "swe", "swedish"),
    ("sw", "swh", "swahili"),
    ("ta", "tam", "tamil"),
    ("te", "tel", "telugu"),
    ("tg", "tgk", "tajik"),
    ("th", "tha", "thai"),
    ("tk", "tuk", "turkmen"),
    ("tl", "tgl", "tagalog"),
    ("tr", "tur", "turkish"),
    ("tt", "tat", "tatar"),
    ("uk", "ukr", "ukrainian"),
    ("ur", "urd", "urdu"),
    ("uz", "uzn", "uzbek"),
    ("vi", "vie", "vietnamese"),
    ("yi", "yid", "yiddish"),
    ("zh", "cmn", "chinese"),
    ("zu", "zul", "zulu"),
];
