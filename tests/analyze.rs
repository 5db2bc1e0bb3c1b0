//! The analyzer: a table of what each rule makes of a text, and laws over generated texts.

use expect_test::{Expect, expect};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tipsearch::analyze::{
    Analyzer, PART_GAP, PART_SEPARATOR, Token, folded, is_stop_word, word_ranges,
};

use crate::support::cases;

fn tokens(text: &str) -> Vec<Token> {
    Analyzer::default().tokens(text)
}

fn terms(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.term).collect()
}

/// Each token as `position:term`, with the words it came from where they are written otherwise.
fn analyzed(text: &str) -> String {
    let shown = |token: Token| {
        let word = &text[token.bytes];
        match word == token.term {
            true => format!("{}:{}", token.position, token.term),
            false => format!("{}:{}«{word}»", token.position, token.term),
        }
    };
    tokens(text).into_iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&analyzed(text));
}

#[track_caller]
fn same(texts: &[&str]) {
    for pair in texts.windows(2) {
        assert_eq!(terms(pair[0]), terms(pair[1]), "`{}` and `{}`", pair[0], pair[1]);
    }
}

#[test]
fn initials_are_one_word_with_and_without_full_stops() {
    same(&[
        "UAE",
        "U.A.E.",
        "U.A.E",
        "u.a.e.",
        "UAE's",
        "U.A.E.'s",
        "U.A.E.’s",
        "(U.A.E.)",
        "“U.A.E.”",
    ]);
    same(&["U.S.", "US", "U.S.'s", "U.S.’s", "U.S", "u.s."]);
    same(&["Ph.D.", "ph.d."]);
    check("the U.A.E.’s border", expect!["0:the 1:uae«U.A.E.’s» 2:border"]);
    check("U.S. law; us, US", expect!["0:u.s«U.S» 1:law 2:us 3:u.s«US»"]);
    assert_ne!(terms("US"), terms("us"), "the country is not the pronoun");
    assert!(!is_stop_word("u.s"));
}

#[test]
fn initials_end_where_words_begin() {
    check("e.g. labor.The next", expect!["0:eg«e.g» 1:labor 2:the«The» 3:next"]);
    check("A. Smith", expect!["0:a«A» 1:smith«Smith»"]);
    check("J.K.Rowling", expect!["0:jk«J.K» 1:rowl«Rowling»"]);
}

#[test]
fn possessives_and_apostrophes() {
    same(&["government", "government's", "government’s", "Government'S"]);
    same(&["children", "children's", "children’s", "child"]);
    same(&["victims", "victims'", "victims’", "victim"]);
    same(&["don't", "don’t"]);
    same(&["O'Brien", "O’Brien", "OBrien"]);
    check("l'homme d'État", expect!["0:l 1:homm«homme» 2:d 3:etat«État»"]);
    check("'quoted' words'", expect!["0:quot«quoted» 1:word«words»"]);
}

#[test]
fn quotation_marks_never_change_a_word() {
    same(&[
        "border guards",
        "\"border guards\"",
        "“border guards”",
        "‘border guards’",
        "„border guards‟",
        "«border guards»",
        "‹border guards›",
        "「border guards」",
    ]);
}

#[test]
fn hyphens_and_dashes_part_words() {
    same(&[
        "anti trafficking",
        "anti-trafficking",
        "anti‐trafficking",
        "anti‑trafficking",
        "anti–trafficking",
    ]);
    same(&["2021 2023", "2021–2023", "2021-2023", "2021—2023", "2021/2023"]);
    check("F-16", expect!["0:f«F» 1:16"]);
    same(&["traffick\u{AD}ing", "trafficking"]);
}

#[test]
fn numbers_and_money() {
    same(&["35000", "35,000", "$35,000", "€35,000", "£35,000", "¥35,000", "₸35,000", "35,000€"]);
    same(&["1250000.50", "1,250,000.50", "$1,250,000.50"]);
    check("1,2,6-8", expect!["0:1 1:2 2:6 3:8"]);
    check("3.2% of 12,500", expect!["0:3.2 1:of 2:12500«12,500»"]);
    check("1,25 1,2500 12345,678", expect!["0:1 1:25 2:1 3:2500 4:12345 5:678"]);
    check("in 2008.", expect!["0:in 1:2008"]);
}

