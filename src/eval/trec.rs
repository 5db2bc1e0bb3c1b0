//! The files of an evaluation: topics, judgments (qrels) and runs, in TREC's forms and BEIR's.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Deserialize;

use super::lines::{Line, Lines, empty, fault, json};
use super::{Qrels, Ranked, Run, Topic, TopicRun};
use crate::error::{Error, Result};

/// The last column of a run: the name of the system.
const TAG: &str = "tipsearch";

/// How a file writes topics.
#[derive(Clone, Copy)]
enum TopicForm {
    Trec,
    Json,
    Tabbed,
}

impl TopicForm {
    /// The form of a file that begins with this line.
    fn of(line: &str) -> TopicForm {
        match line.as_bytes().first() {
            Some(b'<') => TopicForm::Trec,
            // An array is told to be none of its lines.
            Some(b'{' | b'[') => TopicForm::Json,
            _ => TopicForm::Tabbed,
        }
    }
}

/// Reads topics: TREC's `<top>` blocks, of which `<num>` and `<title>` count; JSON objects, one a
/// line, with `_id` or `id` and `text`; or lines `id<TAB>text`. The first line decides.
///
/// # Errors
/// `Evaluation` with file and line when one is malformed or an id comes twice, and when there is no
/// topic at all; `Io`.
pub fn read_topics(path: &Path) -> Result<Vec<Topic>> {
    let mut topics = Vec::new();
    let mut seen = BTreeSet::new();
    let mut block: Option<(usize, String)> = None;
    let mut form = None;
    for line in Lines::open(path)? {
        let line = line?;
        let text = line.text.trim();
        let found = match *form.get_or_insert_with(|| TopicForm::of(text)) {
            TopicForm::Trec => trec_blocks(&line, &mut block)
                .into_iter()
                .map(|(number, block)| (number, trec_topic(&block)))
                .collect(),
            TopicForm::Json => vec![(line.number, json_topic(text))],
            TopicForm::Tabbed => vec![(line.number, tab_topic(text))],
        };
        for (number, topic) in found {
            let topic = topic.map_err(|message| fault(path, number, message))?;
            if !seen.insert(topic.id.clone()) {
                return Err(fault(path, number, format!("the topic `{}` comes twice", topic.id)));
            }
            topics.push(topic);
        }
    }
    if let Some((number, _)) = block {
        return Err(fault(path, number, "`<top>` has no `</top>`"));
    }
    if topics.is_empty() {
        return Err(empty(path, "topics", "lines `id<TAB>text`, JSON objects, or `<top>` blocks"));
    }
    Ok(topics)
}

