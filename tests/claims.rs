//! Figures of drafts beside years, lengths of time, ages, marks of notes and totals of tables.

use super::figures::{check, figures_in};
use super::support::Shelf;
use super::verify::verified_draft;

const TRENDS: &str = "\
--- thule_2019.md
# Findings on Thule

Country: Thule
Year: 2019

## Schools

The share of children who did not attend school decreased from 10.6 percent in 2013 to 5.7 percent in 2019. The ministry \
raised the number of labor inspectors from 148 inspectors in May 2018 to 205 inspectors in 2019. Registered races dropped \
from 491, in 2018, to 172. Fines for smugglers rose from $60–70 in 2018 to $2,000 in 2019, and money for kilns from $357 \
(10 billion naira) in 2018 to $400 in 2019. In 2019, funding for shelters of orphans grew from $373,295 in 2018 to $517,195. Courts heard \
12 appeals of smugglers in 2016 and 2017, and in 2018 26 appeals of smugglers.
";

const TIMES: &str = "\
--- ophir_2020.md
# Findings on Ophir

Country: Ophir
Year: 2020

## Enforcement

A court of Ophir sentenced a perpetrator of forced domestic labor to 80 months in prison. A judge sentenced the owner of \
a brothel to 30 years' imprisonment. The tribunal reduced the punishment of a smuggler to 240 hours of community service. \
Penalties for traffickers of infants range from 2 to 12 years' imprisonment. The law suspends mills for 24 months. \
Inspectors of mines must answer complaints within 90 working days. Recruiters received sentences of 18, 24, and 36 months. \
Guards rest for 3 day shifts beside 12 day laborers. Nurses may not work while babies of hers are younger than 18 months. \
The minimum age for hazardous work of apprentices is 16 years.

## Fishing

Girls as young as age 4 are subjected to forced labor in fishing, and boys as young as 13 years dive for nets. Some \
miners are as young as six years old.
";

const TOTALS: &str = "\
--- tarshish_2021.md
# Findings on Tarshish

Country: Tarshish
Year: 2021

## Prevalence

Figure 1. Working Children by Sector, Ages 5-14

### Working Children by Sector, Ages 5-14

Children Age Percent

5-14 yrs.

Percent 13.0 (927,591) 89.9 13.2 93.8
";

#[test]
fn a_year_behind_a_figure_is_of_that_figure() {
    let cases = [
        ("In Thule 10.6 percent of children did not attend school in 2013.", "10.6 found 10.6 []"),
        ("In Thule 5.7 percent of children did not attend school in 2019.", "5.7 found 5.7 []"),
        (
            "In 2013, 5.7 percent of children in Thule did not attend school.",
            "5.7 differs 10.6 [figure], 5.7 [year]",
        ),
        (
            "In Thule children who did not attend school fell from 10.6 percent in 2013 to 5.7 percent in 2019.",
            "10.6 found 10.6 []; 5.7 found 5.7 []",
        ),
        (
            "In Thule children who did not attend school rose from 5.7 percent in 2013 to 10.6 percent in 2019.",
            "5.7 absent; 10.6 absent",
        ),
        ("In 2018 Thule had 148 labor inspectors.", "148 found 148 []"),
        // More is not less.
        ("In 2019 Thule raised the number of labor inspectors to 205.", "205 found 205 []"),
        (
            "In 2019 Thule reduced the number of labor inspectors to 205.",
            "205 differs 205 [direction]",
        ),
        ("In 2018 Thule had 205 labor inspectors.", "205 differs 148 [figure], 205 [year]"),
        // What follows `to` is of another year, which the sentence need not name.
        ("In 2018 there were 491 registered races in Thule.", "491 found 491 []"),
        ("In 2019 there were 172 registered races in Thule.", "172 found 172 []"),
        (
            "In 2018 there were 172 registered races in Thule.",
            "172 differs 491 [figure], 172 [year]",
        ),
        // The year that the sentence begins with is of what has no other.
        (
            "In 2019 funding for shelters of orphans in Thule was $517,195.",
            "517,195 found $517,195 []",
        ),
        (
            "In 2019 funding for shelters of orphans in Thule was $373,295.",
            "373,295 differs $373,295 [year], $517,195 [figure]",
        ),
        ("In 2017 courts of Thule heard 12 appeals of smugglers.", "12 found 12 []"),
        ("In 2018 courts of Thule heard 26 appeals of smugglers.", "26 found 26 []"),
        // Those that stand in a row are of one year.
        (
            "In 2019 fines for smugglers in Thule were $60.",
            "60 differs $60 [year], $2,000 [figure]",
        ),
        ("In 2018 fines for smugglers in Thule were $60.", "60 found $60 []"),
        ("In 2018 money for kilns in Thule was $357.", "357 found $357 []"),
        ("In 2019 money for kilns in Thule was $357.", "357 differs $357 [year], $400 [figure]"),
        // What the draft says of another year only.
        (
            "Registered races in Thule rose from 172 in 2018 to 491.",
            "172 differs 172 [year]; 491 absent",
        ),
        (
            "In 2017 courts of Thule heard 26 appeals of smugglers.",
            "26 differs 12 [figure], 26 [year]",
        ),
    ];
    check(TRENDS, &cases);
}

