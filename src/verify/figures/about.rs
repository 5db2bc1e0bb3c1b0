//! Which countries a claim is about, and whether a passage may be about one that no report of the index is about.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Claim;
use crate::countries::{About, folded_words, forms, is_country};
use crate::error::Result;
use crate::passage::Passage;
use crate::verify::Verifier;
use crate::verify::sources::Sources;

/// The countries that a claim is about: those that its sentence names, else those of the headings over it. One that no
/// report is about is asked for beside these.
pub fn about(claim: &Claim, known: &Sources) -> About {
    let mut about = known.countries.about(&claim.sentence);
    if !about.known.is_empty() {
        (about.others, about.names) = Default::default();
        return about;
    }
    let place = known.countries.about_by_names(&claim.place);
    // `Ghanaian courts` are no courts of the country of the heading.
    let names_none = about.others.is_empty() && about.of_known.is_empty();
    if names_none && place.known.is_empty() {
        (about.others, about.names) = (place.others, place.names);
    }
    about.known = place.known;
    if about.known.is_empty() && about.others.is_empty() {
        about.known = std::mem::take(&mut about.of_known);
    }
    about
}

impl About {
    /// All that the countries may be called, folded.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.known.iter().chain(&self.names)
    }

    /// What is to be said where nothing is found. Where no report says of which country it is, nothing is known of that.
    pub fn note(&self, known: &Sources) -> Option<String> {
        let countries = self.others.join(" or ");
        let is_known = !self.others.is_empty() && !known.countries.is_empty();
        is_known.then(|| format!("no report of the index is about {countries}"))
    }
}

impl Verifier<'_> {
    /// The ids of passages that are about a country that no report is about, whatever their sentences name: under a heading
    /// with its name, or in a report that names it and is not known to be about another.
    pub(super) fn about_others(
        &mut self,
        passages: &[Passage],
        about: &About,
    ) -> Result<FxHashSet<String>> {
        let mut found = FxHashSet::default();
        let mut reports: FxHashMap<&str, bool> = FxHashMap::default();
        for passage in passages.iter().filter(|_| !about.others.is_empty()) {
            let names = |text: &String| about.has_other(&folded_words(text));
            let metadata = &passage.report.metadata;
            let countries = || metadata.get("country").into_iter().flatten();
            // Who published a report has the name of a country too, and of a person what is like one.
            let titles = metadata.get("title").into_iter().flatten();
            let is_about = if countries().chain(titles).chain(&passage.trail).any(names) {
                true
            } else if countries().any(|name| forms(name).iter().any(|form| is_country(form))) {
                false
            } else if let Some(is_about) = reports.get(passage.report.doc_id.as_str()) {
                *is_about
            } else {
                let document = self.document(&passage.report.doc_id)?;
                let is_about = document.iter().any(|it| names(&it.text));
                reports.insert(&passage.report.doc_id, is_about);
                is_about
            };
            found.extend(is_about.then(|| passage.id.clone()));
        }
        Ok(found)
    }
}
