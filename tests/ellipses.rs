//! What an ellipsis may leave out of a quotation: asides, items, whole sentences; not what turns, limits or governs the rest.

use tipsearch::verify::{Verdict, Verifier};

use super::support::Shelf;

const REPORTS: &str = "\
--- atlantis.md
# Findings on Atlantis

In 2020, the government prosecuted 89 cases, convicted 101 human traffickers in 49 cases, and acquitted 715 suspects in 414 \
cases. The Labor Act excludes the informal economic sectors in which child labor is most prevalent. The program aims at \
ensuring schools are free from sexual abuse. A draft version of the decree has yet to be finalized. The council, which was \
elected in 2012, adopted a plan of action. The Hunting Act, which was repealed in 2019, bans the use of children in drives. \
Children work in fishing (including on Lake Mu), mining, quarrying, and domestic service. Inspectors may impose fines up to \
300 dollars on employers. Police arrested 12 alleged traffickers in the capital. Parliament rejected a bill on begging. \
Children, except those in agriculture, must not work at night. Night work of girls may only take place with a permit. \
Inspectors who were trained in Oz conducted raids in Ur. Officials convicted 12 offenders and identified victims in 2019. \
The ministry plans to open a shelter. The police raided nine farms, and the union freed 12 boys. Girls from the north, who often lack papers, work in bars. The Act was \
rescinded, and fines for employers were dropped. Volunteers taught adults and girls in the town. She \
received a suspended sentence of five years. Fees under the repealed law were high. Officials found children in banned trades \
in May. Nurses cared for abandoned children in camps. The \
council paid aid and deported 40 boys to Oz. Boys who are trafficked from Ur work in bars. Women who were freed by guards sing \
in bars. Judges ruled that guards violated rights. The \
army raided nine huts, and the union, a private body, freed 13 boys. Employers may, with a permit, hire girls for the harvest. \
Girls may with the written consent of both parents work at night. Judges acquitted the mayor; police, in May, arrested the guard. \
The council of Ys, and the mayor, in May, adopted a budget. Nurses raided shops, charged ten men, and freed two \
girls. Clerks fined shops, and, in May, closed the market. The Labor Code bans work at night and sets a minimum age of 14. The \
Mill Code lapsed in May and sets a fine. The Farm Code was repealed in May and sets a fee. Treaties ban the sale of organs and \
require visas. The senate stopped paying guards and provides maps.

--- lemuria.md
# Findings on Lemuria

In February, Lemuria's military launched a coup against the civilian government. Widespread closures of schools, along with \
strikes, severely impacted the ability of Lemuria to fully engage in addressing child labor. The army detained \
teachers; courts released others: the judges called the arrests unlawful. The union trained monitors for the \
government.The inspectors, in turn, visited 30 farms in the south.[3] Donors paid for fuel. However, gaps remain in the law. The \
ministry barred visits and the anti-
trafficking council freed nine girls.
";

const LISTS: &str = "\
--- thule.md
# Findings on Thule

The law permits work of adults. It prohibits the following: night work; underground work. The courts sat in May; judges worked \
at home.

Children work in:

- mines of the north
- farms of the west
- Shops

Fees are high. The decree bars children from:

- ships of the king
- kilns

The ministry and
the council meet.
";

fn hold(quotes: &[(&str, Verdict)]) {
    hold_in(REPORTS, quotes);
}