/// Gathers blocks; gives those that end in this line, with the lines they began on.
fn trec_blocks(line: &Line, block: &mut Option<(usize, String)>) -> Vec<(usize, String)> {
    const END: &str = "</top>";
    let mut whole = Vec::new();
    let mut rest = line.text.as_str();
    // As many bytes as before: only ASCII changes.
    let find = |text: &str, tag: &str| text.to_ascii_lowercase().find(tag);
    loop {
        if block.is_none() {
            let Some(start) = find(rest, "<top>") else { return whole };
            rest = rest.get(start..).unwrap_or_default();
        }
        let (_, text) = block.get_or_insert_with(|| (line.number, String::new()));
        let end = find(rest, END).map(|end| end + END.len());
        text.push_str(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
        text.push('\n');
        let Some(end) = end else { return whole };
        whole.extend(block.take());
        rest = rest.get(end..).unwrap_or_default();
    }
}

fn trec_topic(block: &str) -> std::result::Result<Topic, String> {
    let field = |tag: &str, label: &str| {
        let start = block.to_ascii_lowercase().find(tag)? + tag.len();
        let rest = block.get(start..)?;
        // A field ends where the next one begins; few topics close them.
        let is_tag = |rest: &str| rest.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic());
        let end = rest.match_indices('<').find(|(at, _)| is_tag(&rest[at + 1..]));
        let text = rest.get(..end.map_or(rest.len(), |(at, _)| at))?.trim();
        let text = text.strip_prefix(label).unwrap_or(text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    match (field("<num>", "Number:"), field("<title>", "Topic:")) {
        (Some(id), Some(text)) => Ok(Topic { id, text }),
        (None, _) => Err("expected `<num>` with the id of the topic".to_owned()),
        (_, None) => Err("expected `<title>` with the words of the topic".to_owned()),
    }
}

/// An id as JSON files write it.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an id is a text or a number")]
pub(super) enum JsonId {
    Text(String),
    Number(serde_json::Number),
}

impl JsonId {
    /// The id as text; `None` where it is empty.
    pub(super) fn text(self) -> Option<String> {
        let id = match self {
            JsonId::Text(text) => text,
            JsonId::Number(number) => number.to_string(),
        };
        (!id.trim().is_empty()).then_some(id)
    }
}

#[derive(Deserialize)]
struct JsonTopic {
    #[serde(rename = "_id", alias = "id")]
    id: JsonId,
    text: String,
}

fn json_topic(line: &str) -> std::result::Result<Topic, String> {
    const EXPECTED: &str = "expected an object with `_id` and `text`";
    let topic: JsonTopic = json(line, EXPECTED)?;
    let id = topic.id.text().ok_or_else(|| format!("{EXPECTED}; `_id` is empty"))?;
    Ok(Topic { id, text: topic.text })
}

fn tab_topic(line: &str) -> std::result::Result<Topic, String> {
    match line.split_once('\t') {
        Some((id, text)) if !id.trim().is_empty() => {
            Ok(Topic { id: id.trim().to_owned(), text: text.trim().to_owned() })
        }
        _ => Err("expected `id<TAB>text`".to_owned()),
    }
}

/// Reads judgments: TREC's `topic 0 document grade`, or BEIR's `query-id corpus-id score` with that
/// header. Columns are separated by tabs or blanks; only between tabs may an id hold blanks.
///
/// # Errors
/// `Evaluation` with file and line when one is malformed or a pair is judged twice with different
/// grades, and when there is no judgment at all; `Io`.
pub fn read_qrels(path: &Path) -> Result<Qrels> {
    let mut qrels = Qrels::default();
    let mut is_first = true;
    for line in Lines::open(path)? {
        let line = line?;
        let columns = columns(&line.text);
        let is_header = std::mem::replace(&mut is_first, false)
            && matches!(columns.as_slice(), [_, _, last] if last.eq_ignore_ascii_case("score"));
        if is_header {
            continue;
        }
        let judgment = judgment(&columns).ok_or_else(|| {
            let expected = "expected `topic 0 document grade`, or three columns under the header \
                            `query-id corpus-id score`; a grade is a whole number";
            fault(path, line.number, expected)
        });
        let (topic, document, grade) = judgment?;
        let grades = qrels.topics.entry(topic.to_owned()).or_default();
        let known = *grades.entry(document.to_owned()).or_insert(grade);
        if known != grade {
            let message =
                format!("`{document}` has the grade {grade} for `{topic}` here and {known} before");
            return Err(fault(path, line.number, message));
        }
    }
    match qrels.topics.is_empty() {
        true => Err(empty(path, "judgments", "lines `topic 0 document grade`")),
        false => Ok(qrels),
    }
}

fn columns(line: &str) -> Vec<&str> {
    let tabbed: Vec<&str> = line.split('\t').map(str::trim).collect();
    match tabbed.len() {
        3 | 4 => tabbed,
        _ => line.split_whitespace().collect(),
    }
}

fn judgment<'a>(columns: &[&'a str]) -> Option<(&'a str, &'a str, i32)> {
    let (topic, document, grade) = match columns {
        [topic, _, document, grade] | [topic, document, grade] => (*topic, *document, *grade),
        _ => return None,
    };
    let grade = grade.parse().ok()?;
    (!topic.is_empty() && !document.is_empty()).then_some((topic, document, grade))
}

