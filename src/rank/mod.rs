//! Rankings: passages by decreasing score, ties by id; the constants of ranking, each with its source.

mod deadline;
mod explain;

pub use deadline::{Deadline, Watch};
pub use explain::Explanation;

/// How often the title's words count beside those of the body: BM25F with an integer weight is BM25
/// over a field that repeats them (Robertson, Zaragoza and Taylor 2004). Measured with the heading's
/// weight; ARCHITECTURE.md has the table.
pub const TITLE_WEIGHT: usize = 2;

/// How often the words of the nearest heading count; see [`TITLE_WEIGHT`].
pub const HEADING_WEIGHT: usize = 2;

/// BM25's saturation and length normalization (Robertson and Walker 1994). 1.2 and 0.75 beat 0.9 and
/// 0.4 on passages by 0.010 nDCG@10 in the mean over eight collections.
pub const BM25_K1: f32 = 1.2;
/// See [`BM25_K1`].
pub const BM25_B: f32 = 0.75;

/// What a near spelling counts, against the word as typed: such a word is nowhere in the index, so
/// this only keeps it below literal matches of the other words. Chosen by hand on the gold set.
pub const SPELLING_WEIGHT: f32 = 0.8;

/// What a synonym counts, against what it stands for, at the same rarity. Of 0.3, 0.5, 0.7, 0.85 and 1 the
/// first that finds most of what other spellings had hidden; ARCHITECTURE.md has the table.
pub const SYNONYM_WEIGHT: f32 = 0.7;

/// What a form of a word in its own language counts, against the most frequent of them. Of 0, 0.1, 0.3, 0.5, 0.7 and 1 the best
/// on xquad_es: nDCG@10 .9565, .9596, .9626, .9635, .9612 and .9570.
pub const INFLECTED_WEIGHT: f32 = 0.5;

/// The role of sections that count less, unless the query is about them: their titles and addresses have the
/// words, and say that there is a source, not what it says.
pub const DEMOTED_ROLE: &str = "references";

/// What a passage in such a section counts, against one of the text. Of the first ten passages for twenty
/// queries over 757 country reports 68 of 200 were entries of bibliographies, and none is with this.
pub const DEMOTED_WEIGHT: f32 = 0.6;

/// So many of the best passages by their words are looked at for words that stand near one another.
/// With 30 and 200 nDCG@10 is the same within 0.002; reading positions is what costs.
pub const LOOKED_AT: usize = 50;

/// What two neighbours of a query count that are neighbours of the text, against a word as rare as they are.
/// Measured over six collections together with [`NEAR_WEIGHT`] and [`NEAR_REACH`]; ARCHITECTURE.md has the
/// table.
pub const ADJACENT_WEIGHT: f32 = 0.6;

/// What two neighbours of a query count that stand near one another.
pub const NEAR_WEIGHT: f32 = 0.3;

/// The most positions from one of two words that are near one another to the other: two words between them.
pub const NEAR_REACH: u32 = 3;

/// So many of the best passages by their words are compared with the query by meaning.
pub const MEANING_LOOKED_AT: usize = 200;

/// Where the best passage by its words scores this much of what the words of the query would alone, it has what is asked
/// for. Otherwise passages with none of the words may have it, and all are compared by meaning: of the questions of six
/// collections one in ten has less. Comparing all for each question takes as long again as the search and ranks no
/// better.
pub const SURE: f32 = 0.22;

/// All passages are compared by meaning up to so many of them. With more it takes too long.
pub const MOST_MEANT_PASSAGES: u64 = 100_000;

/// So many of all passages are compared that are nearest by signs alone.
pub const MEANING_NEAREST: usize = 400;

/// So many of those that are most like the query are ranked beside the best by their words.
pub const MOST_ALIKE: usize = 100;

/// A passage that has no word of the query is found where it is so like it: three in four of the judged passages of five
/// collections are more so, and of passages taken at random one in ten where all are about the same, one in a hundred
/// where not.
pub const LEAST_LIKENESS: f32 = 0.35;

/// What a passage gains that means just what the query means, against what one would score that has nothing but its
/// words. Of 0.1, 0.15, 0.2, 0.25 and 0.3 the middle ranks the judged collections best; ARCHITECTURE.md has the table.
pub const MEANING_WEIGHT: f32 = 0.2;

