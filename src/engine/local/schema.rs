//! The fields of the local index, and how our analyzer becomes tantivy's tokenizer.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use crate::analyze::{Analyzer, PART_GAP, PART_SEPARATOR};
use crate::engine::words::NewWords;
use crate::query::TextField;
use crate::rank::{HEADING_WEIGHT, TITLE_WEIGHT};

/// The fields, by what they answer.
#[derive(Clone, Copy, Debug)]
pub struct Schemas {
    /// Title, nearest heading and body as one ranked text, with positions.
    pub main: Field,
    /// The title, for `title:`.
    pub title: Field,
    /// The headings under the title, for `heading:` and `section:`.
    pub heading: Field,
    /// Metadata as terms `key=value`, for filters, and the document's id as `doc=`.
    pub meta: Field,
    /// The passage's id as a number: found by it, and ties are broken by it.
    pub id: Field,
    /// A number for the document: groups its passages.
    pub doc: Field,
    /// The report's first year.
    pub year: Field,
    /// How many words the text has: what rates are per.
    pub words: Field,
    /// What the text and the next one of its section have on either side of the seam; see [`super::seam`].
    pub seam: Field,
    /// The signs of the vector of what the passage means, and the rest of it: [`crate::meaning::Vector::to_words`]. No
    /// value where that is not known.
    pub signs: Field,
    pub meaning: Field,
    /// The passage, for showing: see [`super::packed`].
    pub passage: Field,
}

impl Schemas {
    /// The field that holds the words of a part of the passages.
    pub fn of(&self, field: TextField) -> Field {
        match field {
            TextField::Main => self.main,
            TextField::Title => self.title,
            TextField::Heading => self.heading,
        }
    }
}

const MAIN: &str = "tipsearch_main";
const ANALYZER: &str = "tipsearch";
const META: &str = "tipsearch_meta";

/// The schema and its fields.
pub fn schema() -> (Schema, Schemas) {
    let mut builder = Schema::builder();
    let main = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(MAIN)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions),
    );
    // Titles and headings are short and repeat themselves: which words they have is enough, and a
    // phrase in them is looked for in the passages that have its words.
    let small = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(ANALYZER)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let meta = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(META)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let schemas = Schemas {
        main: builder.add_text_field("main", main),
        title: builder.add_text_field("title", small.clone()),
        heading: builder.add_text_field("heading", small),
        meta: builder.add_text_field("meta", meta),
        id: builder.add_u64_field("id", FAST),
        doc: builder.add_u64_field("doc", FAST),
        year: builder.add_i64_field("year", FAST),
        words: builder.add_u64_field("words", FAST),
        seam: builder.add_u64_field("seam", FAST),
        signs: builder.add_u64_field("signs", FAST),
        meaning: builder.add_u64_field("meaning", FAST),
        passage: builder.add_bytes_field("passage", STORED),
    };
    (builder.build(), schemas)
}

/// The tokenizers that the schema names.
///
/// The words of what is indexed are added to `words`.
pub fn tokenizers(words: &NewWords) -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    let plain = AnalyzerTokenizer {
        analyzer: Analyzer::keeping_words(),
        words: words.clone(),
        ..AnalyzerTokenizer::default()
    };
    let main = AnalyzerTokenizer { weights: PART_WEIGHTS, ..plain.clone() };
    tokenizers.register(MAIN, TextAnalyzer::from(main));
    tokenizers.register(ANALYZER, TextAnalyzer::from(plain));
    tokenizers.register(META, TextAnalyzer::from(MetaTokenizer::default()));
    tokenizers
}

/// How often the tokens of the parts of `main` count: body, title, nearest heading. The body comes
/// first, so that its positions are small, which saves a third of their space.
const PART_WEIGHTS: [usize; 3] = [1, TITLE_WEIGHT, HEADING_WEIGHT];

/// Runs the analyzer over a text and hands its tokens to tantivy. A token that counts several times
/// is repeated in its place.
#[derive(Clone, Default)]
struct AnalyzerTokenizer {
    analyzer: Analyzer,
    /// By the number of the part; 0 and what is beyond count once.
    weights: [usize; 3],
    token: Token,
    words: NewWords,
}

/// The tokens of one text. tantivy's indexer takes them all at once ([`TokenStream::process`]), which
/// needs no copy of them; for whoever takes them one by one they are kept in `rest`.
struct Tokens<'a> {
    tokenizer: &'a mut AnalyzerTokenizer,
    text: &'a str,
    rest: Option<std::vec::IntoIter<Token>>,
}

impl Tokenizer for AnalyzerTokenizer {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.token.reset();
        Tokens { tokenizer: self, text, rest: None }
    }
}

impl TokenStream for Tokens<'_> {
    fn process(&mut self, sink: &mut dyn FnMut(&Token)) {
        let AnalyzerTokenizer { analyzer, weights, token, words } = &mut *self.tokenizer;
        let (mut part, mut last) = (0, 0);
        analyzer.scan(self.text, |term, position, bytes| {
            part += ((position - last) / PART_GAP) as usize;
            last = position;
            token.text.clear();
            token.text.push_str(term);
            token.position = position as usize;
            token.offset_from = bytes.start;
            token.offset_to = bytes.end;
            for _ in 0..weights.get(part).copied().unwrap_or(1).max(1) {
                sink(token);
            }
        });
        let new = analyzer.take_new_words();
        if !new.is_empty() {
            words.add(new);
        }
    }

    fn advance(&mut self) -> bool {
        if self.rest.is_none() {
            let mut all = Vec::new();
            self.process(&mut |token| all.push(token.clone()));
            self.rest = Some(all.into_iter());
        }
        match self.rest.as_mut().and_then(Iterator::next) {
            Some(token) => self.tokenizer.token = token,
            None => return false,
        }
        true
    }

    fn token(&self) -> &Token {
        &self.tokenizer.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokenizer.token
    }
}

/// Splits at [`PART_SEPARATOR`]: the terms of a report's metadata come as one string.
#[derive(Clone, Default)]
struct MetaTokenizer {
    token: Token,
}

struct MetaTokens<'a> {
    rest: std::str::Split<'a, char>,
    token: &'a mut Token,
}

impl Tokenizer for MetaTokenizer {
    type TokenStream<'a> = MetaTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> MetaTokens<'a> {
        self.token.reset();
        MetaTokens { rest: text.split(PART_SEPARATOR), token: &mut self.token }
    }
}

impl TokenStream for MetaTokens<'_> {
    fn advance(&mut self) -> bool {
        let Some(term) = self.rest.next() else { return false };
        self.token.text.clear();
        self.token.text.push_str(term);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
