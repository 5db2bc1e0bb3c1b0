//! `tipsearch QUERY --budget TOKENS`: evidence for a model.

use std::path::Path;

use super::args::{Common, Format, SearchArgs};
use super::output::Output;
use super::session::Session;
use super::{FOUND, NOTHING_FOUND};
use crate::error::{Error, Result, quoted};
use crate::pack::pack;
use crate::render::pack::{PackFormat, print};
use crate::search::{SearchRequest, Sort};

/// Prints what the search finds, as much as fits into the budget.
pub fn run(
    arguments: &SearchArgs,
    budget: usize,
    request: &SearchRequest,
    common: &Common,
    session: &Session,
    output: &Output,
) -> Result<u8> {
    let format = match arguments.format {
        _ if common.json => PackFormat::Json,
        None | Some(Format::Text | Format::Markdown) => PackFormat::Markdown,
        Some(Format::Json) => PackFormat::Json,
        Some(Format::Anthropic) => PackFormat::Anthropic,
        Some(Format::Openai) => PackFormat::OpenAi,
        Some(_) => {
            return Err(Error::Usage {
                message: "a pack of evidence cannot be printed so".to_owned(),
                hint: Some("use `--format` markdown, json, anthropic or openai".to_owned()),
            });
        }
    };
    let limit = arguments.limit.unwrap_or(usize::MAX).max(1);
    let request = SearchRequest { limit, ..request.clone() };
    let command = |cursor: &str| command(arguments, budget, cursor, common);
    let print = |pack: &_| print(pack, format, Some(&command));
    let pack = pack(&session.searcher, &request, budget, &print)?;
    if !output.quiet {
        output.document(&print(&pack))?;
    }
    let is_found = !pack.sources.is_empty() && !pack.response.is_relaxed;
    Ok(if is_found { FOUND } else { NOTHING_FOUND })
}

/// The command line that goes on at a cursor, as it can be pasted into a shell.
fn command(arguments: &SearchArgs, budget: usize, cursor: &str, common: &Common) -> String {
    let mut words = vec!["tipsearch search".to_owned()];
    let text = |text: &str| quoted(Path::new(text));
    let query = arguments.query.join(" ");
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.push(format!("{name}={value}"));
        }
    };
    option("--index", common.index.as_deref().map(quoted));
    option("--filter", arguments.filter.as_deref().map(text));
    option("--section", arguments.section.as_deref().map(text));
    option("--per-document", arguments.per_document.map(|count| count.to_string()));
    option("--limit", arguments.limit.map(|count| count.to_string()));
    option("--thesaurus", arguments.synonyms.thesaurus.as_deref().map(quoted));
    let format = arguments.format.and_then(|format| match format {
        Format::Json => Some("json"),
        Format::Anthropic => Some("anthropic"),
        Format::Openai => Some("openai"),
        _ => None,
    });
    option("--format", format.filter(|_| !common.json).map(str::to_owned));
    let sort = arguments.sort.order();
    option("--sort", (sort != Sort::Score).then(|| sort.name().to_owned()));
    option("--budget", Some(budget.to_string()));
    let flags = [
        (common.json, "--json"),
        (arguments.literal, "--literal"),
        (arguments.synonyms.no_synonyms, "--no-synonyms"),
    ];
    words.extend(flags.iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| (*flag).to_owned()));
    words.push(format!("--cursor={cursor}"));
    // What begins with a hyphen would be an option.
    words.extend(query.starts_with('-').then(|| "--".to_owned()));
    words.push(text(&query));
    words.join(" ")
}
