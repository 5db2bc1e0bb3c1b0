//! Code pages, character sets of fonts, and languages by their numbers.

use encoding_rs::Encoding;

/// IBM code page 437, from 0x80 on.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// IBM code page 850, from 0x80 on.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// What escaped bytes mean.
#[derive(Clone, Copy, Debug)]
pub enum Charset {
    /// An encoding of the WHATWG standard.
    Known(&'static Encoding),
    /// A table of 128 characters.
    Table(&'static str),
    /// A font of signs.
    Signs,
}

impl Charset {
    /// The character set of a code page.
    pub fn of_page(page: i32) -> Charset {
        Charset::Known(match page {
            437 => return Charset::Table(CP437),
            850 => return Charset::Table(CP850),
            866 => encoding_rs::IBM866,
            874 => encoding_rs::WINDOWS_874,
            932 => encoding_rs::SHIFT_JIS,
            936 => encoding_rs::GBK,
            949 => encoding_rs::EUC_KR,
            950 => encoding_rs::BIG5,
            1250 => encoding_rs::WINDOWS_1250,
            1251 => encoding_rs::WINDOWS_1251,
            1253 => encoding_rs::WINDOWS_1253,
            1254 => encoding_rs::WINDOWS_1254,
            1255 => encoding_rs::WINDOWS_1255,
            1256 => encoding_rs::WINDOWS_1256,
            1257 => encoding_rs::WINDOWS_1257,
            1258 => encoding_rs::WINDOWS_1258,
            10000 => encoding_rs::MACINTOSH,
            10007 => encoding_rs::X_MAC_CYRILLIC,
            20866 => encoding_rs::KOI8_R,
            54936 => encoding_rs::GB18030,
            65001 => encoding_rs::UTF_8,
            _ => encoding_rs::WINDOWS_1252,
        })
    }

    /// The character set of a font by its number; `None` for that of the document.
    pub fn of_font(number: i32) -> Option<Charset> {
        Some(Charset::of_page(match number {
            0 => 1252,
            2 => return Some(Charset::Signs),
            77 => 10000,
            128 => 932,
            129 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            254 => 437,
            255 => 850,
            _ => return None,
        }))
    }

    /// How many bytes a character has that begins with this one.
    pub fn width(&self, byte: u8) -> usize {
        match self {
            Charset::Known(encoding) if *encoding == encoding_rs::UTF_8 => match byte {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => 1,
            },
            Charset::Known(encoding) if !encoding.is_single_byte() => match byte {
                // Half-width katakana.
                0xA0..=0xDF if *encoding == encoding_rs::SHIFT_JIS => 1,
                0x81.. => 2,
                _ => 1,
            },
            _ => 1,
        }
    }

    /// The text of the bytes of a character; `None` where they mean nothing.
    pub fn decode(&self, bytes: &[u8], font: &str) -> Option<String> {
        match self {
            Charset::Known(encoding) => {
                let (text, is_damaged) = encoding.decode_without_bom_handling(bytes);
                Some(text.into_owned()).filter(|_| !is_damaged)
            }
            Charset::Table(table) => {
                let byte = *bytes.first()?;
                let high = byte.checked_sub(0x80).map(usize::from);
                let c = high.map_or(Some(char::from(byte)), |place| table.chars().nth(place))?;
                Some(c.to_string())
            }
            Charset::Signs => {
                let code = u32::from(*bytes.first()?);
                crate::read::symbol::symbol(font, code).map(String::from)
            }
        }
    }
}

/// The language of a number (MS-LCID); the ones that reports are in.
pub fn language(number: i32) -> Option<&'static str> {
    let place = LANGUAGES.binary_search_by_key(&number, |(known, _)| *known).ok()?;
    LANGUAGES.get(place).map(|(_, language)| *language)
}

/// Numbers of languages, in order.
const LANGUAGES: [(i32, &str); 81] = [
    (1025, "ar"),
    (1026, "bg"),
    (1027, "ca"),
    (1028, "zh"),
    (1029, "cs"),
    (1030, "da"),
    (1031, "de"),
    (1032, "el"),
    (1033, "en-US"),
    (1034, "es"),
    (1035, "fi"),
    (1036, "fr"),
    (1037, "he"),
    (1038, "hu"),
    (1039, "is"),
    (1040, "it"),
    (1041, "ja"),
    (1042, "ko"),
    (1043, "nl"),
    (1044, "no"),
    (1045, "pl"),
    (1046, "pt-BR"),
    (1048, "ro"),
    (1049, "ru"),
    (1050, "hr"),
    (1051, "sk"),
    (1052, "sq"),
    (1053, "sv"),
    (1054, "th"),
    (1055, "tr"),
    (1056, "ur"),
    (1057, "id"),
    (1058, "uk"),
    (1059, "be"),
    (1060, "sl"),
    (1061, "et"),
    (1062, "lv"),
    (1063, "lt"),
    (1064, "tg"),
    (1065, "fa"),
    (1066, "vi"),
    (1067, "hy"),
    (1068, "az"),
    (1071, "mk"),
    (1079, "ka"),
    (1081, "hi"),
    (1087, "kk"),
    (1088, "ky"),
    (1089, "sw"),
    (1091, "uz"),
    (1093, "bn"),
    (1104, "mn"),
    (1107, "km"),
    (1109, "my"),
    (2049, "ar"),
    (2052, "zh"),
    (2055, "de"),
    (2057, "en-GB"),
    (2058, "es"),
    (2060, "fr"),
    (2064, "it"),
    (2067, "nl"),
    (2068, "no"),
    (2070, "pt-PT"),
    (2072, "ro"),
    (2074, "sr"),
    (3073, "ar"),
    (3076, "zh"),
    (3079, "de"),
    (3081, "en-AU"),
    (3082, "es"),
    (3084, "fr"),
    (3098, "sr"),
    (4100, "zh"),
    (4105, "en-CA"),
    (4108, "fr"),
    (9226, "es"),
    (9242, "sr"),
    (10266, "sr"),
    (11274, "es"),
    (14337, "ar"),
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_numbers_are_in_order() {
        assert!(super::LANGUAGES.is_sorted());
    }
}
