//! A word of a query with the phrases beside it, over the postings of one segment: what scores best of them counts.

use tantivy::{DocId, Score};

use super::bm25::Similarity;
use super::lists::{List, Opening};
use super::phrase::PhraseScorer;
use super::weighed::{Weighed, WeighedPart};

/// See the module.
pub struct Part<'a> {
    /// `None` where the segment lacks it.
    pub word: Option<Word<'a>>,
    /// Those whose words the segment has.
    pub phrases: Vec<Phrases<'a>>,
    /// The most that it can score.
    pub most: Score,
}

/// A word, and the passages that have it.
pub struct Word<'a> {
    pub list: List,
    /// How it scores.
    pub similarity: &'a Similarity,
}

/// Phrases with the same rarest word: they stand nowhere more often than that.
pub struct Phrases<'a> {
    rarest: usize,
    /// The passages that have it.
    pub list: List,
    /// How the one of them scores that can score most.
    pub best: &'a Similarity,
    scorers: Vec<PhraseScorer<'a>>,
}

/// What a part scores in a passage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PartScore {
    /// What its word scores.
    pub word: Score,
    /// The most that one of its phrases can score.
    pub phrases: Score,
}

impl PartScore {
    /// The most that it can be.
    pub fn most(self) -> Score {
        self.word.max(self.phrases)
    }
}

impl<'a> Part<'a> {
    /// A part over the segment that is opened.
    pub fn open(part: &'a WeighedPart, opening: &Opening<'_>) -> tantivy::Result<Part<'a>> {
        let mut phrases: Vec<Phrases<'a>> = Vec::new();
        for phrase in part.phrases.iter().filter(|phrase| opening.has_all(&phrase.terms)) {
            match phrases.iter_mut().find(|known| known.rarest == phrase.rarest) {
                Some(known) => known.add(phrase),
                None => phrases.extend(Phrases::open(phrase, opening)?),
            }
        }
        let mut word = None;
        if let Some(Weighed { rarest, similarity, .. }) = &part.word {
            word = opening.list(*rarest)?.map(|list| Word { list, similarity });
        }
        let most = phrases.iter().map(|phrases| phrases.best.most);
        let most = most.chain(word.as_ref().map(|word| word.similarity.most)).fold(0.0, Score::max);
        Ok(Part { word, phrases, most })
    }

    /// How many passages have it, or the rarest words of its phrases.
    pub fn passages(&self) -> u64 {
        let lists = self.phrases.iter().map(|phrases| &phrases.list);
        lists.chain(self.word.as_ref().map(|word| &word.list)).map(List::passages).sum()
    }

    /// The first passage from one on that has anything of it.
    pub fn next_from(&mut self, doc: DocId) -> Option<DocId> {
        let word = self.word.as_mut().and_then(|word| word.list.next_from(doc));
        let phrases = self.phrases.iter_mut().filter_map(|phrases| phrases.list.next_from(doc));
        phrases.chain(word).min()
    }

    /// What it scores in a passage whose length has that code. Passages are asked for in their order.
    pub fn look(&mut self, doc: DocId, length: u8) -> PartScore {
        let word = self
            .word
            .as_mut()
            .map_or(0.0, |Word { list, similarity }| similarity.score(length, list.times_at(doc)));
        let bounds = self.phrases.iter_mut();
        let bounds =
            bounds.map(|Phrases { list, best, .. }| best.score(length, list.times_at(doc)));
        PartScore { word, phrases: bounds.fold(0.0, Score::max) }
    }

    /// What it scores by the phrases that do stand there; 0 where that is no more than `more_than`.
    pub fn look_closely(
        &mut self,
        doc: DocId,
        length: u8,
        mut more_than: Score,
        opening: &Opening<'_>,
    ) -> tantivy::Result<Score> {
        let mut found: Score = 0.0;
        for Phrases { list, scorers, .. } in &mut self.phrases {
            let times = list.times_at(doc);
            for phrase in scorers {
                if phrase.similarity().score(length, times) > more_than {
                    found = found.max(phrase.score(doc, length, more_than, opening)?);
                    more_than = more_than.max(found);
                }
            }
        }
        Ok(found)
    }
}

impl<'a> Phrases<'a> {
    /// One phrase; `None` where the segment lacks its rarest word.
    fn open(phrase: &'a Weighed, opening: &Opening<'_>) -> tantivy::Result<Option<Phrases<'a>>> {
        let Weighed { rarest, similarity, .. } = phrase;
        let (rarest, best) = (*rarest, similarity);
        let scorers = vec![PhraseScorer::new(phrase)];
        Ok(opening.list(rarest)?.map(|list| Phrases { rarest, list, best, scorers }))
    }

    fn add(&mut self, phrase: &'a Weighed) {
        if self.best.most < phrase.similarity.most {
            self.best = &phrase.similarity;
        }
        self.scorers.push(PhraseScorer::new(phrase));
    }
}
