//! Runs a page's content streams for its text: glyphs with their places, and the lines ruled between.
//!
//! Only what moves or shows text is run, and images where they are asked for. All of it is bounded: a page that goes on for ever is cut off.

use std::collections::HashSet;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};

use super::annotations::appearances;
use super::canvas::Canvas;
use super::fonts::{Code, Fonts};
use super::matrix::Matrix;
use super::objects::{decoded, dict_of, members, name_of, numbers, text};
use crate::read::ocr::Picture;

/// Operators of one page, those of its forms included: a hundred times what a dense map has.
const MOST_OPERATORS: usize = 4_000_000;
/// Glyphs of one page: a full page of a newspaper has 30,000.
const MOST_GLYPHS: usize = 300_000;
/// Forms in forms, and states saved in states.
const DEEPEST: usize = 24;
const MOST_STATES: usize = 512;
/// Bytes of all content streams that a page runs.
const MOST_BYTES: usize = 200 << 20;
/// Bytes of one of them: twice what so many glyphs need where each is placed on its own.
const MOST_STREAM: usize = 64 << 20;
/// Ruled lines of one page.
const MOST_RULES: usize = 20_000;

/// One glyph, in coordinates turned so that its line runs to the right and downwards is positive.
#[derive(Clone, Copy, Debug)]
pub struct Glyph {
    /// Where its text stands in [`Content::text`].
    pub start: u32,
    pub len: u16,
    pub x0: f32,
    pub x1: f32,
    /// Its base line.
    pub y: f32,
    pub size: f32,
    pub font: u16,
    /// The direction of its line, in degrees, clockwise.
    pub turn: i16,
    /// Index into [`Content::marks`].
    pub mark: u32,
}

/// What encloses a stretch of content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The number by which the structure tree names it.
    pub mcid: Option<i32>,
    /// It belongs to the page, not to the text: a running header, a page number.
    pub is_pagination: bool,
    hidden: bool,
}

/// A horizontal line drawn on the page.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub x0: f32,
    pub x1: f32,
    pub y: f32,
}

/// What a page shows.
#[derive(Debug, Default)]
pub struct Content {
    pub text: String,
    pub glyphs: Vec<Glyph>,
    pub marks: Vec<Mark>,
    pub rules: Vec<Rule>,
    pub width: f32,
    pub height: f32,
    /// It was cut off at a limit.
    pub is_cut: bool,
}

#[derive(Clone, Copy)]
struct State {
    ctm: Matrix,
    font: Option<u16>,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
}

/// Runs content.
pub struct Interpreter<'f, 'a> {
    fonts: &'f mut Fonts<'a>,
    off: &'f HashSet<ObjectIdentifier>,
    content: Content,
    state: State,
    saved: Vec<State>,
    text_matrix: Matrix,
    line_matrix: Matrix,
    marks: Vec<u32>,
    /// Text that stands for all glyphs inside a mark, and whether it has been given.
    actual: Option<(String, bool, usize)>,
    /// What one string shows: whether a code is the blank that word spacing widens, and the code.
    shown: Vec<(bool, Code)>,
    operators: usize,
    bytes: usize,
    path: Vec<[f64; 4]>,
    point: (f64, f64),
    /// Where images are drawn, if anywhere.
    canvas: Option<Canvas>,
}

/// The glyphs of a page. `off`: the optional content that is not shown.
pub fn run<'a>(page: &Page<'a>, fonts: &mut Fonts<'a>, off: &HashSet<ObjectIdentifier>) -> Content {
    interpreted(page, fonts, off, None).content
}

/// The images of a page as one picture, where it has any.
pub fn picture<'a>(
    page: &Page<'a>,
    fonts: &mut Fonts<'a>,
    off: &HashSet<ObjectIdentifier>,
) -> Option<Picture> {
    let (width, height) = page.render_dimensions();
    interpreted(page, fonts, off, Some(Canvas::new(width, height))).canvas?.finish()
}

