//! Finds the main content of a page and marks the rest as left out, after Mozilla's Readability: paragraphs
//! give points to the elements around them, class names and links count against, and the element with
//! most points is the content, together with those beside it that are like it.
//!
//! Two things differ. What may be text of a report is kept where Readability is stricter, for to lose
//! it is worse than to keep a menu. And nothing here walks a part of the page twice: measures are
//! sums over the tree, taken in one pass from its end.

use super::clean::clean;
use super::hints::{Hints, flags_of};
use super::measure::{Measure, measure, measure_texts};
use super::tags::Tag;
use super::tree::{Node, Tree};

/// Less content than this (characters) is looked for again, less strictly. As in Readability.
const ENOUGH: u32 = 500;

/// A page of more elements and texts is read without a choice: its measures would take 200 bytes for each,
/// and no page that was written for readers has so many.
const MOST_NODES: usize = 1_000_000;

/// An element with more of the page's text than this share is not left out for its class name.
const TOO_MUCH: f64 = 0.4;

/// What is found in declared content has at least this share of its text.
const LEAST_SHARE: f64 = 0.9;

/// With less of the page's prose than the first share, what is found is a part of the content: the whole
/// has the second. Chosen by hand on Mozilla's test pages.
const LEAST_PROSE: f64 = 0.7;
const MOST_PROSE: f64 = 0.95;

/// How strictly content is looked for.
#[derive(Clone, Copy, Debug)]
struct Strictness {
    drops_unlikely: bool,
    weighs_classes: bool,
    cleans: bool,
}

/// From strict to lenient.
const STRICTNESS: [Strictness; 4] = [
    Strictness { drops_unlikely: true, weighs_classes: true, cleans: true },
    Strictness { drops_unlikely: false, weighs_classes: true, cleans: true },
    Strictness { drops_unlikely: false, weighs_classes: false, cleans: true },
    Strictness { drops_unlikely: false, weighs_classes: false, cleans: false },
];

/// Marks what is not content as dropped. Returns the node that holds the content.
pub fn choose(tree: &mut Tree<'_>) -> usize {
    if tree.nodes.len() > MOST_NODES {
        let dropped = never_content(tree);
        mark(tree, dropped);
        return 0;
    }
    let own = measure_texts(tree);
    let mut best: Option<(u32, usize, Vec<bool>)> = None;
    for strictness in STRICTNESS {
        let mut dropped = never_content(tree);
        let (length, root) = attempt(tree, &own, strictness, &mut dropped);
        let is_better = best.as_ref().is_none_or(|(most, ..)| length > *most);
        if is_better {
            best = Some((length, root, dropped));
        }
        if length >= ENOUGH {
            break;
        }
    }
    let Some((_, root, dropped)) = best else { return 0 };
    mark(tree, dropped);
    root
}

fn mark(tree: &mut Tree<'_>, dropped: Vec<bool>) {
    for (node, is_dropped) in tree.nodes.iter_mut().zip(dropped) {
        if is_dropped {
            node.flags |= flags_of::DROPPED;
        }
    }
}

/// The elements that are never content, whatever they hold.
fn never_content(tree: &Tree<'_>) -> Vec<bool> {
    use Tag::*;
    let is_dropped = |node: &Node| {
        let never = matches!(
            node.tag,
            Head | Script
                | Style
                | Template
                | Noscript
                | Svg
                | Iframe
                | Object
                | Embed
                | Audio
                | Video
                | Canvas
                | Select
                | Datalist
                | Textarea
                | Button
                | Nav
                | Dialog
                | Search
                | Noembed
                | Noframes
                | Menu
        );
        never || node.has(flags_of::HIDDEN | flags_of::ASIDE) || node.hints.has(Hints::EDIT)
    };
    tree.nodes.iter().map(is_dropped).collect()
}

