//! Result sets for other programs: of a search what is asked for or all there is, to standard output or a file.

use std::io::Write;
use std::path::Path;

use super::args::{Format, SearchArgs, SortBy};
use super::output::Output;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::export::{Form, export};
use crate::search::{Found, SearchRequest, SearchResponse, Searcher};

/// An export that was asked for.
#[derive(Clone, Copy)]
pub struct Export<'a> {
    form: Form,
    all: bool,
    file: Option<&'a Path>,
}

impl<'a> Export<'a> {
    /// What the arguments ask for; `None`: an answer for people, or one document of JSON.
    pub fn asked(arguments: &'a SearchArgs, format: Format, quiet: bool) -> Result<Option<Self>> {
        let (all, file) = (arguments.all, arguments.output.as_deref());
        let form = match format {
            Format::Text if all || file.is_some() => return Err(no_form()),
            Format::Text => return Ok(None),
            Format::Json if !all && file.is_none() => return Ok(None),
            Format::Json => Form::Json,
            Format::Jsonl => Form::Jsonl,
            Format::Csv => Form::Csv,
            Format::Tsv => Form::Tsv,
            Format::Xlsx => Form::Xlsx,
            Format::Markdown => Form::Markdown,
            Format::Html => Form::Html,
            Format::Trec => Form::Trec,
            Format::Bibtex => Form::Bibtex,
            Format::CslJson => Form::CslJson,
            Format::Ris => Form::Ris,
            Format::Anthropic | Format::Openai => {
                return Err(Error::Usage {
                    message: "this format is for evidence within a budget".to_owned(),
                    hint: Some("add `--budget TOKENS`".to_owned()),
                });
            }
        };
        if form == Form::Trec && arguments.sort != SortBy::Score {
            return Err(Error::Usage {
                message: "a run for TREC's tools is ordered by score".to_owned(),
                hint: Some("leave out `--sort`".to_owned()),
            });
        }
        let is_shown = !(quiet || arguments.count || arguments.documents_with_matches);
        Ok((is_shown || file.is_some()).then_some(Export { form, all, file }))
    }

    /// Searches and writes what is found; the answer has no hits.
    pub fn run<E: Engine>(
        &self,
        searcher: &Searcher<E>,
        request: &SearchRequest,
        output: &Output,
        each: &mut dyn FnMut(&Found),
    ) -> Result<SearchResponse> {
        let Some(path) = self.file else {
            let stdout = output.sink(self.form == Form::Xlsx)?;
            return self.write(searcher, request, stdout, output, each);
        };
        let failed = |error| Error::io("write", path, error);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file =
            tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
        let out = Box::new(std::io::BufWriter::new(file.as_file_mut()));
        let response = self.write(searcher, request, out, output, each)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(response)
    }

    fn write<E: Engine>(
        &self,
        searcher: &Searcher<E>,
        request: &SearchRequest,
        out: Box<dyn Write + '_>,
        output: &Output,
        each: &mut dyn FnMut(&Found),
    ) -> Result<SearchResponse> {
        let mut to = export(self.form, &request.query, out)?;
        let one = |found: &Found| {
            each(found);
            to.hit(found)
        };
        let response = match self.all {
            true => searcher.stream(request, one)?,
            false => {
                let response = searcher.search(request)?;
                response.hits.iter().try_for_each(one)?;
                response
            }
        };
        response.warnings.iter().for_each(|warning| output.note(warning));
        to.end(&response)?;
        Ok(response)
    }
}

fn no_form() -> Error {
    Error::Usage {
        message: "`--all` and `--output` need a format for other programs".to_owned(),
        hint: Some("add `-f csv`, `jsonl`, `xlsx`, `markdown`, `html`, `tsv` or `trec`".to_owned()),
    }
}
