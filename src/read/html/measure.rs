//! How much text, and of what kind, each element holds.

use super::hints::flags_of;
use super::tags::Tag;
use super::tree::{Node, Tree};

/// What an element holds. Lengths are in characters, white space folded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measure {
    pub text: u32,
    /// Text of links.
    pub link: u32,
    pub commas: u32,
    /// Ends of sentences.
    pub stops: u32,
    pub paragraphs: u32,
    pub items: u32,
    pub images: u32,
    pub inputs: u32,
    /// Blocks, not counting itself.
    pub blocks: u32,
    /// Text and commas that stand in no block inside it.
    pub own_text: u32,
    pub own_commas: u32,
    pub own_link: u32,
    /// Text of blocks that are long and not made of links.
    pub prose: u32,
}

/// From this length (characters) on, the text of a block is prose: as in Readability.
const SHORTEST_PROSE: u32 = 80;

impl Measure {
    /// The share of the text that is links.
    pub fn link_density(&self) -> f64 {
        if self.text == 0 { 0.0 } else { f64::from(self.link) / f64::from(self.text) }
    }

    fn add(&mut self, other: &Measure, is_inline: bool) {
        self.text += other.text;
        self.link += other.link;
        self.commas += other.commas;
        self.stops += other.stops;
        self.paragraphs += other.paragraphs;
        self.items += other.items;
        self.images += other.images;
        self.inputs += other.inputs;
        self.blocks += other.blocks;
        self.prose += other.prose;
        if is_inline {
            self.own_link += other.own_link;
            self.own_text += other.own_text;
            self.own_commas += other.own_commas;
        }
    }
}

/// The measure of each text of a page, taken once; of elements, what they are themselves.
pub fn measure_texts(tree: &Tree<'_>) -> Vec<Measure> {
    let is_code = |node: &Node| {
        let around = tree.nodes.get(node.parent as usize);
        around.is_some_and(|around| matches!(around.tag, Tag::Script | Tag::Style))
    };
    let measure = |node: &Node| {
        let mut own = Measure::default();
        match node.tag {
            Tag::Verbatim if is_code(node) => {}
            tag if tag.is_text() => {
                own = of_text(&tree.source[node.range()]);
                own.link = if node.has(flags_of::LINK) { own.text } else { 0 };
                own.own_link = own.link;
            }
            Tag::P => own.paragraphs = 1,
            Tag::Li => own.items = 1,
            Tag::Img => own.images = 1,
            Tag::Input => own.inputs = 1,
            _ => {}
        }
        own
    };
    tree.nodes.iter().map(measure).collect()
}

/// The measure of each node, without what is dropped, from what each is itself.
pub fn measure(tree: &Tree<'_>, own: &[Measure], dropped: &[bool]) -> Vec<Measure> {
    let mut measures = own.to_vec();
    // What is inside comes later: from the end, every node is whole before it is added to its parent.
    for (at, node) in tree.nodes.iter().enumerate().skip(1).rev() {
        let Some(mut whole) = measures.get(at).copied().filter(|_| dropped.get(at) != Some(&true))
        else {
            continue;
        };
        let is_block = node.tag.is_block() || node.has(flags_of::BLOCK);
        if is_block && whole.own_text >= SHORTEST_PROSE && whole.own_link * 4 < whole.own_text {
            whole.prose += whole.own_text;
            measures[at] = whole;
        }
        if let Some(parent) = measures.get_mut(node.parent as usize) {
            parent.add(&whole, !is_block);
            parent.blocks += u32::from(is_block);
        }
    }
    measures
}

fn of_text(text: &str) -> Measure {
    let mut measure = Measure::default();
    let text = text.trim();
    if text.is_empty() {
        // A blank between two elements is no text.
        return measure;
    }
    let mut before = b' ';
    for byte in text.bytes() {
        let is_blank = byte.is_ascii_whitespace();
        let is_character = !(0x80..0xC0).contains(&byte);
        if is_character && !(is_blank && before.is_ascii_whitespace()) {
            measure.text += 1;
        }
        measure.commas += u32::from(byte == b',');
        measure.stops += u32::from(matches!(before, b'.' | b'?' | b'!') && is_blank);
        before = byte;
    }
    measure.stops += u32::from(matches!(before, b'.' | b'?' | b'!'));
    if !text.is_ascii() {
        let is_comma = |c: &char| matches!(c, '،' | '、' | '，' | '﹐' | '\u{FE10}' | '\u{FE11}');
        let is_stop = |c: &char| matches!(c, '。' | '؟' | '।' | '！' | '？' | '։' | '።');
        measure.commas += text.chars().filter(is_comma).count() as u32;
        measure.stops += text.chars().filter(is_stop).count() as u32;
    }
    (measure.own_text, measure.own_commas) = (measure.text, measure.commas);
    measure
}
