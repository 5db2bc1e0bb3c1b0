//! The words of an index as they are written, folded: wildcards and patterns are about words, and the
//! postings hold stems only. One sorted list a generation beside the catalog, compressed in blocks; each line is
//! a word and, behind a tab, its term.

use std::fs;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

use super::blocks::{self, Blocks};
use super::fuzzy::Lines;
use super::{held, hex, once};
use crate::error::{Error, Result};
use crate::query::Pattern;

/// So many words are kept in a set; more are put aside as text, which takes a tenth of the memory.
const MOST_OPEN: usize = 1 << 18;

/// A list that claims to have been made smaller than this has been damaged.
const MOST_TIMES_SMALLER: u64 = 1000;

/// Lines of words that indexing meets, gathered from all its threads.
#[derive(Clone, Debug, Default)]
pub struct NewWords(Arc<Mutex<Gathered>>);

#[derive(Debug, Default)]
struct Gathered {
    open: FxHashSet<Box<str>>,
    /// Lines.
    aside: Vec<String>,
}

impl NewWords {
    /// Adds words; those that are there already change nothing.
    pub fn add(&self, words: Vec<Box<str>>) {
        let mut gathered = self.gathered();
        gathered.open.extend(words);
        if gathered.open.len() > MOST_OPEN {
            let open = std::mem::take(&mut gathered.open);
            gathered.aside.push(open.iter().flat_map(|word| [word, "\n"]).collect());
        }
    }

    /// The list of these words and of those of the generation before it, compressed.
    ///
    /// # Errors
    /// `Internal`, for what should not happen.
    pub fn list(&self, before: &str) -> Result<Vec<u8>> {
        let gathered = self.gathered();
        let aside = gathered.aside.iter().flat_map(|text| text.lines());
        let open = gathered.open.iter().map(Box::as_ref);
        let mut words: Vec<&str> = before.lines().chain(aside).chain(open).collect();
        words.sort_unstable();
        words.dedup();
        let length: usize = words.iter().map(|word| word.len() + 1).sum();
        let mut text = String::with_capacity(length);
        for word in words {
            text.push_str(word);
            text.push('\n');
        }
        blocks::compressed(&digest_line(&text), &text)
            .map_err(|error| Error::Internal { message: format!("cannot write words: {error}") })
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        held(&self.0)
    }
}

/// The name of the list of a generation.
pub fn name(generation: u64) -> String {
    format!("words-{generation}.zst")
}

/// What a list is read from.
#[derive(Debug)]
enum Source {
    /// Open from the beginning: a writer may remove the list while somebody searches.
    File(Mutex<fs::File>),
    #[cfg(feature = "opensearch")]
    Bytes(Vec<u8>),
}

/// The list of a generation, read when it is first asked for.
#[derive(Debug)]
pub struct Words {
    source: Source,
    list: OnceLock<String>,
    lines: OnceLock<Lines>,
    blocks: OnceLock<Blocks>,
    path: PathBuf,
}

impl Words {
    /// Opens the list of a generation.
    ///
    /// # Errors
    /// `IndexDamaged` when it cannot be read.
    pub fn open(folder: &Path, generation: u64) -> Result<Words> {
        let path = folder.join(name(generation));
        match fs::File::open(&path) {
            Ok(file) => Ok(Words::of(Source::File(Mutex::new(file)), path)),
            Err(error) => Err(damaged(&path, &error.to_string())),
        }
    }

    /// The list of these bytes, which came from there.
    #[cfg(feature = "opensearch")]
    pub fn of_bytes(bytes: Vec<u8>, path: PathBuf) -> Words {
        Words::of(Source::Bytes(bytes), path)
    }

    fn of(source: Source, path: PathBuf) -> Words {
        let (list, lines, blocks) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Words { source, list, lines, blocks, path }
    }

    /// The list: sorted lines, each a word and, behind a tab, its term.
    ///
    /// # Errors
    /// `IndexDamaged` when it cannot be read.
    pub fn list(&self) -> Result<&str> {
        if let Some(list) = self.list.get() {
            return Ok(list);
        }
        let mut list = self.read().map_err(|error| damaged(&self.path, &error.to_string()))?;
        let rest = list.get(DIGEST_LINE..).unwrap_or_default();
        if list.get(..DIGEST_LINE) != Some(digest_line(rest).as_str()) {
            return Err(damaged(&self.path, "it does not have the checksum that it begins with"));
        }
        list.drain(..DIGEST_LINE);
        Ok(self.list.get_or_init(|| list))
    }

    /// Whether a word is in the list, which is not read for it.
    ///
    /// # Errors
    /// `IndexDamaged` when it cannot be read.
    pub fn has(&self, word: &str) -> Result<bool> {
        let line = format!("{word}\t");
        if let Some(list) = self.list.get() {
            return Ok(beginning(list, &line).next().is_some());
        }
        let blocks = self.blocks_of(&line)?;
        Ok(blocks.lines().any(|other| other.starts_with(&line)))
    }

