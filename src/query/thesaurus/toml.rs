//! A thesaurus in TOML.
//!
//! ```toml
//! built_in = false                                      # leave out what the program has; default: true
//! groups = [
//!   ["human trafficking", "trafficking in persons"],    # any stands for any other
//! ]
//!
//! [rules]
//! "referral mechanism" = ["national referral mechanism"]   # one way: also searched for
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Faulty, File, Rule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default = "yes")]
    built_in: bool,
    #[serde(default)]
    groups: Vec<Spanned<Vec<String>>>,
    #[serde(default)]
    rules: BTreeMap<String, Spanned<Vec<String>>>,
}

fn yes() -> bool {
    true
}

/// Reads the rules of a file; the messages of the format name the line themselves.
pub fn rules(text: &str) -> Faulty<File> {
    let written: Written =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let groups = written.groups.into_iter().map(|group| {
        let place = line_of(text, group.span().start);
        Rule { place, from: Vec::new(), to: group.into_inner() }
    });
    let one_way = written.rules.into_iter().map(|(from, to)| {
        let place = line_of(text, to.span().start);
        Rule { place, from: vec![from], to: to.into_inner() }
    });
    Ok(File { rules: groups.chain(one_way).collect(), is_beside: written.built_in })
}

fn line_of(text: &str, at: usize) -> String {
    let lines = text.bytes().take(at).filter(|&byte| byte == b'\n').count();
    format!("line {}", lines + 1)
}
