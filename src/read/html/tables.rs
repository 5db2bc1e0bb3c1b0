//! Which tables hold data, and which only place parts of the page side by side.

use std::collections::HashMap;

use super::hints::flags_of;
use super::tags::Tag;
use super::tree::Tree;

/// What a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Its rows are rows.
    Data,
    /// Its cells are parts of the page.
    Layout,
}

/// Cells that on average hold more text than this (bytes) hold parts of a page.
const LONGEST_CELL: usize = 600;

/// What a table holds, without the tables in it.
#[derive(Clone, Copy, Debug, Default)]
struct Holds {
    rows: usize,
    cells: usize,
    header_cells: usize,
    headings: usize,
    tables: usize,
    blocks: usize,
    text: usize,
}

/// The kind of each table of a page, by its node.
pub fn table_kinds(tree: &Tree<'_>) -> HashMap<u32, TableKind> {
    let mut kinds = HashMap::new();
    let mut open: Vec<(usize, Holds)> = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        while let Some((table, holds)) = open.pop_if(|(table, _)| tree.inside(*table).end <= at) {
            kinds.insert(table as u32, kind(tree, table, holds));
        }
        if let Some((_, holds)) = open.last_mut() {
            count(node.tag, node.level, holds);
            if node.tag.is_text() {
                holds.text += tree.source[node.range()].trim().len();
            }
        }
        if node.tag == Tag::Table {
            open.push((at, Holds::default()));
        }
    }
    kinds.extend(open.into_iter().map(|(table, holds)| (table as u32, kind(tree, table, holds))));
    kinds
}

fn count(tag: Tag, level: u8, holds: &mut Holds) {
    match tag {
        Tag::Table => holds.tables += 1,
        Tag::Tr => holds.rows += 1,
        Tag::Td => holds.cells += 1,
        Tag::Th | Tag::Caption | Tag::Thead => {
            holds.header_cells += 1;
            holds.cells += usize::from(tag == Tag::Th);
        }
        Tag::Article | Tag::Section | Tag::Main | Tag::Blockquote | Tag::Pre | Tag::Form => {
            holds.blocks += 1;
        }
        _ if level > 0 => holds.headings += 1,
        _ => {}
    }
}

fn kind(tree: &Tree<'_>, table: usize, holds: Holds) -> TableKind {
    let is_layout = tree.nodes.get(table).is_some_and(|node| node.has(flags_of::LAYOUT))
        || holds.tables > 0
        || holds.cells < 2
        || holds.blocks > 0
        || holds.headings > 0 && (holds.header_cells == 0 || holds.headings * 4 > holds.cells)
        || holds.text > LONGEST_CELL * holds.cells
        || holds.header_cells == 0 && holds.rows < 2 && holds.text > 200 * holds.cells;
    if is_layout { TableKind::Layout } else { TableKind::Data }
}
