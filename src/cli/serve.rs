//! `tipsearch serve` and `tipsearch mcp`: the search for browsers, programs and models.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::FOUND;
use super::args::{Common, SynonymArgs};
use super::output::Output;
use super::session::Session;
use super::thesaurus::thesaurus;
use crate::engine::Engine;
use crate::error::Result;
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
    /// Connections at once
    #[arg(long, default_value_t = 512, value_name = "N")]
    connections: usize,
    /// Searches at once [default: as many as there are processors]
    #[arg(long, default_value_t = 0, value_name = "N", hide_default_value = true)]
    threads: usize,
    /// Requests that wait for a search to end; more are told to come back
    #[arg(long, default_value_t = 256, value_name = "N")]
    queue: usize,
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

/// What is shown of an index: the session keeps it, if it is a temporary one.
fn shown(arguments: &SynonymArgs, session: &Session) -> Result<Shown> {
    let engine = session.searcher.engine();
    let thesaurus = thesaurus(arguments, &engine.summary().roots, None)?;
    Ok(Shown { index: engine.path().to_owned(), thesaurus })
}

/// Runs `serve`.
pub fn run(arguments: &ServeArgs, common: &Common, output: &Output) -> Result<u8> {
    let session = Session::open(common, output)?;
    let options = Options {
        listen: arguments.listen,
        token_file: arguments.token_file.clone(),
        allow_host: arguments.allow_host.clone(),
        allow_origin: arguments.allow_origin.clone(),
        rate: arguments.rate,
        connections: arguments.connections,
        threads: arguments.threads,
        queue: arguments.queue,
    };
    serve::serve(&shown(&arguments.synonyms, &session)?, &options, |address| {
        let text = format!(
            "tipsearch listens on http://{address}/ (pages; HTTP: /openapi.json; MCP: /mcp); Ctrl-C stops it\n"
        );
        // The server goes on where nobody reads what it prints.
        let _ = output.print(&text);
    })?;
    Ok(FOUND)
}

/// Runs `mcp`.
pub fn mcp(arguments: &SynonymArgs, common: &Common, output: &Output) -> Result<u8> {
    if std::io::stdin().is_terminal() {
        output.print(BY_HAND)?;
        return Ok(FOUND);
    }
    let session = Session::open(common, output)?;
    serve::serve_streams(&shown(arguments, &session)?)?;
    Ok(FOUND)
}