/// One search for content: how much text it found, and the node that holds it.
fn attempt(
    tree: &Tree<'_>,
    own: &[Measure],
    strictness: Strictness,
    dropped: &mut [bool],
) -> (u32, usize) {
    if strictness.drops_unlikely {
        let measures = measure(tree, own, dropped);
        drop_unlikely(tree, &measures, dropped);
    }
    let measures = measure(tree, own, dropped);
    let scores = score(tree, &measures, dropped, strictness.weighs_classes);
    let body = tree.nodes.iter().position(|node| node.tag == Tag::Body).unwrap_or(0);
    let declared = declared(tree, &measures, dropped, body);
    let root = match top(tree, &scores, body) {
        Some(top) => match declared {
            Some(declared) if is_better(tree, &measures, declared, top) => declared,
            _ => match wider(tree, &measures, top, body) {
                Some(wider) => wider,
                None => join(tree, &measures, &scores, top, dropped),
            },
        },
        None => declared.unwrap_or(body),
    };
    if strictness.cleans {
        clean(tree, root, &measures, dropped);
    }
    (length(tree, own, dropped, root), root)
}

/// How much text a node has that is not dropped.
fn length(tree: &Tree<'_>, own: &[Measure], dropped: &[bool], root: usize) -> u32 {
    let (mut length, mut at) = (0, root);
    let end = tree.inside(root).end;
    while at < end {
        if at > root && dropped.get(at) == Some(&true) {
            at = tree.inside(at).end;
            continue;
        }
        length += own.get(at).map_or(0, |own| own.text);
        at += 1;
    }
    length
}

/// The one element that the page itself declares to be its content: the text of an article, an
/// article, or the main landmark.
fn declared(tree: &Tree<'_>, measures: &[Measure], dropped: &[bool], body: usize) -> Option<usize> {
    let kinds: [fn(&Node) -> bool; 3] = [
        |node| node.has(flags_of::ARTICLE),
        |node| node.tag == Tag::Article,
        |node| node.tag == Tag::Main || node.has(flags_of::MAIN),
    ];
    kinds.iter().find_map(|is_kind| {
        let mut found = None;
        let mut at = 0;
        while let Some(node) = tree.nodes.get(at) {
            if dropped[at] {
                at = tree.inside(at).end;
            } else if is_kind(node) {
                if found.replace(at).is_some() {
                    return None;
                }
                at = tree.inside(at).end;
            } else {
                at += 1;
            }
        }
        found.filter(|&at| is_enough(tree, measures, at, body))
    })
}

/// Whether declared content is believed: it has enough text, or it is the main landmark, however short,
/// and no long text stands beside it.
fn is_enough(tree: &Tree<'_>, measures: &[Measure], declared: usize, body: usize) -> bool {
    let Some((own, all)) = measures.get(declared).zip(measures.get(body)) else { return false };
    let is_landmark =
        tree.nodes.get(declared).is_some_and(|n| n.tag == Tag::Main || n.has(flags_of::MAIN));
    let beside = all.prose.saturating_sub(own.prose);
    plain_text(own) >= ENOUGH || is_landmark && own.text > 0 && beside < ENOUGH.max(own.prose)
}

fn plain_text(measure: &Measure) -> u32 {
    measure.text.saturating_sub(measure.link)
}

/// Whether declared content is better than the element with most points: that one is elsewhere, or a
/// small part of it.
fn is_better(tree: &Tree<'_>, measures: &[Measure], declared: usize, top: usize) -> bool {
    let text = |at: usize| measures.get(at).map_or(0, plain_text);
    let is_inside = tree.inside(declared).contains(&top);
    let is_around = top == declared || tree.inside(top).contains(&declared);
    let around = tree.nodes.get(top).map_or(top, |node| node.parent as usize);
    !is_around && (!is_inside || f64::from(text(around)) < LEAST_SHARE * f64::from(text(declared)))
}

/// The element around that holds the page's prose, where much of it stands beside the element with most
/// points: one of several parts of a report.
fn wider(tree: &Tree<'_>, measures: &[Measure], top: usize, body: usize) -> Option<usize> {
    let prose = |at: usize| measures.get(at).map_or(0.0, |measure| f64::from(measure.prose));
    let mut around = tree.nodes.get(top)?.parent as usize;
    if prose(around.max(body)) >= LEAST_PROSE * prose(body) {
        return None;
    }
    while around > body && prose(around) < MOST_PROSE * prose(body) {
        around = tree.nodes.get(around)?.parent as usize;
    }
    Some(around.max(body))
}

