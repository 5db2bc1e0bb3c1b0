//! What is on its way to a cluster: lines of bulk requests, sent when they are enough; what is refused because the
//! cluster is busy is sent again.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::client::{Client, Content, pause, reason};
use super::journal::Journal;
use crate::engine::held;
use crate::error::Result;

/// So much is sent in one request, bytes: OpenSearch does best with 5 to 15 MB.
const MOST_AT_ONCE: usize = 8 << 20;

/// That is this part of the memory that a writer may take: what is on its way is held until it has arrived.
const PART_AT_ONCE: usize = 12;

/// So often what was refused is sent again.
const TRIES: u32 = 12;

/// So long the cluster waits for a shard that is nowhere, for each of these.
const SHARD_WITHIN: &str = "20s";

/// Sends documents to an index.
pub struct Outbox {
    client: Arc<Client>,
    /// The index that is written.
    pub index: String,
    /// So many bytes make a request.
    at_once: usize,
    lines: Mutex<Vec<u8>>,
    /// What of it has arrived.
    pub journal: Journal,
}

impl Outbox {
    /// An outbox that may take so much memory, in bytes.
    pub fn new(client: Arc<Client>, memory: usize, journal: Journal) -> Outbox {
        let at_once = (memory / PART_AT_ONCE).min(MOST_AT_ONCE);
        Outbox { client, index: String::new(), at_once, lines: Mutex::default(), journal }
    }

    /// Adds lines to what is to be sent, and sends it where it is enough.
    ///
    /// # Errors
    /// As [`Outbox::send`].
    pub fn push(&self, lines: Vec<u8>) -> Result<()> {
        let mut waiting = held(&self.lines);
        waiting.extend(lines);
        if waiting.len() < self.at_once {
            return Ok(());
        }
        let full = std::mem::take(&mut *waiting);
        let request = self.journal.begins();
        drop(waiting);
        self.send(&full)?;
        let notes = self.journal.arrived(request)?;
        held(&self.lines).extend(notes);
        Ok(())
    }

    /// Sends all that waits, with these lines behind it.
    ///
    /// # Errors
    /// As [`Outbox::send`].
    pub fn flush(&self, lines: &[u8]) -> Result<()> {
        let mut all = std::mem::take(&mut *held(&self.lines));
        all.extend_from_slice(lines);
        if all.is_empty() { Ok(()) } else { self.send(&all) }
    }

    /// Sends lines; what is refused because the cluster is busy, again.
    ///
    /// # Errors
    /// `Engine` where it does not take them.
    fn send(&self, lines: &[u8]) -> Result<()> {
        let (mut rest, mut why) = (lines.to_vec(), String::new());
        for attempt in 1..=TRIES {
            let path = format!("/{}/_bulk?timeout={SHARD_WITHIN}", self.index);
            let told = self.client.done("POST", &path, Content::Lines(&rest))?;
            if told["errors"] == false {
                return Ok(());
            }
            (rest, why) = self.refused(&rest, &told)?;
            if rest.is_empty() {
                return Ok(());
            }
            std::thread::sleep(pause(attempt));
        }
        Err(self.client.error(
            format!("has not taken all passages in {TRIES} tries: {why}"),
            Some("run the same command again when it is well and has less to do: it goes on there"),
        ))
    }

    /// The lines of what was refused because the cluster is busy, or has lost a node, and what it says of that.
    fn refused(&self, lines: &[u8], told: &Value) -> Result<(Vec<u8>, String)> {
        let (mut rest, mut why) = (Vec::new(), String::new());
        let mut lines = lines.split_inclusive(|&byte| byte == b'\n');
        for item in told["items"].as_array().into_iter().flatten() {
            let Some((action, result)) = item.as_object().and_then(|item| item.iter().next())
            else {
                continue;
            };
            let first = lines.next().unwrap_or_default();
            let second =
                if action == "delete" { &[][..] } else { lines.next().unwrap_or_default() };
            let error = &result["error"];
            match result["status"].as_u64().unwrap_or_default() {
                200..=299 => {}
                404 if action == "delete" => {}
                // A block does not go away by waiting, whatever its status says.
                status if error["type"] == "cluster_block_exception" => {
                    let message = format!("does not take passages ({status}): {}", reason(error));
                    let hint = "is a disk of the cluster full? what was committed stays as it was";
                    return Err(self.client.error(message, Some(hint)));
                }
                429 | 502 | 503 | 504 => {
                    rest.extend_from_slice(first);
                    rest.extend_from_slice(second);
                    why = reason(error);
                }
                status => {
                    let id = result["_id"].as_str().unwrap_or_default();
                    let message = format!("does not take `{id}` ({status}): {}", reason(error));
                    return Err(self.client.error(message, None));
                }
            }
        }
        Ok((rest, why))
    }
}

/// Adds what is to be done, and with what, to lines.
pub fn push(lines: &mut Vec<u8>, action: &Value, document: Option<&Value>) {
    for value in [Some(action), document].into_iter().flatten() {
        lines.extend(value.to_string().into_bytes());
        lines.push(b'\n');
    }
}
