//! The arguments, as typed: help, manual page and completions are made from these definitions.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::counting::{
    CollocatesArgs, CompareArgs, DispersionArgs, FacetsArgs, KwicArgs, TimelineArgs,
};
use super::diff::{DiffArgs, SinceArgs};
use super::model::ModelArgs;
use super::related::RelatedArgs;
use super::replay::ReplayArgs;
use crate::index::Part;
use crate::read::ocr::DEFAULT_LANGUAGES;
use crate::search::Sort;

const EXAMPLES: &str = "\
Examples:
  tipsearch \"border guards complicity\"        the passages that answer best
  tipsearch '\"border guards\" year:2007..2010'  an exact phrase, some years
  tipsearch 'police AND (bribe* OR complicit*) NOT traffic'
  tipsearch index reports/                    index a folder (default: corpus/)
  tipsearch show ID:1:1                       a passage with its neighbours
  tipsearch -- index                          search for the word \"index\"";

const MORE: &str = "`tipsearch --help` begins with examples.";

/// Ranked passages from long reports: exact words, under their headings, with their place.
#[derive(Debug, Parser)]
#[command(name = "tipsearch", version = VERSION, before_long_help = EXAMPLES, after_help = MORE)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// The version of the program and of its index; `engine::local::FORMAT` is checked against it below.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (index format 10)");

