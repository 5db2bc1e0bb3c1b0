//! Figures that drafts state without quoting: which numbers are figures, and what is found of them.

use std::fmt::Write;

use super::cli::tipsearch;
use super::support::Shelf;
use super::verify::verified_draft;

const FIGURES: &str = "\
--- atlantis.md
# Findings on Atlantis

Country: Atlantis
Year: 2013

## Prosecution

The government convicted nineteen offenders in 2013, compared with 12 offenders in 2012. Police investigated 60 cases \
and courts sentenced 8 traffickers. The police spent $35,000 on training. Some 45 percent of inspectors left. \
Prosecutors did not charge 7 officials.
--- lemuria.md
# Findings on Lemuria

Country: Lemuria
Year: 2014

## Prosecution

The government convicted 21 offenders. Inspectors visited 1.5 million farms.
--- muria.md
# Findings on Muria

Country: Muria
Year: 2014

## Protection

Inspectors found 300 workers without a contract. More than 500 mills burn. The law bans night work of children ages 16 \
and under.

Programs of labor organized 4,217 neighbors.
";

const YEARS: &str = "\
--- cimmeria_2020.md
# Findings on Cimmeria

Country: Cimmeria
Year: 2020

## Enforcement

During the reporting period, police investigated 10 cases of forced labor.

## Prevention

In 2020, the ministry trained 9 judges.
--- cimmeria_2021.md
# Findings on Cimmeria

Country: Cimmeria
Year: 2021

## Enforcement

During the reporting period, police investigated 19 cases of forced labor. The inspectorate carried out 27,471 inspections \
and recorded 19,967 violations. These efforts identified 65 local officials who violated legislation, 5 of whom were \
prosecuted under the code. By a law that was passed in 2020, fines rose. Judges met. Guards found 31 children.

## Inspectors

Funding. Number of labor inspectors. Number of visits to farms

2020 $142,000 (12) 340 (12)

Yes (10) 5,154 (12)

2021 $150,000 (1) 344 (1)

Yes (1) 28,112 (1)

The number of labor inspectors is likely insufficient for 13.9 million workers. By the advice of the office, Cimmeria would \
employ about 700 labor inspectors. Labor inspectors are required to look at \
complaints within 7 days.

## Prevention

In 2021, the ministry trained 14 judges. A plan for 2021 was made.
--- hyperborea_2020.md
# Findings on Hyperborea

Country: Hyperborea
Year: 2020

## Enforcement

The courts convicted 30 smugglers.
--- hyperborea_2021.md
# Findings on Hyperborea

Country: Hyperborea
Year: 2021

## Enforcement

The courts convicted 31 smugglers.

## Prevention

In 2020, the ministry trained 8 teachers. A plan for 2020 was made.
";

const CLAUSES: &str = "\
--- agartha_2021.md
# Findings on Agartha

Country: Agartha
Year: 2021

## Prevalence

A survey shows that 3.1 million children between the ages of 5 and 17 engage in child labor, with 52 percent of these \
children engaging in hazardous work. It also shows that 25 percent of child laborers do not attend school, 61 percent of \
child laborers are boys, and that child labor primarily occurs in the south.

## Enforcement

The prosecutor had a budget of $3.3 million for raids. Moreover, the province of Mu achieved 5 convictions for child \
trafficking, Narnia reported 2 child trafficking convictions, the states of Ys, Lyonesse, and Avalon each reported 1 child \
trafficking conviction, and judges rested. Hesperia police arrested 31 traffickers, \
Oz police arrested 7 traffickers. The project ended and resulted in the withdrawal of 10,202 children and the \
prevention of 9,831 children from work. The ministry paid 66 million pesos to shelters. Eleven child victims were removed \
by the police as a result of investigations.

Child laborers in the kilns number 17,738. The army bars recruits under 18 from combat. Mills run by 400 weavers burned.
";

/// What is said of the figures of a draft's paragraph, one in a line.
fn figures_of(text: &str) -> String {
    figures_in(FIGURES, text)
}

