//! Names and indexes of a cluster: what is behind a name, whether it is ours, and making a new one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::client::{Client, Content};
use super::mapping;
use crate::error::{Error, Result};

/// So long a new index waits for copies of its shards. There may be none, where there is no place for them.
const COPIES_WITHIN: &str = "30s";

/// The oldest OpenSearch that keeps a state for whoever goes through all of an index.
const OLDEST: (u64, u64) = (2, 4);

/// Refuses what is no OpenSearch, or too old a one.
///
/// # Errors
/// `Engine`, with what it is.
pub fn check_version(client: &Client) -> Result<()> {
    let told = client.done("GET", "/", Content::Nothing)?;
    let version = &told["version"];
    let number = version["number"].as_str().unwrap_or("of no version");
    let mut parts = number.split('.').map_while(|part| part.parse::<u64>().ok());
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if version["distribution"] != "opensearch" || found < OLDEST {
        let what = version["distribution"].as_str().unwrap_or("another program");
        let message =
            format!("is {what} {number}, not OpenSearch of at least {}.{}", OLDEST.0, OLDEST.1);
        return Err(client.error(message, Some("Elasticsearch is not supported")));
    }
    Ok(())
}

/// The indexes behind a name, with their mappings.
///
/// # Errors
/// As [`Client::find`]; `IndexRefused` where the name is that of an index itself.
pub fn behind(client: &Client, name: &str) -> Result<BTreeMap<String, Value>> {
    let found = client.find(&format!("/{name}/_mapping"))?.unwrap_or_default();
    let found = found.as_object().into_iter().flatten();
    let behind: BTreeMap<String, Value> =
        found.map(|(index, known)| (index.clone(), known["mappings"].clone())).collect();
    let path = || PathBuf::from(&client.address);
    if behind.contains_key(name) {
        let reason = "there is an index of that very name, which tipsearch did not make".to_owned();
        return Err(Error::IndexRefused { path: path(), reason });
    }
    if behind.len() > 1 {
        let reason = format!(
            "there are several indexes behind the name: {}",
            behind.keys().cloned().collect::<Vec<_>>().join(", ")
        );
        return Err(Error::IndexRefused { path: path(), reason });
    }
    Ok(behind)
}

/// Refuses an index that does not fit this program.
///
/// # Errors
/// `IndexRefused`.
pub fn refuse(client: &Client, mappings: &Value) -> Result<()> {
    let path = || PathBuf::from(&client.address);
    mapping::refusal(mappings)
        .map_or(Ok(()), |reason| Err(Error::IndexRefused { path: path(), reason }))
}

/// Makes an index with so many shards, and waits until there are copies of them.
///
/// # Errors
/// `Engine` where no node takes them; there is no such index then.
pub fn make(client: &Client, index: &str, shards: u32) -> Result<()> {
    let path = format!("/{index}");
    let made = format!("{path}?wait_for_active_shards=0");
    client.done("PUT", &made, Content::Json(&mapping::body(shards)))?;
    // A shard that is lost before there is a copy of it is lost with what was written to it.
    let health = format!("/_cluster/health{path}?wait_for_status=green&timeout={COPIES_WITHIN}");
    if client.ask("GET", &health, Content::Nothing)?.says["status"] == "red" {
        client.ask("DELETE", &path, Content::Nothing)?;
        let message = "has no node for the shards of a new index".to_owned();
        let hint = "are its disks full, or is it told to take none? `/_cluster/settings` tells";
        return Err(client.error(message, Some(hint)));
    }
    Ok(())
}

/// How many shards an index has.
///
/// # Errors
/// As [`Client::done`].
pub fn shards_of(client: &Client, index: &str) -> Result<u32> {
    let told = client.done("GET", &format!("/{index}/_settings"), Content::Nothing)?;
    let shards = &told[index]["settings"]["index"]["number_of_shards"];
    Ok(shards.as_str().and_then(|shards| shards.parse().ok()).unwrap_or_default())
}
