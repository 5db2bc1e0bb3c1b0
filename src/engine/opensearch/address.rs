//! The address of an index on a cluster: `opensearch+https://host:9200/reports`, with several hosts separated by commas.

use std::fmt;
use std::path::PathBuf;

use crate::error::{Error, Result};

/// What an address begins with; the rest is one as of the web.
const SCHEME: &str = "opensearch+";

/// The port where none is named.
const PORT: u16 = 9200;

/// Longer names leave no room for the number of an index within OpenSearch's limit of 255 bytes.
const LONGEST_NAME: usize = 200;

/// An index on a cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// `https://host:9200`, one or more.
    pub hosts: Vec<String>,
    /// The name that searches use; the indexes behind it have it with a number.
    pub name: String,
    /// What opens it.
    pub access: Access,
}

/// What opens a cluster. None of it is ever printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// User and password.
    pub user: Option<(String, String)>,
    /// A token, sent as `Bearer`; counts before user and password.
    pub token: Option<String>,
    /// A file in PEM with the authorities that its certificates are to be signed by, in place of the usual ones.
    pub authorities: Option<PathBuf>,
}

impl Address {
    /// Reads an address. A user and a password that stand in it count before those of `access`.
    ///
    /// # Errors
    /// `Usage`, with what is wrong with it.
    pub fn parse(text: &str, access: Access) -> Result<Address> {
        let wrong = |message: String| Error::Usage {
            message,
            hint: Some(
                "write it like `opensearch+https://host:9200/reports`, several hosts with commas"
                    .to_owned(),
            ),
        };
        let rest = text.strip_prefix(SCHEME);
        let rest =
            rest.ok_or_else(|| wrong(format!("the engine does not begin with `{SCHEME}`")))?;
        let (scheme, rest) = match rest.split_once("://") {
            Some((scheme @ ("http" | "https"), rest)) => (scheme, rest),
            _ => return Err(wrong("the engine is reached by `http` or `https`".to_owned())),
        };
        let (hosts, name) = rest.split_once('/').unwrap_or((rest, ""));
        let name = name.trim_end_matches('/');
        check_name(name).map_err(wrong)?;
        let (credentials, hosts) = match hosts.rsplit_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, hosts),
        };
        let mut access = access;
        if let Some(credentials) = credentials {
            let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
            access.user = Some((user.to_owned(), password.to_owned()));
        }
        let hosts = hosts.split(',').map(|host| host_of(scheme, host));
        let hosts = hosts.collect::<std::result::Result<Vec<_>, _>>().map_err(wrong)?;
        Ok(Address { hosts, name: name.to_owned(), access })
    }
}

/// One of the hosts, with its port.
fn host_of(scheme: &str, host: &str) -> std::result::Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    if host.is_empty() || !host.chars().all(is_plain) {
        return Err(format!("`{host}` is no host"));
    }
    // The colons of an IPv6 address stand in brackets.
    let after = host.rsplit_once(']').map_or(host, |(_, after)| after);
    match after.rsplit_once(':') {
        None => Ok(format!("{scheme}://{host}:{PORT}")),
        Some((_, port)) if port.parse::<u16>().is_ok_and(|port| port > 0) => {
            Ok(format!("{scheme}://{host}"))
        }
        Some((_, port)) => Err(format!("`{port}` is no port")),
    }
}

/// What OpenSearch takes for the name of an index.
fn check_name(name: &str) -> std::result::Result<(), String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    match name {
        "" => Err("the engine names no index".to_owned()),
        name if name.len() > LONGEST_NAME => Err("the name of the index is too long".to_owned()),
        name if !name.chars().all(is_plain) || name.starts_with(['-', '_', '.']) => {
            Err(format!("`{name}` is no name of an index: small letters, digits, `-`, `_`, `.`"))
        }
        _ => Ok(()),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = |host: &str| host.split_once("://").map(|(scheme, _)| scheme.to_owned());
        let hosts =
            self.hosts.iter().map(|host| host.split_once("://").map_or("", |(_, host)| host));
        let hosts: Vec<&str> = hosts.collect();
        let scheme = self.hosts.first().and_then(|host| scheme(host)).unwrap_or_default();
        write!(f, "{SCHEME}{scheme}://{}/{}", hosts.join(","), self.name)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
