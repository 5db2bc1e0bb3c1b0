//! Reads tokens into paragraphs, rows and notes.

use std::borrow::Cow;
use std::ops::Range;

use super::charset::{Charset, language};
use super::state::{Destination, Ends, State};
use super::tables::Tables;
use super::token::{Token, Tokens};
use super::write::{Block, Content, Piece, Pieces, Writer};
use crate::document::Document;
use crate::read::builder::DocumentBuilder;
use crate::read::flow::Role;
use crate::read::languages::Languages;
use crate::read::raised::raised;
use crate::read::symbol::symbol;

/// The longest title (characters) that is known by its place.
const LONGEST_TITLE: usize = 150;

/// Notes and text boxes inside each other, at most; deeper ones are text of those around them.
const DEEPEST: usize = 16;

/// How many link targets are kept.
const MOST_LINKS: usize = 1000;

/// Where paragraphs are gathered: the body, a note, a text box.
#[derive(Default)]
pub struct Context {
    /// The open paragraph.
    pub current: Pieces,
    /// Its number or bullet, where it has one.
    pub list_text: Option<Pieces>,
    pub cell: Pieces,
    pub row: Vec<Pieces>,
    /// The open cell and row of a table inside the table, and its finished rows.
    pub inner_cell: Pieces,
    pub inner_row: Vec<Pieces>,
    pub inner_rows: Vec<Vec<Pieces>>,
    /// Notes that were referred to since the last block.
    pub notes: Vec<usize>,
    /// Blocks of text boxes in the open paragraph.
    pub boxes: Vec<Block>,
    pub blocks: Vec<Block>,
}

/// Reads a source.
pub struct Reader<'a> {
    source: &'a str,
    pub tokens: Tokens<'a>,
    pub builder: DocumentBuilder<'a>,
    pub state: State,
    stack: Vec<State>,
    pub contexts: Vec<Context>,
    pub tables: Tables,
    /// The entry of a table, or the property, that is being read.
    pub entry: String,
    pub entry_number: Option<i32>,
    pub date: [i32; 3],
    pub charset: Charset,
    pub font: Option<i32>,
    pub lang: Option<i32>,
    /// The first bytes of a character, and where they begin.
    lead: Option<(Vec<u8>, usize)>,
    /// The first of two units of a character.
    high: Option<(u32, usize)>,
    /// How many characters still stand in for one in Unicode.
    skip: usize,
    /// The instructions of the open fields.
    pub fields: Vec<String>,
    made: String,
    notes: Vec<Pieces>,
    pub title: Option<String>,
    links: usize,
    languages: Languages,
}

