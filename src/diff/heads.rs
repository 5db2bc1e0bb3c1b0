//! The heads of tables that stand before what a cell says where a page was read line by line: `Activity Fishing, including
//! for tilapia`. Which cell has the head before it changes with each report, and is no news.

/// What heads of tables say. No other word before a sentence is left out of a comparison: `No`, `Some` or `Former` would turn
/// what it says.
const HEADS: [&str; 17] = [
    "Activities",
    "Activity",
    "Area",
    "Coordinating Body",
    "Description",
    "Legislation",
    "Organization/Agency",
    "Policy",
    "Program",
    "Role",
    "Role & Description",
    "Role and Description",
    "Sector/Industry",
    "Source",
    "Standard",
    "Suggested Action",
    "Suggested Actions",
];

/// How many bytes a text begins with before what a cell says, if it begins with the head of a table: what follows begins
/// with a capital letter, as a sentence does.
pub fn head(text: &str) -> Option<usize> {
    let behind = |head: &&str| {
        let rest = text.strip_prefix(*head)?;
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        let cell = rest.trim_start();
        (cell.len() < rest.len() && cell.starts_with(char::is_uppercase)).then_some(cell.len())
    };
    // The shortest rest: `Role & Description` is no `Role`.
    let rest = HEADS.iter().filter_map(behind).min()?;
    Some(text.len() - rest)
}

/// Where cells begin behind the heads of tables, at the beginnings of lines.
pub fn cells(text: &str) -> Vec<usize> {
    let mut start = 0;
    let mut cells = Vec::new();
    for line in text.split_inclusive('\n') {
        cells.extend(head(line).map(|length| start + length));
        start += line.len();
    }
    cells
}
