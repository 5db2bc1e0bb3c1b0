//! Stub.
use crate::document::{BlockKind, Document};
/// stub
pub fn read(id: &str, source: &str) -> Document {
    let mut b = super::builder::DocumentBuilder::new(id, source);
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let r = at..at + line.trim_end().len();
        at += line.len();
        let t = &source[r.clone()];
        if t.is_empty() {
            b.end();
            continue;
        }
        if t.starts_with('#') {
            let l = t.chars().take_while(|c| *c == '#').count();
            if b.is_untouched() {
                b.title(t[l..].trim(), Some(r))
            } else {
                b.heading(l as u8, &t[l..], r)
            }
            continue;
        }
        if t.starts_with('=') && t.ends_with('=') {
            let l = t.chars().take_while(|c| *c == '=').count();
            if b.is_untouched() {
                b.title(t.trim_matches('=').trim(), Some(r))
            } else {
                b.heading(l as u8, t.trim_matches('='), r)
            }
            continue;
        }
        b.begin(BlockKind::Paragraph, false);
        b.push(t, r);
        b.end();
    }
    b.finish()
}
