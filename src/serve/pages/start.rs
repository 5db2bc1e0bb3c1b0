//! The first page: the field to ask in, how to ask, and the reports that there are, by country, year and language.

use maud::{Markup, html};

use super::facets::of_catalog;
use super::language::examples;
use super::reading_address;
use super::search::{Asked, chosen, filters, form, to_filters};
use crate::engine::Engine;
use crate::render::terminal::{count, grouped};

/// Reports on a page.
const REPORTS: usize = 60;

/// The content of the page.
pub fn start(asked: &Asked<'_>) -> Markup {
    let (listed, facets) = of_catalog(asked.open, asked.chosen);
    let pages = listed.len().div_ceil(REPORTS).max(1);
    let page = asked.page.min(pages);
    let shown = listed.iter().skip((page - 1) * REPORTS).take(REPORTS);
    let all = asked.open.engine().summary().documents;
    html! {
        h1.visually-hidden { "Search reports" }
        (form(asked))
        @if asked.chosen.is_empty() && page == 1 {
            section.language { h2 { "How to ask" } (examples(asked.open)) }
        }
        div.columns {
            section {
                h2.first {
                    @if asked.chosen.is_empty() { (count(all, "report")) }
                    @else { (grouped(listed.len() as u64)) " of " (count(all, "report")) }
                }
                (chosen(asked))
                (to_filters(&facets))
                ul.plain.reports {
                    @for listed in shown {
                        li { a dir="auto" href=(reading_address(asked.open, &listed.doc_id, None)) { (listed.title) } }
                    }
                }
                @if pages > 1 {
                    nav.pager aria-label="Pages" {
                        @if page > 1 { a rel="prev" href=(asked.at_page(page - 1)) { "Previous" } }
                        span { "Page " (page) " of " (pages) }
                        @if page < pages { a rel="next" href=(asked.at_page(page + 1)) { "Next" } }
                    }
                }
            }
            (filters(asked, &facets))
        }
    }
}
