//! How it is served: what may be chosen, and what of it makes no sense or is not safe.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::http::{Door, Rate};
use super::token;
use crate::error::{Error, Result};

/// So many requests a second a client of another machine has.
pub const RATE: u32 = 100;

/// How it is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address and port; port 0 is any that is free.
    pub listen: SocketAddr,
    /// A file that only its owner may read, with the token that clients must show.
    pub token_file: Option<PathBuf>,
    /// More names that the server answers to, without a port.
    pub allow_host: Vec<String>,
    /// Origins of other pages that may use it, as in `https://example.org`.
    pub allow_origin: Vec<String>,
    /// Addresses of proxies that say truly whom they ask for.
    pub trusted_proxy: Vec<IpAddr>,
    /// Requests a second for each client, 0 for no limit. `None`: [`RATE`], and no limit for this machine alone.
    pub rate: Option<u32>,
    /// Connections at once.
    pub connections: usize,
    /// Searches at once; `None`: as many as there are processors.
    pub threads: Option<usize>,
    /// Requests that wait for a thread.
    pub queue: usize,
}

impl Options {
    /// Who may come in by these options.
    ///
    /// # Errors
    /// `Usage` for what makes no sense or is not safe; where the token cannot be read.
    pub fn door(&self) -> Result<Door> {
        self.check_numbers()?;
        self.allow_host.iter().try_for_each(|host| check_host(host))?;
        self.allow_origin.iter().try_for_each(|origin| check_origin(origin))?;
        let token = self.token_file.as_deref().map(token::read).transpose()?;
        let ip = self.listen.ip();
        if !ip.is_loopback() && token.is_none() {
            let message = format!("`{ip}` can be reached from other machines, which needs a token");
            let hint = "write a token into a file of mode 600 and name it with `--token-file FILE`, or listen on 127.0.0.1";
            return Err(Error::Usage { message, hint: Some(hint.to_owned()) });
        }
        let rate = match self.rate {
            // Behind a proxy of this machine there are others.
            None if ip.is_loopback() && self.trusted_proxy.is_empty() => None,
            None => Some(RATE),
            Some(0) => None,
            Some(rate) => Some(rate),
        };
        Ok(Door {
            hosts: self.hosts(),
            origins: self.allow_origin.clone(),
            proxies: self.trusted_proxy.iter().map(IpAddr::to_canonical).collect(),
            token,
            rate: rate.map(Rate::new),
        })
    }

    /// The names that the server answers to.
    fn hosts(&self) -> Vec<String> {
        let ip = self.listen.ip();
        let own = ["localhost", "127.0.0.1", "[::1]"].iter().map(|&name| name.to_owned());
        let listened = (!ip.is_unspecified()).then(|| match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        });
        own.chain(listened).chain(self.allow_host.iter().cloned()).collect()
    }

    /// Of nothing at all nobody is answered.
    fn check_numbers(&self) -> Result<()> {
        let numbers = [
            ("--connections", self.connections, "512 if nothing is said"),
            (
                "--threads",
                self.threads.unwrap_or(1),
                "as many as there are processors if nothing is said",
            ),
            ("--queue", self.queue, "256 if nothing is said"),
        ];
        match numbers.into_iter().find(|(_, number, _)| *number == 0) {
            None => Ok(()),
            Some((option, _, otherwise)) => Err(Error::Usage {
                message: format!("`{option} 0` would leave requests unanswered"),
                hint: Some(format!("give at least 1, or leave it out: {otherwise}")),
            }),
        }
    }
}

/// A name or address of a machine, as `Host` has it without a port.
fn check_host(host: &str) -> Result<()> {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            // Browsers send names with other letters as `xn--…`.
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            !host.is_empty()
                && host.split('.').all(|part| !part.is_empty() && part.chars().all(is_part))
        }
    };
    match is_host {
        true => Ok(()),
        false => Err(Error::Usage {
            message: format!("`{host}` is not the name of a host"),
            hint: Some("write `--allow-host reports.example.org`: without scheme, port and path, each name by itself, other letters as in `xn--bcher-kva.example`".to_owned()),
        }),
    }
}

fn check_origin(origin: &str) -> Result<()> {
    let is_origin = origin.split_once("://").is_some_and(|(scheme, rest)| {
        matches!(scheme, "http" | "https") && !rest.is_empty() && !rest.contains(['/', '*'])
    });
    match is_origin {
        true => Ok(()),
        false => Err(Error::Usage {
            message: format!("`{origin}` is not an origin"),
            hint: Some("write `https://example.org` or `http://localhost:3000`".to_owned()),
        }),
    }
}