/// Drops what class names say is not content, and the page's head and foot.
fn drop_unlikely(tree: &Tree<'_>, measures: &[Measure], dropped: &mut [bool]) {
    let all = measures.first().map_or(0, |measure| measure.text);
    let (mut in_table, mut in_article) = (0, 0);
    for (at, node) in tree.nodes.iter().enumerate() {
        let here = at as u32;
        match node.tag {
            Tag::Table if here >= in_table => in_table = node.end,
            Tag::Article | Tag::Main | Tag::Section if here >= in_article => in_article = node.end,
            _ if node.has(flags_of::MAIN) && here >= in_article => in_article = node.end,
            _ => {}
        }
        if matches!(node.tag, Tag::Body | Tag::Html | Tag::A)
            || node.level > 0
            || node.tag.is_text()
        {
            continue;
        }
        let Some(own) = measures.get(at) else { continue };
        let is_named =
            node.hints.has(Hints::UNLIKELY) && !node.hints.has(Hints::MAYBE) && here >= in_table;
        let is_most = f64::from(plain_text(own)) > TOO_MUCH * f64::from(all);
        let is_framing = match node.tag {
            Tag::Header => here >= in_article && !node.hints.has(Hints::FRONT),
            Tag::Footer | Tag::Aside => !node.has(flags_of::NOTE),
            _ => node.hints.has(Hints::BANNER) && here >= in_table,
        };
        if (is_named || is_framing) && (!is_most || node.hints.has(Hints::COMMENT)) {
            dropped[at] = true;
        }
    }
}

/// Points from class names.
fn class_weight(node: &Node) -> f64 {
    let positive = node.hints.has(Hints::POSITIVE);
    let negative = node.hints.has(Hints::NEGATIVE);
    25.0 * (f64::from(u8::from(positive)) - f64::from(u8::from(negative)))
}

fn first_points(tag: Tag) -> f64 {
    use Tag::*;
    match tag {
        Div | Article | Main => 5.0,
        Pre | Td | Blockquote => 3.0,
        Address | Ol | Ul | Dl | Dd | Dt | Li | Form => -3.0,
        H1 | H2 | H3 | H4 | H5 | H6 | Th => -5.0,
        _ => 0.0,
    }
}

/// The points of each element that has any.
fn score(
    tree: &Tree<'_>,
    measures: &[Measure],
    dropped: &[bool],
    weighs_classes: bool,
) -> Vec<Option<f32>> {
    let mut scores: Vec<Option<f32>> = vec![None; tree.nodes.len()];
    let mut hidden_until = 0;
    for (at, node) in tree.nodes.iter().enumerate() {
        if at < hidden_until {
            continue;
        }
        if dropped.get(at) == Some(&true) {
            hidden_until = tree.inside(at).end;
            continue;
        }
        let Some(own) = measures.get(at).filter(|own| own.own_text >= 25) else { continue };
        let points = 1.0 + own.own_commas as f32 + (own.own_text / 100).min(3) as f32;
        let Some(first) = first_to_gain(node, own, at) else { continue };
        let mut next = first;
        for level in 0..5 {
            let Some(node) = tree.nodes.get(next) else { break };
            let divider = match level {
                0 => 1.0,
                1 => 2.0,
                level => level as f32 * 3.0,
            };
            let start = || {
                let weight = if weighs_classes { class_weight(node) } else { 0.0 };
                (first_points(node.tag) + weight) as f32
            };
            *scores[next].get_or_insert_with(start) += points / divider;
            if next == 0 {
                break;
            }
            next = node.parent as usize;
        }
    }
    for (score, measure) in scores.iter_mut().zip(measures) {
        if let Some(score) = score {
            *score *= 1.0 - measure.link_density() as f32;
        }
    }
    scores
}

/// The element that gains the points of a text in full: the one around a paragraph; a block that holds
/// text beside other blocks gains them itself.
fn first_to_gain(node: &Node, own: &Measure, at: usize) -> Option<usize> {
    use Tag::*;
    match node.tag {
        P | Td | Pre | H2 | H3 | H4 | H5 | H6 => Some(node.parent as usize),
        Li | Dd | Dt | Figcaption | Caption | Th | Label | Legend | Summary | Option => None,
        Html | Body => Some(at),
        _ if own.blocks == 0 => Some(node.parent as usize),
        _ => Some(at),
    }
}