#[test]
fn legal_references_are_found_whole_and_in_parts() {
    check(
        "Article 125(3)(b) holds",
        expect!["0:articl«Article» 1:125(3(b«125(3)(b)» 1:125 2:3 3:b 4:hold«holds»"],
    );
    check("§125(3)", expect!["0:125(3«125(3)» 0:125 1:3"]);
    check("126 (3)", expect!["0:126 1:3"]);
    check("125(3", expect!["0:125 1:3"]);
    check("125()", expect!["0:125"]);
    check("child(ren)", expect!["0:child 1:ren"]);
    check("2008(revised)", expect!["0:2008 1:revis«revised»"]);
    same(&["125(3)(b)", "125(3)(B)"]);
}

#[test]
fn diacritics_case_and_width_are_folded() {
    same(&["naive", "naïve", "NAÏVE", "nai\u{308}ve"]);
    same(&["facade", "façade"]);
    same(&["strasse", "Straße", "STRASSE"]);
    same(&["oeuvre", "œuvre", "Œuvre"]);
    same(&["lodz", "łódź"]);
    same(&["istanbul", "İstanbul"]);
    same(&["fine", "ﬁne", "ＦＩＮＥ"]);
    same(&["елка", "ёлка", "ЁЛКА"]);
    same(&["محمد", "مُحَمَّد", "محـمد"]);
    same(&["θεσσαλονικησ", "Θεσσαλονίκης"]);
    assert_ne!(folded("мой"), folded("мои"), "й is a letter of its own");
    assert_ne!(folded("їх"), folded("іх"), "ї is a letter of its own");
}

#[test]
fn words_of_every_script() {
    check("адам саудасы", expect!["0:ад«адам» 1:саудас«саудасы»"]);
    check("人口贩运", expect!["0:人 1:口 2:贩 3:运"]);
    check("हिन्दी עִבְרִית", expect!["0:हिन्द«हिन्दी» 1:עברית«עִבְרִית»"]);
    check("snake_case a:b", expect!["0:snake 1:case 2:a 3:b"]);
}

#[test]
fn words_have_the_stems_of_the_language_that_their_script_tells() {
    same(&["торговля", "торговли", "торговлей"]);
    same(&["судебного", "судебным", "судебные"]);
    same(&["الأطفال", "أطفال"]);
    same(&["παιδιά", "παιδιών"]);
    same(&["बच्चे", "बच्चों"]);
}

#[test]
fn forms_that_gain_or_lose_a_vowel_or_an_article_have_one_stem() {
    same(&["беженец", "беженцы", "беженцев"]);
    same(&["ребёнок", "ребёнка"]);
    same(&["девочек", "девочки"]);
    same(&["пыток", "пытки"]);
    same(&["نساء", "النساء", "والنساء"]);
    same(&["عمال", "العمال", "والعمال", "وبالعمال"]);
    assert_ne!(terms("والدين"), terms("الدين"));
}

#[test]
fn digits_of_all_scripts_are_digits() {
    same(&["2019", "२०१९", "๒๐๑๙", "၂၀၁၉", "٢٠١٩", "２０１９"]);
}

#[test]
fn the_year_of_a_date_is_a_word_and_a_paragraph_is_no_number() {
    check("on 24.01.2017", expect!["0:on 1:24 2:01 3:2017"]);
    check("1.2.2017_2.pdf", expect!["0:1 1:2 2:2017 3:2 4:pdf"]);
    check("Section 3.2.1 of 2.2017", expect!["0:section«Section» 1:3.2.1 2:of 3:2.2017"]);
    assert_ne!(terms("18(2)")[0], "182");
}

#[test]
fn stems_join_forms_and_keep_unrelated_words_apart() {
    same(&["trafficker", "traffickers"]);
    same(&["trafficking", "trafficked"]);
    same(&["organization", "organisations", "organised"]);
    same(&["women", "woman"]);
    same(&["authority", "authorities"]);
    same(&["complicit", "complicity"]);
    for verb in [
        "certif", "clarif", "classif", "identif", "intensif", "justif", "modif", "notif", "qualif",
        "ratif", "simplif", "specif", "unif", "verif",
    ] {
        let forms =
            ["y", "ies", "ied", "ying", "ication", "ications"].map(|end| format!("{verb}{end}"));
        same(&forms.each_ref().map(String::as_str));
    }
    for (one, other) in [
        ("organ", "organization"),
        ("internal", "international"),
        ("minor", "minority"),
        ("import", "important"),
        ("author", "authority"),
        ("office", "officer"),
        ("depart", "department"),
        ("informal", "information"),
        ("miners", "minerals"),
        ("execution", "executive"),
        ("customs", "customers"),
        ("combatants", "combating"),
        ("arms", "armed"),
        ("complicity", "complicated"),
        ("specification", "specific"),
        ("certification", "certificates"),
    ] {
        assert_ne!(terms(one), terms(other), "`{one}` and `{other}`");
    }
}

