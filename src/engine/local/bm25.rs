//! BM25 of words and phrases over the main field, as tantivy has it, for what is scored here passage by passage:
//! each term is looked up once, and what a passage can score at most is known before its positions are read.

use std::rc::Rc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Score, Searcher, Term};

use crate::rank::{BM25_B, BM25_K1, rarity};

/// Terms of a field by number, and what the index knows of them.
pub struct Terms {
    terms: Vec<Known>,
    passages: u64,
    /// What a passage's length adds in the denominator, by the code of the length.
    lengths: Rc<[Score; 256]>,
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
    pub fn of(searcher: &Searcher, field: Field) -> tantivy::Result<Terms> {
        let passages = searcher.total_num_docs()?;
        let mean = searcher.total_num_tokens(field)? as Score / passages as Score;
        let length = |code: usize| FieldNormReader::id_to_fieldnorm(code as u8) as Score;
        let lengths =
            std::array::from_fn(|code| BM25_K1 * (1.0 - BM25_B + BM25_B * length(code) / mean));
        Ok(Terms { terms: Vec::new(), passages, lengths: Rc::new(lengths) })
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
        Similarity { most: rarity * (1.0 + BM25_K1) * by, lengths: Rc::clone(&self.lengths) }
    }
}

/// How a word or a phrase scores (Robertson and Walker 1994).
pub struct Similarity {
    /// What nothing reaches: the score of a word that stands everywhere in a passage.
    pub most: Score,
    lengths: Rc<[Score; 256]>,
}

impl Similarity {
    /// The score where it stands so many times in a passage whose length has this code.
    pub fn score(&self, length: u8, times: u32) -> Score {
        let times = times as Score;
        let length = self.lengths.get(usize::from(length)).copied().unwrap_or_default();
        self.most * (times / (times + length))
    }
}
