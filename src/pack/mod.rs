//! Evidence for a model: sentences of the best passages, within a budget of tokens.
//!
//! Passages are taken in the order of their rank, a few of each report before more of any. Of each come first the
//! sentences that show what matched; then all grow, sentence by sentence, while the budget lasts. Nothing is cut
//! inside a sentence, nothing stands there twice, and what is left out is said, with a cursor to it.

mod candidates;
mod sentences;
mod sources;
mod tokens;

use std::ops::Range;

pub use tokens::{TOKENIZER, Tokenizer};

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::passage::Passage;
use crate::rank::Total;
use crate::search::{SearchRequest, SearchResponse, Searcher};
use candidates::Candidates;
use sources::Taken;

/// The largest budget, in tokens.
pub const LARGEST_BUDGET: usize = 1_000_000;

/// The first sentences of passages fill this part (1 / n) of what the budget leaves beside the frame of the pack;
/// what surrounds them has the rest.
const SHARE_OF_FIRST: usize = 2;

/// Hardly a sentence has fewer tokens.
const SHORT_SENTENCE: usize = 8;

/// So many passages that are too long for the budget are passed over to find one that is not.
const MOST_PASSED_OVER: usize = 20;

/// Evidence, as much as fits.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What the search said beside its hits: the query as understood, the index, warnings. Its hits are empty.
    pub response: SearchResponse,
    /// The most tokens that the whole printed pack may have.
    pub budget: usize,
    /// The tokens that it has at most, by the bound of [`Tokenizer::count`].
    pub used: usize,
    /// What was found, best first.
    pub sources: Vec<Source>,
    /// What was found and is not here.
    pub left_out: LeftOut,
}

/// Pieces of a report that follow one another in a section.
#[derive(Clone, Debug)]
pub struct Source {
    /// From 1, within the pack.
    pub number: usize,
    /// That of the best of its passages.
    pub score: f32,
    /// The first of its passages; its location is that of all of them.
    pub passage: Passage,
    /// The passages, in the order of the report.
    pub pieces: Vec<Piece>,
    /// Words asked for that none of them has, as typed.
    pub missing: Vec<String>,
    /// Passages that say the same and are not shown, the first of them.
    pub copies: Vec<Passage>,
    /// How many more say the same.
    pub more_copies: usize,
}

/// Sentences of one passage.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The passage.
    pub passage: Passage,
    /// The bytes of its text that are shown: whole sentences, in order.
    pub shown: Vec<Range<usize>>,
    /// What stands between it and the piece before it: a blank within a paragraph, else an empty line.
    pub separator: &'static str,
}

/// What a pack does not have.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// How many passages that match are not in it.
    pub passages: u64,
    /// Ids of passages that were passed over because their first sentence alone is beyond the budget.
    pub too_long: Vec<String>,
    /// Give this back with the same request for what comes next; `None` when there is no more.
    pub cursor: Option<String>,
}

impl Source {
    /// What is shown of it; ` [...] ` stands for sentences that are left out.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            let own = piece.text();
            let is_gap = piece.shown.first().is_some_and(|shown| shown.start > 0)
                && !text.is_empty()
                && !text.ends_with("[...]");
            if !text.is_empty() {
                text.push_str(piece.separator);
            }
            if is_gap {
                text.push_str("[...] ");
            }
            text.push_str(&own);
            let end = piece.shown.last().map_or(0, |shown| shown.end);
            if end < piece.passage.text.trim_end().len() {
                text.push_str(" [...]");
            }
        }
        text.strip_suffix(" [...]").map(str::to_owned).unwrap_or(text)
    }
}

impl Piece {
    /// What is shown of the passage; ` [...] ` stands for sentences that are left out between others.
    pub fn text(&self) -> String {
        let shown = self.shown.iter().filter_map(|range| self.passage.text.get(range.clone()));
        shown.collect::<Vec<_>>().join(" [...] ")
    }
}

/// Searches and packs what is found into a budget of tokens. `print` is how the pack will be printed: all that
/// it prints counts. The cursor of the request is that of an earlier pack; its `limit` is the most passages.
///
/// # Errors
/// Those of [`Searcher::search`]; a budget that is too small for one sentence, or larger than [`LARGEST_BUDGET`].
pub fn pack<E: Engine>(
    searcher: &Searcher<E>,
    request: &SearchRequest,
    budget: usize,
    print: &dyn Fn(&Pack) -> String,
) -> Result<Pack> {
    if budget == 0 || budget > LARGEST_BUDGET {
        return Err(Error::Usage {
            message: format!("a budget of {budget} tokens cannot be filled"),
            hint: Some(format!("give 1 to {LARGEST_BUDGET}")),
        });
    }
    let tokenizer = Tokenizer::get()?;
    let candidates = Candidates::of(searcher, request)?;
    let taken = Taken::default();
    let mut packer = Packer { candidates, budget, tokenizer, print, taken };
    let frame = packer.cost(&packer.taken)?.min(budget);
    packer.take_first()?;
    packer.take(frame + (budget - frame) / SHARE_OF_FIRST)?;
    packer.grow()?;
    packer.take(budget)?;
    packer.grow()?;
    packer.finish()
}

