//! How many passages prose matches, and of how many documents: of each word all passages are put into a set, where that costs
//! little of what it costs to go from passage to passage.

use rustc_hash::FxHashSet;

use super::among::Among;
use super::phrase::PhraseScorer;
use super::prose::{Opened, Over};
use super::weighed::Weighed;
use crate::rank::{Deadline, Watch};

impl Opened<'_> {
    /// The passages that have any part of it and are among those that are asked for, and their documents by number; those
    /// found so far when the time is over.
    pub fn count(&self, until: &Deadline) -> tantivy::Result<(u64, FxHashSet<u64>)> {
        let (mut passages, mut documents) = (0, FxHashSet::default());
        let mut watch = until.watch();
        for segment in 0..self.searcher.segment_readers().len() {
            let over = self.over(segment)?;
            let found = self.found(&over, &mut watch)?;
            let document = over.reader.fast_fields().u64("doc")?;
            let alive = over.reader.alive_bitset();
            let mut last = None;
            for doc in found.iter().filter(|&doc| alive.is_none_or(|alive| alive.is_alive(doc))) {
                passages += 1;
                // Those of a document lie side by side.
                let own = document.first(doc);
                if own != last {
                    documents.extend(own);
                    last = own;
                }
            }
        }
        Ok((passages, documents))
    }

    /// The passages of a segment, those too that are deleted.
    fn found(&self, over: &Over<'_>, watch: &mut Watch) -> tantivy::Result<Among> {
        let mut found = Among::none(over.reader.max_doc());
        let words = self.parts.iter().filter_map(|part| part.word.as_ref());
        for word in words {
            if let Some(mut list) = over.opening.list(word.rarest)? {
                list.each_before(over.reader.max_doc(), |doc, _| found.add(doc));
            }
        }
        if let Some(among) = over.among {
            found.keep(among);
        }
        for phrase in self.parts.iter().flat_map(|part| &part.phrases) {
            add_phrase(phrase, over, &mut found, watch)?;
        }
        Ok(found)
    }
}

/// Adds the passages of a segment that have a phrase, as far as they are asked for.
fn add_phrase(
    phrase: &Weighed,
    over: &Over<'_>,
    found: &mut Among,
    watch: &mut Watch,
) -> tantivy::Result<()> {
    if !over.opening.has_all(&phrase.terms) {
        return Ok(());
    }
    let Some(mut list) = over.opening.list(phrase.rarest)? else { return Ok(()) };
    let is_asked = |doc| over.among.is_none_or(|among| among.has(doc));
    let mut hopefuls = Vec::new();
    list.each_before(over.reader.max_doc(), |doc, _| {
        hopefuls.extend((is_asked(doc) && !found.has(doc)).then_some(doc));
    });
    let mut scorer = PhraseScorer::new(phrase);
    for doc in hopefuls.into_iter().take_while(|_| !watch.is_over()) {
        let length = over.lengths.fieldnorm_id(doc);
        if scorer.score(doc, length, 0.0, &over.opening)? > 0.0 {
            found.add(doc);
        }
    }
    Ok(())
}
