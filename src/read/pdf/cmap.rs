//! The character map of an embedded TrueType or OpenType font, backwards: which character a glyph
//! shows, for fonts of which the document does not say it.

use std::collections::HashMap;

/// Characters that a map may name; more are those of a damaged one.
const MOST: usize = 70_000;

/// Glyphs and the characters they show; empty where the font has no map.
pub fn glyphs(font: &[u8]) -> HashMap<u32, char> {
    read(font).unwrap_or_default()
}

fn read(font: &[u8]) -> Option<HashMap<u32, char>> {
    let table = table(font, b"cmap")?;
    let count = usize::from(short(table, 2)?);
    let mut glyphs = HashMap::new();
    for record in 0..count.min(64) {
        let at = 4 + record * 8;
        let (platform, encoding) = (short(table, at)?, short(table, at + 2)?);
        let start = long(table, at + 4)? as usize;
        let Some(subtable) = table.get(start..) else { continue };
        // Unicode maps only: platform 0, and Windows with encoding 1 or 10.
        if platform == 0 || (platform == 3 && matches!(encoding, 1 | 10)) {
            subtable_glyphs(subtable, &mut glyphs);
        }
    }
    Some(glyphs)
}

fn table<'a>(font: &'a [u8], tag: &[u8]) -> Option<&'a [u8]> {
    let count = usize::from(short(font, 4)?);
    let entries = (0..count.min(256)).map(|index| 12 + index * 16);
    let entry = entries.into_iter().find(|&at| font.get(at..at + 4) == Some(tag))?;
    font.get(long(font, entry + 8)? as usize..)
}

fn subtable_glyphs(table: &[u8], glyphs: &mut HashMap<u32, char>) -> Option<()> {
    match short(table, 0)? {
        4 => segments(table, glyphs),
        12 => groups(table, glyphs),
        _ => None,
    }
}

fn segments(table: &[u8], glyphs: &mut HashMap<u32, char>) -> Option<()> {
    let count = usize::from(short(table, 6)?) / 2;
    for segment in 0..count {
        let end = short(table, 14 + segment * 2)?;
        let start = short(table, 16 + (count + segment) * 2)?;
        let delta = short(table, 16 + (2 * count + segment) * 2)?;
        let offset_at = 16 + (3 * count + segment) * 2;
        let offset = usize::from(short(table, offset_at)?);
        for code in start..=end {
            if code == u16::MAX || glyphs.len() > MOST {
                break;
            }
            let glyph = match offset {
                0 => code.wrapping_add(delta),
                _ => match short(table, offset_at + offset + usize::from(code - start) * 2) {
                    Some(glyph) if glyph > 0 => glyph.wrapping_add(delta),
                    _ => continue,
                },
            };
            note(u32::from(glyph), u32::from(code), glyphs);
        }
    }
    Some(())
}

fn groups(table: &[u8], glyphs: &mut HashMap<u32, char>) -> Option<()> {
    let count = long(table, 12)? as usize;
    for group in 0..count.min(MOST) {
        let at = 16 + group * 12;
        let (start, end) = (long(table, at)?, long(table, at + 4)?);
        let first = long(table, at + 8)?;
        for code in start..=end.min(start.saturating_add(MOST as u32)) {
            if glyphs.len() > MOST {
                return Some(());
            }
            note(first.saturating_add(code - start), code, glyphs);
        }
    }
    Some(())
}

fn note(glyph: u32, code: u32, glyphs: &mut HashMap<u32, char>) {
    if let Some(c) = char::from_u32(code).filter(|_| glyph > 0) {
        // The first character is the plain one: a space before a no-break space.
        glyphs.entry(glyph).or_insert(c);
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(pair.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}
