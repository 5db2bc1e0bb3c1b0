//! Whether the files are still those of which the index was made: looked at beside a command, and said when it has
//! answered.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use super::args::Common;
use super::output::Output;
use super::session::Session;
use crate::engine::Store;
use crate::error::{Result, quoted};
use crate::index;

/// How long an answered command waits for the comparison of files and index.
const LONGEST_COMPARISON: Duration = Duration::from_millis(50);

/// A comparison of files and index that goes on beside a command.
pub struct Freshness(Receiver<bool>);

impl Freshness {
    /// Begins to compare; what does not exist yet is fresh.
    pub fn look_at(store: Store) -> Freshness {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let summary = store.summary();
            let is_fresh =
                summary.is_none_or(|summary| index::is_fresh(&summary, &store).unwrap_or(true));
            // Nobody may be listening any more.
            let _ = sender.send(is_fresh);
        });
        Freshness(receiver)
    }

    /// Says how many files have changed. What cannot be compared in time is not worth waiting for: the command has
    /// answered.
    pub fn say(&self, session: &Session, common: &Common, output: &Output) {
        if self.0.recv_timeout(LONGEST_COMPARISON) == Ok(false)
            && let Ok(Some(changed)) = changed(session, common)
        {
            output.note(&changed);
        }
    }
}

/// How many files have changed since the index was made of them, and what to do; `None` where none has.
///
/// # Errors
/// Where the index cannot be read.
pub fn changed(session: &Session, common: &Common) -> Result<Option<String>> {
    let files = match index::staleness(session.searcher.engine(), &session.store)? {
        0 => return Ok(None),
        1 => "1 file has".to_owned(),
        changed => format!("{changed} files have"),
    };
    Ok(Some(format!("{files} changed since indexing; run `{}`", update_command(common))))
}

fn update_command(common: &Common) -> String {
    #[cfg(feature = "opensearch")]
    if let Some(engine) = &common.engine {
        return format!("tipsearch index --engine {engine}");
    }
    match &common.index {
        Some(index) => format!("tipsearch index --index {}", quoted(index)),
        None => "tipsearch index".to_owned(),
    }
}
