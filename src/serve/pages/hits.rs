//! The hits of a page, the way to the other pages, and at their end what they do not show.

use maud::{Markup, html};

use super::facets::Facets;
use super::marks::marked;
use super::reading_address;
use super::search::{Asked, HITS, LAST_PAGE};
use super::text::{Piece, piece, shown};
use crate::passage::Passage;
use crate::render::terminal::grouped;
use crate::render::{Lit, location_text, short_citation};
use crate::search::{Found, SearchResponse};
use crate::serve::operations::Open;

/// Where the hits stand, for who passes over what is before them.
pub const HITS_ID: &str = "hits";

/// The hits of a page.
pub fn hits(asked: &Asked<'_>, response: &SearchResponse, facets: &Facets) -> Markup {
    let first = (asked.page - 1) * HITS;
    html! {
        ol.hits start=(first + 1) id=(HITS_ID) tabindex="-1" {
            @for found in &response.hits { li { (hit(asked, found, facets)) } }
        }
    }
}

fn hit(asked: &Asked<'_>, found: &Found, facets: &Facets) -> Markup {
    let passage = &found.passage;
    let link = asked.question.in_report(asked.open, &passage.report.doc_id, Some(&passage.id));
    html! {
        article data-hit lang=[passage.report.lang.as_deref()] {
            h2.trail { a href=(link) dir="auto" { (trail(found)) } }
            @for fragment in &found.fragments {
                @let text = passage.text.get(fragment.bytes.clone()).unwrap_or_default();
                @let inside = fragment.marks.iter().filter_map(|&at| found.marks.get(at));
                (shown(text, inside.map(|mark| Lit::from(mark).after(fragment.bytes.start))))
            }
            @if let Some(next) = &found.continuation {
                @let text = next.passage.text.get(next.bytes.clone()).unwrap_or_default();
                (piece(&Piece { before: "→ ", text, after: "" }, next.marks.iter()))
            }
            div.about {
                bdi { (location_text(passage)) }
                @if let Some(year) = passage.year() { " · " (year) }
                @if !found.missing.is_empty() { " · " span.missing { "without: " (found.missing.join(", ")) } }
                @if !found.copies.is_empty() { " · the same text in " (found.copies.len()) " more" }
                (cite(asked.open, passage))
                a.like rel="nofollow" href=(asked.like(&passage.id)) { "More like this" }
                (others(asked, passage, facets))
            }
        }
    }
}

/// The way to all passages of a report that has more of them than are shown.
fn others(asked: &Asked<'_>, passage: &Passage, facets: &Facets) -> Markup {
    let doc_id = &passage.report.doc_id;
    let all = facets.of_reports.get(doc_id).copied().unwrap_or(0);
    html! {
        @if facets.most.is_some_and(|most| all > most as u64) {
            a.like rel="nofollow" href=(asked.toggled(&format!("doc:{doc_id}"))) {
                @if facets.total.is_some() { "All " (grouped(all)) " of this report" } @else { "More of this report" }
            }
        }
    }
}

/// The headings from the title down, with what matched in them.
fn trail(found: &Found) -> Markup {
    html! {
        @for (part, heading) in found.passage.trail.iter().enumerate() {
            @let inside = found.section_marks.iter().filter(|mark| mark.part == part);
            @let heading = marked(heading, inside.map(|mark| &mark.mark));
            @if part > 0 { span.step { " › " } span.under { (heading) } } @else { (heading) }
        }
    }
}

/// The citation, to be read or copied, and the address of the passage.
pub fn cite(open: &Open, passage: &Passage) -> Markup {
    let link = reading_address(open, &passage.report.doc_id, Some(&passage.id));
    let citation = short_citation(passage);
    html! {
        details.cite {
            summary { "Cite" }
            span dir="auto" { (citation) }
            button type="button" hidden data-copy=(citation) { "Copy citation" }
            button type="button" hidden data-link=(link) { "Copy link" }
        }
    }
}

/// The way to the page before and the next.
pub fn pager(asked: &Asked<'_>, response: &SearchResponse, facets: &Facets) -> Markup {
    let has_next = response.next_cursor.is_some() && asked.page < LAST_PAGE;
    html! {
        nav.pager aria-label="Pages" {
            @if asked.page > 1 { a rel="prev" href=(asked.at_page(asked.page - 1)) { "Previous" } }
            @if asked.page > 1 || has_next { span { "Page " (asked.page) } }
            @if has_next { a rel="next" href=(asked.at_page(asked.page + 1)) { "Next" } }
        }
        @if !has_next && !response.hits.is_empty() { (end(asked, response, facets)) }
    }
}

/// Why the pages end here, where there is more.
fn end(asked: &Asked<'_>, response: &SearchResponse, facets: &Facets) -> Markup {
    let shown = asked.shown(response);
    let counted = response.total.is_exact.then_some(response.total.passages);
    let total = facets.total.map(|(passages, _)| passages).or(counted);
    let has_more = total.is_none_or(|total| total > shown);
    html! {
        @if response.next_cursor.is_some() {
            p.quiet {
                "Pages end with hit " (grouped(shown)) ". "
                @if !facets.is_of_other {
                    "For those behind it choose a filter, or " a href="#exports" { "export all hits" } "."
                }
            }
        } @else if let (true, Some(most)) = (has_more, facets.most) {
            p.quiet {
                "Of each report at most " (most) " passages are shown: " (grouped(shown))
                @if let Some(total) = total { " of " (grouped(total)) } ". "
                a href=(asked.with_most(Some(0))) rel="nofollow" { "Show all" }
            }
        } @else if total.is_some_and(|total| total > shown) {
            p.quiet { "Passages with the same text are shown once." }
        }
    }
}