#[test]
fn lengths_of_time_are_compared_as_such() {
    let labor = |time: &str| {
        format!("A court of Ophir sentenced a perpetrator of forced labor to {time} in prison.")
    };
    let months = [labor("80 months"), labor("80 years"), labor("80 days"), labor("30 months")];
    let cases = [
        (months[0].as_str(), "80 found 80 []"),
        (months[1].as_str(), "80 differs 80 [figure]"),
        (months[2].as_str(), "80 differs 80 [figure]"),
        (months[3].as_str(), "30 differs 80 [figure]"),
        ("A judge in Ophir sentenced 30 owners of a brothel.", "30 absent"),
        ("A court of Ophir sentenced 80 perpetrators of forced domestic labor.", "80 absent"),
        (
            "The tribunal of Ophir reduced the punishment of a smuggler to 240 years.",
            "240 differs 240 [figure]",
        ),
        (
            "Traffickers of infants in Ophir get 2 to 12 years of imprisonment as penalties.",
            "2 found 2 []; 12 found 12 []",
        ),
        ("Penalties for traffickers of infants in Ophir are 12 months.", "12 differs 2 [figure]"),
        ("Penalties for traffickers of infants in Ophir are 144 months.", "144 found 12 []"),
        ("The law of Ophir suspends mills for 2 years.", "2 found 24 []"),
        ("Inspectors of mines in Ophir must answer complaints within 90 days.", "90 found 90 []"),
        ("Recruiters in Ophir received sentences of 18 months.", "18 found 18 []"),
        ("Recruiters in Ophir received sentences of 18 years.", "18 differs 18 [figure]"),
        ("Guards in Ophir rest for shifts of 3 days.", "3 found 3 []"),
        ("Guards in Ophir rest beside 12 day laborers.", "12 found 12 []"),
        ("In Ophir nurses may not work while babies are younger than 18 months.", "18 found 18 []"),
        ("In Ophir nurses may not work while babies are younger than 18.", "18 absent"),
        ("The minimum age for hazardous work of apprentices in Ophir is 16.", "16 found 16 []"),
        ("Apprentices in Ophir may do hazardous work at the age of 16.", "16 found 16 []"),
    ];
    check(TIMES, &cases);
}

#[test]
fn how_young_somebody_is_is_an_age() {
    let cases = [
        ("Girls in Ophir as young as 4 are subjected to forced labor in fishing.", "4 found 4 []"),
        (
            "Girls in Ophir as young as four are subjected to forced labor in fishing.",
            "four found 4 []",
        ),
        ("Girls aged four in Ophir are subjected to forced labor in fishing.", "four found 4 []"),
        (
            "Girls in Ophir as young as 5 years are subjected to forced labor in fishing.",
            "5 differs 4 [figure]",
        ),
        ("In Ophir boys as young as 13 dive for nets.", "13 found 13 []"),
        ("In Ophir boys as young as age 12 dive for nets.", "12 differs 13 [figure]"),
        ("In Ophir 13 boys dive for nets.", "13 absent"),
        ("In Ophir miners are as young as six.", "six found six []"),
    ];
    check(TIMES, &cases);
}