pub fn figures_in(corpus: &str, text: &str) -> String {
    let shelf = Shelf::of(corpus);
    let (_, value) = verified_draft(&shelf, "draft.md", format!("# Draft\n\n{text}\n").as_bytes());
    let mut told = Vec::new();
    for figure in value["figures"].as_array().unwrap() {
        let verdict = figure["verdict"].as_str().unwrap();
        let places = figure["matches"].as_array().unwrap().iter();
        let places = places.map(|place| format!("{} {}", place["figure"], place["differs"]));
        let places: Vec<String> = places.collect();
        let line =
            format!("{} {verdict} {}", figure["figure"].as_str().unwrap(), places.join(", "));
        told.push(line.trim_end().replace('"', ""));
    }
    told.join("; ")
}

#[test]
fn figures_of_a_draft_stand_with_their_words_or_are_told_apart() {
    let cases = [
        ("In 2013 the government convicted 19 offenders in Atlantis.", "19 found nineteen []"),
        ("In Atlantis the government convicted 12 offenders in 2012.", "12 found 12 []"),
        ("Atlantis convicted 19 offenders in 2012.", "19 differs nineteen [year], 12 [figure]"),
        ("Atlantis convicted 12 offenders in 2013.", "12 differs nineteen [figure], 12 [year]"),
        (
            "The government of Atlantis convicted 20 offenders in 2013.",
            "20 differs nineteen [figure]",
        ),
        ("The government of Lemuria convicted 19 offenders.", "19 differs 21 [figure]"),
        ("Police investigated 60 cases.", "60 found 60 []"),
        ("Police investigated 8 cases.", "8 differs 60 [figure]"),
        ("Courts sentenced eight traffickers.", "eight found 8 []"),
        ("Courts sentenced 60 traffickers.", "60 differs 8 [figure]"),
        ("The police spent $35,000 on training.", "35,000 found $35,000 []"),
        ("The police spent 35 thousand dollars on training.", "35 thousand found $35,000 []"),
        ("The police spent 35,000 hours on training.", "35,000 absent"),
        ("In all, 45% of inspectors left.", "45 found 45 []"),
        ("In all, 45 inspectors left.", "45 absent"),
        ("Prosecutors charged 7 officials.", "7 differs 7 [negation]"),
        ("Inspectors visited 1,500,000 farms.", "1,500,000 found 1.5 million []"),
        ("Whales ate 19 sailors.", "19 absent"),
        // What is counted begins anew behind a name and a date.
        (
            "Under Article 5, 19 offenders were convicted in Atlantis in 2013.",
            "19 found nineteen []",
        ),
        ("From 1–12 June 2013 Atlantis convicted 19 offenders.", "19 found nineteen []"),
        ("Atlantis’s police spent $35k on training.", "35k found $35,000 []"),
        ("Atlantis’s police spent $35\u{a0}000 on training.", "35\u{a0}000 found $35,000 []"),
        ("Lemuria convicted 19 to 21 offenders.", "19 absent; 21 found 21 []"),
        // What is denied, and of what.
        ("Without any training, 45 percent of inspectors left Atlantis.", "45 found 45 []"),
        ("No fewer than 60 cases were investigated by police.", "60 found 60 []"),
        ("Police did not, in 2013, investigate 60 cases.", "60 differs 60 [negation]"),
        ("60 cases were not investigated by police.", "60 differs 60 [negation]"),
        ("Workers of Muria without a contract numbered 300.", "300 found 300 []"),
        ("Workers of Muria with a contract numbered 300.", "300 differs 300 [negation]"),
        // At least and at most.
        ("More than 500 mills burn in Muria.", "500 found 500 []"),
        ("In Muria 500 mills burn.", "500 found 500 []"),
        ("Fewer than 500 mills burn in Muria.", "500 differs 500 [bound]"),
        ("At most 500 mills burn in Muria.", "500 differs 500 [bound]"),
        ("No fewer than 500 mills burn in Muria.", "500 found 500 []"),
        // Ages.
        ("Muria bans night work under the age of 16.", "16 found 16 []"),
        ("In Muria children under 16 are banned from night work.", "16 found 16 []"),
        ("Muria bans night work of children under age 15.", "15 differs 16 [figure]"),
        // The other spelling; and a figure that tells itself which it is.
        ("Muria’s programmes of labour organised 4,217 neighbours.", "4,217 found 4,217 []"),
        ("Some 4,217 persons joined programs of labor in Muria.", "4,217 found 4,217 []"),
        ("Muria’s programs organized 4,271 neighbors.", "4,271 differs 4,217 [figure]"),
        // A figure that its sentence states too stands in the place of no other.
        (
            "Atlantis convicted 19 offenders in 2013, and 12 judges resigned.",
            "19 found nineteen []; 12 absent",
        ),
    ];
    check(FIGURES, &cases);
}