fn interpreted<'f, 'a>(
    page: &Page<'a>,
    fonts: &'f mut Fonts<'a>,
    off: &'f HashSet<ObjectIdentifier>,
    canvas: Option<Canvas>,
) -> Interpreter<'f, 'a> {
    let (width, height) = page.render_dimensions();
    let state = State {
        ctm: Matrix(page.initial_transform(true).as_coeffs()),
        font: None,
        size: 1.0,
        spacing: 0.0,
        word_spacing: 0.0,
        stretch: 1.0,
        leading: 0.0,
        rise: 0.0,
    };
    let content = Content { marks: vec![Mark::default()], width, height, ..Content::default() };
    let mut interpreter = Interpreter {
        fonts,
        off,
        content,
        state,
        saved: Vec::new(),
        text_matrix: Matrix::IDENTITY,
        line_matrix: Matrix::IDENTITY,
        marks: vec![0],
        actual: None,
        shown: Vec::new(),
        operators: 0,
        bytes: 0,
        path: Vec::new(),
        point: (0.0, 0.0),
        canvas,
    };
    let mut stream = Vec::new();
    for part in members(page.raw(), b"Contents").into_iter().filter_map(Object::into_stream) {
        let Some(data) = decoded(&part, MOST_STREAM) else { continue };
        let is_cut = data.len() == MOST_STREAM || stream.len() + data.len() > MOST_BYTES;
        interpreter.content.is_cut |= is_cut;
        match stream.is_empty() {
            true => stream = data.into_owned(),
            false => stream.extend_from_slice(&data),
        }
        stream.push(b'\n');
        if is_cut {
            break;
        }
    }
    interpreter.run(&stream, page.resources(), 0);
    for (stream, matrix) in appearances(page) {
        interpreter.state = State { ctm: state.ctm.times(matrix), ..state };
        interpreter.form(&stream, page.resources(), 0);
    }
    interpreter
}

