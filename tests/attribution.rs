//! What a draft says quotations are from: beside those of `verify.rs`, in the sentence before them, behind a later piece of
//! the sentence, with publishers, and by the names of countries.

use std::fmt::Write;

use super::cli::tipsearch;
use super::support::Shelf;
use super::verify::verified_draft;

const CORPUS: &str = "\
--- Kenya_2016.md
# Kenya — 2016 Findings on the Worst Forms of Child Labor

Country: Kenya
Year: 2016
Source: U.S. Department of Labor, Bureau of International Labor Affairs

The hotline received 64 complaints in the north. Inspectors visited the canal twice.
--- Ghana_2021.md
# Ghana — 2021 Findings on the Worst Forms of Child Labor

Country: Ghana
Year: 2021
Source: U.S. Department of Labor, Bureau of International Labor Affairs

Police raided nine brickyards in May. Poor families struggle to pay the fees.
--- Gambia_2020.md
# Gambia, The — 2020 Findings on the Worst Forms of Child Labor

Country: Gambia, The
Year: 2020
Source: U.S. Department of Labor, Bureau of International Labor Affairs

Judges freed eleven miners in the harbour.
--- Kinshasa_2020.md
# Congo, Democratic Republic of the — 2020 Findings on the Worst Forms of Child Labor

Country: Congo, Democratic Republic of the
Year: 2020
Source: U.S. Department of Labor, Bureau of International Labor Affairs

Soldiers left the copper mines in autumn.
--- Brazzaville_2020.md
# Congo, Republic of the — 2020 Findings on the Worst Forms of Child Labor

Country: Congo, Republic of the
Year: 2020
Source: U.S. Department of Labor, Bureau of International Labor Affairs

Teachers left the river schools in winter.
--- facts/Ghana.md
# Ghana — Trafficking in persons

Country: Ghana
Source: The World Factbook (Trafficking in persons entries, from the U.S. State Department Trafficking in Persons Reports)

## 2021

### Tier rating

Boats on the lake carried boys without any pay.
";

const RAIDED: &str = "Police raided nine brickyards in May";
const FEES: &str = "Poor families struggle to pay the fees";
const HOTLINE: &str = "The hotline received 64 complaints";
const MINERS: &str = "Judges freed eleven miners";
const SOLDIERS: &str = "Soldiers left the copper mines";
const BOATS: &str = "Boats on the lake carried boys";

/// Where each quotation of a draft stands, seen from what the draft says.
fn stands(shelf: &Shelf, draft: &str) -> Vec<String> {
    let (_, value) = verified_draft(shelf, "draft.md", draft.as_bytes());
    let results = value["results"].as_array().unwrap();
    results.iter().map(|it| it["source"]["stands"].as_str().unwrap_or("-").to_owned()).collect()
}

