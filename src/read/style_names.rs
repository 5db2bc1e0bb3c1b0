//! What the names of styles say of paragraphs, in the languages that office programs name them in.

use super::flow::Role;

/// How headings are called where a document names its styles in the language of the program (letters
/// beyond ASCII are dropped from the ids of styles).
const HEADINGS: [&str; 36] = [
    "heading",
    "überschrift",
    "berschrift",
    "titre",
    "título",
    "titulo",
    "ttulo",
    "titolo",
    "kop",
    "rubrik",
    "overskrift",
    "otsikko",
    "nagłówek",
    "nagwek",
    "nadpis",
    "címsor",
    "cmsor",
    "naslov",
    "заголовок",
    "заглавие",
    "тақырып",
    "başlık",
    "balk",
    "titlu",
    "antraštė",
    "virsraksts",
    "pealkiri",
    "επικεφαλίδα",
    "見出し",
    "标题",
    "標題",
    "제목",
    "tajuk",
    "judul",
    "عنوان",
    "כותרת",
];

/// A name as it is compared: small letters and digits only.
fn comparable(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Styles that often stand on the title's and are none.
pub fn is_plain(name: &str) -> bool {
    const PLAIN: [&str; 11] = [
        "subtitle",
        "untertitel",
        "soustitre",
        "subtítulo",
        "sottotitolo",
        "подзаголовок",
        "podtytuł",
        "author",
        "date",
        "abstracttitle",
        "institution",
    ];
    PLAIN.contains(&comparable(name).as_str())
}

/// Styles of the lines of a table of contents.
pub fn is_contents(name: &str) -> bool {
    let name = comparable(name);
    let number = name.strip_prefix("toc").or(name.strip_prefix("contents"));
    let is_numbered = |rest: &str| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit());
    number.is_some_and(|rest| rest == "heading" || is_numbered(rest))
        || matches!(name.as_str(), "tableoffigures" | "contentsheading")
}

/// Styles of lists that Word has of its own: `List Bullet 2`, `List Number`.
pub fn is_list(name: &str) -> bool {
    let name = comparable(name);
    name.starts_with("listbullet") || name.starts_with("listnumber")
}

/// What the name of a style says of its paragraphs.
pub fn role_of_name(name: &str) -> Option<Role> {
    let name = comparable(name);
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if let Ok(level) = name[word.len()..].parse::<u8>()
        && HEADINGS.contains(&word)
    {
        return (1..=9).contains(&level).then_some(Role::Heading(level));
    }
    match word {
        "title"
        | "titel"
        | "titre"
        | "título"
        | "titulo"
        | "titolo"
        | "название"
        | "назва"
        | "атау"
        | "tytuł"
        | "název"
        | "cím"
        | "titlu"
        | "otsikko"
        | "τίτλος"
        | "表題"
        | "标题"
        | "標題"
        | "제목"
        | "العنوان"
        | "כותרתראשית"
        | "documenttitle" => Some(Role::Title),
        "quote" | "quotations" | "quotation" | "intensequote" | "blocktext" | "blockquote"
        | "blockquotation" | "citation" | "zitat" | "intensiveszitat" | "cita" | "citat" => {
            Some(Role::Quotation)
        }
        "code" | "sourcecode" | "codeblock" | "htmlpreformatted" | "preformatted"
        | "preformattedtext" | "htmlvorformatiert" | "programlisting" | "verbatim"
        | "macrotext" | "listing" => Some(Role::Code),
        _ => None,
    }
}