pub fn check(corpus: &str, cases: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (text, expected) in cases {
        let told = figures_in(corpus, text);
        if told != *expected {
            let _ = writeln!(wrong, "{text}\n  expected {expected}\n  is       {told}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_is_more_or_less_than_a_figure_is_not_that_figure() {
    let said = |bound: &str| format!("In Atlantis police investigated {bound} cases.");
    let mut cases: Vec<(String, &str)> = Vec::new();
    for bound in ["at least 60", "at most 60", "up to 60", "about 60", "60 or more", "60 or fewer"]
    {
        cases.push((said(bound), "60 found 60 []"));
    }
    for bound in ["no more than 60", "no fewer than 60", "not exceeding 60", "a minimum of 60"] {
        cases.push((said(bound), "60 found 60 []"));
    }
    for bound in ["more than 60", "over 60", "fewer than 60", "under 60", "less than 60"] {
        cases.push((said(bound), "60 differs 60 [bound]"));
    }
    for bound in ["nearly 60", "almost 60", "above 60", "in excess of 60", "exceeding 60"] {
        cases.push((said(bound), "60 differs 60 [bound]"));
    }
    cases.push(("Almost 500 mills burn in Muria.".to_owned(), "500 differs 500 [bound]"));
    cases.push(("At least 500 mills burn in Muria.".to_owned(), "500 found 500 []"));
    let cases: Vec<(&str, &str)> =
        cases.iter().map(|(text, said)| (text.as_str(), *said)).collect();
    check(FIGURES, &cases);
}

#[test]
fn a_figure_is_of_the_year_of_its_report_unless_that_tells_of_the_year_before() {
    let cases = [
        (
            "In 2021 the inspectorate of Cimmeria carried out 27,471 inspections.",
            "27,471 found 27,471 []",
        ),
        (
            "In 2020 the inspectorate of Cimmeria carried out 27,471 inspections.",
            "27,471 differs 27,471 [year]",
        ),
        // The year of a law that was told before.
        ("In 2020 guards of Cimmeria found 31 children.", "31 differs 31 [year]"),
        // The report of that year has another figure.
        ("In 2020 police of Cimmeria investigated 19 cases.", "19 differs 10 [figure], 19 [year]"),
        ("In 2020 police of Cimmeria investigated 10 cases.", "10 found 10 []"),
        // Its report names 2020 more often than 2021.
        ("In 2020 courts in Hyperborea convicted 31 smugglers.", "31 found 31 []"),
        (
            "In 2019 courts in Hyperborea convicted 31 smugglers.",
            "31 differs 30 [figure], 31 [year]",
        ),
        ("In 2019 courts in Hyperborea convicted 30 smugglers.", "30 found 30 []"),
    ];
    check(YEARS, &cases);
}

#[test]
fn what_is_said_of_a_part_is_not_said_of_the_whole() {
    let cases = [
        ("In 2021, 65 local officials were prosecuted in Cimmeria.", "65 differs 5 [figure]"),
        ("In 2021, 5 local officials were prosecuted in Cimmeria.", "5 found 5 []"),
        (
            "In 2021 Cimmeria identified 65 local officials who violated legislation.",
            "65 found 65 []",
        ),
        (
            "In Cimmeria 5 of 65 local officials were prosecuted in 2021.",
            "5 found 5 []; 65 found 65 []",
        ),
        (
            "In Cimmeria 7 of 65 local officials were prosecuted in 2021.",
            "7 differs 5 [figure]; 65 found 65 []",
        ),
        // What the sentence counts by another figure.
        (
            "In 2021 the inspectorate of Cimmeria carried out 19,967 inspections.",
            "19,967 differs 27,471 [figure]",
        ),
    ];
    check(YEARS, &cases);
}

#[test]
fn what_counts_something_else_contradicts_nothing_and_rows_of_tables_are_shown() {
    let cases = [
        // Days and workers are no inspectors.
        ("Cimmeria had 399 labor inspectors in 2021.", "399 absent"),
        ("Cimmeria had 344 labor inspectors in 2021.", "344 absent 344 []"),
        ("Cimmeria had 344 labor inspectors in 2020.", "344 absent"),
        ("Cimmeria had 340 labor inspectors in 2020.", "340 absent 340 []"),
        // What would be is not.
        ("Cimmeria had 700 labor inspectors in 2021.", "700 absent"),
        ("Cimmeria would need 700 labor inspectors.", "700 found 700 []"),
        ("Cimmeria would employ 800 labor inspectors.", "800 differs 700 [figure]"),
        ("Labor inspectors of Cimmeria look at complaints within 9 days.", "9 differs 7 [figure]"),
    ];
    check(YEARS, &cases);
}

#[test]
fn ages_are_told_from_counts() {
    let cases = [
        (
            "In Agartha, 3.1 million children engage in child labor.",
            "3.1 million found 3.1 million []",
        ),
        ("In Agartha, 17 children engage in child labor.", "17 differs 3.1 million [figure]"),
        ("In Agartha, 5 children engage in child labor.", "5 differs 3.1 million [figure]"),
        (
            "In Agartha 3.1 million children ages 5-17 engage in child labor.",
            "3.1 million found 3.1 million []; 5 found 5 []; 17 found 17 []",
        ),
        (
            "In Agartha 3.1 million children, 5 to 17 years old, engage in child labor.",
            "3.1 million found 3.1 million []; 5 found 5 []; 17 found 17 []",
        ),
        (
            "In Agartha 3.1 million children aged between 6 and 17 engage in child labor.",
            "3.1 million found 3.1 million []; 6 differs 5 [figure]; 17 found 17 []",
        ),
        ("The army of Agartha bars 18 recruits from combat.", "18 absent"),
        ("The army of Agartha bars recruits under 18 from combat.", "18 found 18 []"),
        ("The army of Agartha bars recruits under 16 from combat.", "16 differs 18 [figure]"),
        ("The army of Agartha bars recruits under the age of 18 from combat.", "18 found 18 []"),
    ];
    check(CLAUSES, &cases);
}

#[test]
fn a_figure_belongs_to_the_words_of_its_own_clause() {
    let cases = [
        ("In Agartha, 25 percent of child laborers do not attend school.", "25 found 25 []"),
        (
            "In Agartha, 61 percent of child laborers do not attend school.",
            "61 differs 25 [figure]",
        ),
        ("In Agartha, 61 percent of child laborers are boys.", "61 found 61 []"),
        ("In Agartha, 25 percent of child laborers are boys.", "25 differs 61 [figure]"),
        ("Narnia in Agartha reported 5 child trafficking convictions.", "5 differs 2 [figure]"),
        ("Narnia in Agartha reported 2 child trafficking convictions.", "2 found 2 []"),
        ("Ys in Agartha reported 1 child trafficking conviction.", "1 found 1 []"),
        ("Ys in Agartha reported 2 child trafficking convictions.", "2 differs 1 [figure]"),
        ("In Agartha Oz police arrested 31 traffickers.", "31 differs 7 [figure]"),
        ("In Agartha Oz police arrested 7 traffickers.", "7 found 7 []"),
        ("In Agartha Hesperia police arrested 7 traffickers.", "7 differs 31 [figure]"),
        ("In Agartha Hesperia police arrested 31 traffickers.", "31 found 31 []"),
        (
            "A project in Agartha resulted in the prevention of 10,202 children from work.",
            "10,202 differs 9,831 [figure]",
        ),
        (
            "A project in Agartha resulted in the withdrawal of 10,202 children.",
            "10,202 found 10,202 []",
        ),
    ];
    check(CLAUSES, &cases);
}

#[test]
fn amounts_of_other_money_and_numbers_of_other_things_are_not_found() {
    let found = "3.3 million found $3.3 million []";
    let differs = "3.3 million differs $3.3 million [figure]";
    let cases = [
        ("In Agartha the prosecutor had a budget of $3.3 million.", found),
        ("In Agartha the prosecutor had a budget of US$3.3 million.", found),
        ("In Agartha the prosecutor had a budget of USD 3.3 million.", found),
        ("In Agartha the prosecutor had a budget of 3.3 million dollars.", found),
        ("In Agartha the prosecutor had a budget of €3.3 million.", differs),
        ("In Agartha the prosecutor had a budget of £3.3 million.", differs),
        ("In Agartha the prosecutor had a budget of 3.3 million pesos.", differs),
        ("In Agartha the prosecutor had a budget of MXN 3.3 million.", differs),
        (
            "In Agartha the ministry paid 66 million pesos to shelters.",
            "66 million found 66 million []",
        ),
        (
            "In Agartha the ministry paid MXN 66 million to shelters.",
            "66 million found 66 million []",
        ),
        (
            "In Agartha the ministry paid $66 million to shelters.",
            "66 million differs 66 million [figure]",
        ),
        // The noun that is counted stands nowhere in the sentence.
        (
            "Investigations by the police of Agartha resulted in 11 arrests.",
            "11 differs Eleven [counted]",
        ),
        ("Investigations by the police of Agartha removed 11 victims.", "11 found Eleven []"),
        // Persons of any kind are persons.
        ("In Agartha mills run by 400 persons burned.", "400 found 400 []"),
    ];
    check(CLAUSES, &cases);
}

const WORDS_OF_DEEDS: &str = "\
--- ogygia_2021.md
# Findings on Ogygia

Country: Ogygia
Year: 2021

## Enforcement

Some 40 boys carried firewood to the markets. The office released data on 33 raids. Courts openly named 12 clubs. The shelter paid 14 assistant judges in the harbour. Police identified 818 girls and boys in the mines.
";

#[test]
fn words_that_begin_like_a_deed_are_none_and_a_number_of_two_kinds_is_that_of_both() {
    let cases = [
        (
            "In 2021 some 40 recruited boys carried firewood to the markets of Ogygia.",
            "40 found 40 []",
        ),
        ("In 2021 the office of Ogygia had data on 33 raids and arrests.", "33 found 33 []"),
        ("In 2021 courts of Ogygia named 12 closed clubs.", "12 found 12 []"),
        (
            "In 2021 the shelter of Ogygia paid 14 judges convicted in the harbour.",
            "14 found 14 []",
        ),
        (
            "In 2021 police of Ogygia identified 818 girls and boys in the mines.",
            "818 found 818 []",
        ),
        ("In 2021 police of Ogygia identified 818 girls in the mines.", "818 differs 818 [action]"),
        ("In 2021 police of Ogygia identified 818 boys in the mines.", "818 differs 818 [action]"),
    ];
    check(WORDS_OF_DEEDS, &cases);
}

#[test]
fn numbers_are_read_in_every_form() {
    let million = |figure: &str| format!("{figure} found 3.1 million []");
    for figure in ["3.1m", "3.1M", "3.1mn", "3.1 mn"] {
        let text = format!("In Agartha, {figure} children engage in child labor.");
        assert_eq!(figures_in(CLAUSES, &text), million(figure), "{text}");
    }
    let cases = [
        ("In Agartha, 3.1bn children engage in child labor.", "3.1bn differs 3.1 million [figure]"),
        ("Child laborers in the kilns of Agartha number 99,999.", "99,999 differs 17,738 [figure]"),
        ("Child laborers in the kilns of Agartha number 17,738.", "17,738 found 17,738 []"),
        ("Child laborers in the kilns of Agartha number 17.", "17 differs 17,738 [figure]"),
        ("Child laborers of Agartha met in the kiln number 17.", ""),
        ("A wall of 3.1m parts child laborers from the kilns of Agartha.", ""),
        ("A wall 5m high parts child laborers from the kilns of Agartha.", ""),
    ];
    check(CLAUSES, &cases);
    for blank in [' ', '\u{a0}', '\u{2009}', '\u{202f}'] {
        let text = format!("About 17{blank}738 child laborers are in the kilns of Agartha.");
        let expected = format!("17{blank}738 found 17,738 []");
        assert_eq!(figures_in(CLAUSES, &text), expected, "{text}");
    }
}

#[test]
fn what_counts_nothing_is_no_figure() {
    let texts = [
        "The police of Atlantis met in 2013 and in 2012.",
        "On 19 May the police met; on May 12 they met again.",
        "Section 19 and Articles 12, 45 and 60 of the law ban offenders.",
        "Police of Atlantis hold conventions [12], as offenders know (19).",
        "See page 12 of the report on trafficking offenders.",
        "1\\. Offenders were convicted by the courts.",
        "A girl met the police at 12:30 in spring.",
        "Police of Atlantis met traffickers (24; 25) in the towns (3, 6-9).",
        "The address of offenders is https://example.org/19/12.",
        "The third offender is one of the police.",
        "The report says “the government convicted nineteen offenders” there.",
        "The police met on 1–12 June, on June 1–12, from 12 to 14 July and between 3 and 5 May 2013.",
        "The police met in the 2013–14 season, in FY2012/13 and in the first 6 months.",
        "Police of Atlantis ratified C. 182, C 138, MICS 4, UNSCR 1325 and Round 6 of the survey.",
        "Offenders met the police (Ministry 2013, 12–14) and judges [2012: 45] there.",
        "The police are to 1) arrest, 2) charge and 3) convict offenders at 10 a.m. on a three-year plan.",
        "Police cite 22 U.S.C. § 7112, Arts. 5-7, ss. 12 and 19 of the act, and two-thirds of offenders.",
        "Police led the Twelve Days Against Offenders campaign.",
        "Police of Atlantis met in towns,1 and in the “mills”2 with offenders.3",
        "Le 19 mai la police a condamné des offenders.",
        "It was 19.",
        "> The government convicted 20 offenders in 2013.",
        "`The government convicted 20 offenders`",
    ];
    for text in &texts[..texts.len() - 1] {
        assert_eq!(figures_of(text), "", "{text}");
    }
}

#[test]
fn figures_are_shown_apart_from_quotations_and_count_for_the_exit_code() {
    let shelf = Shelf::of(FIGURES);
    let folder = shelf.folder.path();
    let draft =
        "Police of Atlantis investigated 60 cases.\n\nAtlantis convicted 20 offenders in 2013.\n";
    std::fs::write(folder.join("draft.md"), draft).unwrap();
    let ran = tipsearch(folder, &["verify", "draft.md", "--index", "index"]);
    let expected = expect_test::expect![[r#"
        figure found 60: Police of Atlantis investigated 60 cases. draft.md:1
            Findings on Atlantis › Prosecution
            “Police investigated 60 cases and courts sentenced 8 traffickers.”
            atlantis.md:8 · id 31k5kfckhcs1y

        figure differs 20: Atlantis convicted 20 offenders in 2013. draft.md:3
            Findings on Atlantis › Prosecution
            “The government convicted nineteen offenders in 2013, compared with 12
            offenders in 2012.”
            atlantis.md:8 · id 31k5kfckhcs1y · has nineteen

        no quotations of four words or more; 2 figures: 1 found, 1 differs
    "#]];
    expected.assert_eq(&ran.out);
    assert_eq!(ran.code, 1);
    let alone = tipsearch(folder, &["verify", "draft.md", "--index", "index", "--no-figures"]);
    assert_eq!((alone.code, alone.out.as_str()), (0, "no quotations of four words or more\n"));
    std::fs::write(folder.join("good.md"), "Police of Atlantis investigated 60 cases.\n").unwrap();
    assert_eq!(tipsearch(folder, &["verify", "good.md", "--index", "index"]).code, 0);
}

#[test]
fn days_and_months_of_dates_in_digits_are_no_figures() {
    let country = |it: &str| format!("# Report\n\nCountry: Atlantis\nYear: 2017\n\n{it}\n");
    for (corpus, draft, expected) in [
        (
            "On 24.01.2017 police freed 12 children from mines near the river in the north.",
            "In 2017 police freed 24 children from mines near the river in the north.",
            "24 differs 12 [figure]",
        ),
        (
            "The fund paid $1.2 million on 3.4.2018 to the victims of the flood.",
            "The fund paid 3 victims of the flood.",
            "3 absent",
        ),
        (
            "On January 24, 2017, police freed 12 children from mines.",
            "On 24.01.2017 police freed 12 children from mines.",
            "12 found 12 []",
        ),
        (
            "On 24.01.2017 police freed 12 children from mines.",
            "On January 24, 2017, police freed 12 children from mines.",
            "12 found 12 []",
        ),
    ] {
        assert_eq!(figures_in(&country(corpus), draft), expected, "{corpus} {draft}");
    }
}