/// Reads a run: lines `topic Q0 document rank score tag`. The documents of a topic stand as trec_eval
/// takes them: by score in 32 bits, equal scores by decreasing id; the column `rank` says nothing.
///
/// # Errors
/// `Evaluation` with file and line when one is malformed or a document comes twice for a topic, and
/// when there is no line at all; `Io`.
pub fn read_run(path: &Path) -> Result<Run> {
    let mut run = Run::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for line in Lines::open(path)? {
        let line = line?;
        let expected = "expected `topic Q0 document rank score tag`; a score is a number";
        let found = run_line(&line.text).ok_or_else(|| fault(path, line.number, expected));
        let (topic, document, score) = found?;
        let place = *places.entry(topic.to_owned()).or_insert_with(|| {
            run.topics.push(TopicRun { topic: topic.to_owned(), ..TopicRun::default() });
            run.topics.len() - 1
        });
        if !seen.insert((place, document.to_owned())) {
            let message = format!("`{document}` comes twice for `{topic}`");
            return Err(fault(path, line.number, message));
        }
        if let Some(topic) = run.topics.get_mut(place) {
            topic.documents.push(Ranked { id: document.to_owned(), score });
        }
    }
    for topic in &mut run.topics {
        topic.documents.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.id.cmp(&a.id)));
    }
    match run.topics.is_empty() {
        true => Err(empty(path, "run", "lines `topic Q0 document rank score tag`")),
        false => Ok(run),
    }
}

fn run_line(line: &str) -> Option<(&str, &str, f32)> {
    let mut columns = line.split_whitespace();
    let (topic, _, document) = (columns.next()?, columns.next()?, columns.next()?);
    let (_, score, _) = (columns.next()?, columns.next()?, columns.next()?);
    // By way of 64 bits, as trec_eval does; a zero has no sign.
    let score = score.parse::<f64>().ok().filter(|score| !score.is_nan())? as f32 + 0.0;
    columns.next().is_none().then_some((topic, document, score))
}

/// Gives the ids of a run the names that they have elsewhere: its file writes blanks as URLs do.
pub(super) fn rename(run: &mut Run, topics: &BTreeSet<&str>, documents: &BTreeSet<&str>) {
    let written = |ids: &BTreeSet<&str>| -> HashMap<String, String> {
        let blank = ids.iter().filter(|id| id.contains(char::is_whitespace));
        blank.map(|id| (column(id), (*id).to_owned())).collect()
    };
    let (topics, documents) = (written(topics), written(documents));
    let rename = |id: &mut String, names: &HashMap<String, String>| {
        if let Some(name) = names.get(id.as_str()) {
            id.clone_from(name);
        }
    };
    for topic in &mut run.topics {
        rename(&mut topic.topic, &topics);
        topic.documents.iter_mut().for_each(|ranked| rename(&mut ranked.id, &documents));
    }
}

/// Writes a run: lines `topic Q0 document rank score tag`.
///
/// # Errors
/// `Io`.
pub fn write_run(run: &Run, path: &Path) -> Result<()> {
    let write = || {
        let mut file = BufWriter::new(File::create(path)?);
        for topic in &run.topics {
            write_topic(topic, &mut file)?;
        }
        file.flush()
    };
    write().map_err(|error| Error::io("write", path, error))
}

/// Programs that read runs sort them anew by score and break ties in their own ways. So a score that
/// is not below the one before it is written as the next smaller number of 32 bits, in which
/// trec_eval keeps scores: the order then is ours everywhere.
fn write_topic(topic: &TopicRun, file: &mut impl Write) -> std::io::Result<()> {
    let id = column(&topic.topic);
    let mut last = f32::INFINITY;
    for (document, rank) in topic.documents.iter().zip(1..) {
        last = document.score.min(last.next_down());
        writeln!(file, "{id} Q0 {} {rank} {last} {TAG}", column(&document.id))?;
    }
    Ok(())
}

/// An id as one column: white space as in URLs.
fn column(id: &str) -> String {
    let plain = |c: char| match c.is_whitespace() {
        true => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
        false => c.to_string(),
    };
    id.chars().map(plain).collect()
}
