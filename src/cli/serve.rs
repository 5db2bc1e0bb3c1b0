//! `tipsearch serve` and `tipsearch mcp`: the search for browsers, programs and models.

use std::io::IsTerminal;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

use super::FOUND;
use super::args::{Common, SynonymArgs};
use super::output::Output;
use super::session::Session;
use super::thesaurus::thesaurus;
use crate::engine::{Engine, Store};
use crate::error::{Error, Result};
use crate::serve::{self, Options, Shown};

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port; port 0 is any that is free. Another address than this machine's own needs --token-file
    #[arg(
        long,
        default_value = "127.0.0.1:7700",
        env = "TIPSEARCH_LISTEN",
        value_name = "ADDRESS:PORT"
    )]
    listen: SocketAddr,
    /// A file, readable by its owner only, with the token that clients must show
    #[arg(long, env = "TIPSEARCH_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Another name that the server answers to; may be given several times
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Pages of another origin that may use the server, as in https://example.org; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Requests a second for each client, 0 for no limit [default: 100; no limit on this machine alone]
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    /// The address of a proxy before the server: clients are those that it names last in X-Forwarded-For; may be given
    /// several times
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
    /// Connections at once
    #[arg(long, default_value_t = 512, value_name = "N")]
    connections: usize,
    /// Searches at once [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Requests that wait for a search to end; more are told to come back
    #[arg(long, default_value_t = 256, value_name = "N")]
    queue: usize,
    #[command(flatten)]
    shown: ShownArgs,
}

/// What is served beside the index itself.
#[derive(Debug, Args)]
pub struct ShownArgs {
    /// Another index, which requests name with `index`; may be given several times
    #[arg(long, value_name = "NAME=DIR")]
    also: Vec<String>,
    #[command(flatten)]
    synonyms: SynonymArgs,
}

/// What there is to know for whoever starts `tipsearch mcp` by hand.
const BY_HAND: &str = "\
`tipsearch mcp` speaks the Model Context Protocol over standard input and output; a chat program starts it.
Its configuration has an entry like this one:

  {\"mcpServers\": {\"tipsearch\": {\"command\": \"tipsearch\", \"args\": [\"mcp\", \"--index\", \"INDEX\"]}}}

Over HTTP: `tipsearch serve`, and the address http://127.0.0.1:7700/mcp.
";

/// The name of the index that answers who names none.
const FIRST: &str = "default";

/// What is served: the session's index, which the session keeps if it is a temporary one, and others.
fn shown(arguments: &ShownArgs, session: &Session) -> Result<Vec<Shown>> {
    let of = |name: &str, store: &Store, engine: &dyn Engine| -> Result<Shown> {
        let thesaurus = thesaurus(&arguments.synonyms, &engine.summary().roots, None)?;
        Ok(Shown { name: name.to_owned(), store: store.clone(), thesaurus })
    };
    let mut shown = vec![of(FIRST, &session.store, session.searcher.engine())?];
    for other in &arguments.also {
        let Some((name, folder)) = other.split_once('=') else {
            return Err(Error::Usage {
                message: format!("`{other}` names no index"),
                hint: Some("write `--also NAME=DIR`, as in `--also laws=laws/index`".to_owned()),
            });
        };
        let store = Store::Folder(PathBuf::from(folder));
        shown.push(of(name, &store, &store.open()?)?);
    }
    Ok(shown)
}

/// Runs `serve`.
pub fn run(arguments: &ServeArgs, common: &Common, output: &Output) -> Result<u8> {
    let session = Session::unwatched(common, output)?;
    let options = Options {
        listen: arguments.listen,
        token_file: arguments.token_file.clone(),
        allow_host: arguments.allow_host.clone(),
        allow_origin: arguments.allow_origin.clone(),
        trusted_proxy: arguments.trusted_proxy.clone(),
        rate: arguments.rate,
        connections: arguments.connections,
        threads: arguments.threads,
        queue: arguments.queue,
    };
    serve::serve(&shown(&arguments.shown, &session)?, &options, |address| {
        let text = format!(
            "tipsearch listens on http://{address}/ (pages; HTTP: /openapi.json; MCP: /mcp); Ctrl-C stops it\n"
        );
        // The server goes on where nobody reads what it prints.
        let _ = output.print(&text);
    })?;
    Ok(FOUND)
}

/// Runs `mcp`.
pub fn mcp(arguments: &ShownArgs, common: &Common, output: &Output) -> Result<u8> {
    if std::io::stdin().is_terminal() {
        output.print(BY_HAND)?;
        return Ok(FOUND);
    }
    let session = Session::unwatched(common, output)?;
    serve::serve_streams(&shown(arguments, &session)?)?;
    Ok(FOUND)
}