struct Packer<'p, E> {
    candidates: Candidates<'p, E>,
    budget: usize,
    tokenizer: &'p Tokenizer,
    print: &'p dyn Fn(&Pack) -> String,
    taken: Taken,
}

impl<E: Engine> Packer<'_, E> {
    /// The pack of what is taken.
    fn pack(&self, taken: &Taken) -> Result<Pack> {
        let sources = taken.sources(&self.candidates);
        let shown: usize = sources
            .iter()
            .map(|source| source.pieces.len() + source.copies.len() + source.more_copies)
            .sum();
        let Total { passages, .. } = self.candidates.response.total;
        let left_out = LeftOut {
            passages: passages.saturating_sub(shown as u64),
            too_long: taken.too_long.iter().map(|&index| self.candidates.id(index)).collect(),
            cursor: self.candidates.cursor(taken.next),
        };
        let response = self.candidates.response.clone();
        Ok(Pack { response, budget: self.budget, used: self.budget, sources, left_out })
    }

    fn cost(&self, taken: &Taken) -> Result<usize> {
        Ok(self.tokenizer.count(&(self.print)(&self.pack(taken)?)))
    }

    /// Takes the first passage that fits; those before it are named as too long.
    fn take_first(&mut self) -> Result<()> {
        let mut least = usize::MAX;
        for _ in 0..=MOST_PASSED_OVER {
            let mut next = self.taken.clone();
            let is_last = !next.take(&self.candidates);
            let cost = self.cost(&next)?;
            if cost <= self.budget {
                self.taken = next;
                return Ok(());
            }
            least = least.min(cost);
            if is_last {
                break;
            }
            self.taken.pass_over();
        }
        Err(Error::Usage {
            message: format!(
                "a budget of {} tokens is too small for one sentence of what was found",
                self.budget
            ),
            hint: Some(format!("give at least {} tokens", least.max(self.budget) + 8)),
        })
    }

    /// Takes the first sentences of further passages, in order, as long as the whole stays within a limit.
    fn take(&mut self, limit: usize) -> Result<()> {
        loop {
            let most = self.candidates.len() - self.taken.next;
            let at = |count: usize, taken: &Taken, candidates: &Candidates<'_, E>| {
                let mut taken = taken.clone();
                for _ in 0..count {
                    taken.take(candidates);
                }
                taken
            };
            let count = self.most_that_fits(most, limit, &|packer, count| {
                at(count, &packer.taken, &packer.candidates)
            })?;
            self.taken = at(count, &self.taken, &self.candidates);
            if count < most || !self.candidates.load_more()? {
                return Ok(());
            }
        }
    }

    /// Adds the sentences around those that are taken, nearest first, a round over all passages after another.
    fn grow(&mut self) -> Result<()> {
        let steps = self.taken.steps(&self.candidates);
        let count = self.most_that_fits(steps.len(), self.budget, &|packer, count| {
            packer.taken.grown(steps.iter().take(count))
        })?;
        self.taken = self.taken.grown(steps.iter().take(count));
        self.taken.see(&self.candidates);
        Ok(())
    }

    /// The number of additions up to `most` whose pack fills a limit: by the slope of what is known, every third time by
    /// halves, until one more is too many or what is free is hardly a sentence.
    fn most_that_fits(
        &self,
        most: usize,
        limit: usize,
        at: &dyn Fn(&Self, usize) -> Taken,
    ) -> Result<usize> {
        let base = self.cost(&at(self, 0))?;
        let (mut fits, mut low) = (0, base);
        let (mut too_many, mut high) = (most + 1, None::<usize>);
        for round in 1.. {
            let free = limit.saturating_sub(low);
            if fits + 1 >= too_many || free <= SHORT_SENTENCE + limit / 500 {
                break;
            }
            let step = match high {
                Some(_) if round % 3 == 0 => (too_many - fits) / 2,
                Some(high) => free * (too_many - fits) / (high - low).max(1),
                None => (free * fits / (low - base).max(1)).min(7 * fits),
            };
            let next = fits + step.clamp(1, too_many - fits - 1);
            match self.cost(&at(self, next))? {
                cost if cost <= limit => (fits, low) = (next, cost.max(base)),
                cost => (too_many, high) = (next, Some(cost)),
            }
        }
        Ok(fits)
    }

    /// The pack with the number of tokens that it has, as far as saying so changes nothing.
    fn finish(self) -> Result<Pack> {
        let mut pack = self.pack(&self.taken)?;
        for _ in 0..4 {
            let used = self.tokenizer.count(&(self.print)(&pack));
            if used == pack.used {
                return Ok(pack);
            }
            pack.used = used;
        }
        pack.used = self.budget;
        Ok(pack)
    }
}