#[test]
fn how_many_years_old_somebody_is_is_an_age_in_one_word_too() {
    let cases = [
        ("In Ophir 13-year-old boys dive for nets.", "13 found 13 []"),
        ("In Ophir 12-year-old boys dive for nets.", "12 differs 13 [figure]"),
        ("In Ophir a six-year-old is a miner.", "six found six []"),
        ("In Ophir 4-year-olds are subjected to forced labor in fishing.", "4 found 4 []"),
    ];
    check(TIMES, &cases);
}

const THINGS: &str = "\
--- punt_2020.md
# Findings on Punt

Country: Punt
Year: 2020

## Enforcement

In addition, 252 officials, including law enforcement, judges, and labor inspectors, received training on prosecuting \
trafficking. A total of 64 new violations related to the worst forms of child labor were discovered. The ministry trained 168 \
police officers. Patrols identified 45 girls as victims of debt bondage. The tribunal heard 31 persons, including sailors. \
Sentences in all three of these cases ranged from 5 to 12 years in prison. Shelters housed 77 child victims of floods.
";

#[test]
fn a_figure_counts_the_noun_behind_it_and_no_other_of_its_sentence() {
    let cases = [
        ("In Punt 252 officials received training on prosecuting trafficking.", "252 found 252 []"),
        ("In Punt 252 labor inspectors received training.", "252 differs 252 [counted]"),
        ("Punt trained 252 labor inspectors in 2020.", "252 differs 252 [counted]"),
        ("In Punt 252 judges received training.", "252 differs 252 [counted]"),
        ("In Punt 64 new violations were discovered.", "64 found 64 []"),
        ("In Punt 64 new breaches of child labor law were discovered.", "64 found 64 []"),
        ("In Punt 64 new cases of trafficking were discovered.", "64 differs 64 [counted]"),
        ("The ministry of Punt trained 168 police officers.", "168 found 168 []"),
        ("The ministry of Punt trained 168 people of the police.", "168 found 168 []"),
        ("Patrols in Punt identified 45 victims of debt bondage.", "45 found 45 []"),
        ("Patrols in Punt identified 45 girls.", "45 found 45 []"),
        ("The tribunal of Punt heard 31 persons.", "31 found 31 []"),
        ("The tribunal of Punt heard 31 smugglers.", "31 found 31 []"),
        ("The tribunal of Punt heard 31 sailors.", "31 differs 31 [counted]"),
        ("In Punt shelters housed 77 children after floods.", "77 found 77 []"),
    ];
    check(THINGS, &cases);
}

const DONE: &str = "\
--- ys_2021.md
# Findings on Ys

Country: Ys
Year: 2021

## Enforcement

Inspectors fined 12 companies employing children. Guards met 14 men who abused girls in the harbour. Courts convicted 15 \
offenders. Police arrested 18 traffickers. The prosecutor prosecuted 64 suspects. By night 23 smugglers were arrested. Police \
handed over 60 boys to shelters.
";

#[test]
fn what_was_done_to_some_is_counted_by_its_noun_and_nothing_behind_a_verb_is() {
    let cases = [
        ("In Ys 12 companies were fined by inspectors.", "12 found 12 []"),
        (
            "In Ys inspectors fined companies, and 12 children were employed.",
            "12 differs 12 [counted]",
        ),
        ("Guards of Ys met 14 girls who were abused in the harbour.", "14 differs 14 [counted]"),
        ("Courts of Ys reached 15 convictions of offenders.", "15 found 15 []"),
        ("Police of Ys made 18 arrests of traffickers.", "18 found 18 []"),
        ("In Ys there were 64 prosecutions of suspects.", "64 found 64 []"),
        ("In Ys there were 23 arrests of smugglers by night.", "23 found 23 []"),
        ("Police of Ys handed 60 boys to shelters.", "60 found 60 []"),
    ];
    check(DONE, &cases);
}

