//! Words to lines: what stands on one base line, in reading order.

use super::words::{Word, is_rtl};

/// Two words share a line where they overlap by this part of the lower one's height.
const OVERLAP: f32 = 0.5;
/// Letters this much larger than a line's are no part of it: an initial over several lines.
const LARGEST_RATIO: f32 = 2.2;

/// A raised or lowered word has at most so many characters, and a line so many of them.
const LONGEST_RAISED: usize = 4;
const MOST_RAISED: usize = 40;

/// Words on one base line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// In the order of reading.
    pub words: Vec<Word>,
    pub x0: f32,
    pub x1: f32,
    pub y: f32,
    /// The size most of its letters have.
    pub size: f32,
}

impl Line {
    fn new(mut words: Vec<Word>) -> Line {
        words.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        let words = read_order(without_doubles(words));
        let mut line = Line { words, ..Line::default() };
        line.measure();
        line
    }

    fn measure(&mut self) {
        self.x0 = self.words.iter().map(|word| word.x0).fold(f32::MAX, f32::min);
        self.x1 = self.words.iter().map(|word| word.x1).fold(f32::MIN, f32::max);
        let mut best = (0, 0.0, 0.0);
        let mut tried = f32::NAN;
        for word in &self.words {
            // Mostly all are of one size.
            if word.size == tried {
                continue;
            }
            tried = word.size;
            let same = |other: &&Word| (other.size - word.size).abs() < 0.3;
            let letters: usize =
                self.words.iter().take(400).filter(same).map(|word| word.text.len()).sum();
            if letters > best.0 {
                best = (letters, word.size, word.y);
            }
            // The first words tell; a line of a thousand is a table's or a hostile one's.
            if self.words.len() > 400 && letters > 0 {
                break;
            }
        }
        (_, self.size, self.y) = best;
    }

    pub fn top(&self) -> f32 {
        self.y - 0.75 * self.size
    }

    pub fn bottom(&self) -> f32 {
        self.y + 0.22 * self.size
    }

    /// Its words with a blank between two that are apart.
    pub fn text(&self) -> String {
        text(&self.words)
    }

    /// Whether its letters are drawn bold, but for the mark of a note or the like.
    pub fn is_bold(&self) -> bool {
        self.is_mostly(|word| word.bold, 9)
    }

    /// Whether most of its letters are slanted.
    pub fn is_italic(&self) -> bool {
        self.is_mostly(|word| word.italic, 6)
    }

    /// Whether more than so many tenths of its letters are in words like this.
    fn is_mostly(&self, is_so: impl Fn(&Word) -> bool, tenths: usize) -> bool {
        let letters = |word: &Word| word.text.chars().filter(|c| c.is_alphanumeric()).count();
        let all: usize = self.words.iter().map(letters).sum();
        let so: usize = self.words.iter().filter(|word| is_so(word)).map(letters).sum();
        so > 0 && so * 10 >= all * tenths
    }

    /// Whether its first word is a number that stands apart, as the numbers of references do.
    pub fn is_numbered(&self) -> bool {
        let [first, second, ..] = self.words.as_slice() else { return false };
        let digits = first.text.trim_end_matches('.');
        (1..=4).contains(&digits.len())
            && digits.chars().all(|c| c.is_ascii_digit())
            && second.x0 - first.x1 > 0.6 * self.size
    }

    /// The parts between gaps wider than `gap`.
    pub fn chunks(&self, gap: f32) -> Vec<&[Word]> {
        let mut chunks = Vec::new();
        let mut start = 0;
        for (index, pair) in self.words.windows(2).enumerate() {
            let [left, right] = pair else { continue };
            if (right.x0 - left.x1).max(left.x0 - right.x1) > gap {
                chunks.extend(self.words.get(start..=index));
                start = index + 1;
            }
        }
        chunks.extend(self.words.get(start..).filter(|rest| !rest.is_empty()));
        chunks
    }
}

/// Words as text, with a blank between two that are apart.
pub fn text(words: &[Word]) -> String {
    let mut text = String::new();
    for (index, word) in words.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|before| words.get(before));
        if previous.is_some_and(|previous| is_apart(previous, word)) {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// Whether a blank belongs between two words of a line.
fn is_apart(left: &Word, right: &Word) -> bool {
    let gap = (right.x0 - left.x1).max(left.x0 - right.x1);
    let size = left.size.max(right.size);
    if right.after_blank && gap > -0.5 * size || gap > 0.1 * size {
        return true;
    }
    // A raised number after a word is the mark of a note, not a part of the word.
    let is_raised = right.size < 0.85 * left.size && right.y < left.y - 0.15 * left.size;
    let is_unit = ["km", "cm", "mm", "dm"].iter().any(|unit| left.text.ends_with(unit));
    let ends_word = !is_unit
        && left.text.chars().rev().take(2).all(char::is_alphabetic)
        && left.text.chars().count() > 2;
    // Beside a number it would be read as its last digit.
    let ends_number = left.text.ends_with(|c: char| c.is_ascii_digit());
    is_raised
        && (ends_word || ends_number)
        && right.text.chars().all(|c| c.is_numeric() || matches!(c, ',' | '-' | '–'))
}

/// Words drawn twice at one place, to look bold or to cast a shadow, are one.
fn without_doubles(words: Vec<Word>) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let is_double = kept.iter().rev().take(4).any(|other| {
            other.text == word.text
                && (other.x0 - word.x0).abs() < 0.25 * word.size
                && (other.y - word.y).abs() < 0.25 * word.size
        });
        if !is_double {
            kept.push(word);
        }
    }
    kept
}

