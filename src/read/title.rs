//! Another title for a document than the one its reader found.

use crate::document::{Block, Document, Run, Section, slug};

/// Gives a document another title: that of a message, of the container that it stands in, of the configuration. A title
/// that stands in its text stays there, as the heading of what comes after it.
pub fn entitle(document: &mut Document, title: &str) {
    if title != document.title {
        keep_heading(document);
    }
    document.title = title.to_owned();
    let slug = free_slug(document, slug(title));
    if let Some(root) = document.sections.first_mut() {
        root.heading = title.to_owned();
        root.slug = slug;
    }
}

/// The slug, or the slug and a number, that no section but the first has.
fn free_slug(document: &Document, slug: String) -> String {
    let is_free =
        |slug: &String| !document.sections.iter().skip(1).any(|section| section.slug == *slug);
    if is_free(&slug) {
        return slug;
    }
    // One of so many is free.
    let numbered = (2..document.sections.len() + 3).map(|number| format!("{slug}-{number}"));
    numbered.into_iter().find(is_free).unwrap_or(slug)
}

/// Makes the title that readers see a section of the first level, with all others under it.
fn keep_heading(document: &mut Document) {
    let Some(root) = document.sections.first_mut() else { return };
    if root.source.is_none() && root.place.is_none() {
        return;
    }
    let heading = Section {
        parent: Some(0),
        depth: 1,
        heading: std::mem::take(&mut document.title),
        slug: root.slug.clone(),
        role: None,
        source: root.source.take(),
        place: root.place.take(),
    };
    for section in document.sections.iter_mut().skip(1) {
        section.parent = section.parent.map(|parent| parent + 1);
        section.depth += 1;
    }
    let start = heading.source.as_ref().map_or(0, |source| source.start);
    let runs = &document.map.runs;
    let is_before = |block: &Block| {
        let after = |run: &Run| run.text + run.text_len <= block.range.start;
        let run = runs.get(runs.partition_point(after));
        run.is_some_and(|run| run.source < start)
    };
    // What stands before it stays under the new title alone.
    let first = document.blocks.iter().take_while(|it| it.section == 0 && is_before(it)).count();
    document.blocks.iter_mut().skip(first).for_each(|block| block.section += 1);
    document.sections.insert(1, heading);
}
