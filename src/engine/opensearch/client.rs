//! Talking to a cluster: requests that are tried again at the next host, and answers with what went wrong in our terms.
//! All that is asked may be asked twice: passages are written under their own ids.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use ureq::http::{Request, Response};
use ureq::tls::{Certificate, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use super::address::{Access, Address};
use crate::error::{Error, Result};

/// How long a connection may take, and an answer.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);
const ANSWERS_WITHIN: Duration = Duration::from_secs(120);

/// So often a request is sent before it has failed; between, the pause doubles up to the longest. In all half a minute,
/// which a cluster needs to find that a node is gone.
pub(super) const TRIES: u32 = 10;
/// The same before any host has answered, beside one for each: then the address is rather wrong.
const FIRST_TRIES: u32 = 2;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(6);

/// So long the cluster keeps a state for whoever goes through all of it, from one page to the next.
const HELD_FOR: &str = "2m";

/// What a node names the loss of another in the middle of a request; the status is 500.
const LOST: [&str; 4] = [
    "node_disconnected_exception",
    "node_not_connected_exception",
    "node_closed_exception",
    "connect_transport_exception",
];

/// Longer answers are not read, bytes.
const LONGEST_ANSWER: u64 = 256 << 20;

/// So much of a message of the cluster is passed on, characters.
const LONGEST_MESSAGE: usize = 300;

/// A connection to a cluster.
pub struct Client {
    agent: Agent,
    hosts: Vec<String>,
    /// The host that answered last.
    now: AtomicUsize,
    has_answered: AtomicBool,
    authorization: Option<String>,
    /// As errors name it.
    pub address: String,
}

/// What a request carries.
#[derive(Clone, Copy)]
pub enum Content<'c> {
    Nothing,
    Json(&'c Value),
    /// Lines of JSON.
    Lines(&'c [u8]),
}

/// An answer: its status, and what it says.
pub struct Answer {
    pub status: u16,
    pub says: Value,
}

impl Answer {
    /// Whether it may be another one soon: the cluster is busy, or a node was lost meanwhile.
    fn is_for_now(&self) -> bool {
        let error = &self.says["error"];
        let is_lost = [&error["type"], &error["root_cause"][0]["type"]]
            .into_iter()
            .any(|kind| LOST.iter().any(|lost| kind == lost));
        matches!(self.status, 429 | 502 | 503 | 504) || self.status == 500 && is_lost
    }
}

impl Client {
    /// A client; nothing is connected yet.
    ///
    /// # Errors
    /// Where the file of authorities cannot be read.
    pub fn new(address: &Address) -> Result<Client> {
        let mut tls = TlsConfig::builder();
        if let Some(roots) = authorities(&address.access)? {
            tls = tls.root_certs(roots);
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECTS_WITHIN))
            .timeout_global(Some(ANSWERS_WITHIN))
            .user_agent(concat!("tipsearch/", env!("CARGO_PKG_VERSION")))
            // A proxy of the environment is for the web.
            .proxy(None)
            .max_redirects(0)
            .tls_config(tls.build())
            .build();
        Ok(Client {
            agent: agent.into(),
            hosts: address.hosts.clone(),
            now: AtomicUsize::new(0),
            has_answered: AtomicBool::new(false),
            authorization: authorization(&address.access),
            address: address.to_string(),
        })
    }

    /// An answer to a request, whatever its status says but that the cluster is busy or does not let us in.
    ///
    /// # Errors
    /// `Engine` where no host answers in time, or it refuses us.
    pub fn ask(&self, method: &str, path: &str, content: Content<'_>) -> Result<Answer> {
        self.ask_so_often(TRIES, method, path, content)
    }

    /// As [`Client::ask`], with at most so many tries.
    fn ask_so_often(
        &self,
        most: u32,
        method: &str,
        path: &str,
        content: Content<'_>,
    ) -> Result<Answer> {
        let mut failure = String::new();
        let mut attempt = 0;
        while attempt < self.tries().min(most) {
            if attempt > 0 {
                std::thread::sleep(pause(attempt));
            }
            attempt += 1;
            let place = self.now.load(Ordering::Relaxed) % self.hosts.len().max(1);
            let host = self.hosts.get(place).map_or("", String::as_str);
            match self.once(host, method, path, content) {
                Ok(answer) if answer.is_for_now() => {
                    // Somebody is there: as where the node that steers is gone, and the next is being chosen.
                    self.has_answered.store(true, Ordering::Relaxed);
                    failure = format!("{host} answers {}: {}", answer.status, reason(&answer.says));
                }
                Ok(answer) => {
                    self.has_answered.store(true, Ordering::Relaxed);
                    return self.let_in(host, answer);
                }
                Err(error) => {
                    failure = format!("{host}: {error}");
                    if is_final(&error) {
                        break;
                    }
                }
            }
            // The next one may be well.
            self.now.store(place + 1, Ordering::Relaxed);
        }
        let hint = hint(&failure);
        Err(self.error(format!("cannot be reached: {failure}"), Some(hint)))
    }

    /// What an answer says, where its status is that it is done.
    ///
    /// # Errors
    /// `Engine`, with the reason of the cluster.
    pub fn done(&self, method: &str, path: &str, content: Content<'_>) -> Result<Value> {
        let answer = self.ask(method, path, content)?;
        self.accepted(answer, method, path)
    }

    /// As [`Client::done`]; `None` where there is no such thing.
    ///
    /// # Errors
    /// As [`Client::done`].
    pub fn find(&self, path: &str) -> Result<Option<Value>> {
        let answer = self.ask("GET", path, Content::Nothing)?;
        match answer.status {
            404 => Ok(None),
            _ => self.accepted(answer, "GET", path).map(Some),
        }
    }

    fn accepted(&self, answer: Answer, method: &str, path: &str) -> Result<Value> {
        match answer.status {
            200..=299 => Ok(answer.says),
            status => Err(self.error(
                format!("answers {status} to {method} {}: {}", shown(path), reason(&answer.says)),
                None,
            )),
        }
    }

    /// A search.
    ///
    /// # Errors
    /// As [`Client::done`]; where a part of the index did not answer.
    pub fn search(&self, index: &str, asked: &Value, parameters: &str) -> Result<Value> {
        let path = format!("/{index}/_search?{parameters}");
        let mut attempt = 0;
        loop {
            let answer = self.ask("POST", &path, Content::Json(asked))?;
            let lost = match answer.status {
                // A node that is lost in the middle of it is no fault of the search.
                500.. => format!("answers {}: {}", answer.status, reason(&answer.says)),
                _ => {
                    let found = self.accepted(answer, "POST", &path)?;
                    let failed = found["_shards"]["failed"].as_u64().unwrap_or(0);
                    if failed == 0 {
                        return Ok(found);
                    }
                    let why = reason(&found["_shards"]["failures"][0]["reason"]);
                    format!("has {failed} shards that did not answer: {why}")
                }
            };
            attempt += 1;
            if attempt == TRIES {
                return Err(self.error(lost, None));
            }
            // Another node has a copy of what the lost one had.
            std::thread::sleep(pause(attempt));
        }
    }

    /// A state of an index that stays as it is while it is walked through, as a search names it (`pit`).
    ///
    /// # Errors
    /// As [`Client::done`].
    pub fn hold(&self, index: &str) -> Result<Value> {
        let path = format!("/{index}/_search/point_in_time?keep_alive={HELD_FOR}");
        let opened = self.done("POST", &path, Content::Nothing)?;
        Ok(json!({ "id": opened["pit_id"], "keep_alive": HELD_FOR }))
    }

    /// What a search finds in the state in `asked["pit"]`; `None` where that is lost, as with the node that kept it.
    ///
    /// # Errors
    /// As [`Client::done`], where the search itself is at fault.
    pub fn search_held(&self, asked: &Value, parameters: &str) -> Result<Option<Value>> {
        let path = format!("/_search?{parameters}");
        let few = FIRST_TRIES + self.hosts.len() as u32;
        let Ok(answer) = self.ask_so_often(few, "POST", &path, Content::Json(asked)) else {
            return Ok(None);
        };
        match answer.status {
            404 | 500.. => Ok(None),
            _ => {
                let told = self.accepted(answer, "POST", &path)?;
                Ok((told["_shards"]["failed"].as_u64().unwrap_or(0) == 0).then_some(told))
            }
        }
    }

    /// Gives a state back. One that is not given back is kept for two minutes, and no more.
    pub fn release(&self, held: &Value) {
        let given = json!({ "pit_id": [held["id"]] });
        let path = "/_search/point_in_time";
        let _ = self.ask_so_often(FIRST_TRIES, "DELETE", path, Content::Json(&given));
    }

    /// A failure of the cluster.
    pub fn error(&self, message: String, hint: Option<&str>) -> Error {
        let (engine, hint) = (self.address.clone(), hint.map(str::to_owned));
        Error::Engine { engine, message, hint }
    }

    fn tries(&self) -> u32 {
        match self.has_answered.load(Ordering::Relaxed) {
            true => TRIES,
            false => FIRST_TRIES + self.hosts.len() as u32,
        }
    }

    fn let_in(&self, host: &str, answer: Answer) -> Result<Answer> {
        match answer.status {
            401 => Err(self.error(
                format!("{host} does not know who is asking (401)"),
                Some("set TIPSEARCH_ENGINE_USER and TIPSEARCH_ENGINE_PASSWORD, or TIPSEARCH_ENGINE_TOKEN"),
            )),
            403 if is_blocked(&answer.says) => Ok(answer),
            403 => Err(self.error(
                format!("{host} does not allow that (403): {}", reason(&answer.says)),
                Some("the user needs the rights to search, or to write and to make indexes and aliases"),
            )),
            _ => Ok(answer),
        }
    }

    fn once(
        &self,
        host: &str,
        method: &str,
        path: &str,
        content: Content<'_>,
    ) -> std::result::Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{host}{path}"));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let json = |value: &Value| value.to_string().into_bytes();
        let response = match content {
            // Without a length, a body might follow.
            Content::Nothing if method == "POST" => self.agent.run(request.body("")?)?,
            Content::Nothing => self.agent.run(request.body(())?)?,
            Content::Json(value) => {
                let request = request.header("content-type", "application/json");
                self.agent.run(request.body(json(value))?)?
            }
            Content::Lines(lines) => {
                let request = request.header("content-type", "application/x-ndjson");
                self.agent.run(request.body(lines)?)?
            }
        };
        read(response)
    }
}