#[test]
fn parts_of_a_text_lie_far_apart() {
    let text = format!("title{PART_SEPARATOR}body");
    let positions: Vec<u32> = tokens(&text).iter().map(|token| token.position).collect();
    assert_eq!(positions, [0, 1 + PART_GAP]);
}

#[test]
fn long_words_are_cut() {
    for word in ["a".repeat(100_000), "я".repeat(100_000), "1,000".repeat(20_000)] {
        let tokens = tokens(&word);
        assert!(!tokens.is_empty());
        assert!(tokens.iter().all(|token| token.term.len() <= 130));
    }
}

/// A mark next to an ASCII word must not send it another way than the same word alone.
#[test]
fn a_foreign_character_beside_a_word_changes_nothing() {
    for word in ["U.A.E.'s", "U.S.", "125(3)(b)", "35,000", "O'Brien", "e.g.", "don’t", "a.b"] {
        for (before, after) in
            [("«", "»"), ("€", ""), ("№", ""), ("•", ""), ("…", ""), ("", "™"), ("„", "“")]
        {
            assert_eq!(
                terms(word),
                terms(&format!("{before}{word}{after}")),
                "`{before}{word}{after}`"
            );
        }
    }
}

/// What words are made of and what stands between them.
const PIECES: &[&str] = &[
    "a",
    "b",
    "s",
    "l",
    "U",
    "S",
    "border",
    "Guards",
    "trafficking",
    "us",
    "US",
    "Ph",
    "D",
    "d",
    "1",
    "35",
    "000",
    "125",
    "2008",
    "3",
    ".",
    ".",
    ".",
    ",",
    ",",
    "'",
    "'",
    "’",
    "’",
    "-",
    "_",
    ":",
    "(",
    ")",
    "(3)",
    "(b)",
    "'s",
    "’s",
    "/",
    "%",
    "$",
    "“",
    "”",
    "—",
    "…",
    "§",
    " ",
    " ",
    " ",
    "\n",
    "\t",
];

/// The same beyond ASCII.
const FOREIGN: &[&str] = &[
    "é",
    "e\u{301}",
    "naïve",
    "ß",
    "İ",
    "ё",
    "й",
    "ї",
    "торговля",
    "людьми",
    "محمد",
    "مُ",
    "ـ",
    "人口",
    "カタ",
    "한국",
    "हिन्दी",
    "ไทย",
    "👮\u{200D}♀️",
    "🇰🇿",
    "«",
    "»",
    "€",
    "№",
    "\u{AD}",
    "\u{200B}",
    "\u{200D}",
    "\u{A0}",
    "\u{3000}",
    "\u{301}",
    "ﬁ",
    "Ｆ",
    "５",
    "①",
    "ʼ",
    "＇",
    "．",
    "·",
    "ŉ",
    "ς",
    "ᾳ",
    "Ǆ",
    "\u{345}",
    "ʹ",
    "\u{1F}",
    "\u{FEFF}",
    "\u{FFFD}",
    "\u{2028}",
    "₸",
    "𝔘",
    "﷽",
];

fn any_script() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => select(PIECES).prop_map(str::to_owned),
        3 => select(FOREIGN).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from)];
    vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn shifted(tokens: Vec<Token>, bytes: usize, positions: u32) -> impl Iterator<Item = Token> {
    tokens.into_iter().map(move |token| Token {
        bytes: token.bytes.start + bytes..token.bytes.end + bytes,
        position: token.position + positions,
        term: token.term,
    })
}