/// Holds drafts to where their quotations stand.
#[track_caller]
fn hold(cases: &[(String, &[&str])]) {
    let shelf = Shelf::of(CORPUS);
    let mut wrong = String::new();
    for (draft, expected) in cases {
        let found = stands(&shelf, draft);
        if found != *expected {
            let _ = writeln!(wrong, "{draft}\n  expected {expected:?}\n  is       {found:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_source_behind_the_last_piece_is_that_of_all_pieces_of_its_sentence() {
    let broken = |one: &str, rest: &str| format!("“{one},” the report says, “{HOTLINE}”{rest}");
    hold(&[
        (broken(FEES, " (Kenya, 2016)."), &["elsewhere", "there"]),
        (broken("Inspectors visited the canal twice", " (Kenya, 2016)."), &["there", "there"]),
        (broken(FEES, "[^1].\n\n[^1]: Kenya, 2016."), &["elsewhere", "there"]),
        (format!("“{FEES}.” It adds that “{HOTLINE}” (Kenya, 2016)."), &["-", "there"]),
        (format!("“{FEES}”; and “{HOTLINE}” (Kenya, 2016)."), &["-", "there"]),
        (format!("In Ghana, “{FEES}”, but “{HOTLINE}” (Kenya, 2016)."), &["-", "there"]),
        (format!("“{FEES}” (Ghana, 2021) and “{HOTLINE}” (Kenya, 2016)."), &["there", "there"]),
        (format!("“{FEES},” it says, “{HOTLINE}” (Letter)."), &["-", "unknown"]),
    ]);
}

#[test]
fn a_source_named_before_a_quotation_holds() {
    let mut cases: Vec<(String, &[&str])> = Vec::new();
    for lead in [
        "According to the 2016 report on Kenya, ",
        "According to the report of 2016 on child labor in Kenya, ",
        "The 2016 report on Kenya says that ",
        "The 2016 Kenya report notes that in the north ",
        "In its 2016 report on Kenya, the Department wrote that ",
        "As the U.S. Department of Labor’s 2016 report on Kenya states, ",
        "The DOL report on Kenya (2016) adds: ",
        "The report on Kenya says, ",
        "The 2016 report says that ",
        "Kenya (2016): ",
        "Kenya, 2016: ",
        "Kenya 2016 notes that ",
    ] {
        cases.push((format!("{lead}“{HOTLINE}”."), &["there"]));
        cases.push((format!("{lead}“{RAIDED}”."), &["elsewhere"]));
        cases.push((format!("{lead}“{RAIDED}” (Ghana, 2021)."), &["there"]));
    }
    for lead in ["(Kenya, 2016: ", "We know (Kenya 2016: "] {
        cases.push((format!("{lead}“{HOTLINE}”)."), &["there"]));
        cases.push((format!("{lead}“{RAIDED}”)."), &["elsewhere"]));
    }
    cases.push((format!("It is so (“{HOTLINE}”; Kenya, 2016)."), &["there"]));
    cases.push((format!("It is so (“{RAIDED}”; Kenya, 2016)."), &["elsewhere"]));
    cases.push((format!("It is so (“{RAIDED}”; and more)."), &["-"]));
    cases.push((format!("According to the 2016 report on Kenya:\n\n> {RAIDED}."), &["elsewhere"]));
    cases.push((
        format!("The report on Kenya says “{HOTLINE}” and “{RAIDED}”."),
        &["there", "elsewhere"],
    ));
    hold(&cases);
}

#[test]
fn a_mere_mention_before_a_quotation_names_no_source() {
    let leads = [
        "Children in Kenya say that ",
        "In Kenya in 2016, ",
        "According to officials in Kenya, ",
        "According to Human Rights Watch’s 2016 report on Kenya, ",
        "The 2016 report of Human Rights Watch on Kenya says that ",
        "In UNICEF’s 2016 report on Kenya it says ",
        "Officials in Kenya report that ",
        "Kenya reports that ",
        "The report on Kenya does not say that ",
        "Unlike the report on Kenya, the other report says that ",
        "The report on Kenya says less, but in Ghana ",
        "The report on Kenya is silent. The one that we have says ",
        "The report on Atlantis says that ",
        "The 1999 report says that ",
        "The report on Kenya was a disappointment: ",
        "Kenya: ",
        "The court said in 2016: ",
    ];
    let cases = leads.map(|lead| (format!("{lead}“{RAIDED}”."), ["-"].as_slice()));
    hold(&cases);
}

#[test]
fn a_publisher_that_is_not_that_of_the_report_is_not_as_given() {
    let mut cases: Vec<(String, &[&str])> = Vec::new();
    for own in [
        "Ghana, 2021",
        "U.S. Department of Labor, Ghana, 2021",
        "US DOL, Ghana, 2021",
        "DOL ILAB, Ghana 2021, p. 3",
        "Bureau of International Labour Affairs, Ghana, 2021",
        "U.S. Department of Labor, *Findings on the Worst Forms of Child Labor: Ghana* (Washington, DC, 2021), p. 3, https://www.dol.gov/agencies/ilab/Ghana (accessed 4 May 2024)",
        "US DOL, “2021 Findings on the Worst Forms of Child Labor”, Ghana, 30 September 2022",
        "see Ghana, 2021, quoting Human Rights Watch",
        "Human Rights Watch, cited in Ghana, 2021",
        "Ghana 2021, section Legal Framework",
        "Ghana 2021, Legal Framework",
        "Ghana, 2021, translated by the author",
        "Ghana",
        "Ghana report",
    ] {
        cases.push((format!("It says “{RAIDED}”.[^1]\n\n[^1]: {own}.\n"), &["there"]));
    }
    for other in [
        "Human Rights Watch, Ghana, 2021",
        "UNICEF, Ghana 2021",
        "UNICEF Ghana 2021",
        "Amnesty International, Ghana, 2021",
        "ILO, Ghana, 2021",
        "Freedom House, Freedom in the World 2021: Ghana",
        "Wikipedia, Ghana, 2021",
        "Ghana, 2021, UNICEF",
        "Lee, Ghana, 2021",
    ] {
        cases.push((format!("It says “{RAIDED}” ({other})."), &["unknown"]));
        cases.push((format!("It says “{HOTLINE}” ({other})."), &["elsewhere"]));
    }
    let state = "U.S. Department of State, Trafficking in Persons Report: Ghana, 2021";
    cases.push((format!("It says “{RAIDED}” ({state})."), &["elsewhere"]));
    cases.push((format!("It says “{BOATS}” ({state})."), &["there"]));
    hold(&cases);
}

#[test]
fn a_country_is_known_by_each_of_its_names() {
    let mut cases: Vec<(String, &[&str])> = Vec::new();
    for name in ["Gambia", "The Gambia", "Gambia, The", "Gambia (The)", "the Gambia"] {
        cases.push((format!("It says “{MINERS}” ({name}, 2020)."), &["there"]));
        cases.push((format!("It says “{RAIDED}” ({name}, 2020)."), &["elsewhere"]));
    }
    for name in [
        "Democratic Republic of the Congo",
        "Democratic Republic of Congo",
        "Congo, Democratic Republic of the",
    ] {
        cases.push((format!("It says “{SOLDIERS}” ({name}, 2020)."), &["there"]));
    }
    cases.push((format!("It says “{SOLDIERS}” (Republic of the Congo, 2020)."), &["elsewhere"]));
    cases.push((format!("It says “{SOLDIERS}” (Congo, 2020)."), &["unknown"]));
    // A country is more than the file that is called so.
    cases.push((format!("It says “{RAIDED}” (Ghana)."), &["there"]));
    cases.push((format!("It says “{BOATS}” (Ghana)."), &["there"]));
    cases.push((format!("It says “{BOATS}” (Ghana, 2021)."), &["there"]));
    cases.push((format!("It says “{BOATS}” (Ghana, 2020)."), &["elsewhere"]));
    cases.push((format!("It says “{HOTLINE}” (Ghana)."), &["elsewhere"]));
    cases.push((format!("It says “{RAIDED}” (Ghana.md)."), &["elsewhere"]));
    hold(&cases);
}

#[test]
fn each_of_several_sources_is_looked_at_by_itself() {
    let corpus = [("Ghana", 2016), ("Ghana", 2020), ("Mali", 2016), ("Mali", 2020)];
    let report = |(country, year): &(&str, i32)| {
        format!(
            "--- {country}_{year}.md\n# {country} — {year} Findings\n\nCountry: {country}\nYear: {year}\n\
             Source: Office of Labor\n\nSailors of {country} mended {} nets in the harbour.\n",
            year - 2000
        )
    };
    let shelf = Shelf::of(&corpus.iter().map(report).collect::<String>());
    let said = |country: &str, year: i32| {
        format!("“Sailors of {country} mended {} nets in the harbour”", year - 2000)
    };
    let mut wrong = String::new();
    for hint in [
        "Ghana, 2016; Mali, 2020",
        "Ghana 2016; Mali 2020",
        "Ghana 2016, Mali 2020",
        "Ghana, 2016, Mali, 2020",
        "Ghana (2016) and Mali (2020)",
        "see Ghana, 2016, p. 3, and Mali, 2020, p. 5",
        "Office of Labor, Ghana, 2016; Office of Labor, Mali, 2020",
        "Ghana 2016, cited in Mali 2020",
        "the 2016 report on Ghana and the 2020 report on Mali",
        "Ghana, 2016. See also Mali, 2020.",
        "Ghana, 2016; and Mali, 2020",
        "Ghana_2016.md; Mali, 2020",
        "Ghana, 2016; Mali_2020.md",
        "Letter of 2019; Ghana, 2016; Mali, 2020",
    ] {
        for (place, expected) in corpus.iter().zip(["there", "elsewhere", "elsewhere", "there"]) {
            let said = said(place.0, place.1);
            let brackets = format!("It says {said} ({hint}).");
            let note = format!("It says {said}.[^1]\n\n[^1]: {hint}\n");
            for draft in [brackets, note] {
                let found = stands(&shelf, &draft);
                if found != [expected] {
                    let _ = writeln!(wrong, "{draft}: {found:?}, expected {expected}");
                }
            }
        }
    }
    // One source, of several years, of two countries, or with what is no source by itself.
    for (hint, expected) in [
        ("Ghana, 2016 and 2020", ["there", "there", "elsewhere", "elsewhere"]),
        ("Ghana, 2016; 2020", ["there", "there", "elsewhere", "elsewhere"]),
        ("Ghana and Mali, 2016", ["there", "elsewhere", "there", "elsewhere"]),
        ("Ghana; Office of Labor, 2016", ["there", "elsewhere", "elsewhere", "elsewhere"]),
        ("Ghana; 2016", ["there", "elsewhere", "elsewhere", "elsewhere"]),
        ("Office of Labor; Ghana, 2016; p. 3", ["there", "elsewhere", "elsewhere", "elsewhere"]),
        ("Ghana; Mali, 2020", ["there", "there", "elsewhere", "there"]),
    ] {
        for (place, expected) in corpus.iter().zip(expected) {
            let found = stands(&shelf, &format!("It says {} ({hint}).", said(place.0, place.1)));
            if found != [expected] {
                let _ = writeln!(wrong, "{hint}, {place:?}: {found:?}, expected {expected}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let draft = format!("It says {} (Ghana, 2016; Mali, 2020).\n", said("Mali", 2020));
    let (code, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
    let source = &value["results"][0]["source"];
    assert_eq!(source["documents"], serde_json::json!(["Ghana_2016.md", "Mali_2020.md"]));
    let told = source["sources"].as_array().unwrap().iter();
    let told: Vec<String> = told.map(|it| format!("{} {}", it["hint"], it["stands"])).collect();
    assert_eq!(told, ["\"Ghana, 2016\" \"elsewhere\"", "\"Mali, 2020\" \"there\""]);
    assert_eq!(code, 0);
    let ran = tipsearch(shelf.folder.path(), &["verify", "draft.md", "--index", "index"]);
    let line = "as given: Ghana, 2016; Mali, 2020 (not in Ghana, 2016; in Mali, 2020)";
    assert!(ran.out.contains(line), "{}", ran.out);
}

#[test]
fn a_year_that_the_index_has_no_report_of_is_not_where_the_words_stand() {
    let mut cases: Vec<(String, &[&str])> = Vec::new();
    for hint in [
        "The Gambia, 2018",
        "see Gambia 2018, p. 3",
        "DOL, Gambia, 2018",
        "Findings on the Worst Forms of Child Labor: Gambia, 2018",
        "Gambia (2018)",
    ] {
        cases.push((format!("It says “{MINERS}” ({hint})."), &["elsewhere"]));
        cases.push((format!("It says “{MINERS}”.[^1]\n\n[^1]: {hint}.\n"), &["elsewhere"]));
        cases.push((format!("It says “Whales swam over the moon in May” ({hint})."), &["nowhere"]));
    }
    for hint in [
        "Human Rights Watch, Gambia, 2018",
        "Lee, Life in Gambia, 2018",
        "Atlantis, 2018",
        "Bureau of International Labor Affairs, 2018",
        "a law of Gambia passed in 2018 by its members",
    ] {
        cases.push((format!("It says “{MINERS}” ({hint})."), &["unknown"]));
    }
    cases.push((format!("The 2018 report on Gambia says that “{MINERS}”."), &["elsewhere"]));
    cases.push((format!("Gambia (2018): “{MINERS}”."), &["elsewhere"]));
    cases.push((format!("It says “{MINERS}” (Gambia, 2018; Gambia, 2020)."), &["there"]));
    hold(&cases);
    let shelf = Shelf::of(CORPUS);
    let draft = format!("It says “{MINERS}” (Gambia, 2018).\n");
    let (code, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
    assert_eq!((code, &value["results"][0]["source"]["documents"]), (1, &serde_json::json!([])));
    let ran = tipsearch(shelf.folder.path(), &["verify", "draft.md", "--index", "index"]);
    let line =
        "not where the draft says: Gambia, 2018 (the index has no report of that year on it)";
    assert!(ran.out.replace("\n    ", " ").contains(line), "{}", ran.out);
    assert!(ran.out.contains("1 not where the draft says"), "{}", ran.out);
}

#[test]
fn the_mark_of_a_note_stands_behind_a_blank_too() {
    let note = "\n\n[^1]: Kenya, 2016.\n";
    let drafts = [
        format!("“{RAIDED}” [^1]\n\nMore.{note}"),
        format!("“{RAIDED}” [^1]{note}"),
        format!("“{RAIDED}”\n[^1]{note}"),
        format!("“{RAIDED}”\n\n[^1]{note}"),
        format!("- “{RAIDED}” [^1]\n- more{note}"),
        format!("> {RAIDED} [^1]\n\nmore{note}"),
        format!("> {RAIDED}.\n> [^1]\n\nmore{note}"),
    ];
    let cases: Vec<(String, &[&str])> =
        drafts.into_iter().map(|draft| (draft, ["elsewhere"].as_slice())).collect();
    hold(&cases);
}

#[test]
fn the_notes_of_latex_and_typst_say_what_the_quotation_before_them_is_from() {
    let shelf = Shelf::of(CORPUS);
    let told = |name: &str, draft: &str| {
        let (_, value) = verified_draft(&shelf, name, draft.as_bytes());
        let results = value["results"].as_array().unwrap().iter();
        let stands =
            |it: &serde_json::Value| it["source"]["stands"].as_str().unwrap_or("-").to_owned();
        results.map(stands).collect::<Vec<_>>()
    };
    let latex = format!(
        "\\begin{{document}}It says ``{RAIDED}''\\footnote{{Kenya, 2016.}} and \\enquote{{{FEES}}} (Ghana, 2021). \
         No note: ``{RAIDED}''\\footnote{{}} there. ``{HOTLINE}''.\\footnote{{\\emph{{Kenya}}, 2016.}}\n\nNext.\\end{{document}}"
    );
    assert_eq!(told("draft.tex", &latex), ["elsewhere", "there", "-", "there"]);
    let typst = format!(
        "It says “{RAIDED}”#footnote[Kenya, 2016.] and “{FEES}” (Ghana, 2021). No note: “{RAIDED}”#footnote[] there. \
         “{HOTLINE}”.#footnote[_Kenya_, 2016.]\n\nNext.\n"
    );
    assert_eq!(told("draft.typ", &typst), ["elsewhere", "there", "-", "there"]);
}

#[test]
fn notes_of_other_markup_say_what_the_quotation_before_them_is_from() {
    let shelf = Shelf::of(CORPUS);
    let told = |name: &str, draft: &str| {
        let (_, value) = verified_draft(&shelf, name, draft.as_bytes());
        let results = value["results"].as_array().unwrap().iter();
        let stands =
            |it: &serde_json::Value| it["source"]["stands"].as_str().unwrap_or("-").to_owned();
        results.map(stands).collect::<Vec<_>>()
    };
    for (name, first, second, notes) in [
        ("draft.adoc", "footnote:[Kenya, 2016.]", "footnote:[Kenya, 2016.]", ""),
        ("draft.org", "[fn::Kenya, 2016.]", "[fn:a:Kenya, 2016.]", ""),
        ("draft.org", "[fn:1]", "[fn:b]", "\n[fn:1] Kenya, 2016.\n[fn:b] Kenya, 2016.\n"),
        ("draft.rst", " [1]_", " [#b]_", "\n.. [1] Kenya, 2016.\n.. [#b] Kenya, 2016.\n"),
    ] {
        let draft = format!(
            "It says “{RAIDED}”{first} and “{FEES}” (Ghana, 2021). No note: “{RAIDED}”. But “{HOTLINE}”.{second}\n\n\
             Next.\n{notes}"
        );
        assert_eq!(told(name, &draft), ["elsewhere", "there", "-", "there"], "{name}: {first}");
    }
}

#[test]
fn a_link_an_address_or_a_name_behind_a_quotation_says_what_it_is_from() {
    let address = "tipsearch://Ghana_2021.md";
    let forms = |it: &str, mark: &str| {
        [
            format!("“{it}” [Ghana 2021]({address}).\n"),
            format!("“{it}” [[1]]({address}).\n"),
            format!("“{it}.” [1]({address})\n"),
            format!("“{it}” ([source]({address})).\n"),
            format!("[“{it}”]({address})\n"),
            format!("“{it}” <{address}>.\n"),
            format!("“{it}” {address}.\n"),
            format!("“{it}” (see `{address}?index=main`).\n"),
            format!("“{it}” [Ghana 2021](https://www.dol.gov/ghana).\n"),
            format!("“{it}” 【Ghana_2021.md】\n"),
            format!("“{it}” — Ghana, 2021\n"),
            format!("“{it}” – Ghana, 2021. The next sentence.\n"),
            format!("“{it}” [1].\n\nSources:\n\n1. Ghana — 2021 Findings\n"),
            format!("“{it}” [2].\n\n**Sources**\n\n1. Kenya, 2016\n2. Ghana, 2021\n"),
            format!("“{it}”¹{mark} It goes on.\n\n¹ Ghana, 2021\n\n² Kenya, 2016\n"),
        ]
    };
    let mut cases: Vec<(String, &[&str])> = Vec::new();
    cases.extend(forms(FEES, "").map(|draft| (draft, &["there"][..])));
    cases.extend(forms(HOTLINE, "").map(|draft| (draft, &["elsewhere"][..])));
    cases.push((format!("“{FEES}” 【emphasis added】 (Kenya, 2016).\n"), &["elsewhere"]));
    cases.push((format!("“{FEES}” (emphasis added) 【Kenya, 2016】.\n"), &["elsewhere"]));
    let two = format!("“{FEES}” ([Kenya]({}), [Ghana]({address})).\n", "tipsearch://Kenya_2016.md");
    cases.push((two, &["there"]));
    // A link that is part of the sentence names nothing.
    cases.push((format!("“{FEES}” [as reported](https://a.org) in May.\n"), &["-"]));
    cases.push((format!("“{FEES}” is so.\n\n[Kenya 2016]({address})\n"), &["-"]));
    cases.push((format!("“{FEES}” - as the ministry says in 2021.\n"), &["-"]));
    cases.push((format!("“{FEES}” [x](tipsearch://Nowhere_2021.md).\n"), &["unknown"]));
    hold(&cases);
}

#[test]
fn an_address_later_in_the_sentence_goes_with_other_words() {
    let later = ", while police freed 12 boys elsewhere (tipsearch://Kenya_2016.md).";
    let note = "\n\n## Sources\n\n[1] Ghana, 2021\n";
    hold(&[
        (format!("“{FEES}” (Ghana, 2021){later}\n"), &["there"]),
        (format!("“{FEES}” (emphasis added) (Ghana, 2021){later}\n"), &["there"]),
        (format!("“{FEES}” [1]{later}{note}"), &["there"]),
        (format!("“{FEES}”¹{later}{note}"), &["there"]),
        (format!("“{FEES}” (emphasis added){later}\n"), &["elsewhere"]),
        (format!("“{FEES}” (see below){later}\n"), &["elsewhere"]),
        (format!("“{FEES}” (Ghana, 2021) (tipsearch://Kenya_2016.md).\n"), &["elsewhere"]),
        (format!("“{FEES}” (Ghana, 2021; see tipsearch://Kenya_2016.md).\n"), &["elsewhere"]),
    ]);
}

#[test]
fn the_passage_of_an_address_is_held_to_as_its_page_is() {
    let shelf = Shelf::of(
        "--- Côte d'Ivoire 2021.md\n# Côte d'Ivoire\n\n## One\n\nPolice raided nine brickyards in May.\n\n## Two\n\nPoor families \
         struggle to pay the fees.\n",
    );
    let (_, found) = verified_draft(&shelf, "a.md", format!("“{FEES}”\n").as_bytes());
    let id = found["results"][0]["matches"][0]["passage"].as_str();
    let id = id.or_else(|| found["results"][0]["matches"][0]["id"].as_str()).unwrap().to_owned();
    let address = format!("tipsearch://C%C3%B4te%20d%27Ivoire%202021.md#{id}");
    assert_eq!(stands(&shelf, &format!("“{FEES}” [1]({address}).\n")), ["there"]);
    assert_eq!(stands(&shelf, &format!("“{RAIDED}” [1]({address}).\n")), ["elsewhere"]);
}