const _: () = assert!(crate::engine::local::FORMAT == 10, "`VERSION` names the index format");

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// The folder of the index [default: index]
    #[arg(long, global = true, env = "TIPSEARCH_INDEX", value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// An index on a cluster in place of a folder, as in opensearch+https://host:9200/reports. User, password, token and
    /// the file of its authorities are taken from TIPSEARCH_ENGINE_USER, _PASSWORD, _TOKEN and _CA
    #[cfg(feature = "opensearch")]
    #[arg(long, global = true, env = "TIPSEARCH_ENGINE", value_name = "ADDRESS")]
    pub engine: Option<String>,
    /// JSON instead of text; the same as `--format json`
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
    /// No notes and no progress on standard error; `search` prints nothing, only its exit code tells
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Search (the command's name may be left out)
    Search(SearchArgs),
    /// Index reports: only what has changed is read
    Index(IndexArgs),
    /// Read and cut reports without indexing them, or some of them on each of many machines: see `index --from`
    Chunk(ChunkArgs),
    /// Show a passage with its neighbours, or all of a document or file
    Show(ShowArgs),
    /// The headings of a document or file
    Outline(OutlineArgs),
    /// What the index holds
    Status,
    /// A sentence encoder for the index: which it has, add one, encode what is not encoded
    Model(ModelArgs),
    /// Prove that every passage stands where it says, and that the index is whole
    Doctor,
    /// Why a passage has its score, or why a document is not found
    Explain(ExplainArgs),
    /// Every occurrence on a line, between what stands before and behind it
    Kwic(KwicArgs),
    /// The words that stand beside something more often than elsewhere
    Collocates(CollocatesArgs),
    /// Words of the reports that mean something like others, to ask with
    Related(RelatedArgs),
    /// Where in each report something is said, and how evenly over all
    Dispersion(DispersionArgs),
    /// How often something is said in each group of reports, and for so many words
    Compare(CompareArgs),
    /// The countries, years, roles, languages and documents there are, and how much of each matches
    Facets(FacetsArgs),
    /// How often something is said, year by year
    Timeline(TimelineArgs),
    /// What became of a report from one year to another: paragraphs unchanged, edited, new, dropped
    Diff(DiffArgs),
    /// Since which year the sentences of a passage have stood in the reports of its country
    Since(SinceArgs),
    /// Ask again what a receipt says was asked, and tell what has changed: exit code 0 when nothing has
    Replay(ReplayArgs),
    /// A passage or a document as a citation, as data, or as a link
    Cite(CiteArgs),
    /// Whether quotations, or those of a draft, stand in the reports: exit code 0 when all do
    Verify(VerifyArgs),
    /// Measure ranking on a judged collection
    Eval(EvalArgs),
    /// Serve the search to browsers, programs and models: pages, HTTP, MCP
    #[cfg(feature = "serve")]
    Serve(super::serve::ServeArgs),
    /// Serve the search to a model over standard input and output (Model Context Protocol)
    #[cfg(feature = "serve")]
    Mcp(super::serve::ShownArgs),
    /// Completions for a shell
    Completions { shell: clap_complete::Shell },
    /// The manual page
    Man,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Words, "phrases", AND OR NOT + -, field:value, prefix*
    #[arg(required_unless_present = "like", value_name = "QUERY")]
    pub query: Vec<String>,
    /// More like a passage, by its id as hits show it; a query says what else is wanted
    #[arg(long, value_name = "ID", conflicts_with_all = ["exhaustive", "assert_none", "feedback", "literal", "count",
          "all"])]
    pub like: Option<String>,
    /// How many hits [default: 10; with -l: 1000]
    #[arg(short = 'n', long, value_name = "N")]
    pub limit: Option<usize>,
    /// Evidence for a model: whole sentences of what was found, in all at most so many tokens
    /// (counted for o200k_base, rather too high)
    #[arg(long, value_name = "TOKENS", conflicts_with_all = ["context", "merge", "copies", "explain", "count",
          "documents_with_matches", "scores", "all", "output", "receipt", "exhaustive", "assert_none"])]
    pub budget: Option<usize>,
    /// Go on where an earlier answer ended
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,
    /// How to print
    #[arg(short, long, value_enum, env = "TIPSEARCH_FORMAT", value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Every passage that matches, however many, written as they come
    #[arg(long, conflicts_with_all = ["limit", "cursor", "merge", "count", "documents_with_matches"])]
    pub all: bool,
    /// Write to a file; what it held is replaced when all has been written
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["count", "documents_with_matches"])]
    pub output: Option<PathBuf>,
    /// Restrict by fields: 'year:2020..2024 country:kazakhstan'
    #[arg(long, value_name = "FIELDS")]
    pub filter: Option<String>,
    /// Only sections under a heading with these words
    #[arg(short, long, value_name = "HEADING")]
    pub section: Option<String>,
    /// Passages to show before and after each hit
    #[arg(short = 'C', long, default_value_t = 0, value_name = "N")]
    pub context: usize,
    /// The most passages of one report, 0 for all [default: 3 where there are several reports]
    #[arg(long, value_name = "N")]
    pub per_document: Option<usize>,
    /// Join hits that follow one another
    #[arg(long)]
    pub merge: bool,
    /// Show every passage, also where several have the same text
    #[arg(long)]
    pub copies: bool,
    /// The order of hits
    #[arg(long, value_enum, default_value_t = SortBy::Score, value_name = "ORDER")]
    pub sort: SortBy,
    /// Show how each score came about
    #[arg(long)]
    pub explain: bool,
    /// Words as written: no other forms, no near spellings, no synonyms
    #[arg(long)]
    pub literal: bool,
    /// Rank by words alone; plain words are otherwise ranked by what they mean too
    #[arg(long)]
    pub lexical: bool,
    /// Search again for the words that the best passages have in common as well: finds more, and more that is beside
    /// the point
    #[arg(long, conflicts_with_all = ["literal", "exhaustive", "assert_none"])]
    pub feedback: bool,
    /// Every form: near spellings of all words too, and all words required; says what was searched for,
    /// what comes near, and what could not be read, so that "not mentioned" is a finding
    #[arg(long, conflicts_with = "literal")]
    pub exhaustive: bool,
    /// The same, for scripts: exit code 0 when nothing is found and everything was read, else 1
    #[arg(long, conflicts_with_all = ["literal", "count", "documents_with_matches"])]
    pub assert_none: bool,
    /// Write down what was asked of what, when, and what was found; `tipsearch replay` runs it again
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cursor", "merge", "count", "documents_with_matches"])]
    pub receipt: Option<PathBuf>,
    #[command(flatten)]
    pub synonyms: SynonymArgs,
    /// Print only how many passages match
    #[arg(short, long)]
    pub count: bool,
    /// Print only the names of documents that match
    #[arg(short = 'l', long)]
    pub documents_with_matches: bool,
    /// Show scores
    #[arg(long)]
    pub scores: bool,
}