fn read(mut response: Response<Body>) -> std::result::Result<Answer, ureq::Error> {
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(LONGEST_ANSWER).read_to_vec()?;
    // What stands between us and the cluster may answer in words.
    let in_words = || Value::String(String::from_utf8_lossy(&body).into_owned());
    let says = serde_json::from_slice(&body).unwrap_or_else(|_| in_words());
    Ok(Answer { status, says })
}

/// What to do where asking has failed so.
fn hint(failure: &str) -> &'static str {
    match failure.to_lowercase() {
        failure if failure.contains("certificate") => {
            "TIPSEARCH_ENGINE_CA names the file of the authority that has signed its certificate"
        }
        failure if failure.contains("shard") => {
            "a part of the index is on none of its nodes: are all up? `/_cluster/health` tells, and `/_cluster/allocation/explain` why"
        }
        _ => "is the cluster running, and is the address right?",
    }
}

/// Whether trying again does not help.
fn is_final(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::BadUri(_)
            | ureq::Error::Tls(_)
            | ureq::Error::Rustls(_)
            | ureq::Error::BodyExceedsLimit(_)
    )
}

/// A refusal to write, as where a disk is full: told by who wrote.
fn is_blocked(says: &Value) -> bool {
    says["error"]["type"] == "cluster_block_exception"
}

