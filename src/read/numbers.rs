//! Numbers as office programs print them before headings.

/// A number in Roman signs.
pub fn roman(count: usize) -> String {
    const SIGNS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    // Nobody reads longer ones.
    if count > 3999 {
        return count.to_string();
    }
    let mut rest = count;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}

/// A, B, ..., Z, AA, BB: as Word counts.
pub fn letters(count: usize, first: u8) -> String {
    let place = count.saturating_sub(1);
    let letter = char::from(first.saturating_add((place % 26) as u8));
    std::iter::repeat_n(letter, (place / 26 + 1).min(10)).collect()
}
