//! Drops what stands inside the content and is not part of it: lists of links, forms, buttons to share.

use super::hints::{Hints, flags_of};
use super::measure::Measure;
use super::tags::Tag;
use super::tree::{Node, Tree};

/// A part of which links are more than this share is a list of links. Readability says 0.2 to 0.5; on its
/// own test pages these lose nothing (mean F1 .9736 for .9739), and lists of sources stay.
const MOST_LINKS: f64 = 0.75;
/// The same for a part whose class names speak for it.
const MOST_LINKS_POSITIVE: f64 = 0.9;

/// A list of links under a heading is a section of a text, where the text around has so much prose
/// (characters).
const LEAST_PROSE: u32 = 500;

/// Marks the parts of the content that are not content.
pub fn clean(tree: &Tree<'_>, root: usize, measures: &[Measure], dropped: &mut [bool]) {
    let end = tree.inside(root).end;
    let mut at = root + 1;
    // Where the last heading ended, and what it stands in.
    let mut heading = (0, 0);
    while at < end {
        let Some((node, own)) = tree.nodes.get(at).zip(measures.get(at)) else { return };
        if node.level > 0 {
            heading = (tree.inside(at).end, node.parent);
        } else if node.tag.is_text() && at == heading.0 {
            // The blank between a heading and what it is of.
            heading.0 = at + 1;
        }
        let is_headed = heading == (at, node.parent) && matches!(node.tag, Tag::Ul | Tag::Ol);
        let around = measures.get(node.parent as usize).map_or(0, |around| around.prose);
        let is_section = is_headed && around >= LEAST_PROSE && !node.hints.has(Hints::NEGATIVE);
        if dropped[at] || !is_section && is_clutter(node, own) {
            dropped[at] = true;
            at = tree.inside(at).end;
        } else {
            at += 1;
        }
    }
}

fn is_clutter(node: &Node, own: &Measure) -> bool {
    use Tag::*;
    if node.tag.is_text() || node.level > 0 {
        return false;
    }
    let is_share = node.hints.has(Hints::SHARE) && own.text < 500;
    let is_part =
        matches!(node.tag, Div | Section | Ul | Ol | Table | Form | Fieldset | Dl | Header);
    let is_note = node.has(flags_of::NOTE) || node.hints.has(Hints::NOTES);
    if is_share || !is_part || is_note || own.text == 0 {
        return is_share;
    }
    let density = own.link_density();
    let is_negative = node.hints.has(Hints::NEGATIVE) && !node.hints.has(Hints::POSITIVE);
    let is_positive = node.hints.has(Hints::POSITIVE) && !node.hints.has(Hints::NEGATIVE);
    if own.commas >= 10 {
        return false;
    }
    if is_negative && (density > 0.2 || own.text < 120) {
        return true;
    }
    let is_form = own.inputs > own.paragraphs / 3;
    let limit = if is_positive { MOST_LINKS_POSITIVE } else { MOST_LINKS };
    let is_links = density > limit && own.text < 2000 && own.stops < 5;
    is_form || is_links
}