/// What else words are searched for as.
#[derive(Debug, Args)]
pub struct SynonymArgs {
    /// Synonyms beside those in the program: a TOML or CSV file, or SKOS in Turtle
    #[arg(long, value_name = "FILE")]
    pub thesaurus: Option<PathBuf>,
    /// No synonyms
    #[arg(long, conflicts_with = "thesaurus")]
    pub no_synonyms: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One document
    Json,
    /// A hit a line
    Jsonl,
    /// A table for other programs
    Csv,
    /// The same with tabs; white space in cells is one blank
    Tsv,
    /// A workbook, for which `--output` names a file
    Xlsx,
    /// Quotations with numbered sources
    Markdown,
    /// A page
    Html,
    /// A run for TREC's tools
    Trec,
    /// The reports as references, for BibTeX, BibLaTeX and Pandoc
    Bibtex,
    /// The reports as references, for Zotero and Pandoc
    CslJson,
    /// The reports as references, for Zotero, EndNote and Mendeley
    Ris,
    /// With --budget: search-result blocks of Anthropic's Messages API
    Anthropic,
    /// With --budget: a file-search call of OpenAI's Responses API
    Openai,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortBy {
    /// Best first
    Score,
    /// Best first, where older reports count less: half for ten years
    Recent,
    /// Latest first
    Date,
    /// By document and place in it
    Document,
}

impl SortBy {
    /// The order of hits that this asks for.
    pub fn order(self) -> Sort {
        match self {
            SortBy::Score => Sort::Score,
            SortBy::Recent => Sort::Recent,
            SortBy::Date => Sort::Date,
            SortBy::Document => Sort::Document,
        }
    }
}

#[derive(Debug, Args)]
pub struct IndexArgs {
    /// Folders and files [default: corpus]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Index what `chunk` has read and cut: all shards of a shelf, by names or patterns (`shard-*.jsonl.zst`)
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["paths", "ocr"])]
    pub from: Vec<PathBuf>,
    /// Start anew, whatever is there
    #[arg(long)]
    pub force: bool,
    /// With an engine: a new index is divided into so many shards
    #[cfg(feature = "opensearch")]
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub shards: u32,
    /// With an engine: with `--force`, keep the index that is replaced, beside the new one
    #[cfg(feature = "opensearch")]
    #[arg(long)]
    pub keep_old: bool,
    /// Threads that write
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Memory for what is not yet written
    #[arg(long, value_name = "MB")]
    pub memory: Option<usize>,
    /// Read pages that are pictures with tesseract, in English or in these languages (eng+rus); later
    /// runs over the same folders go on so
    #[arg(long, value_name = LANGUAGES, num_args = 0..=1, require_equals = true,
          default_missing_value = DEFAULT_LANGUAGES)]
    pub ocr: Option<String>,
}

#[derive(Debug, Args)]
pub struct ChunkArgs {
    /// Folders and files [default: corpus]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Which part of the files, of how many
    #[arg(long, value_name = "I/N", default_value = "1/1")]
    pub shard: Part,
    /// The file of passages, `NAME.jsonl.zst`; beside it come NAME.errors.jsonl and, when all is done, NAME.manifest.json
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Write the shard again, even where it is finished and its files have not changed
    #[arg(long)]
    pub force: bool,
    /// Threads that read [default: as many as there are processors, up to 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub threads: Option<u32>,
    /// Read pages that are pictures with tesseract, in English or in these languages (eng+rus)
    #[arg(long, value_name = LANGUAGES, num_args = 0..=1, require_equals = true,
          default_missing_value = DEFAULT_LANGUAGES)]
    pub ocr: Option<String>,
}

/// How a file is read that is in no index.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// Of a file that is a web page: all of it, with menus and what else stands round the article
    #[arg(long)]
    pub keep_all: bool,
    /// Of a file with pages that are pictures: read these with tesseract, in English or in these
    /// languages (eng+rus)
    #[arg(long, value_name = LANGUAGES, num_args = 0..=1, require_equals = true,
          default_missing_value = DEFAULT_LANGUAGES)]
    pub ocr: Option<String>,
    /// How to print
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub format: Option<TextOrJson>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    /// For people
    Text,
    /// The same as `--json`
    Json,
}

impl Command {
    /// Whether its own options ask for JSON.
    pub fn wants_json(&self) -> bool {
        match self {
            Command::Show(ShowArgs { file, .. }) | Command::Outline(OutlineArgs { file, .. }) => {
                file.format == Some(TextOrJson::Json)
            }
            _ => false,
        }
    }
}

const LANGUAGES: &str = "LANGUAGES";

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A passage's id, with how many passages before and after (ID:1:2), a document's id, or a file
    #[arg(value_name = "ID|FILE")]
    pub what: String,
    #[command(flatten)]
    pub file: FileArgs,
}

