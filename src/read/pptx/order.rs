//! The order in which the shapes of a slide are read: the title first, then that of the file, which is
//! what screen readers follow, unless the places of two shapes say otherwise beyond doubt.

use super::slide::{Frame, Kind, Shape};

/// Slides with more shapes than this are drawings; comparing all pairs would take long.
const MOST_SHAPES: usize = 64;

/// Puts shapes in the order of reading.
pub fn arrange(shapes: &mut Vec<Shape>) {
    shapes.retain(|shape| shape.kind != Kind::Margin && !shape.blocks.is_empty());
    shapes.sort_by_key(|shape| shape.kind != Kind::Title);
    let first = shapes.iter().take_while(|shape| shape.kind == Kind::Title).count();
    if shapes.len() > MOST_SHAPES {
        return;
    }
    let mut rest = shapes.split_off(first);
    while !rest.is_empty() {
        let next = (0..rest.len()).find(|&at| is_next(at, &rest)).unwrap_or(0);
        shapes.push(rest.remove(next));
    }
}

/// Whether no other shape comes before this one.
fn is_next(at: usize, shapes: &[Shape]) -> bool {
    let Some(own) = shapes.get(at).and_then(|shape| shape.frame) else { return true };
    let others = shapes.iter().enumerate().filter(|(other, _)| *other != at);
    !others.filter_map(|(_, shape)| shape.frame).any(|other| is_before(&other, &own))
}

/// Above it in the same column, or to the left of it in the same row.
fn is_before(one: &Frame, other: &Frame) -> bool {
    let columns = overlap((one.left, one.right), (other.left, other.right));
    let rows = overlap((one.top, one.bottom), (other.top, other.bottom));
    let is_above = one.bottom <= other.top
        && columns * 2 > shorter(one.right - one.left, other.right - other.left);
    let is_left = one.right <= other.left
        && rows * 2 > shorter(one.bottom - one.top, other.bottom - other.top);
    is_above || is_left
}

fn overlap(one: (i64, i64), other: (i64, i64)) -> i64 {
    (one.1.min(other.1).saturating_sub(one.0.max(other.0))).max(0) / 2
}

fn shorter(one: i64, other: i64) -> i64 {
    one.min(other).max(0) / 2
}
