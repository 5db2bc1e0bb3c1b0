//! The door: who may ask, before anything looks at what is asked for. `Host` against rebinding of names, `Origin`
//! against other pages, so many requests a second for each client, and the token.

use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::net::{IpAddr, SocketAddr};
use subtle::ConstantTimeEq;

use super::rate::Rate;
use crate::serve::problem::Problem;

/// Addresses that answer without a token: they tell nothing but that the server is there.
const OPEN: [&str; 2] = ["/healthz", "/readyz"];

/// Where proxies say whom they ask for.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Who may ask.
pub struct Door {
    /// The names that the server answers to, in lower case, without a port.
    pub hosts: Vec<String>,
    /// Origins of other pages that may use it.
    pub origins: Vec<String>,
    /// Proxies that say truly whom they ask for.
    pub proxies: Vec<IpAddr>,
    /// What a client must show.
    pub token: Option<String>,
    /// How often a client may ask.
    pub rate: Option<Rate>,
}

/// The origin of another page that may read the answer; `None` where none is to be named.
pub type Foreign = Option<String>;

impl Door {
    /// Whether a request may come in, and the page that may read the answer, be it that it may not.
    ///
    /// # Errors
    /// `host_refused`, `origin_refused`, `too_many_requests`, `unauthorized`.
    pub fn check(
        &self,
        peer: IpAddr,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> (Foreign, Result<(), Problem>) {
        let foreign = self.host(uri, headers).and_then(|host| self.origin(&host, headers));
        let foreign = match foreign {
            Ok(foreign) => foreign,
            Err(problem) => return (None, Err(problem)),
        };
        let is_preflight = method == Method::OPTIONS && foreign.is_some();
        // Who looks whether the server is well asks all the time, and is turned away by no other's requests.
        let is_about_health = OPEN.contains(&uri.path());
        let is_open = is_preflight || is_about_health;
        let rate = self.rate.as_ref().filter(|_| !is_about_health);
        let rate = rate.map_or(Ok(()), |rate| rate.take(self.client(peer, headers)));
        let checked = rate.and_then(|()| if is_open { Ok(()) } else { self.authorize(headers) });
        (foreign, checked)
    }

    /// Who asks: whoever is connected, or where that is one of our proxies, whom it says that it asks for. Each proxy puts
    /// that at the end; what stands before the last that is none of ours may have been written by anybody.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.proxies.contains(&peer.to_canonical()) {
            return peer;
        }
        let address = |text: &str| -> Option<IpAddr> {
            text.parse().or_else(|_| text.parse().map(|it: SocketAddr| it.ip())).ok()
        };
        let values = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
        let hops = hops.map_while(|hop| address(hop.trim()));
        let mut others = hops.skip_while(|hop| self.proxies.contains(&hop.to_canonical()));
        others.next().unwrap_or(peer)
    }

    /// The host that is asked for, as written, if it is one of ours.
    fn host(&self, uri: &Uri, headers: &HeaderMap) -> Result<String, Problem> {
        let refused = || {
            Problem::new(403, "host_refused", "the server does not answer to this `Host`")
                .hint("start it with `--allow-host NAME` to have it answer to another name")
        };
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(refused()) };
        let host = host.to_str().map_err(|_| refused())?;
        let is_ours = |host: &str| {
            let name = without_port(host);
            name.is_some_and(|name| self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(name)))
        };
        let is_asked_for = uri.authority().is_none_or(|authority| is_ours(authority.as_str()));
        match is_ours(host) && is_asked_for {
            true => Ok(host.to_owned()),
            false => Err(refused()),
        }
    }

    fn origin(&self, host: &str, headers: &HeaderMap) -> Result<Foreign, Problem> {
        let refused = || {
            Problem::new(403, "origin_refused", "pages of this `Origin` may not use the server")
                .hint("start it with `--allow-origin ORIGIN` to let them")
        };
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(origin) = origins.next() else { return Ok(None) };
        let origin = origin.to_str().map_err(|_| refused())?;
        if origins.next().is_some() {
            return Err(refused());
        }
        let own =
            origin.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
        if own.is_some_and(|(_, own)| own.eq_ignore_ascii_case(host)) {
            return Ok(None);
        }
        match self.origins.iter().any(|allowed| allowed == origin) {
            true => Ok(Some(origin.to_owned())),
            false => Err(refused()),
        }
    }

    /// `Bearer TOKEN`, or the token as the password of `Basic`, which is what a browser can ask its user for.
    fn authorize(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(token) = &self.token else { return Ok(()) };
        let given =
            headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(shown);
        let is_right = given.is_some_and(|given| given.as_bytes().ct_eq(token.as_bytes()).into());
        match is_right {
            true => Ok(()),
            false => Err(Problem::new(401, "unauthorized", "the token is missing or wrong").hint(
                "send `Authorization: Bearer TOKEN`; in a browser the token is the password",
            )),
        }
    }
}

/// The token of an `Authorization` header.
fn shown(header: &str) -> Option<String> {
    let (scheme, value) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}

/// The name of a `Host`, with its brackets where it is an IPv6 address.
fn without_port(host: &str) -> Option<&str> {
    let end = match host.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at_checked(end)?;
    let is_port = match port.strip_prefix(':') {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    (is_port && !name.is_empty()).then_some(name)
}