    /// The blocks of the list that have the lines which begin so.
    fn blocks_of(&self, start: &str) -> Result<String> {
        let look = || match &self.source {
            Source::File(file) => self.looked_up(start, &mut &*held(file)),
            #[cfg(feature = "opensearch")]
            Source::Bytes(bytes) => self.looked_up(start, &mut io::Cursor::new(bytes)),
        };
        look().map_err(|error| damaged(&self.path, &error.to_string()))
    }

    fn looked_up(&self, start: &str, source: &mut (impl Read + Seek)) -> io::Result<String> {
        let blocks = once(&self.blocks, || Blocks::of(source))?;
        blocks.beginning(start, source)
    }

    /// The words that a pattern means, each with its term, at most `limit + 1`.
    ///
    /// # Errors
    /// As [`Words::list`].
    pub fn like(&self, pattern: &Pattern, limit: usize) -> Result<Vec<(String, String)>> {
        let take = |lines: &mut dyn Iterator<Item = &str>| {
            let some = lines.filter_map(|line| line.split_once('\t')).take(limit + 1);
            some.map(|(word, term)| (word.to_owned(), term.to_owned())).collect()
        };
        if let (Pattern::Prefix(start), None) = (pattern, self.list.get()) {
            return Ok(take(&mut beginning(&self.blocks_of(start)?, start)));
        }
        let list = self.list()?;
        if let Pattern::Fuzzy { word, term, distance } = pattern {
            let lines = self.lines.get_or_init(|| Lines::of(list));
            return Ok(take(&mut lines.near(list, word, term.as_deref(), *distance).into_iter()));
        }
        let mut lines = beginning(list, pattern.beginning());
        if matches!(pattern, Pattern::Prefix(_)) {
            // They are those that begin so.
            return Ok(take(&mut lines));
        }
        // What is no regular expression was refused when the query was parsed.
        let Ok(Some(matcher)) = pattern.matcher() else { return Ok(Vec::new()) };
        let word = |line: &&str| matcher.is_match(line.split('\t').next().unwrap_or_default());
        Ok(take(&mut lines.filter(word)))
    }

    /// Whether some terms stand for none but these words; both are sorted.
    ///
    /// # Errors
    /// As [`Words::list`].
    pub fn have_only(&self, terms: &[String], words: &[String]) -> Result<bool> {
        let has = |sorted: &[String], one: &str| {
            sorted.binary_search_by(|other| other.as_str().cmp(one)).is_ok()
        };
        let mut lines = self.list()?.lines().filter_map(|line| line.split_once('\t'));
        Ok(lines.all(|(word, term)| !has(terms, term) || has(words, word)))
    }

    fn read(&self) -> io::Result<String> {
        let mut list = String::new();
        let most = |size: u64| size.saturating_mul(MOST_TIMES_SMALLER);
        match &self.source {
            Source::File(file) => {
                let mut file = held(file);
                file.rewind()?;
                let most = most(file.metadata()?.len());
                zstd::Decoder::new(&*file)?.take(most).read_to_string(&mut list)?;
            }
            #[cfg(feature = "opensearch")]
            Source::Bytes(bytes) => {
                let most = most(bytes.len() as u64);
                zstd::Decoder::new(bytes.as_slice())?.take(most).read_to_string(&mut list)?;
            }
        }
        Ok(list)
    }
}

/// The first line of a list: the SHA-256 of the rest.
fn digest_line(rest: &str) -> String {
    format!("sha256:{}\n", hex(&Sha256::digest(rest)))
}

/// Its length: the name, 64 digits, the end.
const DIGEST_LINE: usize = 7 + 64 + 1;

fn damaged(path: &Path, error: &str) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Error::IndexDamaged {
        path: path.ancestors().nth(2).unwrap_or(path).to_owned(),
        reason: format!("`{name}`: {error}"),
    }
}

/// The lines of a sorted list that begin so.
fn beginning<'w>(list: &'w str, start: &str) -> impl Iterator<Item = &'w str> {
    let rest = list.get(first_from(list, start)..).unwrap_or_default();
    let start = start.to_owned();
    rest.lines().take_while(move |word| word.starts_with(&start))
}

/// Where the first line of a sorted list begins that is not less than a word.
fn first_from(list: &str, word: &str) -> usize {
    let line_start = |at: usize| {
        list.as_bytes().get(..at).map_or(0, |before| {
            before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1)
        })
    };
    let (mut low, mut high) = (0, list.len());
    // Words in `..low` are less, those from `high` on are not; both are starts of lines.
    while low < high {
        let middle = line_start(low + (high - low) / 2);
        let line = list.get(middle..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        match line < word {
            true => low = (middle + line.len() + 1).min(list.len()),
            false => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn words_are_found_by_how_they_begin() {
        let list = "a\nab\nabc\nb\nba\n";
        let all = |start| beginning(list, start).collect::<Vec<_>>();
        assert_eq!(all("ab"), ["ab", "abc"]);
        assert_eq!(all(""), ["a", "ab", "abc", "b", "ba"]);
        assert_eq!(all("ba"), ["ba"]);
        assert!(all("c").is_empty() && all("aa").is_empty());
    }
}
