//! `tipsearch QUERY`: search.

use super::args::{Common, Format, SearchArgs, SortBy};
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::engine::Engine;
use crate::error::Result;
use crate::index;
use crate::render::{json, markdown, terminal};
use crate::search::{MOST_HITS, SearchRequest, SearchResponse, Sort};

/// A shelf of more files than this is not compared with its index at every search.
const MOST_COMPARED: usize = 2000;

/// Runs the command.
pub fn run(arguments: &SearchArgs, common: &Common, output: &Output) -> Result<u8> {
    let session = Session::open(common, output)?;
    let request = request(arguments, common.quiet);
    std::thread::scope(|scope| {
        let looks = !output.quiet && session.path.is_some();
        let staleness = looks
            .then(|| scope.spawn(|| index::staleness(session.searcher.engine(), MOST_COMPARED)));
        let response = session.searcher.search(&request)?;
        if !output.quiet {
            print(&response, arguments, common, output, &session)?;
        }
        // What cannot be compared now is not worth failing a search that has been answered.
        let changed = staleness.and_then(|thread| thread.join().ok()?.ok()).unwrap_or(0);
        if changed > 0 {
            let files = if changed == 1 { "1 file has" } else { &format!("{changed} files have") };
            let update = update_command(common);
            output.note(&format!("{files} changed since indexing; run `{update}`"));
        }
        Ok(if response.hits.is_empty() { NOTHING_FOUND } else { FOUND })
    })
}

fn update_command(common: &Common) -> String {
    match &common.index {
        Some(index) => format!("tipsearch index --index {}", index.display()),
        None => "tipsearch index".to_owned(),
    }
}

fn request(arguments: &SearchArgs, quiet: bool) -> SearchRequest {
    SearchRequest {
        filter: arguments.filter.clone(),
        section: arguments.section.clone(),
        limit: arguments.limit.unwrap_or(match arguments.documents_with_matches {
            true => MOST_HITS,
            false => 10,
        }),
        cursor: arguments.cursor.clone(),
        per_document: if arguments.documents_with_matches {
            Some(1)
        } else {
            arguments.per_document
        },
        merge_neighbours: arguments.merge,
        context: arguments.context,
        literal: arguments.literal,
        exact_total: arguments.count,
        // Scripts that count, list or test must not take other words for the phrase they asked for.
        relax: !(arguments.count || arguments.documents_with_matches || quiet),
        explain: arguments.explain,
        sort: match arguments.sort {
            SortBy::Score => Sort::Score,
            SortBy::Date => Sort::Date,
            SortBy::Document => Sort::Document,
        },
        ..SearchRequest::new(arguments.query.join(" "))
    }
}

fn print(
    response: &SearchResponse,
    arguments: &SearchArgs,
    common: &Common,
    output: &Output,
    session: &Session,
) -> Result<()> {
    let format = if common.json { Format::Json } else { arguments.format.unwrap_or(Format::Text) };
    if arguments.count && format == Format::Text {
        return output.print(&format!("{}\n", response.total.passages));
    }
    if arguments.documents_with_matches && format == Format::Text {
        if response.next_cursor.is_some() {
            output.note("there are more documents; go on with `-n` or narrow the query");
        }
        let ids = response
            .hits
            .iter()
            .map(|hit| format!("{}\n", crate::render::clean(&hit.passage.report.doc_id)));
        return output.print(&ids.collect::<String>());
    }
    if matches!(format, Format::Jsonl | Format::Markdown) {
        response.warnings.iter().for_each(|warning| output.note(warning));
    }
    match format {
        Format::Json => output.json(&json::response(response)),
        Format::Jsonl => {
            let lines = response.hits.iter().map(|hit| format!("{}\n", json::hit(hit)));
            output.print(&lines.collect::<String>())
        }
        Format::Markdown => output.document(&markdown::response(response)),
        Format::Text => {
            let roots = session.searcher.engine().summary().roots.clone();
            let look = output.look(roots, arguments.scores || arguments.explain);
            output.print(&terminal::response(response, &look))
        }
    }
}
