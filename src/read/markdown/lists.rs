//! What is known of a list only when all its items are: whether they are counted, and whether its bullet is a sign.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Reader;
use crate::read::numbers::Written;

/// So many events are looked ahead; nothing is known of a list that is longer, and what is written stands.
const FARTHEST: usize = 100_000;

/// An open list or table.
#[derive(Default)]
pub struct List {
    /// Whether an item or row of it has been read.
    pub has_item: bool,
    items: Items,
    /// How many numbered items of it have been read.
    counted: usize,
}

/// What comes before the items of a list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Items {
    count: usize,
    numbers: Written,
    /// Whether an item has the bullet `*`.
    has_star: bool,
    /// Whether these are all of its items.
    is_whole: bool,
}

impl Items {
    fn add(&mut self, item: &str) {
        self.count += 1;
        self.numbers.add(number(item));
        self.has_star |= item.starts_with('*');
    }
}

/// Reads on to the end of the list that has begun; gives what is known of it and of all lists in it, in the order in
/// which they begin. Each event is kept once, so that lists of any depth take no longer.
pub fn look_ahead<'a>(
    source: &str,
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ahead: &mut VecDeque<(Event<'a>, Range<usize>)>,
) -> VecDeque<Items> {
    let mut lists = VecDeque::from([Items::default()]);
    let mut open = vec![0];
    while let Some(&list) = open.last().filter(|_| ahead.len() < FARTHEST) {
        let Some((event, range)) = events.next() else { break };
        match (&event, lists.get_mut(list)) {
            (Event::Start(Tag::List(_)), _) => {
                open.push(lists.len());
                lists.push_back(Items::default());
            }
            (Event::Start(Tag::Item), Some(list)) => list.add(mark(source, &range)),
            (Event::End(TagEnd::List(_)), Some(list)) => {
                list.is_whole = true;
                open.pop();
            }
            _ => {}
        }
        ahead.push_back((event, range));
    }
    lists
}

/// An item from its mark on: an indented one begins with its blanks.
fn mark<'a>(source: &'a str, item: &Range<usize>) -> &'a str {
    source.get(item.clone()).unwrap_or_default().trim_start()
}

/// The digits that an item begins with.
fn number(item: &str) -> &str {
    let digits = item.bytes().take_while(u8::is_ascii_digit).count();
    &item[..digits]
}

impl Reader<'_> {
    /// A list begins.
    pub fn open_list(&mut self) {
        let items = self.coming.pop_front().unwrap_or_default();
        self.lists.push(List { items, ..List::default() });
    }

    /// The label of an item: the number that is written, the count where all of them say `1.`, or a sign.
    pub fn label(&mut self, item: Range<usize>) {
        let depth = self.lists.len();
        let Some(list) = self.lists.last_mut() else { return };
        let written = mark(self.source, &item);
        let start = item.end - written.len();
        let number = number(written);
        if number.is_empty() {
            let is_single = depth == 1 && list.items.is_whole && list.items.count == 1;
            if is_single && list.items.has_star && self.has_sign() {
                self.builder.label(depth, "*", Some(start..start + 1));
            }
            return;
        }
        let delimiter = written.get(number.len()..number.len() + 1).unwrap_or(".");
        list.counted += 1;
        let is_counted = list.items.is_whole && list.items.numbers.are_counted();
        let label = match is_counted {
            true => format!("{}{delimiter}", list.counted),
            false => format!("{number}{delimiter}"),
        };
        self.builder.label(depth, &label, Some(start..start + number.len() + 1));
    }

    /// Whether a word before this one ends with a star (`N/A*`, `Unknown*`): a single item whose bullet is a star
    /// then is the note that it leads to, and without its sign nobody could tell what of.
    fn has_sign(&mut self) -> bool {
        if !self.has_sign {
            let text = self.builder.text_from(self.looked);
            let mut before = ' ';
            self.has_sign = text.chars().any(|c| {
                let is_mark = c == '*' && !before.is_whitespace();
                before = c;
                is_mark
            });
            self.looked = self.builder.text_len();
        }
        self.has_sign
    }
}