impl<'a> Interpreter<'_, 'a> {
    fn run(&mut self, stream: &[u8], resources: &Resources<'a>, depth: usize) {
        self.bytes = self.bytes.saturating_add(stream.len());
        let (saved, marks) = (self.saved.len(), self.marks.len());
        let mut operations = UntypedIter::new(stream);
        while let Some(operation) = operations.next() {
            self.operators += 1;
            let is_spent = self.operators > MOST_OPERATORS || self.bytes > MOST_BYTES;
            if is_spent || self.content.glyphs.len() > MOST_GLYPHS {
                self.content.is_cut = true;
                break;
            }
            let mut operands = [None; 6];
            for (slot, operand) in operands.iter_mut().zip(operation.operands()) {
                *slot = Some(operand);
            }
            let name: &[u8] = operation.operator;
            match name {
                b"Do" => self.x_object(operands[0], resources, depth),
                b"BI" => self.image(operands[0], resources),
                b"BDC" | b"BMC" => self.begin_mark(name_in(operands[0]), operands[1], resources),
                b"EMC" if self.marks.len() > marks.max(1) => self.end_mark(),
                b"Tf" | b"gs" => self.set_font(name, operands, resources),
                b"Tj" | b"'" | b"\"" | b"TJ" => self.show(name, operands),
                b"q" if self.saved.len() < MOST_STATES => self.saved.push(self.state),
                b"Q" if self.saved.len() > saved => {
                    self.state = self.saved.pop().unwrap_or(self.state);
                }
                _ => self.place(name, operands),
            }
        }
        self.saved.truncate(saved);
        while self.marks.len() > marks {
            self.end_mark();
        }
    }

    /// Operators that set where and how text stands, and that draw paths.
    fn place(&mut self, name: &[u8], operands: [Option<&Object<'_>>; 6]) {
        let number = |index: usize| match operands.get(index) {
            Some(Some(Object::Number(number))) => number.as_f64(),
            _ => 0.0,
        };
        let matrix = || Matrix([number(0), number(1), number(2), number(3), number(4), number(5)]);
        match name {
            b"cm" => self.state.ctm = self.state.ctm.times(matrix()),
            b"BT" => self.set_line(Matrix::IDENTITY),
            b"Tm" => self.set_line(matrix()),
            b"Td" => self.next_line(number(0), number(1)),
            b"TD" => {
                self.state.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"Tc" => self.state.spacing = number(0),
            b"Tw" => self.state.word_spacing = number(0),
            b"Tz" => self.state.stretch = number(0) / 100.0,
            b"TL" => self.state.leading = number(0),
            b"Ts" => self.state.rise = number(0),
            _ => self.draw(name, number),
        }
    }

    fn set_line(&mut self, matrix: Matrix) {
        self.text_matrix = matrix;
        self.line_matrix = matrix;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(self.line_matrix.times(Matrix([1.0, 0.0, 0.0, 1.0, x, y])));
    }

    /// Keeps the horizontal lines of paths, drawn as lines or as flat boxes.
    fn draw(&mut self, name: &[u8], number: impl Fn(usize) -> f64) {
        match name {
            b"m" => self.point = (number(0), number(1)),
            b"l" if self.path.len() < MOST_RULES => {
                let (x, y) = self.point;
                self.point = (number(0), number(1));
                // A line that is not level has no edge that matters.
                if (y - self.point.1).abs() < 2.0 {
                    self.path.push([x, y, self.point.0, self.point.1]);
                }
            }
            b"re" if self.path.len() < MOST_RULES => {
                let (x, y) = (number(0), number(1));
                self.path.push([x, y, x + number(2), y + number(3)]);
            }
            b"n" => self.path.clear(),
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                let path = std::mem::take(&mut self.path);
                let drawn = path.iter().flat_map(|&line| self.rules(line));
                let room = MOST_RULES.saturating_sub(self.content.rules.len());
                let drawn: Vec<Rule> = drawn.take(room).collect();
                self.content.rules.extend(drawn);
            }
            _ => {}
        }
    }

    /// The horizontal edges of a line or box that is drawn: a flat one has one.
    fn rules(&self, [x0, y0, x1, y1]: [f64; 4]) -> impl Iterator<Item = Rule> + use<> {
        let (from, to) = (self.state.ctm.apply(x0, y0), self.state.ctm.apply(x1, y1));
        let is_wide = (from.0 - to.0).abs() > 12.0;
        let is_flat = (from.1 - to.1).abs() < 2.0;
        let edges = [Some(from.1), Some(to.1).filter(|_| !is_flat)];
        let rule = move |y: f64| Rule {
            x0: from.0.min(to.0) as f32,
            x1: from.0.max(to.0) as f32,
            y: y as f32,
        };
        edges.into_iter().flatten().filter(move |y| is_wide && y.is_finite()).map(rule)
    }

    fn x_object(&mut self, name: Option<&Object<'_>>, resources: &Resources<'a>, depth: usize) {
        let Some(Object::Name(name)) = name else { return };
        if depth >= DEEPEST || self.content.marks.get(self.mark()).is_some_and(|mark| mark.hidden) {
            return;
        }
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict();
        if self.is_off(dict, b"OC") {
            return;
        }
        match name_of(dict, b"Subtype").as_deref() {
            Some("Form") => {}
            Some("Image") => return self.image(Some(&Object::Stream(stream)), resources),
            _ => return,
        }
        self.form(&stream, resources, depth);
    }

    /// Runs the content of a form.
    fn form(&mut self, stream: &Stream<'a>, resources: &Resources<'a>, depth: usize) {
        let dict = stream.dict();
        let Some(data) = decoded(stream, MOST_STREAM) else { return };
        let own = dict.get::<Dict<'a>>(b"Resources").map(Resources::new);
        let before = (self.state, self.text_matrix, self.line_matrix);
        if let Some(array) = dict.get::<Array<'_>>(b"Matrix")
            && let [a, b, c, d, e, f] = numbers(&array)[..]
        {
            self.state.ctm = self.state.ctm.times(Matrix([a, b, c, d, e, f]));
        }
        self.run(&data, own.as_ref().unwrap_or(resources), depth + 1);
        (self.state, self.text_matrix, self.line_matrix) = before;
    }

    fn image(&mut self, image: Option<&Object<'_>>, resources: &Resources<'_>) {
        if let (Some(canvas), Some(Object::Stream(stream))) = (&mut self.canvas, image) {
            canvas.draw(stream, resources, self.state.ctm);
        }
    }

    fn set_font(
        &mut self,
        name: &[u8],
        operands: [Option<&Object<'_>>; 6],
        resources: &Resources<'a>,
    ) {
        let Some(Object::Name(key)) = operands[0] else { return };
        if name == b"gs" {
            let font = resources.get_ext_g_state(key).and_then(|state| {
                let mut entry = state.get::<Array<'a>>(b"Font")?.iter::<Object<'a>>();
                Some((entry.next()?.into_dict()?, entry.next()?.into_number()?.as_f64()))
            });
            if let Some((dict, size)) = font {
                self.state.font = Some(self.fonts.font(&dict));
                self.state.size = size;
            }
            return;
        }
        self.state.font = match resources.get_font(key) {
            Some(dict) => Some(self.fonts.font(&dict)),
            None => Some(self.fonts.standard()),
        };
        if let Some(Object::Number(size)) = operands[1] {
            self.state.size = size.as_f64();
        }
    }

    fn begin_mark(
        &mut self,
        tag: Option<&[u8]>,
        properties: Option<&Object<'_>>,
        resources: &Resources<'a>,
    ) {
        let mut mark = self.content.marks.get(self.mark()).copied().unwrap_or_default();
        let named = match properties {
            Some(Object::Name(name)) => resources.properties.get::<Dict<'_>>(name.as_ref()),
            Some(other) => dict_of(other),
            None => None,
        };
        if let Some(properties) = named {
            mark.mcid = properties.get::<i32>(b"MCID").or(mark.mcid);
            if tag == Some(b"Artifact") {
                mark.is_pagination |=
                    name_of(&properties, b"Type").as_deref() == Some("Pagination");
            }
            let actual = properties.get::<hayro_syntax::object::String<'_>>(b"ActualText");
            if let (Some(actual), None) = (actual, &self.actual) {
                self.actual = Some((text(actual.as_bytes()), false, self.marks.len()));
            }
        }
        if let (Some(b"OC"), Some(Object::Name(name))) = (tag, properties) {
            mark.hidden |= self.is_off(&resources.properties, name.as_ref());
        }
        // One entry for each change, however often the content opens and closes it.
        let last = self.content.marks.len() - 1;
        let number = match self.content.marks.get(last) == Some(&mark) {
            true => last,
            false => {
                self.content.marks.push(mark);
                last + 1
            }
        };
        if self.marks.len() < MOST_STATES {
            self.marks.push(number as u32);
        }
    }

    fn end_mark(&mut self) {
        self.marks.pop();
        if self.actual.as_ref().is_some_and(|(_, _, depth)| *depth >= self.marks.len()) {
            self.actual = None;
        }
    }

    fn mark(&self) -> usize {
        self.marks.last().map_or(0, |&mark| mark as usize)
    }

    /// Whether an entry names optional content that is not shown.
    fn is_off(&self, dict: &Dict<'_>, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        let Some(reference) = dict.get_ref(key) else { return false };
        if self.off.contains(&ObjectIdentifier::from(reference)) {
            return true;
        }
        let Some(membership) = dict.get::<Dict<'_>>(key) else { return false };
        let Some(groups) = membership.get::<Array<'_>>(b"OCGs") else {
            return membership
                .get_ref(b"OCGs")
                .is_some_and(|group| self.off.contains(&ObjectIdentifier::from(group)));
        };
        let mut groups = groups.raw_iter().filter_map(|group| group.as_obj_ref()).peekable();
        groups.peek().is_some()
            && groups.all(|group| self.off.contains(&ObjectIdentifier::from(group)))
    }

    fn show(&mut self, name: &[u8], operands: [Option<&Object<'_>>; 6]) {
        if let (b"\"", Some(Object::Number(word)), Some(Object::Number(letter))) =
            (name, operands[0], operands[1])
        {
            self.state.word_spacing = word.as_f64();
            self.state.spacing = letter.as_f64();
        }
        if name == b"'" || name == b"\"" {
            self.next_line(0.0, -self.state.leading);
        }
        let font = match self.state.font {
            Some(font) => font,
            None => self.fonts.standard(),
        };
        let shown = if name == b"\"" { operands[2] } else { operands[0] };
        match shown {
            Some(Object::String(string)) => self.string(font, string.as_bytes()),
            Some(Object::Array(array)) => {
                for item in array.iter::<Object<'_>>() {
                    match item {
                        Object::String(string) => self.string(font, string.as_bytes()),
                        Object::Number(number) => self.adjust(font, number.as_f64()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn adjust(&mut self, font: u16, thousandths: f64) {
        let shift = -thousandths / 1000.0 * self.state.size;
        let (x, y) = match self.fonts.is_horizontal(font) {
            true => (shift * self.state.stretch, 0.0),
            false => (0.0, shift),
        };
        self.text_matrix = self.text_matrix.times(Matrix([1.0, 0.0, 0.0, 1.0, x, y]));
    }

    fn string(&mut self, font: u16, bytes: &[u8]) {
        let is_horizontal = self.fonts.is_horizontal(font);
        let scale = self.fonts.faces.get(usize::from(font)).map_or(1.0, |face| face.scale);
        let mut shown = std::mem::take(&mut self.shown);
        self.fonts.codes(font, bytes, |is_blank, known| shown.push((is_blank, known.clone())));
        for (is_blank, code) in shown.drain(..) {
            let state = self.state;
            let word = if is_blank { state.word_spacing } else { 0.0 };
            let along = |advance: f32| f64::from(advance) * state.size + state.spacing + word;
            let (x, y) = match is_horizontal {
                true => (along(code.advance.0) * state.stretch, 0.0),
                false => (0.0, along(code.advance.1)),
            };
            // What narrows or widens letters is no gap between them, but a blank's width is.
            let (tight, blank) = (state.spacing.min(0.0), word);
            let shown = match is_horizontal {
                true => (x - (tight + blank) * state.stretch, 0.0),
                false => (0.0, y - tight - blank),
            };
            self.glyph(font, &code.text, shown, f64::from(scale));
            self.text_matrix = self.text_matrix.times(Matrix([1.0, 0.0, 0.0, 1.0, x, y]));
        }
        self.shown = shown;
    }

    fn glyph(&mut self, font: u16, text: &str, (dx, dy): (f64, f64), scale: f64) {
        if self.content.glyphs.len() > MOST_GLYPHS {
            return;
        }
        let mark = self.mark();
        if self.content.marks.get(mark).is_some_and(|mark| mark.hidden) {
            return;
        }
        let matrix = self.state.ctm.times(self.text_matrix);
        let from = matrix.apply(0.0, self.state.rise);
        let to = matrix.apply(dx, self.state.rise + dy);
        let size = matrix.height() * self.state.size.abs() * scale;
        let is_placed = [from.0, from.1, to.0, to.1, size].iter().all(|value| value.is_finite());
        if !is_placed || !self.is_on_page(from) {
            return;
        }
        let turn = matrix.turn(dx, dy, self.state.size);
        let (from, to) = (turned(from, turn), turned(to, turn));
        let start = self.content.text.len();
        match &mut self.actual {
            Some((actual, is_given, _)) if !*is_given => {
                *is_given = true;
                self.content.text.push_str(actual);
            }
            Some(_) => {}
            None => self.content.text.push_str(text),
        }
        self.content.glyphs.push(Glyph {
            start: start as u32,
            len: u16::try_from(self.content.text.len() - start).unwrap_or(0),
            x0: from.0.min(to.0) as f32,
            x1: from.0.max(to.0) as f32,
            y: from.1 as f32,
            size: size as f32,
            font,
            turn,
            mark: mark as u32,
        });
    }

    fn is_on_page(&self, (x, y): (f64, f64)) -> bool {
        let (width, height) = (f64::from(self.content.width), f64::from(self.content.height));
        (-1.0..=width + 1.0).contains(&x) && (-1.0..=height + 1.0).contains(&y)
    }
}

fn turned((x, y): (f64, f64), turn: i16) -> (f64, f64) {
    if turn == 0 {
        return (x, y);
    }
    let (sin, cos) = f64::from(turn).to_radians().sin_cos();
    (x * cos + y * sin, y * cos - x * sin)
}

fn name_in<'o>(object: Option<&'o Object<'_>>) -> Option<&'o [u8]> {
    match object {
        Some(Object::Name(name)) => Some(name.as_ref()),
        _ => None,
    }
}

/// The optional content that a document does not show at first.
pub fn switched_off(catalog: &Dict<'_>) -> HashSet<ObjectIdentifier> {
    let properties = catalog.get::<Dict<'_>>(b"OCProperties").unwrap_or_default();
    let config = properties.get::<Dict<'_>>(b"D").unwrap_or_default();
    let groups = |dict: &Dict<'_>, key: &[u8]| -> Vec<ObjectIdentifier> {
        let array = dict.get::<Array<'_>>(key).unwrap_or_default();
        array
            .raw_iter()
            .filter_map(|group| group.as_obj_ref())
            .map(ObjectIdentifier::from)
            .collect()
    };
    let mut off: HashSet<ObjectIdentifier> = groups(&config, b"OFF").into_iter().collect();
    if config.get::<Name<'_>>(b"BaseState").is_some_and(|state| state.as_ref() == b"OFF") {
        off.extend(groups(&properties, b"OCGs"));
        groups(&config, b"ON").iter().for_each(|group| {
            off.remove(group);
        });
    }
    off
}