/// The element with most points, or an element around it that holds more of the same.
fn top(tree: &Tree<'_>, scores: &[Option<f32>], body: usize) -> Option<usize> {
    let score = |at: usize| scores.get(at).copied().flatten();
    let mut ranked: Vec<usize> = Vec::new();
    for at in (0..scores.len()).filter(|&at| score(at).is_some()) {
        let place = ranked.iter().position(|&other| score(other) < score(at));
        ranked.insert(place.unwrap_or(ranked.len()), at);
        ranked.truncate(5);
    }
    let mut best = *ranked.first()?;
    if best <= body {
        return None;
    }
    let most = score(best)?;
    // Three more elements with nearly as many points have an element around them in common.
    let near: Vec<usize> =
        ranked.iter().skip(1).copied().filter(|&at| score(at) >= Some(most * 0.75)).collect();
    if near.len() >= 3 {
        let mut around = tree.nodes.get(best)?.parent as usize;
        while around > body {
            let holds = near.iter().filter(|&&at| tree.inside(around).contains(&at)).count();
            if holds >= 3 {
                best = around;
                break;
            }
            around = tree.nodes.get(around)?.parent as usize;
        }
    }
    // An element around it that gained more points from its other parts.
    let (mut last, mut around) =
        (score(best).unwrap_or(most), tree.nodes.get(best)?.parent as usize);
    let threshold = last / 3.0;
    while around > body {
        if let Some(points) = score(around) {
            if points < threshold {
                break;
            }
            if points > last {
                best = around;
                break;
            }
            last = points;
        }
        around = tree.nodes.get(around)?.parent as usize;
    }
    Some(only_child_up(tree, best, body))
}

/// While an element is the only one in the one around it, that one is as good, and what is beside
/// it is looked at too.
fn only_child_up(tree: &Tree<'_>, mut at: usize, body: usize) -> usize {
    while let Some(node) = tree.nodes.get(at) {
        let parent = node.parent as usize;
        if parent <= body || elements_in(tree, parent).nth(1).is_some() {
            break;
        }
        at = parent;
    }
    at
}

/// The elements directly in a node.
pub fn elements_in<'t>(tree: &'t Tree<'_>, parent: usize) -> impl Iterator<Item = usize> + 't {
    let inside = tree.inside(parent);
    let next = move |at: usize| (at < inside.end).then_some(at);
    std::iter::successors(next(parent + 1), {
        let end = tree.inside(parent).end;
        move |&at| Some(tree.inside(at).end).filter(|&at| at < end)
    })
    .filter(|&at| tree.nodes.get(at).is_some_and(|node| !node.tag.is_text()))
}

/// Drops what stands beside the content and is not like it. The node that holds the content and what
/// is kept beside it.
fn join(
    tree: &Tree<'_>,
    measures: &[Measure],
    scores: &[Option<f32>],
    top: usize,
    dropped: &mut [bool],
) -> usize {
    let Some(node) = tree.nodes.get(top) else { return 0 };
    let most = scores.get(top).copied().flatten().unwrap_or(0.0);
    let threshold = (most * 0.2).max(10.0);
    let parent = node.parent as usize;
    let siblings: Vec<usize> = elements_in(tree, parent).filter(|&at| at != top).collect();
    for at in siblings {
        let Some((sibling, own)) = tree.nodes.get(at).zip(measures.get(at)) else { continue };
        let same = sibling.hints == node.hints && sibling.tag == node.tag;
        let bonus = if same && node.hints != Hints::default() { most * 0.2 } else { 0.0 };
        let by_score = scores[at].is_some_and(|score| score + bonus >= threshold);
        let is_text = sibling.tag == Tag::P || sibling.level > 0 || sibling.tag.is_block();
        let density = own.link_density();
        let by_text = is_text
            && !sibling.hints.has(Hints::NEGATIVE)
            && (own.text > 80 && density < 0.25
                || sibling.tag == Tag::P && own.text > 0 && density == 0.0 && own.stops > 0);
        if !by_score && !by_text {
            dropped[at] = true;
        }
    }
    parent
}