/// What the cluster says of what went wrong, on one line.
pub fn reason(says: &Value) -> String {
    let error = if says["error"].is_null() { says } else { &says["error"] };
    let cause = &error["root_cause"][0];
    let mut texts =
        [&cause["reason"], &error["reason"], error].into_iter().filter_map(Value::as_str);
    let named = texts.find(|text| !text.is_empty());
    let text = named.map_or_else(|| error.to_string(), str::to_owned);
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_MESSAGE).collect()
}

/// A path without its parameters, which may be long.
fn shown(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// The pause before a request is sent again, half of it by chance: many that were refused at once come back apart.
pub fn pause(attempt: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << attempt.min(8)).min(LONGEST_PAUSE);
    let chance = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let chance = chance.map_or(0, |time| time.subsec_nanos() % 1000);
    longest / 2 + longest / 2 * chance / 1000
}

fn authorization(access: &Access) -> Option<String> {
    match (&access.token, &access.user) {
        (Some(token), _) => Some(format!("Bearer {token}")),
        (None, Some((user, password))) => {
            Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
        }
        (None, None) => None,
    }
}

fn authorities(access: &Access) -> Result<Option<RootCerts>> {
    let Some(path) = &access.authorities else { return Ok(None) };
    let pem = std::fs::read(path).map_err(|error| Error::io("read", path, error))?;
    let items = parse_pem(&pem).filter_map(|item| match item {
        Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    let certificates: Vec<Certificate<'static>> = items.collect();
    if certificates.is_empty() {
        let message = "there is no certificate in it (PEM)".to_owned();
        return Err(Error::Config { path: path.clone(), message });
    }
    Ok(Some(RootCerts::from(certificates)))
}
