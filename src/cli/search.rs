//! `tipsearch QUERY`: search.

use clap::ValueEnum;

use super::args::{Common, Format, SearchArgs};
use super::export::Export;
use super::fresh::changed;
use super::output::Output;
use super::pack;
use super::replay;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::engine::Engine;
use crate::error::Result;
use crate::index::changed_files;
use crate::query::ExpansionSource;
use crate::receipt::{Receipt, Returned};
use crate::render::{clean, json, terminal};
use crate::search::{Found, MOST_HITS, SearchRequest, SearchResponse};

/// Runs the command.
pub fn run(arguments: &SearchArgs, common: &Common, output: &Output) -> Result<u8> {
    let request = request(arguments, common.quiet);
    let format = if common.json { Format::Json } else { format(arguments) };
    let export = match arguments.budget {
        Some(_) => None,
        None => Export::asked(arguments, format, output.quiet)?,
    };
    // What other programs read are answers, not what comes near.
    let request = SearchRequest { relax: request.relax && export.is_none(), ..request };
    let session = Session::searching(&arguments.synonyms, common, output, &request.query)?;
    let code = match arguments.budget {
        Some(budget) => pack::run(arguments, budget, &request, common, &session, output)?,
        None => answer(arguments, &request, format, export, common, &session, output)?,
    };
    // It has been said where it matters.
    let session = if arguments.assert_none { session.silent() } else { session };
    session.leave(common, output);
    Ok(code)
}

/// Searches, and prints or writes what is found, with a receipt where one is asked for.
fn answer(
    arguments: &SearchArgs,
    request: &SearchRequest,
    format: Format,
    export: Option<Export<'_>>,
    common: &Common,
    session: &Session,
    output: &Output,
) -> Result<u8> {
    let searcher = &session.searcher;
    let mut returned = Vec::new();
    let mut each = |found: &Found| {
        if arguments.receipt.is_some() {
            returned.push(Returned::of(found));
        }
    };
    let response = match export {
        Some(export) => export.run(searcher, request, output, &mut each)?,
        None => {
            let mut response = searcher.search(request)?;
            // People are told of it beside the answer, programs in it.
            let in_data = response.exhaustive.as_mut().filter(|_| format == Format::Json);
            if let Some(exhaustive) = in_data {
                exhaustive.changed_files = changed_files(searcher.engine(), &session.store);
            }
            response.hits.iter().for_each(each);
            response
        }
    };
    if let Some(path) = &arguments.receipt {
        let receipt = Receipt::of(searcher, request, arguments.all, &response, returned);
        replay::write(path, &receipt)?;
    }
    if export.is_some() || arguments.count || arguments.documents_with_matches {
        say_expansions(&response, output);
    }
    if export.is_none() && !output.quiet {
        print(&response, arguments, format, output, session)?;
    }
    let is_found = response.total.passages > 0 && !response.is_relaxed;
    Ok(match (arguments.assert_none, is_found) {
        (true, false) => none_found(&response, session, common, output)?,
        (true, true) | (false, false) => NOTHING_FOUND,
        (false, true) => FOUND,
    })
}

/// Says what was searched for beside what was typed, and which words are nowhere, where the answer itself does not.
fn say_expansions(response: &SearchResponse, output: &Output) {
    if !response.unknown.is_empty() {
        output.note(&terminal::nowhere(response));
    }
    for expansion in &response.expansions {
        let Some(told) = terminal::searched_as(expansion, response) else { continue };
        output.note(&match expansion.by {
            ExpansionSource::Thesaurus => format!("{told}; `--no-synonyms` searches as typed"),
            _ => told,
        });
    }
    response.warnings.iter().for_each(|warning| output.note(&clean(warning)));
}

