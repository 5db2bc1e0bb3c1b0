//! Groups that a filter does not tell apart, such as names that differ only in a dash: one row, or one column, whose
//! number is that of the search that it leads to.

use std::collections::BTreeMap;

use crate::count::{Cell, Comparison, Group, GroupField};
use crate::query::fold_value;
use crate::serve::operations::Open;

/// What groups become, where they become another.
type Renamed = BTreeMap<Group, Group>;

/// A comparison whose groups are those that filters tell apart.
pub fn folded(open: &Open, comparison: Comparison) -> Comparison {
    let renamed = |at: usize, groups: &[(Group, Cell)]| match comparison.by.get(at) {
        Some(field) if is_foldable(open, field) => renamed(groups),
        _ => Renamed::new(),
    };
    let (of_rows, of_columns) = (renamed(0, &comparison.rows), renamed(1, &comparison.columns));
    if of_rows.is_empty() && of_columns.is_empty() {
        return comparison;
    }
    let mut cells: BTreeMap<(Group, Group), Cell> = BTreeMap::new();
    for ((row, column), cell) in comparison.cells {
        add(cells.entry((now(&of_rows, row), now(&of_columns, column))).or_default(), &cell);
    }
    let (rows, columns) =
        (joined(comparison.rows, &of_rows), joined(comparison.columns, &of_columns));
    Comparison { rows, columns, cells, ..comparison }
}

/// Whether counts of groups may be added up: no report is in two of them. Ids of documents are told apart.
fn is_foldable(open: &Open, field: &GroupField) -> bool {
    let is_twice = |values: &Vec<String>| {
        let mut folded: Vec<String> = values.iter().map(|value| fold_value(value)).collect();
        folded.sort_unstable();
        folded.windows(2).any(|two| two[0] == two[1])
    };
    !matches!(field.name.as_str(), "doc" | "document")
        && !open.documents().filter_map(|listed| listed.metadata.get(&field.name)).any(is_twice)
}

/// Those that are told as another: of names that are folded alike, the one of most passages.
fn renamed(groups: &[(Group, Cell)]) -> Renamed {
    let mut alike: BTreeMap<String, Vec<&(Group, Cell)>> = BTreeMap::new();
    for one in groups {
        if let Group::Text(text) = &one.0 {
            alike.entry(fold_value(text)).or_default().push(one);
        }
    }
    let mut renamed = Renamed::new();
    for groups in alike.into_values().filter(|groups| groups.len() > 1) {
        let most = groups.iter().rev().max_by_key(|(_, cell)| cell.counts.passages);
        let Some((most, _)) = most else { continue };
        let others = groups.iter().filter(|(group, _)| group != most);
        renamed.extend(others.map(|(group, _)| (group.clone(), most.clone())));
    }
    renamed
}

fn now(renamed: &Renamed, group: Group) -> Group {
    renamed.get(&group).cloned().unwrap_or(group)
}

fn joined(groups: Vec<(Group, Cell)>, renamed: &Renamed) -> Vec<(Group, Cell)> {
    let mut joined: BTreeMap<Group, Cell> = BTreeMap::new();
    for (group, cell) in groups {
        add(joined.entry(now(renamed, group)).or_default(), &cell);
    }
    joined.into_iter().collect()
}

fn add(sum: &mut Cell, cell: &Cell) {
    sum.counts.occurrences += cell.counts.occurrences;
    sum.counts.passages += cell.counts.passages;
    sum.counts.documents += cell.counts.documents;
    sum.words += cell.words;
}