/// [`MEANING_WEIGHT`] where an encoder says what texts mean. Of 0.35, 0.5, 0.6 and 0.7; ARCHITECTURE.md has the table.
pub const ENCODED_WEIGHT: f32 = 0.6;

/// [`SURE`] where an encoder says what texts mean: nothing is. All passages are compared for every question, which ranks the first
/// no better and finds more of what is relevant; the encoder takes longer for the question.
pub const ENCODED_SURE: f32 = f32::INFINITY;

/// [`LEAST_LIKENESS`] where an encoder says what texts mean.
pub const ENCODED_LEAST_LIKENESS: f32 = 0.35;

/// For what is to be like a passage, the scale on which meaning counts is so many times the best score by its words: of these
/// no passage has nearly all. Chosen by hand: no judged collection at hand asks for that.
pub const LIKE_SCALE: f32 = 3.0;

/// A query of fewer words is not compared by meaning: what a single word means is for the text to say.
pub const FEWEST_MEANT_WORDS: usize = 2;

/// Feedback takes the words of so many of the best passages.
pub const FEEDBACK_PASSAGES: usize = 10;

/// Feedback adds so many words: 20 cost less of the first hits than 10 and find as much.
pub const FEEDBACK_WORDS: usize = 20;

/// What the words that feedback adds weigh together, of the whole query. Measured for recall, as what is on request is
/// asked for when the first hits were not enough; ARCHITECTURE.md has the table.
pub const FEEDBACK_WEIGHT: f32 = 0.15;

/// How much a word tells that stands in so many of all passages: BM25's inverse document frequency.
pub fn rarity(passages_with: u64, passages: u64) -> f32 {
    let (with, without) = (passages_with as f32, passages.saturating_sub(passages_with) as f32);
    (1.0 + (without + 0.5) / (with + 0.5)).ln()
}

/// Where newer reports are preferred, one counts half that is so many years older than another. Chosen by hand: no
/// judged collection at hand has dates.
pub const RECENT_HALF_LIFE: f32 = 10.0;

/// What a report counts that is so many years older than the newest, where newer ones are preferred: the exponential
/// prior of Li and Croft (2003, "Time-based language models"). One without a year counts half.
pub fn recency(years_older: Option<i64>) -> f32 {
    years_older.map_or(0.5, |years| (-(years.max(0) as f32) / RECENT_HALF_LIFE).exp2())
}

/// What a passage counts whose report is about the country that a question names in prose. Of 600 questions that name a
/// country and a year (`benches/named.py`) the first hit is of that report for .99 with these three, and answers for .92;
/// with none of them for .54 and .46; with 1.2, 1.15 and 1 for .91 and .75; with 1.5, 1.3 and .3 for .87 and .82. More than
/// this for country and year gains nothing, and leaves less room for an answer in another report.
pub const NAMED_PLACE: f32 = 1.8;
/// The same of the year.
pub const NAMED_YEAR: f32 = 1.5;
/// What the words count that name them.
pub const NAMED_WORDS: f32 = 0.4;

/// How many passages of one report a page of results shows, unless asked otherwise. A report repeats
/// itself, and ten passages of one report are no survey of a shelf; three leave room for its summary,
/// its body and its recommendations. An index of a single report has no such limit.
pub const PER_DOCUMENT: usize = 3;

/// A passage in a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The passage's id as a number: ids sort as these do.
    pub id: u64,
    /// The engine's own name for the place of the passage; valid until the engine is reloaded.
    pub address: u64,
    /// Higher is better; comparable within one query only.
    pub score: f32,
}

/// Passages by decreasing score; equal scores by increasing id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many passages have what was asked for, where an engine has counted them on the way.
    pub total: Option<Total>,
}

/// How many passages and documents match a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// How many passages.
    pub passages: u64,
    /// How many documents.
    pub documents: u64,
    /// Whether the numbers are exact; otherwise there are at least so many.
    pub is_exact: bool,
}

impl Ranking {
    /// Keeps at most `most` hits of each document, in order; `document_of` names a hit's document.
    pub fn cap_per_document(&mut self, most: usize, mut document_of: impl FnMut(&Hit) -> u64) {
        let mut counts = std::collections::HashMap::new();
        self.hits.retain(|hit| {
            let count = counts.entry(document_of(hit)).or_insert(0usize);
            *count += 1;
            *count <= most
        });
    }
}