/// Words end where their letters and digits do, however long they are and whatever stands behind them.
#[test]
fn words_of_every_length_end_at_every_other_character() {
    let word = "a1Zz09bQx7yA";
    let plain = (1..=2 * word.len()).map(|length| word.repeat(2)[..length].to_owned());
    for word in plain {
        for other in (0..0x80u8).map(char::from).filter(|c| !c.is_ascii_alphanumeric()) {
            if "'.,".contains(other) || other == '\u{1F}' {
                continue;
            }
            let text = format!("{word}{other}{word} {word}");
            let found: Vec<String> =
                tokens(&text).into_iter().map(|token| text[token.bytes].to_owned()).collect();
            assert_eq!(found, [word.as_str(); 3], "behind {other:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn tokens_stand_in_order_on_characters(text in any_script()) {
        let (mut start, mut position) = (0, 0);
        for token in tokens(&text) {
            let word = text.get(token.bytes.clone());
            prop_assert!(word.is_some_and(|word| word.contains(char::is_alphanumeric)), "{token:?}");
            prop_assert!(start <= token.bytes.start && position <= token.position, "{token:?}");
            prop_assert!(!token.term.is_empty(), "{token:?}");
            (start, position) = (token.bytes.start, token.position);
        }
    }

    #[test]
    fn words_do_not_overlap(text in any_script()) {
        let mut end = 0;
        for range in word_ranges(&text) {
            prop_assert!(end <= range.start && range.start < range.end);
            end = range.end;
        }
    }

    #[test]
    fn every_letter_and_digit_is_in_a_word(text in any_script()) {
        let words = word_ranges(&text);
        for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            prop_assert!(words.iter().any(|word| word.contains(&at)), "{c:?} at {at}");
        }
    }

    #[test]
    fn folding_twice_is_folding_once(text in any_script()) {
        for range in word_ranges(&text) {
            let once = folded(&text[range]);
            if once.chars().any(|c| c == '\u{345}' || !c.is_alphanumeric()) {
                continue; // marks and signs that lower case and decomposition move about
            }
            prop_assert_eq!(folded(&once), once);
        }
    }

    #[test]
    fn a_text_is_its_parts_between_blanks(text in any_script()) {
        // A word that folds to nothing has no position.
        let is_word = |range: std::ops::Range<usize>| {
            folded(&text[range]).chars().any(char::is_alphanumeric)
        };
        prop_assume!(word_ranges(&text).into_iter().all(is_word));
        let mut analyzer = Analyzer::default();
        let (mut parts, mut next, mut at) = (Vec::new(), 0, 0);
        for part in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
            let gaps = part.matches(PART_SEPARATOR).count() as u32 * PART_GAP;
            let words = word_ranges(part).len() as u32;
            parts.extend(shifted(analyzer.tokens(part), at, next));
            (at, next) = (at + part.len(), next + words + gaps);
        }
        prop_assert_eq!(analyzer.tokens(&text), parts);
    }

    #[test]
    fn the_short_way_for_ascii_equals_the_long_one(text in "[A-Za-z0-9 ()/-]{0,40}") {
        // What stands inside words is read by rules of our own on the short way; the tables above hold
        // the two together there.
        prop_assume!(!text.contains(['\'', '’', '.', ',', ':', ';', '_']));
        let words: String = text.split_whitespace().map(|word| format!("я|{word} ")).collect();
        let plain: String = text.split_whitespace().map(|word| format!("  |{word} ")).collect();
        let long: Vec<Token> = tokens(&words).into_iter().filter(|token| token.term != "я").collect();
        let short = tokens(&plain);
        let both = |tokens: &[Token]| -> Vec<_> {
            tokens.iter().map(|token| (token.term.clone(), token.bytes.clone())).collect()
        };
        prop_assert_eq!(both(&short), both(&long));
    }

    #[test]
    fn a_cache_of_stems_changes_nothing(texts in vec(any_script(), 1..4)) {
        let mut kept = Analyzer::default();
        for text in texts.iter().chain(&texts) {
            prop_assert_eq!(kept.tokens(text), tokens(text));
        }
    }
}

#[test]
fn the_fingerprint_is_what_the_analyzer_makes_of_the_fixed_text() {
    assert_eq!(
        tipsearch::analyze::FINGERPRINT,
        tipsearch::analyze::fingerprint(),
        "the analyzer gives other terms: indexes must be rebuilt, and the constant says so"
    );
}
