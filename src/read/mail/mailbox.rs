//! Mailboxes: messages one after another, each after a line `From sender date` (RFC 4155).

use std::io::Read;

use super::Message;
use crate::read::container::{Place, failed, failure, give, report};
use crate::read::encoding::Charset;
use crate::read::format::begins_box;
use crate::read::limits::LARGEST_MEMBER;
use crate::read::window::Window;
use crate::read::{Content, Each, Input, Record, Refusal};

/// The longest line that separates messages and the one after it, bytes: what must be seen at once.
const LONGEST_SEPARATOR: usize = 4096;

/// Reads the messages of a mailbox as they come.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn read_box(
    id: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let mut window = Window::new(input.reader(), &Charset::Utf8);
    let (mut number, mut is_whole) = (0usize, true);
    let before = end_of_message(&mut window, 0)?.unwrap_or(0);
    window.skip(before);
    if window.held().is_empty() {
        return failed("no message begins in it".to_owned());
    }
    while !window.held().is_empty() {
        if is_whole {
            number += 1;
        }
        let id = format!("{id}#{number}");
        match end_of_message(&mut window, 1)? {
            Some(length) => {
                let bytes = window.held().get(..length).unwrap_or_default();
                if is_whole {
                    let outcome = Message::of(bytes, window.origin(), true).give(&id, place, each);
                    report(&id, outcome.map(drop), each)?;
                }
                window.skip(length);
                is_whole = true;
            }
            None => {
                if is_whole {
                    let reason = format!("it has more than {} MiB", LARGEST_MEMBER >> 20);
                    give(Record::Failed(id, reason), each)?;
                }
                window.skip(window.held().len().saturating_sub(LONGEST_SEPARATOR));
                is_whole = false;
            }
        }
    }
    Ok(Content::Container)
}

/// Where the message ends that begins where the window does: at the first line from an offset on that
/// begins another, or at the end of all; `None` where it is too long.
fn end_of_message(window: &mut Window<impl Read>, from: usize) -> Result<Option<usize>, Refusal> {
    let (mut from, mut is_all) = (from, false);
    loop {
        let held = window.held();
        match search(held, from, is_all) {
            Search::Found(at) => return Ok(Some(at)),
            Search::Unknown(_) if is_all => return Ok(Some(held.len())),
            Search::Unknown(_) if held.len() as u64 > LARGEST_MEMBER => return Ok(None),
            Search::Unknown(next) => from = next,
        }
        is_all = !window.fill().map_err(|error| failure(&error))?;
    }
}

enum Search {
    /// A message begins here.
    Found(usize),
    /// None before this offset.
    Unknown(usize),
}

/// Looks for the line that begins a message, from an offset on. `is_all`: nothing more will come.
fn search(held: &[u8], from: usize, is_all: bool) -> Search {
    let starts = memchr::memmem::find_iter(
        held.get(from.saturating_sub(1)..).unwrap_or_default(),
        b"\nFrom ",
    );
    let starts = starts.map(|at| from.saturating_sub(1) + at + 1);
    let first = (from == 0 && held.starts_with(b"From ")).then_some(0);
    for at in first.into_iter().chain(starts) {
        let rest = held.get(at..).unwrap_or_default();
        if rest.len() < LONGEST_SEPARATOR && !is_all {
            return Search::Unknown(at);
        }
        if begins_box(rest.get(..LONGEST_SEPARATOR).unwrap_or(rest)) {
            return Search::Found(at);
        }
    }
    Search::Unknown(from.max(held.len().saturating_sub(b"\nFrom ".len() - 1)))
}
