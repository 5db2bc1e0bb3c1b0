//! BM25 of words and phrases over the main field, as tantivy has it, for what is scored here passage by passage:
//! each term is looked up once, and what a passage can score at most is known before its positions are read.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Score, Searcher, SegmentReader, Term};

use crate::rank::{BM25_B, BM25_K1, rarity};

/// How long the passages of a segment are, as codes.
///
/// # Errors
/// Where that cannot be read.
pub fn lengths(reader: &SegmentReader, field: Field) -> tantivy::Result<FieldNormReader> {
    let lengths = reader.fieldnorms_readers().get_field(field)?;
    Ok(lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)))
}

/// Terms of a field by number, and what the index knows of them.
pub struct Terms {
    terms: Vec<Known>,
    passages: u64,
    saturation: Arc<Saturation>,
}

struct Known {
    text: String,
    /// In how many passages it stands.
    count: u64,
    /// Where its postings are, by segment.
    places: Vec<Option<TermInfo>>,
}

impl Terms {
    /// No terms yet.
    pub fn of(searcher: &Searcher, saturation: &Arc<Saturation>) -> tantivy::Result<Terms> {
        let (passages, saturation) = (searcher.total_num_docs()?, Arc::clone(saturation));
        Ok(Terms { terms: Vec::new(), passages, saturation })
    }

    /// The number of a term, which is looked up the first time.
    pub fn number(
        &mut self,
        text: &str,
        searcher: &Searcher,
        field: Field,
    ) -> tantivy::Result<usize> {
        if let Some(number) = self.terms.iter().position(|known| known.text == text) {
            return Ok(number);
        }
        let term = Term::from_field_text(field, text);
        let places = searcher.segment_readers().iter();
        let places = places.map(|reader| Ok(reader.inverted_index(field)?.get_term_info(&term)?));
        let places = places.collect::<tantivy::Result<Vec<_>>>()?;
        let count = places.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
        self.terms.push(Known { text: text.to_owned(), count, places });
        Ok(self.terms.len() - 1)
    }

    /// In how many passages a term stands.
    pub fn count(&self, number: usize) -> u64 {
        self.terms.get(number).map_or(0, |known| known.count)
    }

    /// Where the postings of a term are in a segment, if it has any.
    pub fn place(&self, number: usize, segment: usize) -> Option<&TermInfo> {
        self.terms.get(number)?.places.get(segment)?.as_ref()
    }

    /// How a word scores, or words as a phrase, which are as rare as all of them together.
    pub fn similarity(&self, numbers: &[usize], by: Score) -> Similarity {
        let rarity = |&number: &usize| rarity(self.count(number), self.passages);
        let rarity: Score = numbers.iter().map(rarity).sum();
        let saturation = Arc::clone(&self.saturation);
        Similarity { most: rarity * (1.0 + BM25_K1) * by, saturation }
    }
}

/// How a word or a phrase scores (Robertson and Walker 1994).
#[derive(Clone)]
pub struct Similarity {
    /// What nothing reaches: the score of a word that stands everywhere in a passage.
    pub most: Score,
    saturation: Arc<Saturation>,
}

impl Similarity {
    /// The score where it stands so many times in a passage whose length has this code.
    pub fn score(&self, length: u8, times: u32) -> Score {
        self.most * self.saturation.part(length, times)
    }
}

/// How near to what nothing reaches a word comes that stands so many times in a passage of a length.
pub struct Saturation {
    /// What a passage's length adds in the denominator, by the code of the length.
    lengths: [Score; 256],
    /// The same for what is most frequent: so many times, by the code of the length.
    few: [[Score; 256]; FEW],
}

/// Most words of a passage stand there less often.
const FEW: usize = 4;

impl Saturation {
    /// Over a field of an index.
    pub fn of(searcher: &Searcher, field: Field) -> tantivy::Result<Saturation> {
        let mean = searcher.total_num_tokens(field)? as Score / searcher.total_num_docs()? as Score;
        let length = |code: usize| FieldNormReader::id_to_fieldnorm(code as u8) as Score;
        let lengths =
            std::array::from_fn(|code| BM25_K1 * (1.0 - BM25_B + BM25_B * length(code) / mean));
        let few = std::array::from_fn(|times| lengths.map(|length| part(times as u32, length)));
        Ok(Saturation { lengths, few })
    }

    fn part(&self, length: u8, times: u32) -> Score {
        let length = usize::from(length);
        match self.few.get(times as usize) {
            Some(lengths) => lengths[length],
            None => part(times, self.lengths[length]),
        }
    }
}

fn part(times: u32, length: Score) -> Score {
    let times = times as Score;
    times / (times + length)
}