#[test]
fn all_of_some_are_no_part_of_them() {
    let cases = [
        (
            "Sentences in these cases ranged from 5 to 12 years in prison in Punt in 2020.",
            "5 found 5 []; 12 found 12 []",
        ),
        (
            "In Punt, sentences ranged from 5 to 12 years in prison in 2020.",
            "5 found 5 []; 12 found 12 []",
        ),
        (
            "Sentences in these cases ranged from 5 to 21 years in prison in Punt in 2020.",
            "5 found 5 []; 21 differs 12 [figure]",
        ),
    ];
    check(THINGS, &cases);
}

#[test]
fn totals_of_tables_are_shown_and_ages_of_captions_are_no_counts() {
    let cases = [
        ("927,591 children work in Tarshish.", "927,591 absent 927,591 []"),
        ("In Tarshish, 14 children work.", "14 absent"),
        ("In Tarshish, 5 children work.", "5 absent"),
        ("In Tarshish, children ages 5 to 14 work in a sector.", "5 found 5 []; 14 found 14 []"),
    ];
    check(TOTALS, &cases);
}

#[test]
fn marks_of_notes_are_no_figures() {
    let texts = [
        "Inspectors of mines met owners of mills.^8^ The owners left.",
        "Inspectors of mines met owners of mills.^8 The owners left.",
        "Inspectors of mines met owners of mills^12, 14^ and left.",
        "Inspectors of mines met owners of mills.^12,13–15^ The owners left.",
        "Inspectors of mines met owners of mills in 2013.^5^ The owners left.",
        "Inspectors of «mines»2 met owners of 'mills'5 and of \"farms\"5,6 there.",
        "Inspectors of mines met owners of ‹mills›<sup>4</sup> and of 'farms'<sup>5</sup>.",
        "Inspectors of mines met *owners of mills.*5 The owners left.",
        "Inspectors of mines met owners (and smugglers of 'mills 2020').7 The owners left.",
        "Inspectors of mines met “owners of mills in 2013.”5–7 The owners left.",
        "Inspectors of mines met owners of mills in 2013.5 The owners left.",
    ];
    for text in texts {
        assert_eq!(figures_in(TIMES, text), "", "{text}");
    }
    let shelf = Shelf::of(TIMES);
    let page = "<p>Inspectors of «mines»<sup>2</sup> met owners of 'mills'<sup>4</sup> there.</p>";
    let (_, value) = verified_draft(&shelf, "draft.html", page.as_bytes());
    assert_eq!(value["figures"].as_array().unwrap().len(), 0, "{value}");
    // A number behind a mark is one of its own.
    let cases = [
        ("Mills of Tarshish^8^ have 14 'children' and 927 'smugglers'.", "14 absent; 927 absent"),
        (
            "In Tarshish 13 percent (927,591) of children work.",
            "13 absent; 927,591 absent 927,591 []",
        ),
    ];
    check(TOTALS, &cases);
}

const PUBLISHED: &str = "\
--- gambia_2021.md
# Findings of 2021

Country: Gambia, The
Publisher: United States Department of Labor
Year: 2021

## Enforcement

The courts convicted 15 defendants. Guards freed 22 migrants from Serbia.
";

