//! Honest absence: what was searched for, over what, what comes near, and what could not be read, so that "not
//! mentioned" is a finding.

use std::collections::HashSet;

use super::{Found, SearchRequest, Searcher};
use crate::engine::{Engine, Listed};
use crate::error::Result;
use crate::query::{Query, WordForms};
use crate::rank::Total;

/// So many passages that come near are shown.
const MOST_NEAR: usize = 5;

/// What readers leave out of documents, by the ends of their names.
const LEFT_OUT: [(&[&str], &str); 3] = [
    (
        &["docx", "docm", "dotx", "odt", "ott", "rtf"],
        "of word processors' files page headers and footers, hidden text and deleted changes",
    ),
    (&["pdf"], "of PDF running footers and page numbers"),
    (
        &["htm", "html", "xhtml", "xht", "mht"],
        "of web pages what stands beside their main text, unless `[read] keep_all` is set",
    ),
];

/// What stands beside an answer in every form.
#[derive(Clone, Debug)]
pub struct Exhaustive {
    /// What each word was searched for as; for synonyms and compounds see the expansions of the answer.
    pub forms: Vec<WordForms>,
    /// Where nothing matches: the best passages with some of the words.
    pub near_misses: Vec<Found>,
    /// What there was to search: all that fields and headings leave, whatever words it has.
    pub searched: Total,
    /// Files that could not be read, or not to their end, which may therefore say it: their ids, and why.
    pub not_read: Vec<(String, String)>,
    /// Files that have changed since they were indexed, and may say it now; `None` where nobody has looked, as where
    /// the files are not here. Whoever asks looks: an engine knows no files.
    pub changed_files: Option<usize>,
    /// Pieces of the index that are not as they were written, where nothing was found: what they held may say it.
    pub damaged: Vec<String>,
    /// Where nothing was found, how many passages match but for what is excluded: the titles above them have it too.
    pub excluded: u64,
    /// What is left out of the documents that there are by design, whatever it says.
    pub left_out: Vec<&'static str>,
    /// Whether what the words are also called was searched for too.
    pub has_synonyms: bool,
    /// Whether the time was over before all was looked at.
    pub is_cut: bool,
}

impl Exhaustive {
    /// Whether what was searched is all there is, and anything, so that nothing found means not mentioned.
    pub fn is_complete(&self) -> bool {
        !self.is_cut && self.searched.passages > 0 && self.doubts().is_empty()
    }

    /// Why what was searched is not all that is to be searched.
    pub fn doubts(&self) -> Vec<String> {
        let changed = match self.changed_files.unwrap_or(0) {
            0 => None,
            1 => Some(
                "1 file has changed since indexing, and may say it now: index again".to_owned(),
            ),
            files => Some(format!(
                "{files} files have changed since indexing, and may say it now: index again"
            )),
        };
        let synonyms = (!self.has_synonyms)
            .then(|| "synonyms were not searched for: other words may say it".to_owned());
        let not_read = match self.not_read.len() {
            0 => None,
            1 => Some("1 file could not be read, or not whole, and may say it".to_owned()),
            files => Some(format!("{files} files could not be read, or not whole, and may say it")),
        };
        let damaged = self.damaged.first().map(|piece| {
            format!("the index is damaged (`{piece}`): make it anew with `tipsearch index --force`")
        });
        let excluded = (self.excluded > 0).then(|| {
            format!(
                "without what is excluded {} would match: titles above a text count too",
                passages(self.excluded)
            )
        });
        let doubts = [not_read, changed, synonyms, damaged, excluded];
        doubts.into_iter().flatten().collect()
    }
}

fn passages(count: u64) -> String {
    format!("{count} passage{}", if count == 1 { "" } else { "s" })
}

impl<E: Engine> Searcher<E> {
    /// What is to be said beside the answer to a broadened query.
    pub(super) fn exhaustive(
        &self,
        query: &Query,
        request: &SearchRequest,
        is_found: bool,
    ) -> Result<Exhaustive> {
        let forms = query.word_forms(self.engine.vocabulary())?;
        let near_misses = match is_found {
            true => Vec::new(),
            false => {
                let loose = SearchRequest {
                    exhaustive: false,
                    relax: true,
                    exact_total: false,
                    cursor: None,
                    limit: MOST_NEAR,
                    ..request.clone()
                };
                self.search(&loose)?.hits
            }
        };
        let documents = self.engine.documents()?;
        let lacking = |listed: &Listed| Some((listed.doc_id.clone(), listed.lacks()?));
        let not_read = documents.iter().filter_map(lacking).collect();
        let left_out = left_out(documents);
        // It is the answer's ground, and cheap: a few lists of postings.
        let searched = self.engine.total(&query.restriction().unhurried(), true)?;
        let has_synonyms = request.synonyms && request.forms && !request.literal;
        let (damaged, excluded) = match is_found {
            true => (Vec::new(), 0),
            false => {
                let damage = self.engine.damage()?;
                (
                    damage.into_iter().map(|(piece, _)| piece).collect(),
                    self.but_for_excluded(query)?,
                )
            }
        };
        let (changed_files, is_cut) = (None, request.until.has_cut());
        Ok(Exhaustive {
            forms,
            near_misses,
            searched,
            not_read,
            changed_files,
            damaged,
            excluded,
            left_out,
            has_synonyms,
            is_cut,
        })
    }
}

fn left_out(documents: &[Listed]) -> Vec<&'static str> {
    let ends: HashSet<String> = documents
        .iter()
        .filter(|listed| listed.is_document())
        .filter_map(|listed| Some(listed.doc_id.rsplit_once('.')?.1.to_lowercase()))
        .collect();
    let is_met = |(names, _): &&(&[&str], &str)| names.iter().any(|name| ends.contains(*name));
    LEFT_OUT.iter().filter(is_met).map(|(_, what)| *what).collect()
}