/// Words from left to right in the order they are read: where most run from right to left they are
/// turned round, but for what runs from left to right among them (ISO numbers, Latin names).
fn read_order(words: Vec<Word>) -> Vec<Word> {
    if !words.iter().any(|word| word.text.chars().any(is_rtl)) {
        return words;
    }
    let rtl = words.iter().filter(|word| word.is_rtl()).count();
    let is_rtl_line = rtl * 2 >= words.len();
    let mut ordered = Vec::with_capacity(words.len());
    let groups = words.chunk_by(|a, b| direction(a, is_rtl_line) == direction(b, is_rtl_line));
    let mut groups: Vec<Vec<Word>> = groups.map(<[Word]>::to_vec).collect();
    if is_rtl_line {
        groups.reverse();
    }
    for mut group in groups {
        if group.first().is_some_and(|word| direction(word, is_rtl_line)) {
            group.reverse();
        }
        ordered.extend(group);
    }
    ordered
}

/// Whether a word runs from right to left; one without letters runs as its line does.
fn direction(word: &Word, is_rtl_line: bool) -> bool {
    let has_direction = word.text.chars().any(|c| c.is_alphanumeric());
    if has_direction { word.is_rtl() } else { is_rtl_line }
}

/// The lines of words, from top to bottom.
pub fn lines(mut words: Vec<Word>) -> Vec<Line> {
    words.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        // Only the last rows can reach down to it.
        let row = rows.iter_mut().rev().take(6).find(|row| row.holds(&word));
        match row {
            Some(row) => row.add(word),
            None => rows.push(Row::new(word)),
        }
    }
    let rows = with_raised(rows);
    let mut lines: Vec<Line> = rows.into_iter().map(|row| Line::new(row.words)).collect();
    lines.sort_by(|a, b| a.y.total_cmp(&b.y));
    lines
}

/// Marks of notes, exponents and indices that are set too far from their base line to share its height:
/// each stands beside a larger word of a row near by.
fn with_raised(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by(|a, b| a.y.total_cmp(&b.y));
    let is_small = |row: &Row| {
        row.words.len() <= MOST_RAISED
            && row.words.iter().all(|word| word.text.chars().count() <= LONGEST_RAISED)
    };
    let (small, mut kept): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(is_small);
    let mut apart = Vec::new();
    for row in small {
        let near = kept.partition_point(|other| other.y < row.y - other.size);
        let own = kept.iter().skip(near).take(4).position(|other| {
            let is_of = |word| other.words.iter().any(|base| is_raised_beside(base, word));
            row.words.iter().all(is_of)
        });
        match own.and_then(|own| kept.get_mut(near + own)) {
            Some(base) => row.words.into_iter().for_each(|word| base.add(word)),
            None => apart.push(row),
        }
    }
    kept.append(&mut apart);
    kept
}

/// Whether a word is set smaller directly after another, above or below its base line.
fn is_raised_beside(base: &Word, word: &Word) -> bool {
    let gap = word.x0 - base.x1;
    word.size < 0.9 * base.size
        && (word.y - base.y).abs() < 0.7 * base.size
        && gap > -0.1 * base.size
        && gap < 0.2 * base.size
}

struct Row {
    words: Vec<Word>,
    top: f32,
    bottom: f32,
    y: f32,
    size: f32,
}

impl Row {
    fn new(word: Word) -> Row {
        let (top, bottom, y, size) = (word.top(), word.bottom(), word.y, word.size);
        Row { words: vec![word], top, bottom, y, size }
    }

    fn holds(&self, word: &Word) -> bool {
        let shared = self.bottom.min(word.bottom()) - self.top.max(word.top());
        let lower = (self.bottom - self.top).min(word.bottom() - word.top());
        let ratio = self.size.max(word.size) / self.size.min(word.size).max(0.1);
        // Lines of two cells side by side may stand half a line apart.
        let raised = if ratio < 1.15 { 0.3 } else { 0.45 };
        let is_level = (word.y - self.y).abs() < raised * self.size.max(word.size);
        is_level && shared > OVERLAP * lower && ratio < LARGEST_RATIO
    }

    fn add(&mut self, word: Word) {
        if word.size > self.size {
            (self.top, self.bottom, self.y, self.size) =
                (word.top(), word.bottom(), word.y, word.size);
        }
        self.words.push(word);
    }
}