#[test]
fn who_publishes_a_report_does_not_make_it_one_about_a_country() {
    let cases = [
        ("Courts in the United States convicted 15 defendants.", "15 absent"),
        ("Courts in the Gambia convicted 15 defendants.", "15 found 15 []"),
        ("Courts in Serbia convicted 15 defendants.", "15 absent"),
    ];
    check(PUBLISHED, &cases);
    let shelf =
        Shelf::of("--- one.md\n# Findings\n\nThe courts convicted 15 defendants of offenses.\n");
    let draft = "Courts in Serbia convicted 15 defendants of offenses.\n";
    let (_, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
    assert_eq!(value["figures"][0]["verdict"], "absent", "{value}");
    assert!(value["figures"][0]["note"].is_null(), "{value}");
}

const NATIONS: &str = "\
--- ghana_2021.md
# Ghana — 2021 Findings

Country: Ghana
Year: 2021

## Enforcement

As of September 2021, 15 defendants had been convicted of offenses by the courts. Guards freed 22 migrants from Serbia. \
Shelters took in 31 Togolese girls.
--- togo_2021.md
# Togo — 2021 Findings

Country: Togo
Year: 2021

## Enforcement

The courts sentenced 9 smugglers. A judge of Equatorial Guinea fined 44 sailors.
--- ivoire_2021.md
# Côte d'Ivoire — 2021 Findings

Country: Côte d'Ivoire
Year: 2021

## Enforcement

The courts fined 77 planters.
--- note.md
# A note on prosecutions

The country is Malta.

## Enforcement

The courts heard 53 fishermen.
";

#[test]
fn what_is_said_of_a_country_without_a_report_is_not_found_in_those_of_others() {
    let cases = [
        ("Courts in Ghana convicted 15 defendants of offenses in 2021.", "15 found 15 []"),
        ("Courts in Serbia convicted 15 defendants of offenses in 2021.", "15 absent"),
        ("Serbian courts convicted 15 defendants of offenses in 2021.", "15 absent"),
        ("Courts of Serbia’s south convicted 15 defendants of offenses.", "15 absent"),
        ("In 2021, Serbians convicted 15 defendants of offenses.", "15 absent"),
        ("Courts in the Republic of Korea convicted 15 defendants of offenses.", "15 absent"),
        // The sentence of the report names it.
        ("Guards freed 22 migrants from Serbia.", "22 found 22 []"),
        ("In Ghana guards freed 22 migrants from Serbia.", "22 found 22 []"),
        ("A judge of Equatorial Guinea fined 44 sailors.", "44 found 44 []"),
        // Who is of a country may be in another one.
        ("Shelters in Ghana took in 31 Togolese girls.", "31 found 31 []"),
        ("Shelters took in 31 Togolese girls.", "31 found 31 []"),
        ("Ghanaian courts convicted 15 defendants of offenses.", "15 found 15 []"),
        ("Togolese courts convicted 15 defendants of offenses.", "15 absent"),
        ("The courts of the Ivory Coast fined 77 planters.", "77 found 77 []"),
        ("The courts of Côte d’Ivoire fined 77 planters.", "77 found 77 []"),
        ("The courts of Malta heard 53 fishermen.", "53 found 53 []"),
        ("The courts of Cyprus heard 53 fishermen.", "53 absent"),
        // Persons, places elsewhere, and those who only speak of others.
        ("Michael Jordan wrote that courts convicted 15 defendants of offenses.", "15 found 15 []"),
        ("In New Mexico it is said that courts convicted 15 defendants.", "15 found 15 []"),
        ("Courts in Jordan convicted 15 defendants of offenses in 2021.", "15 absent"),
        (
            "Courts saw turkey and chad when they convicted 15 defendants of offenses.",
            "15 found 15 []",
        ),
    ];
    check(NATIONS, &cases);
    let shelf = Shelf::of(NATIONS);
    let draft = "# Serbia\n\nCourts convicted 15 defendants of offenses.\n\n\
                 # Ghana\n\nCourts convicted 15 defendants of offenses.\n\nSerbian courts convicted 15 defendants.\n";
    let (_, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
    let told = value["figures"].as_array().unwrap().iter();
    let told: Vec<String> = told.map(|it| format!("{} {}", it["verdict"], it["note"])).collect();
    let note = "\"absent\" \"no report of the index is about Serbia\"";
    assert_eq!(told, [note, "\"found\" null", note]);
}

const DEEDS: &str = "\
--- iraq_2016.md
# Findings on Iraq

Country: Iraq
Year: 2016

## Enforcement

In 2016, courts completed prosecution in 463 trafficking in persons cases, convicted 101 human traffickers in 49 cases, and \
acquitted 715 suspects in 414 cases. A number of defendants were convicted of human trafficking and 33 defendants were acquitted \
or convicted of other crimes. The ministry set guidelines and assisted 725 human trafficking victims. The superintendency hired over \
90 new labor inspectors and opened 8 regional offices. Police removed 64 boys from brick kilns. The fund paid $70 and assisted approximately 335 widows.
--- iraq_2015.md
# Findings on Iraq

Country: Iraq
Year: 2015

## Enforcement

Police removed 48 boys from brick kilns. In 2013, guards searched 27 barges.

## Statistics

### Table 1. Children's Work

Working (% and population)

5 to 14

21.8 (1,261,484)

Survey by the ministry: 68 percent of child laborers work in rural areas.
";

#[test]
fn what_was_done_with_a_figure_is_not_said_of_its_opposite() {
    let cases = [
        ("In 2016 Iraq acquitted 715 suspects.", "715 found 715 []"),
        ("In 2016 Iraq convicted 715 suspects.", "715 differs 715 [action]"),
        ("In 2016 Iraq convicted 101 human traffickers.", "101 found 101 []"),
        ("In 2016 Iraq acquitted 101 human traffickers.", "101 differs 101 [action]"),
        (
            "In 2016 Iraq acquitted 715 suspects in 414 trafficking cases.",
            "715 found 715 []; 414 found 414 []",
        ),
        (
            "In 2016 in Iraq 33 defendants were convicted of human trafficking.",
            "33 differs 33 [action]",
        ),
        (
            "In 2016 in Iraq 33 defendants were acquitted or convicted of other crimes.",
            "33 found 33 []",
        ),
        ("Iraq arrested 725 human traffickers.", "725 differs 725 [action]"),
        ("Iraq assisted 725 human trafficking victims.", "725 found 725 []"),
        ("Iraq fired more than 90 new labor inspectors.", "90 differs 90 [action]"),
        ("Iraq hired more than 90 new labor inspectors.", "90 found 90 []"),
        (
            "In Iraq the fund paid $70 and arrested about 335 widows.",
            "70 found $70 []; 335 differs 335 [action]",
        ),
        ("Iraq closed 8 regional offices.", "8 differs 8 [action]"),
        ("Iraq opened 8 regional offices.", "8 found 8 []"),
        ("Police of Iraq removed 64 girls from brick kilns.", "64 differs 64 [action]"),
    ];
    check(DEEDS, &cases);
}

#[test]
fn a_share_in_a_row_of_a_table_is_shown_and_not_contradicted() {
    let cases = [
        (
            "In Iraq, 21.8 percent of children ages 5 to 14 work.",
            "21.8 absent 21.8 []; 5 absent; 14 absent",
        ),
        (
            "In Iraq, 28.1 percent of children ages 5 to 14 work.",
            "28.1 differs 68 [figure]; 5 absent; 14 absent",
        ),
    ];
    check(DEEDS, &cases);
}

#[test]
fn the_year_of_a_heading_is_that_of_the_figures_below_it() {
    let shelf = Shelf::of(DEEDS);
    let told = |heading: &str, sentence: &str| {
        let draft = format!("# Draft of March 2031\n\n## {heading}\n\n{sentence}\n");
        let (_, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
        value["figures"][0]["verdict"].as_str().unwrap().to_owned()
    };
    let (new, old) =
        ("Police removed 64 boys from brick kilns.", "Police removed 48 boys from brick kilns.");
    assert_eq!(told("Iraq, 2016", new), "found");
    assert_eq!(told("Iraq, 2015", new), "differs");
    assert_eq!(told("Iraq, 2015", old), "found");
    assert_eq!(told("Iraq, 2016", old), "differs");
    // A sentence says better than a heading; what a report tells of another year stands below it.
    assert_eq!(told("Iraq, 2016", "In 2015, police removed 48 boys from brick kilns."), "found");
    assert_eq!(told("Iraq, 2015", "Guards searched 27 barges."), "found");
    assert_eq!(told("Iraq, 2013", "Guards searched 27 barges."), "found");
    // No year at all, several, or one of which there is no report.
    assert_eq!(told("Iraq", old), "found");
    assert_eq!(told("Iraq, 2015 and 2016", old), "found");
    assert_eq!(told("Iraq, 1999", old), "found");
}