/// The exit code where nothing must be found, and nothing was: what could not be read, or has changed since, may say it.
fn none_found(
    response: &SearchResponse,
    session: &Session,
    common: &Common,
    output: &Output,
) -> Result<u8> {
    let exhaustive = response.exhaustive.as_ref();
    let doubt = if exhaustive.is_some_and(|it| it.searched.passages == 0) {
        "no passage was searched: nothing has what the filters ask for".to_owned()
    } else if let Some(doubt) = exhaustive.and_then(|it| it.doubts().into_iter().next()) {
        doubt
    } else if exhaustive.is_none_or(|it| it.changed_files.is_none())
        && let Some(changed) = changed(session, common)?
    {
        // Programs were told already how many files have changed.
        changed
    } else {
        let roots = &session.searcher.engine().summary().roots;
        if !roots.iter().all(|root| root.exists()) {
            output.note("the files of this index are not here: what they say now is not known");
        }
        return Ok(FOUND);
    };
    output.warning(&format!("nothing was found, but {doubt}"));
    Ok(NOTHING_FOUND)
}

/// The format that is asked for, or that the name of the file to write has.
fn format(arguments: &SearchArgs) -> Format {
    let named = arguments.output.as_ref().and_then(|path| path.extension()?.to_str());
    let by_name =
        || Format::from_str(if named == Some("md") { "markdown" } else { named? }, true).ok();
    arguments.format.or_else(by_name).unwrap_or(Format::Text)
}

fn request(arguments: &SearchArgs, quiet: bool) -> SearchRequest {
    let is_counted = arguments.count || arguments.documents_with_matches || quiet;
    SearchRequest {
        filter: arguments.filter.clone(),
        section: arguments.section.clone(),
        // None is no limit, as in other commands.
        limit: match arguments.limit {
            Some(0) => MOST_HITS,
            None if arguments.documents_with_matches => MOST_HITS,
            limit => limit.unwrap_or(10),
        },
        cursor: arguments.cursor.clone(),
        per_document: if arguments.documents_with_matches {
            Some(1)
        } else {
            arguments.per_document
        },
        merge_neighbours: arguments.merge,
        // Every document is named then.
        copies: arguments.copies || arguments.documents_with_matches,
        context: arguments.context,
        literal: arguments.literal,
        synonyms: !arguments.synonyms.no_synonyms,
        exhaustive: arguments.exhaustive || arguments.assert_none,
        feedback: arguments.feedback,
        like: arguments.like.clone(),
        // What only means what was asked for is not counted.
        lexical: arguments.lexical || is_counted,
        // A receipt is for a methods section.
        exact_total: arguments.count || arguments.receipt.is_some(),
        // Scripts that count, list or test must not take other words for the phrase they asked for, and nobody who
        // searches again.
        relax: !(is_counted || arguments.receipt.is_some()),
        corrects: !(is_counted || arguments.receipt.is_some()),
        explain: arguments.explain,
        sort: arguments.sort.order(),
        ..SearchRequest::new(arguments.query.join(" "))
    }
}

fn print(
    response: &SearchResponse,
    arguments: &SearchArgs,
    format: Format,
    output: &Output,
    session: &Session,
) -> Result<()> {
    if arguments.count && format == Format::Text {
        return output.print(&format!("{}\n", response.total.passages));
    }
    if arguments.documents_with_matches && format == Format::Text {
        if response.next_cursor.is_some() {
            output.note("there are more documents; go on with `-n` or narrow the query");
        }
        let ids =
            response.hits.iter().map(|hit| format!("{}\n", clean(&hit.passage.report.doc_id)));
        return output.print(&ids.collect::<String>());
    }
    match format {
        Format::Json => {
            let mut answer = json::response(response);
            if arguments.count {
                answer["hits"] = serde_json::json!([]);
                answer["next_cursor"] = serde_json::Value::Null;
            }
            output.json(&answer)
        }
        _ => {
            let roots = session.searcher.engine().summary().roots.clone();
            let look = output.look(roots, arguments.scores || arguments.explain);
            output.print(&terminal::response(response, &look))
        }
    }
}
