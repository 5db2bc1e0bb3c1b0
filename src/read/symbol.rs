//! Characters of fonts that are no letters but signs: Symbol and Wingdings.

/// The character of a code in a font of signs; `None` where there is none in Unicode that searching
/// would know.
pub fn symbol(font: &str, code: u32) -> Option<char> {
    let byte = match code {
        0xF020..=0xF0FF => code - 0xF000,
        0x20..=0xFF if is_of_signs(font) => code,
        _ => return char::from_u32(code).filter(|c| !c.is_control()),
    };
    if font.to_lowercase().starts_with("wingdings") {
        return wingdings(byte);
    }
    if font.eq_ignore_ascii_case("symbol") {
        return greek(byte);
    }
    None
}

fn is_of_signs(font: &str) -> bool {
    let font = font.to_lowercase();
    font == "symbol" || font.starts_with("wingdings") || font == "webdings"
}

fn wingdings(byte: u32) -> Option<char> {
    Some(match byte {
        0x9F | 0x6C => '•',
        0xA7 | 0x6E => '■',
        0x6F | 0xA8 => '□',
        0xE0 | 0xE8 => '→',
        0xDF => '←',
        0xFB => '✗',
        0xFC => '✓',
        0xFD => '☒',
        0xFE => '☑',
        0x28 => '☎',
        0x2A => '✉',
        0x4A => '☺',
        0x4C => '☹',
        _ => return None,
    })
}

/// The Symbol font, after Adobe's encoding of it.
fn greek(byte: u32) -> Option<char> {
    const CAPITALS: &str = "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    match byte {
        0x40..=0x5A => CAPITALS.chars().nth(byte as usize - 0x40),
        0x61..=0x7A => SMALL.chars().nth(byte as usize - 0x61),
        0xA3 => Some('≤'),
        0xA5 => Some('∞'),
        0xAB => Some('↔'),
        0xAC => Some('←'),
        0xAD => Some('↑'),
        0xAE => Some('→'),
        0xAF => Some('↓'),
        0xB0 => Some('°'),
        0xB1 => Some('±'),
        0xB3 => Some('≥'),
        0xB4 => Some('×'),
        0xB7 => Some('•'),
        0xB8 => Some('÷'),
        0xB9 => Some('≠'),
        0xBB => Some('≈'),
        0xBC => Some('…'),
        0xC7 => Some('∩'),
        0xC8 => Some('∪'),
        0xCE => Some('∈'),
        0xD2 => Some('®'),
        0xD3 => Some('©'),
        0xD4 => Some('™'),
        0xD6 => Some('√'),
        0xE5 => Some('∑'),
        0xF2 => Some('∫'),
        0x20..=0x7E => char::from_u32(byte),
        _ => None,
    }
}