fn hold_in(corpus: &str, quotes: &[(&str, Verdict)]) {
    let engine = Shelf::of(corpus).engine();
    let mut verifier = Verifier::new(&engine);
    let wrong: Vec<String> = quotes
        .iter()
        .map(|(quote, expected)| (quote, expected, verifier.verify(quote).unwrap().verdict))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(quote, expected, found)| format!("{quote}: {found:?}, not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_ellipsis_hides_no_verb_of_what_follows_and_nothing_that_turns_or_limits_it() {
    let near = [
        "convicted 101 human traffickers in 49 cases, and … 715 suspects in 414 cases",
        "In 2020, the government … convicted 101 human traffickers in 49 cases, and ... 715 suspects in 414 cases",
        "The Labor Act ... the informal economic sectors in which child labor is most prevalent",
        "ensuring schools are ... sexual abuse",
        "A draft version ... be finalized",
        "A draft version of the decree … finalized",
        "Inspectors may impose fines … 300 dollars on employers",
        "Police arrested 12 … traffickers in the capital",
        "Inspectors … impose fines up to 300 dollars",
        "Parliament … a bill on begging",
        "Children … must not work at night",
        "The Hunting Act … bans the use of children in drives",
        "Night work of girls … take place with a permit",
        "The ministry … open a shelter",
        "The police raided nine farms, and … freed 12 boys",
        "The police raided nine farms, … freed 12 boys",
        "The police … freed 12 boys",
        "The Act … , and fines for employers were dropped",
        "Volunteers … girls in the town",
        "She received a … sentence of five years",
        "Fees under the … law were high",
        "The council paid aid … to Oz",
        "The Mill Code … sets a fine",
        "The Farm Code … sets a fee",
        "The senate … provides maps",
        "The army raided nine huts, and … freed 13 boys",
        "Employers … hire girls for the harvest",
        "Girls … work at night",
        "Judges acquitted the mayor; … arrested the guard",
        "Women … guards sing in bars",
        "Judges ruled … rights",
    ];
    hold(&near.map(|quote| (quote, Verdict::Near)));
}

#[test]
fn an_ellipsis_may_stand_for_an_aside_an_item_or_a_clause_beside() {
    let fine = [
        "In 2020, the government … convicted 101 human traffickers in 49 cases",
        "The council … adopted a plan of action",
        "The council, … adopted a plan of action",
        "Children work in fishing …, mining, quarrying, and domestic service",
        "Children work in fishing (including on Lake Mu), … quarrying, and domestic service",
        "Children work in fishing (including on Lake Mu), mining, … and domestic service",
        "Inspectors … conducted raids in Ur",
        "Officials convicted 12 offenders … in 2019",
        "Girls from the north … work in bars",
        "Officials found children … in May",
        "Boys … work in bars",
        "The Labor Code … sets a minimum age of 14",
        "Treaties … require visas",
        "Employers may … hire girls for the harvest",
        "Judges acquitted the mayor; police … arrested the guard",
        "The council of Ys, … adopted a budget",
        "Nurses raided … , and freed two girls",
        "Nurses … freed two girls",
        "Clerks fined shops, … closed the market",
        "Women … sing in bars",
        "Nurses cared for … children in camps",
        "Police arrested 12 alleged traffickers … Parliament rejected a bill on begging",
        "Parliament rejected a bill on begging. … Night work of girls may only take place with a permit",
    ];
    hold(&fine.map(|quote| (quote, Verdict::Normalized)));
}

#[test]
fn behind_a_sentence_that_ends_in_an_ellipsis_another_begins() {
    use Verdict::{Near, Normalized};
    hold(&[
        (
            "Lemuria's military launched a coup ... severely impacted the ability of Lemuria to fully engage",
            Near,
        ),
        (
            "Lemuria's military launched a coup against the civilian government. … severely impacted the ability of Lemuria",
            Near,
        ),
        (
            "launched a coup against the civilian government … along with strikes, severely impacted",
            Near,
        ),
        ("The union trained monitors for the government … visited 30 farms in the south", Near),
        ("The union trained monitors for the government … in turn, visited 30 farms", Near),
        ("The union trained monitors … Donors paid for fuel", Normalized),
        (
            "trained monitors for the government. … The inspectors, in turn, visited 30 farms",
            Normalized,
        ),
        ("Donors paid for fuel … trafficking council freed nine girls", Near),
        ("launched a coup … courts released others", Normalized),
        ("Donors paid … gaps remain in the law", Normalized),
        ("launched a coup … the judges called the arrests unlawful", Normalized),
        ("launched a coup … The army detained teachers", Normalized),
    ]);
}

#[test]
fn an_item_says_something_only_with_what_leads_to_it() {
    use Verdict::{Near, Normalized};
    hold_in(
        LISTS,
        &[
            ("The law permits … night work; underground work", Near),
            ("The law permits work of adults … underground work", Near),
            ("The law permits work of adults … judges worked at home", Normalized),
            ("It prohibits the following: … underground work", Normalized),
            ("Children work in … farms of the west", Normalized),
            ("Children work in: mines of the north … Shops", Normalized),
            ("Fees are high … ships of the king", Near),
            ("Children work in … ships of the king", Near),
            ("The decree bars children from … kilns", Normalized),
            ("Fees are high … The decree bars children from: ships of the king", Normalized),
        ],
    );
}
