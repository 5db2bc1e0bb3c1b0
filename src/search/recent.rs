//! Newer reports before older ones where both answer: a preference, on request, not an order by date.

use super::{LOADED_AT_ONCE, SearchRequest, Searcher};
use crate::engine::Engine;
use crate::error::Result;
use crate::passage::Passage;
use crate::rank::{Explanation, Ranking, recency};

impl<E: Engine> Searcher<E> {
    /// Weighs hits by the years of their reports and puts them in order.
    pub(super) fn prefer_recent(
        &self,
        ranking: &mut Ranking,
        request: &SearchRequest,
    ) -> Result<()> {
        let newest = self.newest_year()?;
        for hits in ranking.hits.chunks_mut(LOADED_AT_ONCE) {
            let passages = self.engine.load(hits)?;
            for (hit, passage) in hits.iter_mut().zip(&passages) {
                hit.score *= weight(passage, newest);
            }
            if request.until.is_over() {
                break;
            }
        }
        ranking.hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        Ok(())
    }

    /// The explanation of a hit's score, with the weight of its year.
    pub(super) fn explained_as_recent(
        &self,
        explanation: Explanation,
        passage: &Passage,
    ) -> Result<Explanation> {
        let newest = self.newest_year()?;
        let of = match passage.year() {
            Some(year) => format!("a report of {year}, where the newest is of {newest}"),
            None => "a report without a year".to_owned(),
        };
        Ok(explanation.times(weight(passage, newest), &of))
    }

    /// The last year of which the index has a report.
    fn newest_year(&self) -> Result<i64> {
        let years = self.engine.values("year")?;
        Ok(years.iter().filter_map(|year| year.parse().ok()).max().unwrap_or_default())
    }
}

fn weight(passage: &Passage, newest: i64) -> f32 {
    recency(passage.year().map(|year| newest - year))
}