impl<'a> Reader<'a> {
    /// A reader at the beginning of a source.
    pub fn new(source: &'a str, builder: DocumentBuilder<'a>) -> Reader<'a> {
        Reader {
            source,
            tokens: Tokens::new(source),
            builder,
            state: State { fallback: 1, ..State::default() },
            stack: Vec::new(),
            contexts: vec![Context::default()],
            tables: Tables::default(),
            entry: String::new(),
            entry_number: None,
            date: [0; 3],
            charset: Charset::of_page(1252),
            font: None,
            lang: None,
            lead: None,
            high: None,
            skip: 0,
            fields: Vec::new(),
            made: String::new(),
            notes: Vec::new(),
            title: None,
            links: 0,
            languages: Languages::default(),
        }
    }

    /// Reads everything.
    pub fn read(mut self) -> Document {
        while let Some((token, place)) = self.tokens.token() {
            match token {
                Token::Open => self.open(),
                Token::Close => self.close(),
                Token::Word(word, number) => {
                    self.skip = 0;
                    self.word(word, number, place);
                }
                Token::Symbol(symbol) => self.symbol(symbol, place),
                Token::Byte(byte) => self.byte(byte, place),
                Token::Text(text) => self.text(text, place),
            }
        }
        while !self.stack.is_empty() {
            self.close();
        }
        self.end_paragraph();
        self.end_row();
        let Context { blocks, notes: pending, .. } = self.contexts.pop().unwrap_or_default();
        let lang = self.languages.most();
        let writer = Writer {
            source: self.source,
            builder: self.builder,
            made: self.made,
            notes: self.notes,
            pending,
            last: None,
            last_role: None,
        };
        let mut document = writer.write(blocks, self.title);
        document.lang = lang;
        document
    }

    fn open(&mut self) {
        self.skip = 0;
        let inner = State { ends: Ends::Nothing, is_optional: false, ..self.state.clone() };
        self.stack.push(std::mem::replace(&mut self.state, inner));
    }

    fn close(&mut self) {
        self.skip = 0;
        // The last paragraph of a text need not be ended, and has the formatting of its group.
        if self.stack.len() == 1 || matches!(self.state.ends, Ends::Note | Ends::Box) {
            self.end_paragraph();
        }
        let Some(outer) = self.stack.pop() else { return };
        let ended = std::mem::replace(&mut self.state, outer);
        match (ended.destination, self.state.destination) {
            (Destination::Property(property), outer) if outer != ended.destination => {
                self.end_property(property);
            }
            (Destination::Fonts, _) => self.end_font(),
            (Destination::Styles, Destination::Styles) => self.end_style(),
            _ => {}
        }
        match ended.ends {
            Ends::Nothing => {}
            Ends::Note => self.end_note(),
            Ends::Box => self.end_box(),
            Ends::Field => drop(self.fields.pop()),
        }
    }

    /// Where paragraphs are gathered now.
    pub fn context(&mut self) -> &mut Context {
        if self.contexts.is_empty() {
            self.contexts.push(Context::default());
        }
        let last = self.contexts.len() - 1;
        &mut self.contexts[last]
    }

    /// A note or a text box begins.
    pub fn begin(&mut self, ends: Ends) {
        self.state.destination = Destination::Text;
        if self.contexts.len() < DEEPEST {
            self.state.ends = ends;
            self.state.paragraph = Default::default();
            self.contexts.push(Context::default());
        }
    }

    fn end_note(&mut self) {
        self.end_paragraph();
        self.end_row();
        let Some(context) = self.contexts.pop() else { return };
        let mut pieces = Pieces::new();
        for block in context.blocks {
            let parts = match block.content {
                Content::Paragraph(_, pieces) => vec![pieces],
                Content::Row(cells) => cells,
            };
            for mut part in parts {
                if let Some(last) = pieces.last() {
                    let end = last.source.end;
                    pieces.push(self.made_piece("\n", end..end));
                }
                pieces.append(&mut part);
            }
        }
        let number = self.notes.len();
        self.notes.push(pieces);
        let outer = self.context();
        // A mark before any text stands behind nothing that is quoted.
        if let Some(end) = outer.current.last().map(|piece| piece.source.end) {
            outer.current.push(Piece { made: Some(0..0), source: end..end, note: Some(number) });
        }
        outer.notes.push(number);
        outer.notes.extend(context.notes);
    }

    fn end_box(&mut self) {
        self.end_paragraph();
        self.end_row();
        let Some(mut context) = self.contexts.pop() else { return };
        let outer = self.context();
        outer.boxes.append(&mut context.blocks);
        outer.notes.append(&mut context.notes);
    }

    pub fn made_piece(&mut self, text: &str, source: Range<usize>) -> Piece {
        let start = self.made.len();
        self.made.push_str(text);
        Piece { made: Some(start..self.made.len()), source, note: None }
    }

    /// Text as it stands in the source.
    fn text(&mut self, text: &str, place: Range<usize>) {
        let mut rest = text;
        while self.skip > 0
            && let Some(c) = rest.chars().next()
        {
            self.skip -= 1;
            rest = &rest[c.len_utf8()..];
        }
        // The last byte of a character may stand as it is, where it is a letter.
        while self.lead.is_some()
            && let Some(Ok(byte)) = rest.chars().next().map(u8::try_from)
        {
            rest = &rest[rest.ceil_char_boundary(1)..];
            let end = place.end - rest.len();
            self.unit(byte, end - 1..end);
        }
        if !rest.is_empty() {
            self.add(rest, place.end - rest.len()..place.end, true);
        }
    }

    /// Adds text where it goes now. `is_own`: whether the source has it as it is.
    pub fn add(&mut self, text: &str, place: Range<usize>, is_own: bool) {
        self.lead = None;
        match self.state.destination {
            Destination::Text | Destination::ListText => {
                if self.state.is_hidden || self.state.is_deleted {
                    return;
                }
                let raised = match self.state.is_raised {
                    true => raised(text),
                    false => Cow::Borrowed(text),
                };
                let piece = match is_own && raised == text {
                    true => Piece { made: None, source: place, note: None },
                    false => self.made_piece(&raised, place),
                };
                if self.state.destination == Destination::ListText {
                    return self.context().list_text.get_or_insert_default().push(piece);
                }
                let lang = self.state.lang.or(self.lang).and_then(language);
                self.languages.count(lang, text);
                self.context().current.push(piece);
            }
            Destination::Instruction => {
                if let Some(field) = self.fields.last_mut() {
                    field.push_str(text);
                }
            }
            Destination::Fonts | Destination::Styles => self.table_text(text),
            Destination::Property(_) => self.entry.push_str(text),
            Destination::Nowhere
            | Destination::Drawing
            | Destination::Alternatives
            | Destination::Properties => {}
        }
    }

    fn charset(&self) -> Charset {
        let font = self.state.font.or(self.font);
        let font = font.and_then(|font| self.tables.fonts.get(&font));
        font.and_then(|font| font.charset).unwrap_or(self.charset)
    }

    fn font_name(&self) -> String {
        let font = self.state.font.or(self.font);
        font.and_then(|font| self.tables.fonts.get(&font))
            .map_or(String::new(), |it| it.name.clone())
    }

    fn byte(&mut self, byte: u8, place: Range<usize>) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.unit(byte, place);
    }

    /// A byte of a character.
    fn unit(&mut self, byte: u8, place: Range<usize>) {
        let (mut bytes, start) = self.lead.take().unwrap_or((Vec::new(), place.start));
        bytes.push(byte);
        let width = bytes.first().map_or(1, |&first| self.charset().width(first));
        match bytes.len() < width {
            true => self.lead = Some((bytes, start)),
            false => self.bytes(&bytes, start..place.end),
        }
    }

    fn bytes(&mut self, bytes: &[u8], place: Range<usize>) {
        let decoded = match self.charset() {
            Charset::Signs => self.charset().decode(bytes, &self.font_name()),
            charset => charset.decode(bytes, ""),
        };
        if let Some(text) = decoded {
            self.add(&text, place, false);
        }
    }

    /// A unit of UTF-16, as a signed number.
    pub fn unicode(&mut self, number: i32, place: Range<usize>) {
        let code = u32::try_from(if number < 0 { number.saturating_add(0x10000) } else { number });
        self.skip = self.state.fallback;
        let high = self.high.take();
        let c = match (code.unwrap_or(0), high) {
            (code @ 0xD800..0xDC00, _) => {
                self.high = Some((code, place.start));
                return;
            }
            (low @ 0xDC00..0xE000, Some((high, start))) => {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                let text = char::from_u32(code).unwrap_or('\u{FFFD}').to_string();
                return self.add(&text, start..place.end, false);
            }
            (code @ 0xF020..0xF100, _) => symbol(&self.font_name(), code),
            (code, _) => char::from_u32(code).filter(|c| !c.is_control()),
        };
        if let Some(c) = c {
            self.add(c.encode_utf8(&mut [0; 4]), place, false);
        }
    }

    fn symbol(&mut self, symbol: char, place: Range<usize>) {
        match symbol {
            '*' => self.state.is_optional = true,
            '~' => self.add("\u{a0}", place, false),
            '_' => self.add("-", place, false),
            '\n' | '\r' => self.end_paragraph(),
            '\t' => self.add("\t", place, false),
            '{' | '}' | '\\' if self.skip > 0 => self.skip -= 1,
            '{' | '}' | '\\' => self.add(symbol.encode_utf8(&mut [0; 4]), place, false),
            // An optional hyphen, and marks of index entries and formulas.
            _ => {}
        }
    }

    /// The open paragraph ends: it becomes a block, or goes on in its cell.
    pub fn end_paragraph(&mut self) {
        self.lead = None;
        let formatting = self.state.paragraph.clone();
        if formatting.is_in_table {
            let end = self.context().current.last().map_or(0, |piece| piece.source.end);
            let line_feed = self.made_piece("\n", end..end);
            self.number_cell();
            let context = self.context();
            let cell = match formatting.depth > 1 {
                true => &mut context.inner_cell,
                false => &mut context.cell,
            };
            if !context.current.is_empty() {
                cell.append(&mut context.current);
                cell.push(line_feed);
            }
            return;
        }
        self.end_row();
        let mut pieces = std::mem::take(&mut self.context().current);
        let mut number = self.context().list_text.take();
        if number.is_none() && formatting.is_hanging {
            number = self.written_number(&mut pieces);
        }
        let is_blank = pieces.iter().all(|piece| self.piece(piece).trim().is_empty());
        let mut blocks = std::mem::take(&mut self.context().boxes);
        if !is_blank {
            let (mut role, is_contents) = self.role(number.is_some());
            if role == Role::Paragraph && self.is_title(&pieces) {
                role = Role::Title;
            }
            let notes = std::mem::take(&mut self.context().notes);
            let pieces = match role {
                Role::Title => pieces,
                _ => self.numbered(number, pieces),
            };
            if !is_contents {
                let content = Content::Paragraph(role, pieces);
                self.context().blocks.push(Block { content, notes });
            }
        }
        self.context().blocks.append(&mut blocks);
    }

    fn piece(&self, piece: &Piece) -> &str {
        let text = match &piece.made {
            Some(made) => self.made.get(made.clone()),
            None => self.source.get(piece.source.clone()),
        };
        text.unwrap_or_default()
    }

    /// Whether a paragraph without a style stands as titles do, in a document that does not say what its
    /// own is: first, centred, short, and no sentence.
    fn is_title(&mut self, pieces: &Pieces) -> bool {
        let paragraph = &self.state.paragraph;
        let is_centred = paragraph.is_centred && !paragraph.is_in_table;
        if self.title.is_some() || !is_centred || self.contexts.len() > 1 {
            return false;
        }
        if !self.context().blocks.is_empty() {
            return false;
        }
        let text: String = pieces.iter().map(|piece| self.piece(piece)).collect();
        let text = text.trim();
        text.chars().count() <= LONGEST_TITLE && !text.ends_with(['.', ',', ';', ':'])
    }

    /// The number or bullet of an item that was made without a list: it hangs to the left of its
    /// paragraph, before a tab. Numbers stay.
    fn written_number(&self, pieces: &mut Pieces) -> Option<Pieces> {
        let tab = pieces.iter().take(4).position(|piece| self.piece(piece) == "\t")?;
        let text: String = pieces.iter().take(tab).map(|piece| self.piece(piece)).collect();
        let text = text.trim();
        if text.chars().count() > 6 || text.is_empty() || text.contains(' ') {
            return None;
        }
        match text.contains(char::is_alphanumeric) {
            true => Some(Pieces::new()),
            false => Some(pieces.drain(..=tab).collect()),
        }
    }

    /// A heading or an item keeps its number, and loses its bullet.
    fn numbered(&mut self, number: Option<Pieces>, pieces: Pieces) -> Pieces {
        let Some(mut number) = number else { return pieces };
        while number.last().is_some_and(|piece| self.piece(piece).trim().is_empty()) {
            number.pop();
        }
        let is_number =
            number.iter().any(|piece| self.piece(piece).contains(char::is_alphanumeric));
        let Some(last) = number.last().filter(|_| is_number) else { return pieces };
        let end = last.source.end;
        number.push(self.made_piece(" ", end..end));
        number.extend(pieces);
        number
    }

    /// The open paragraph of a cell has the number before it.
    fn number_cell(&mut self) {
        let number = self.context().list_text.take();
        let pieces = std::mem::take(&mut self.context().current);
        let is_blank = pieces.iter().all(|piece| self.piece(piece).trim().is_empty());
        self.context().current = self.numbered(number.filter(|_| !is_blank), pieces);
    }

    fn role(&mut self, has_number: bool) -> (Role, bool) {
        let formatting = self.state.paragraph.clone();
        let (role, is_contents) = self.tables.role(formatting.style);
        let role = match (formatting.outline, role) {
            (Some(level @ 0..9), _) => Some(Role::Heading(level as u8 + 1)),
            (Some(_), Some(Role::Heading(_))) => None,
            (_, role) => role,
        };
        let style = self.tables.styles.get(&formatting.style);
        let list = formatting.list.or(style.and_then(|style| style.list)).filter(|&list| list > 0);
        let role = role.unwrap_or(match list {
            Some(list) => Role::Item(list.unsigned_abs().into()),
            None if has_number => Role::Item(0),
            None => Role::Paragraph,
        });
        (role, is_contents)
    }

    /// The cell ends.
    pub fn end_cell(&mut self, is_inner: bool) {
        self.lead = None;
        self.number_cell();
        if self.context().current.is_empty() {
            self.trim_cell(is_inner);
        }
        let context = self.context();
        let (cell, row) = match is_inner {
            true => (&mut context.inner_cell, &mut context.inner_row),
            false => (&mut context.cell, &mut context.row),
        };
        cell.append(&mut context.current);
        row.push(std::mem::take(cell));
    }

    /// A paragraph that ends before its cell leaves no line feed.
    fn trim_cell(&mut self, is_inner: bool) {
        let context = self.context();
        let cell = if is_inner { &mut context.inner_cell } else { &mut context.cell };
        if cell.last().is_some_and(|piece| piece.source.is_empty() && piece.note.is_none()) {
            cell.pop();
        }
    }

    /// The row of a table inside a table ends.
    pub fn end_inner_row(&mut self) {
        let context = self.context();
        let row = std::mem::take(&mut context.inner_row);
        context.inner_rows.push(row);
    }

    /// The row ends; the rows of tables inside it follow.
    pub fn end_row(&mut self) {
        let context = self.context();
        if !context.cell.is_empty() {
            let cell = std::mem::take(&mut context.cell);
            context.row.push(cell);
        }
        if !context.inner_cell.is_empty() {
            let cell = std::mem::take(&mut context.inner_cell);
            context.inner_row.push(cell);
        }
        if !context.inner_row.is_empty() {
            let row = std::mem::take(&mut context.inner_row);
            context.inner_rows.push(row);
        }
        if context.row.is_empty() && context.inner_rows.is_empty() {
            return;
        }
        let mut notes = std::mem::take(&mut context.notes);
        let own = std::iter::once(std::mem::take(&mut context.row));
        let rows: Vec<Vec<Pieces>> = own.chain(std::mem::take(&mut context.inner_rows)).collect();
        for cells in rows {
            // An empty row is for looks.
            if cells.iter().flatten().all(|piece| self.piece(piece).trim().is_empty()) {
                continue;
            }
            let content = Content::Row(cells);
            self.context().blocks.push(Block { content, notes: std::mem::take(&mut notes) });
        }
        let context = self.context();
        context.notes.append(&mut notes);
        let mut boxes = std::mem::take(&mut context.boxes);
        context.blocks.append(&mut boxes);
    }

    /// The result of a field begins: links are kept, a table of contents leaves nothing.
    pub fn begin_result(&mut self) {
        let Some(field) = self.fields.last() else { return };
        let mut words = field.split_whitespace();
        match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("TOC") => self.state.destination = Destination::Nowhere,
            Some("HYPERLINK") => {
                let target = words.next().unwrap_or_default().trim_matches('"').to_owned();
                if !target.is_empty() && !target.starts_with(['\\', '#']) && self.links < MOST_LINKS
                {
                    self.links += 1;
                    self.builder.metadata("links", &target);
                }
            }
            _ => {}
        }
    }
}