#[derive(Debug, Args)]
pub struct OutlineArgs {
    /// A document's id, or a file
    #[arg(value_name = "DOC|FILE")]
    pub what: String,
    #[command(flatten)]
    pub file: FileArgs,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The query
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// A passage's or a document's id
    #[arg(value_name = "ID|DOC")]
    pub what: String,
    #[command(flatten)]
    pub synonyms: SynonymArgs,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A draft (Markdown, Word, PDF, ...; `-` for standard input): all its quotations and figures are checked
    #[arg(value_name = "FILE", required_unless_present = "quote")]
    pub draft: Option<String>,
    /// A quotation to check; may be given several times
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub quote: Vec<String>,
    /// Only this document
    #[arg(long, value_name = "DOC")]
    pub doc: Option<String>,
    /// Check the quotations of the draft only, not the figures that it states
    #[arg(long)]
    pub no_figures: bool,
}

#[derive(Debug, Args)]
pub struct CiteArgs {
    /// A passage's or a document's id
    #[arg(value_name = "ID|DOC")]
    pub what: String,
    /// As what
    #[arg(long, value_enum, default_value_t = CiteStyle::Chicago, value_name = "STYLE")]
    pub style: CiteStyle,
    /// The day on which it was read [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub accessed: Option<String>,
    /// Words of the passage, for `w3c` and `link`
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub quote: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CiteStyle {
    /// Chicago Manual of Style, 17th edition: bibliography and note
    Chicago,
    /// American Psychological Association, 7th edition: reference and citation in the text
    Apa,
    /// Modern Language Association, 9th edition: work cited and citation in the text
    Mla,
    /// The Bluebook, 21st edition
    Bluebook,
    /// For Zotero and Pandoc
    CslJson,
    /// For BibTeX, BibLaTeX and Pandoc
    Bibtex,
    /// For Zotero, EndNote and Mendeley
    Ris,
    /// A selector of the Web Annotation Data Model
    W3c,
    /// An address with page or words
    Link,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// A folder with corpus.jsonl, queries.jsonl and qrels.tsv, indexed anew for this
    #[arg(
        value_name = "BEIR_DIR",
        required_unless_present_any = ["topics", "run"],
        conflicts_with = "topics"
    )]
    pub collection: Option<PathBuf>,
    /// Topics to ask of the index: lines `id<TAB>text`, JSON objects, or TREC's `<top>` blocks
    #[arg(long, requires = "qrels", value_name = "FILE")]
    pub topics: Option<PathBuf>,
    /// Judgments: lines `topic 0 document grade`, or BEIR's three columns with their header
    #[arg(long, value_name = "FILE")]
    pub qrels: Option<PathBuf>,
    /// Write what was found: lines `topic Q0 document rank score tag`. With `--qrels` alone: measure
    /// what was found before
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
    /// Compare with a stored run: differences, topics won and lost, and a paired randomization test
    #[arg(long, value_name = "RUN")]
    pub compare: Option<PathBuf>,
    /// What to measure: nDCG, R, MRR, MAP, P and judged, each at any rank
    #[arg(
        long,
        default_value = "nDCG@10,R@100,MRR@10,MAP,P@5,judged@10",
        value_delimiter = ',',
        value_name = "LIST"
    )]
    pub measures: Vec<String>,
    /// Print the values of every topic too
    #[arg(long)]
    pub per_topic: bool,
    #[command(flatten)]
    pub synonyms: SynonymArgs,
    /// Ask for words alone, as `search --lexical` does
    #[arg(long)]
    pub lexical: bool,
    /// Rank by a model in a folder, with which the collection is encoded: see `tipsearch model`
    #[arg(long, value_name = "DIR", requires = "collection", conflicts_with = "lexical")]
    pub model: Option<PathBuf>,
    /// Keep what the model makes of the collection in this file, and take up what is there
    #[arg(long, value_name = "FILE", requires = "model")]
    pub vectors: Option<PathBuf>,
    /// Ask with feedback, as `search --feedback` does
    #[arg(long)]
    pub feedback: bool,
    /// Exit with 1 when the first measure is under this
    #[arg(long, value_name = "VALUE")]
    pub fail_under: Option<f64>,
}

impl EvalArgs {
    /// Whether there is nothing to ask, so that the run is one to read.
    pub fn reads_run(&self) -> bool {
        self.collection.is_none() && self.topics.is_none()
    }
}
