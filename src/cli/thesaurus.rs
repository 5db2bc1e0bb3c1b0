//! The thesaurus of a search: what the program has, what `corpus.toml` names, what `--thesaurus` names.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::SynonymArgs;
use crate::error::{Error, Result};
use crate::query::{LARGEST_THESAURUS, Thesaurus};
use crate::read::corpus::Corpus;

/// The thesaurus that the arguments and the folders of an index ask for. `only`: a query that it is for.
pub fn thesaurus(
    arguments: &SynonymArgs,
    roots: &[PathBuf],
    only: Option<&str>,
) -> Result<Arc<Thesaurus>> {
    if arguments.no_synonyms {
        return Ok(Arc::default());
    }
    let mut paths = Vec::new();
    // An index may be searched where its reports no longer are.
    for root in roots.iter().filter(|root| root.exists()) {
        paths.extend(Corpus::thesaurus_of(root)?);
    }
    paths.extend(arguments.thesaurus.clone());
    if paths.is_empty() {
        let part = only.map(|query| Arc::new(Thesaurus::built_in_for(query)));
        return Ok(part.unwrap_or_else(Thesaurus::built_in));
    }
    paths.sort();
    paths.dedup();
    let files: Result<Vec<_>> = paths.into_iter().map(|path| Ok((text(&path)?, path))).collect();
    Thesaurus::of(&files?).map(Arc::new)
}

/// The text of a file, or as much of it as is too much.
fn text(path: &Path) -> Result<String> {
    let fault = |error| Error::io("read", path, error);
    let file = File::open(path).map_err(fault)?;
    let mut bytes = Vec::new();
    file.take(LARGEST_THESAURUS + 1).read_to_end(&mut bytes).map_err(fault)?;
    String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        let message = format!("line {line} is not UTF-8; save the file in that encoding");
        Error::Config { path: path.to_owned(), message }
    })
}
