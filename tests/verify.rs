//! Quotations: each verdict and each trap over a corpus in a string, drafts, the command, and laws over
//! generated sentences.

use std::fmt::Write;

use proptest::prelude::*;
use tipsearch::engine::local::LocalEngine;
use tipsearch::verify::{Edit, Verdict, Verification, Verifier};

use super::cli::{program, ran, tipsearch};
use super::read::office::word;
use super::read::pdf::placed;
use super::support::{Shelf, cases};

const CORPUS: &str = "\
--- one.md
# Findings on Atlantis

## Prosecution

The government of Atlantis convicted nineteen offenders in 2013, compared with 12 offenders in 2012. It did not \
prosecute any officials for complicity.(1,2) The police spent $35,000 on anti-trafficking training, and \
children’s shelters received “modest” support.[3] Courts sentenced twenty-one traffickers to 1.5 million days in jail.

Border guards in the northern province never reported a case; the ministry’s inspectors identified 45 victims.

## Protection

Shelters assisted 300 victims during the year, but the authorities failed to screen vulnerable groups. Some 45 percent \
of the guards left, and 7% of the judges did.
--- two.md
# Report on Lemuria

The ministry of labor of Lemuria trained 120 inspectors on forced labor indicators. Observers praised the cooper-
ation of local councils with the shelters for boys.
";

/// What is said of a quotation, in one line and more for a difference.
pub fn said(found: &Verification) -> String {
    let mut text = found.verdict.name().to_owned();
    if let Some(first) = found.matches.first() {
        let names: Vec<&str> = first.differences.iter().map(|it| it.name()).collect();
        let _ = write!(text, " [{}] {}", names.join(", "), found.matches.len());
    }
    if !found.diff.is_empty() {
        text.push_str(": ");
    }
    for edit in &found.diff {
        let _ = match edit {
            Edit::Same(_) => write!(text, "_"),
            Edit::Removed(removed) => write!(text, "[-{removed}-]"),
            Edit::Added(added) => write!(text, "{{+{added}+}}"),
            Edit::Omitted(omitted) => write!(text, "[…{omitted}…]"),
        };
    }
    text
}

fn verified(engine: &LocalEngine, quote: &str) -> Verification {
    Verifier::new(engine).verify(quote).expect("an answer")
}

/// Holds each quotation of a list to what is said of it.
#[track_caller]
fn hold(quotes: &[(&str, &str)]) {
    let engine = Shelf::of(CORPUS).engine();
    let mut wrong = String::new();
    for (quote, expected) in quotes {
        let found = said(&verified(&engine, quote));
        if found != *expected {
            let _ = writeln!(wrong, "{quote}\n  expected {expected}\n  is       {found}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_stands_there_is_verbatim() {
    hold(&[
        ("The government of Atlantis convicted nineteen offenders in 2013", "verbatim [] 1"),
        ("“compared with 12 offenders in 2012.”", "verbatim [] 1"),
        ("prosecute any officials for complicity.(1,2) The police spent $35,000", "verbatim [] 1"),
        ("reported a case; the ministry’s inspectors", "verbatim [] 1"),
        ("Findings on Atlantis", "verbatim [] 1"),
        ("failed to screen vulnerable groups", "verbatim [] 1"),
    ]);
}

#[test]
fn the_number_of_a_further_item_may_be_left_out() {
    let corpus = "--- one.md\n# Findings\n\nThe inspectors have these duties:\n\n\
        1. to inspect quarries in 2014\n2. to report what they have found\n3. to fine owners of brick kilns\n\n\
        The guards of the northern province grew in number by\n12. Later they left.\n";
    let engine = Shelf::of(corpus).engine();
    let said = |quote: &str| said(&verified(&engine, quote));
    assert_eq!(said("to inspect quarries in 2014"), "verbatim [] 1");
    assert_eq!(said("2. to report what they have found"), "verbatim [] 1");
    assert_eq!(
        said("to inspect quarries in 2014\n2. to report what they have found"),
        "verbatim [] 1"
    );
    assert_eq!(
        said("to inspect quarries in 2014\nto report what they have found"),
        "verbatim [] 1"
    );
    let over_three = "quarries in 2014\nto report what they have found\nto fine owners";
    assert_eq!(said(over_three), "verbatim [] 1");
    // Another number is another number, and one of running text no label.
    assert!(
        said("to inspect quarries in 2014\n3. to report what they have found").starts_with("near")
    );
    assert!(
        !said("guards of the northern province grew in number by\nLater they left")
            .starts_with("verbatim")
    );
}

#[test]
fn what_a_quotation_may_change_is_said() {
    hold(&[
        ("THE GOVERNMENT OF ATLANTIS CONVICTED NINETEEN OFFENDERS", "normalized [case] 1"),
        ("convicted 19 offenders in 2013", "normalized [numbers] 1"),
        ("compared with twelve offenders in 2012", "normalized [numbers] 1"),
        ("sentenced 21 traffickers to 1,500,000 days in jail", "normalized [numbers] 1"),
        ("The police spent $35000 on anti-trafficking", "normalized [numbers] 1"),
        ("spent $35,000 on antitrafficking training", "normalized [dashes] 1"),
        ("spent $35,000 on anti–trafficking training", "normalized [dashes] 1"),
        ("and children's shelters received \"modest\" support", "normalized [quotes] 1"),
        ("and children’s shelters received ‘modest’ support", "normalized [quotes] 1"),
        ("The police  spent\n$35,000 on", "normalized [white space] 1"),
        ("nineteen o\u{FB00}enders in 2013", "normalized [ligatures] 1"),
        ("convicted nine\u{AD}teen offenders", "normalized [soft hyphens] 1"),
        ("of Atlantis convicted ... 12 offenders", "normalized [ellipsis] 1"),
        (
            "of Atlantis convicted […] 12 offenders in 2012. [...] The police spent",
            "normalized [ellipsis] 1",
        ),
        ("of Atlantis convicted . . . compared with 12 offenders", "normalized [ellipsis] 1"),
        ("… compared with 12 offenders …", "normalized [ellipsis] 1"),
        ("[t]he police spent $35,000", "normalized [case, brackets] 1"),
        ("The [Atlantean] police spent $35,000", "near [] 1: _{+[Atlantean]+}_"),
        ("The police [sic] spent $35,000", "normalized [brackets] 1"),
        ("for complicity. The police spent $35,000", "normalized [reference marks] 1"),
        (
            "received “modest” support. Courts sentenced twenty-one",
            "normalized [reference marks] 1",
        ),
        ("convicted nineteen offenders in 2013.", "normalized [final punctuation] 1"),
        ("Some 45% of the guards left, and 7% of the judges did", "normalized [numbers] 1"),
        ("Some 45 per cent of the guards left", "normalized [numbers] 1"),
        ("of the guards left, and seven percent of the judges", "normalized [numbers] 1"),
        ("The police (sic) spent $35,000", "normalized [brackets] 1"),
        ("The police spent $35,000 (emphasis added) on", "normalized [brackets] 1"),
        ("praised the cooperation of local councils", "normalized [dashes] 1"),
        (
            "twenty-one traffickers to 1.5 million days in jail. Border guards in",
            "normalized [white space] 1",
        ),
    ]);
}

#[test]
fn a_number_that_names_a_section_is_as_it_is_written() {
    let engine = Shelf::of(
        "--- a.md\n# Laws\n\nThe Code bans it in Sections 271.20 through 271.70 and fines of 12.50 dollars follow. Table 3.1 and \
         Regulation 4.10 list more hazards, and Article 12 has four items.\n",
    )
    .engine();
    let verdict = |quote: &str| verified(&engine, quote).verdict;
    for quote in [
        "The Code bans it in Sections 271.2 through 271.70",
        "bans it in Sections 271.20 through 271.7",
        "Table 3.10 and Regulation 4.10 list more hazards",
        "and Regulation 4.1 list more hazards",
    ] {
        assert_eq!(verdict(quote), Verdict::Near, "{quote}");
    }
    for quote in [
        "in Sections 271.20 through 271.70 and fines of 12.5 dollars follow",
        "and Article twelve has 4 items",
    ] {
        assert_eq!(verdict(quote), Verdict::Normalized, "{quote}");
    }
}

#[test]
fn other_words_are_near_at_best() {
    hold(&[
        (
            "convicted eighteen offenders in 2013, compared with 12 offenders",
            "near [] 1: _[-nineteen-]{+eighteen+}_",
        ),
        (
            "convicted 18 offenders in 2013, compared with 12 offenders",
            "near [] 1: _[-nineteen-]{+18+}_",
        ),
        ("convicted nineteen offenders in 2014, compared with 12", "near [] 1: _[-2013-]{+2014+}_"),
        ("It did prosecute any officials for complicity", "near [] 1: _[-not-]_"),
        ("It did ... prosecute any officials for complicity", "near [] 1: _[…not…]_"),
        ("guards in the northern province reported a case", "near [] 1: _[-never-]_"),
        (
            "The police did not spend $35,000 on anti-trafficking training",
            "near [] 1: _[-spent-]{+did not spend+}_",
        ),
        ("The police [never] spent $35,000 on anti-trafficking", "near [] 1: _{+[never]+}_"),
        ("The police [18] spent $35,000 on anti-trafficking", "near [] 1: _{+[18]+}_"),
        ("The police spent 35,000 on anti-trafficking training", "near [punctuation] 1: _[-$-]_"),
        (
            "convict nineteen offenders in 2013, compared with 12",
            "near [] 1: [-convicted-]{+convict+}_",
        ),
        ("and child shelters received “modest” support", "near [] 1: _[-children’s-]{+child+}_"),
        (
            "the northern province never reported a case the ministry’s inspectors",
            "near [punctuation] 1: _[-;-]_",
        ),
        // What was changed at an end belongs to the quotation, as far as its sentence goes.
        ("on anti-trafficking training, and boys’ shelters", "near [] 1: _[-children’s-]{+boys+}_"),
        ("Shelters assisted 300 victims during the month", "near [] 1: _[-year-]{+month+}"),
        ("Boats assisted 300 victims during the year", "near [] 1: [-Shelters-]{+Boats+}_"),
        (
            "It did prosecute any officials for bribery",
            "near [] 1: _[-not-]_[-complicity-]{+bribery+}",
        ),
        ("It did not prosecute any officials for complicity, ever", "near [] 1: _{+, ever+}"),
        (
            "Officials did not prosecute any officials for complicity",
            "near [] 1: [-It-]{+Officials+}_",
        ),
        // A negation that the sentence begins with is not left out.
        ("Reported a case; the ministry’s inspectors identified 45", "near [] 1: [-never-]_"),
        ("one traffickers to 1.5 million days in jail", "near [] 1: _"),
        ("of the guards left, and 7 of the judges did", "near [] 1: _[-%-]_"),
        ("Some 45 of the guards left, and 7%", "near [] 1: _[-percent-]_"),
        ("Some 44% of the guards left, and 7%", "near [] 1: _[-45-]{+44+}_"),
        ("of the guards left, and 7", "near [] 1: _"),
        ("Courts sentenced twenty-one traffickers to 1.5", "near [] 1: _"),
    ]);
}

/// A report whose sentences deny what a part of them says.
const DENIED: &str = "# Findings on Atlantis\n\nThe government failed to provide agencies with budgets. \
    Atlantis was unable to ramp up its efforts in 2014. The ministry still lacks victim services. The government has not acceded \
    to the Optional Protocol. Research was unable to find evidence that the government investigated police officers. Some \
    officials have been accused of bribery. In May, two women from Cebu were given sentences of 21 years. A few inspectors left the \
    ministry, which lacked cars, but the others wrote reports. Resource constraints severely limited the government's ability to \
    enforce labor laws. Children use sharp tools and are exposed to dust.\n";

#[test]
fn an_ellipsis_or_a_bracket_hides_nothing_that_denies() {
    let engine = Shelf::of(DENIED).engine();
    for (quote, expected) in [
        ("The government … provide agencies with budgets", Verdict::Near),
        ("Atlantis was … to ramp up its efforts", Verdict::Near),
        ("The ministry still … victim services", Verdict::Near),
        ("Atlantis was [refusing] to ramp up its efforts", Verdict::Near),
        ("[it] acceded to the Optional Protocol", Verdict::Near),
        ("[The government] acceded to the Optional Protocol", Verdict::Near),
        ("[T]he government investigated police officers", Verdict::Near),
        // What is said of others is not said of these.
        ("Some officials … were given sentences of 21 years", Verdict::Near),
        // What is left out denies something else.
        ("A few inspectors left the ministry … but the others wrote reports", Verdict::Normalized),
        ("has not acceded to the … Protocol", Verdict::Normalized),
        (
            "provide agencies with budgets. … The ministry still lacks victim services",
            Verdict::Normalized,
        ),
    ] {
        assert_eq!(verified(&engine, quote).verdict, expected, "{quote}");
    }
}

#[test]
fn words_in_brackets_may_stand_for_others() {
    let engine = Shelf::of(DENIED).engine();
    for (quote, expected) in [
        (
            "constraints severely limited [its] ability to enforce labor laws",
            "normalized [brackets] 1",
        ),
        ("Children use sharp tools and [were] exposed to dust", "normalized [brackets] 1"),
        (
            "In May, two women from [Manila] were given sentences",
            "near [] 1: _[-Cebu-]{+[Manila]+}_",
        ),
        (
            "constraints [hardly] limited the government's ability",
            "near [] 1: _[-severely-]{+[hardly]+}_",
        ),
        ("were given sentences of [many] years", "near [] 1: _[-21-]{+[many]+}_"),
    ] {
        assert_eq!(said(&verified(&engine, quote)), expected, "{quote}");
    }
}

#[test]
fn words_in_brackets_do_not_turn_what_the_source_says() {
    let corpus = "--- one.md\n# Findings\n\nGirls as young as age 4 are subjected to forced labor in fishing. Students who missed classes \
        were beaten by guards. They were taken to Togo by sailors, and it prosecutes smugglers of fish. Some owners of boats may hide \
        boys in nets, and the ministry is training divers. The employers of the cooks left the harbour.\n";
    let engine = Shelf::of(corpus).engine();
    for (quote, expected) in [
        ("[G]irls as young as age 4 are subjected to forced labor", "normalized [brackets] 1"),
        ("Girls [in Ghana] as young as age 4 are subjected to forced labor", "near"),
        ("[the boys] were taken to Togo by sailors", "normalized [brackets] 1"),
        ("and [the government] prosecutes smugglers of fish", "normalized [brackets] 1"),
        ("and it [prosecuted] smugglers of fish", "normalized [brackets] 1"),
        ("and the ministry [has been training] divers", "normalized [brackets] 1"),
        ("and [it] is training divers", "normalized [brackets] 1"),
        ("owners of boats [might] hide boys in nets", "near"),
        ("They were taken to Togo [, who had been trafficked,] by sailors", "near"),
        ("Girls [older than] age 4 are subjected to forced labor", "near"),
        ("Girls [at least] as young as age 4 are subjected to forced labor", "near"),
        ("[Most] girls as young as age 4 are subjected to forced labor", "near"),
        ("[teachers] who missed classes were beaten by guards", "near"),
        ("They were taken [from] Togo by sailors", "near"),
        ("owners of boats [will] hide boys in nets", "near"),
        ("[All] owners of boats may hide boys in nets", "near"),
        ("The [employees] of the cooks left the harbour", "near"),
        ("[the] who missed classes were beaten by guards", "normalized [brackets] 1"),
        ("[Students] were beaten by guards", "near"),
        ("[Sailors] were beaten by guards", "near"),
        ("classes were beaten by [sailors]", "near"),
        ("[Togo] prosecutes smugglers of fish", "normalized [brackets] 1"),
        ("owners of boats may hide boys in nets, and [Togo's] is training divers", "near"),
        ("owners of boats may hide boys in nets, and [Mali’s] is training divers", "near"),
        ("[The ones] who missed classes were beaten by guards", "near"),
        ("[teachers] were beaten by guards", "near"),
        ("classes were beaten by [teachers]", "near"),
        ("classes were beaten by [them]", "normalized [brackets] 1"),
        ("classes were beaten [badly]", "near"),
        ("Students … [teachers] were beaten by guards", "near"),
        ("Students who missed [lessons] … were beaten by guards", "near"),
        ("classes were beaten by guards [sic]", "normalized [brackets] 1"),
    ] {
        let found = said(&verified(&engine, quote));
        let is_so = match expected {
            "near" => found.starts_with("near"),
            _ => found == expected,
        };
        assert!(is_so, "{quote}: {found}, expected {expected}");
    }
    let found = verified(&engine, "and [the government] prosecutes smugglers of fish");
    assert_eq!(found.matches[0].replaced_note().unwrap(), "[the government] for “it”");
}

#[test]
fn words_in_brackets_change_no_mood_voice_or_number() {
    let corpus = "--- one.md\n# Findings\n\nThe government will prosecute smugglers. Border guards in Togo abused girls from the \
        hills. Courts convicted and later acquitted the traffickers. Judges of Mali convicted 15 offenders in May, and Few \
        officials spoke. Lebanese women met the Border Guards of Chad, who helped them. Inspectors found employers abusing \
        boys. Courts jailed police protecting traffickers, and the ministry's staff left. The police wrongly arrested \
        divers. Cooks were training sailors.\n";
    let engine = Shelf::of(corpus).engine();
    for (quote, expected) in [
        ("The government [prosecuted] smugglers", false),
        ("The government [would prosecute] smugglers", false),
        ("[prosecuted] smugglers. Border guards in Togo", false),
        ("Border guards in Togo [were abused]", false),
        ("Border guards in Togo [were] abused girls", false),
        ("Border guards in Togo [abuse] girls from the hills", true),
        ("Border guards in Togo [had abused] girls from the hills", true),
        ("[They] abused girls from the hills", true),
        ("Courts convicted [these] traffickers", false),
        ("Judges of Mali convicted [up to] 15 offenders", false),
        ("Judges of Mali convicted [nearly] 15 offenders", false),
        ("Judges of Mali convicted [about] 15 offenders", false),
        ("Judges of Mali convicted [approximately] 15 offenders", false),
        ("Judges of Mali convicted [all] 15 offenders", false),
        ("and [a] Few officials spoke", false),
        ("[Lebanese] helped them. Inspectors found employers", false),
        ("[Border] helped them. Inspectors found employers", false),
        ("[Chad] helped them. Inspectors found employers", true),
        ("Inspectors found employers [abused] boys", false),
        ("Courts jailed [these] traffickers, and the ministry's staff", false),
        ("traffickers, and [its] staff left", true),
        ("traffickers, and [corrupt] staff left", false),
        ("[They] arrested divers. Cooks were training", false),
        ("Cooks were [trained] sailors. ", false),
        ("[The government] abused girls from the hills", false),
        ("Courts convicted [them]", false),
        ("Cooks [were trained by] sailors", false),
        ("Cooks [trained] sailors in all", false),
        ("arrested divers. Cooks [trained] sailors", true),
        ("met [the] women met the Border Guards", false),
        ("women met the Border Guards of [the] Chad", true),
    ] {
        let found = verified(&engine, quote);
        assert_eq!(found.verdict.is_verified(), expected, "{quote}: {}", said(&found));
    }
    let told = |quote: &str| verified(&engine, quote).matches[0].replaced_note();
    assert_eq!(told("[They] abused girls from the hills").unwrap(), "[They] for “Togo”");
    assert_eq!(told("Border guards in Togo abused [them]").unwrap(), "[them] for “girls”");
}

#[test]
fn brackets_of_a_draft_are_shown_in_what_differs() {
    let engine = Shelf::of(CORPUS).engine();
    let found = verified(&engine, "It [did] prosecute any officials for [grave] complicity");
    let same = |text: &str| Edit::Same(text.to_owned());
    let expected = [
        same("It [did]"),
        Edit::Removed("not".to_owned()),
        same("prosecute any officials for"),
        Edit::Added("[grave]".to_owned()),
        same("complicity"),
    ];
    assert_eq!(found.diff, expected);
}

#[test]
fn letters_with_and_without_a_dot_differ_in_case_only() {
    let corpus = "--- a.md\n# Note\n\nPolis 12 kişiyi gözaltına aldı ve işkence iddialarını ISRARLA reddetti.\n";
    let engine = Shelf::of(corpus).engine();
    for quote in ["İŞKENCE İDDİALARINI ISRARLA REDDETTİ", "işkence iddialarını ısrarla reddetti"]
    {
        assert_eq!(said(&verified(&engine, quote)), "normalized [case] 1", "{quote}");
    }
}

#[test]
fn pieces_from_different_places_are_stitched() {
    hold(&[
        (
            "The ministry of labor of Lemuria trained 120 inspectors ... Shelters assisted 300 victims during the year",
            "stitched [] 2",
        ),
        (
            "The ministry of labor of Lemuria trained 120 inspectors on forced labor indicators. Shelters assisted 300 victims during the year.",
            "stitched [] 2",
        ),
        (
            "the ministry’s inspectors identified 45 victims ... The government of Atlantis convicted nineteen offenders",
            "stitched [] 2",
        ),
        (
            "Border guards in the northern province ... Shelters assisted 300 victims during the year",
            "stitched [] 2",
        ),
        (
            "It did not prosecute any officials for complicity. Courts sentenced twenty-one traffickers to 1.5 million days in jail.",
            "stitched [] 2",
        ),
    ]);
}

#[test]
fn what_stands_nowhere_is_absent_and_what_says_nothing_too_short() {
    hold(&[
        ("Whales were seen off the coast by the crew of a fishing boat.", "absent"),
        (
            "The government is committed to the rule of law and the welfare of all its people.",
            "absent",
        ),
        ("nineteen offenders", "too_short"),
        ("it is of the", "too_short"),
        ("", "too_short"),
        ("...", "too_short"),
    ]);
}

#[test]
fn every_place_is_told_and_one_document_can_be_asked() {
    let twice = "--- a.md\n# A\n\nPolice raided nine brickyards in May.\n--- b.md\n# B\n\nPolice raided nine \
                 brickyards in May. Then police raided 9 brickyards in May.\n";
    let shelf = Shelf::of(twice);
    let engine = shelf.engine();
    let found = verified(&engine, "Police raided nine brickyards in May");
    let places: Vec<(&str, &str)> = found
        .matches
        .iter()
        .map(|it| (it.passage.report.doc_id.as_str(), it.text.as_str()))
        .collect();
    let expected = [
        ("a.md", "Police raided nine brickyards in May"),
        ("b.md", "Police raided nine brickyards in May"),
        ("b.md", "police raided 9 brickyards in May"),
    ];
    assert_eq!(places, expected);
    let elsewhere = "Then police raided 9 brickyards in May";
    assert_eq!(verified(&engine, elsewhere).verdict, Verdict::Verbatim);
    let found = Verifier::within(&engine, "a.md").unwrap().verify(elsewhere).unwrap();
    assert_eq!(found.verdict, Verdict::Near);
    let missing = Verifier::within(&engine, "c.md").err().unwrap();
    assert_eq!(missing.to_string(), "there is no document `c.md`");
}

#[test]
fn a_quotation_may_go_over_several_passages() {
    let sentence =
        |n: usize| format!("Inspector number{n} walked slowly along canal{n} towards the mill{n}.");
    let text: Vec<String> = (100..160).map(sentence).collect();
    let shelf = Shelf::empty();
    shelf.write("long.md", format!("# Long\n\n{}\n", text.join(" ")).as_bytes());
    shelf.index();
    let engine = shelf.engine();
    for start in 0..58 {
        let found = verified(&engine, &text[start..start + 2].join(" "));
        assert_eq!(found.verdict, Verdict::Verbatim, "{start}");
        assert_eq!(found.matches.len(), 1, "{start}");
    }
    let found = verified(&engine, &text[2..50].join(" "));
    assert_eq!((found.verdict, found.matches.len()), (Verdict::Verbatim, 1));
    assert!(found.matches[0].goes_on.len() > 1, "{:?}", found.matches[0].goes_on);
    let found = verified(&engine, &format!("{} … {}", text[1], text[20]));
    assert_eq!(found.verdict, Verdict::Normalized);
}

const DRAFT: &str = "\
# A draft

The boys' best year was, in the '90s, \"The government of Atlantis convicted 19 offenders in 2013\" [one]. The so-called
\"worst forms\" aren't quotations. She said: “It did not prosecute any officials, ‘ever’.” Don't mistake 'the police spent
$35,000 on anti-trafficking training' for it; the officers' own words were «Border guards in the northern province never
reported a case» and „Shelters assisted 300 victims during the year“.

> Shelters assisted 400 victims during the year, but the authorities failed to screen vulnerable groups.

```
\"what stands in code is no quotation at all\"
```
";

#[test]
fn the_quotations_of_a_draft_are_found_and_placed() {
    let shelf = Shelf::of(CORPUS);
    let folder = shelf.folder.path();
    std::fs::write(folder.join("draft.md"), DRAFT).unwrap();
    let ran = tipsearch(folder, &["verify", "draft.md", "--index", "index", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(value["schema"], "tipsearch.verify/1");
    let results = value["results"].as_array().unwrap();
    let told: Vec<String> = results
        .iter()
        .map(|result| {
            format!(
                "{} {} {}",
                result["verdict"].as_str().unwrap(),
                result["draft"]["lines"],
                result["quote"]
            )
        })
        .collect();
    let expected = expect_test::expect![[r#"
        normalized [3,3] "The government of Atlantis convicted 19 offenders in 2013"
        near [4,4] "It did not prosecute any officials, ‘ever’."
        normalized [4,5] "the police spent\n$35,000 on anti-trafficking training"
        normalized [5,6] "Border guards in the northern province never\nreported a case"
        verbatim [6,6] "Shelters assisted 300 victims during the year"
        near [8,8] "Shelters assisted 400 victims during the year, but the authorities failed to screen vulnerable groups.""#]];
    expected.assert_eq(&told.join("\n"));
    let bytes = &results[0]["draft"]["bytes"];
    let (start, end) = (bytes[0].as_u64().unwrap() as usize, bytes[1].as_u64().unwrap() as usize);
    assert_eq!(&DRAFT[start..end], "The government of Atlantis convicted 19 offenders in 2013");
    let place = &results[4]["matches"][0];
    assert_eq!(place["doc_id"], "one.md");
    assert_eq!(place["text"], "Shelters assisted 300 victims during the year");
    assert_eq!(place["similarity"], 1.0);
    assert_eq!(place["location"]["lines"].as_array().unwrap().len(), 2);
}

/// What is quoted in a draft, with its verdict and what it is said to be from.
fn quoted(draft: &str) -> Vec<String> {
    let (_, value) = verified_draft(&Shelf::of(CORPUS), "draft.md", draft.as_bytes());
    let told = value["results"].as_array().unwrap().iter().map(|result| {
        let hint = result["source"]["hint"].as_str().map_or(String::new(), |it| format!(" [{it}]"));
        format!("{}{hint}", result["verdict"].as_str().unwrap())
    });
    told.collect()
}

#[test]
fn each_line_of_a_list_of_sources_is_an_entry() {
    let quote = "“Shelters assisted 300 victims during the year”";
    let lists = [
        "[1] First Report, 2019\n[2] Findings on Atlantis",
        "Sources:\n[1] First Report, 2019\n[2] Findings on Atlantis",
        "## References\n\n1. First Report, 2019\n2. Findings on Atlantis",
    ];
    for list in lists {
        for (number, source) in [(1, "First Report, 2019"), (2, "Findings on Atlantis")] {
            let told = quoted(&format!("It says {quote} [{number}].\n\n{list}\n"));
            assert_eq!(told.len(), 1, "{list}");
            let hint = told[0].trim_start_matches("verbatim [").trim_end_matches(']');
            assert!(hint.ends_with(source) && !hint.contains('\n'), "{number} of {list}: {told:?}");
        }
    }
}

#[test]
fn what_is_too_short_to_be_checked_is_counted() {
    let draft = "He \"denied all allegations\" and \"arrested nobody\", a \"term\".\n";
    let (found, value) = verified_draft(&Shelf::of(CORPUS), "draft.md", draft.as_bytes());
    assert_eq!(value["warnings"][0], "2 quotations of two or three words were not checked");
    assert_eq!(found, 0);
}

#[test]
fn what_is_opened_and_not_closed_is_told_as_not_checked() {
    let shelf = Shelf::of(CORPUS);
    let told = |draft: &str| {
        let (code, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
        (code, value["warnings"][0].as_str().unwrap_or_default().to_owned())
    };
    let one = "1 quotation that is opened and not closed was not checked";
    for draft in [
        "It says “Shelters assisted 900 victims during the year.\n\nAnd so on.\n",
        "It says \"Shelters assisted 900 victims during the year.\n\nAnd so on.\n",
        "It says «Shelters assisted 900 victims during the year.\n",
        "# He said “Shelters assisted 900 victims\n\nText.\n",
        "It says “Shelters assisted 300 victims” and „Shelters assisted 900 victims.\n",
    ] {
        assert_eq!(told(draft), (1, one.to_owned()), "{draft}");
    }
    for draft in [
        "It says “Shelters assisted 300 victims during the year,\n\n“but the authorities failed to screen vulnerable groups”.\n",
        "The boys' home of the ‘shelter’ has a pipe\" and the girls' too.\n",
        "It says “the year.\n",
        "```\nlet text = “Shelters assisted 900 victims during the year\n```\n",
    ] {
        assert_eq!(told(draft), (0, String::new()), "{draft}");
    }
    let ran = tipsearch(shelf.folder.path(), &["verify", "draft.md", "--index", "index"]);
    assert_eq!(ran.code, 0);
    let two =
        "“Shelters assisted 900 victims in May\n\nSo.\n\n- “Shelters assisted 800 victims in May\n";
    std::fs::write(shelf.folder.path().join("draft.md"), two).unwrap();
    let ran = tipsearch(shelf.folder.path(), &["verify", "draft.md", "--index", "index"]);
    let expected = "; 2 quotations that are opened and not closed were not checked\n";
    assert!(ran.code == 1 && ran.out.ends_with(expected), "{}", ran.out);
}

#[test]
fn single_quotation_marks_end_behind_a_plural_too() {
    let verified = ["verbatim"];
    for draft in [
        "It says ‘The police spent $35,000 on anti-trafficking training, and children’s shelters’ in 2013.",
        "It says 'The police spent $35,000 on anti-trafficking training, and children’s shelters' in 2013.",
        "It says ‘Shelters assisted 300 victims’ in 2013, and the boys’ home did.",
        "It says ″Shelters assisted 300 victims during the year″ of the 5″ pipe.",
    ] {
        assert_eq!(quoted(draft), verified, "{draft}");
    }
    let two = "Both ‘Shelters assisted 300 victims’ in 2013 and ‘The police spent $35,000’ here.";
    assert_eq!(quoted(two), ["verbatim", "verbatim"]);
    assert_eq!(quoted("In the '90s the boys' home and the girls' best home were there."), [""; 0]);
}

#[test]
fn the_number_of_a_note_closes_no_word_but_a_quotation() {
    let (true_one, note) =
        ("Shelters assisted 300 victims during the year", "\n\n## Notes\n\n1. Letter.\n");
    for draft in [
        "It says \"S.\"1 And so on.",
        "It says \"S.\"¹ And so on.",
        "It says \"S.\"<sup>1</sup> And so on.",
        "It says \"S\"1.",
        "It says \"S\"1, as the boys' \"best home\" does.",
        "It says ‘S’1 and so on.",
        "It says 'S'1 and so on.",
        "It says 'S.'¹ And so on.",
        "It says “S.”1 And so on.",
    ] {
        let draft = draft.replace('S', true_one) + note;
        let said = quoted(&draft);
        let is_one = matches!(said.as_slice(), [one] if one.ends_with("[Letter.]"));
        assert!(is_one, "{draft}: {said:?}");
        let invented = draft.replace("300 victims", "400 whales and some");
        assert!(quoted(&invented)[0].starts_with("near"), "{invented}");
    }
    let two = format!("\"{true_one}.\"1 It adds that \"The police spent $35,000\".");
    assert_eq!(quoted(&two), ["normalized", "verbatim"]);
    for none in [
        "He is 5'2\" tall, and it lies at 35°15'30\" north of the 5'4\" board of them.",
        "From 35°15'20 to 36°10'5 in the west of the country, and 'one.",
        "The class of '95 and that of '96 met the boys' class of '97 there.",
    ] {
        assert_eq!(quoted(none), [""; 0], "{none}");
    }
    assert_eq!(quoted("It says 'The 5'2\" boys of 35°15'30 north did not go' there."), ["absent"]);
}

#[test]
fn quotations_in_headings_are_checked_in_their_order() {
    let draft = "# “Shelters assisted 400 victims during the year”\n\nIt says “The police spent $35,000”.\n\n\
                 ## A 'Border guards in the northern province' story (one.md)\n\n### “Shelters assisted 300 victims” [one.md]\n\n\
                 It says “the authorities failed to screen”.\n\n## “Some 45 percent of the guards left”\n";
    let (_, value) = verified_draft(&Shelf::of(CORPUS), "draft.md", draft.as_bytes());
    let told = value["results"].as_array().unwrap().iter().map(|result| {
        format!("{} {}", result["verdict"].as_str().unwrap(), result["draft"]["lines"])
    });
    let expected = [
        "near [1,1]",
        "verbatim [3,3]",
        "verbatim [5,5]",
        "verbatim [7,7]",
        "verbatim [9,9]",
        "verbatim [11,11]",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert_eq!(value["results"][3]["source"]["hint"], "one.md");
}

#[test]
fn who_said_a_block_quotation_is_no_part_of_it() {
    let quote = "> Shelters assisted 300 victims during the year.";
    for (rest, expected) in [
        ("\n> — Findings on Atlantis, 2013", "normalized [Findings on Atlantis, 2013]"),
        ("\n>\n> – Findings on Atlantis", "normalized [Findings on Atlantis]"),
        (" (Atlantis, 2013)", "normalized [Atlantis, 2013]"),
        (" [one.md].", "normalized [one.md]"),
        (" (emphasis added)", "normalized"),
        ("\n\nThis is so.", "normalized"),
    ] {
        assert_eq!(quoted(&format!("{quote}{rest}\n")), [expected], "{rest}");
    }
    let inner = "> “Shelters assisted 300 victims during the year” (Atlantis 2013, p. 3)\n";
    assert_eq!(quoted(inner), ["verbatim [Atlantis 2013, p. 3]"]);
    assert_eq!(quoted("It says “Shelters assisted 300 victims” (italics mine)."), ["verbatim"]);
}

#[test]
fn a_block_quotation_ends_before_marks_and_its_source() {
    let rest = "\n\n## Notes\n\n1. Letter.\n";
    for (end, expected) in [
        (".[1]", "Letter."),
        (".[1][2]", "Letter."),
        (". [1]", "Letter."),
        ("[1].", "Letter."),
        (".¹", "Letter."),
        ("¹", "Letter."),
        (".<sup>1</sup>", "Letter."),
        (".1", "Letter."),
        (". (1)", "Letter."),
        (" (Atlantis, 2013).", "Atlantis, 2013"),
        (" (Atlantis (The), 2013).", "Atlantis (The), 2013"),
        (" (one.md, 2013, p. 4).", "one.md, 2013, p. 4"),
        (". (Atlantis)", "Atlantis"),
        (" — Atlantis, 2013", "Atlantis, 2013"),
        (
            " – U.S. Office of Labor, Atlantis, 2013–2014.",
            "U.S. Office of Labor, Atlantis, 2013–2014.",
        ),
        (". — Findings on Atlantis", "Findings on Atlantis"),
        (".\n> Atlantis, 2013", "Atlantis, 2013"),
        (".\n> U.S. Office of Labor, Atlantis, 2013", "U.S. Office of Labor, Atlantis, 2013"),
        (".\n>\n> Atlantis, 2013", "Atlantis, 2013"),
        (
            ".\n>\n> The U.S. Office of Labor, Findings on Atlantis, 2013",
            "The U.S. Office of Labor, Findings on Atlantis, 2013",
        ),
        (".[1] (Atlantis, 2013)", "Letter."),
    ] {
        let quote = "Shelters assisted 300 victims during the year";
        let draft = format!("> {quote}{end}\n{rest}");
        let said = quoted(&draft);
        let is_so = said == [format!("normalized [{expected}]")]
            || said == [format!("verbatim [{expected}]")];
        assert!(is_so, "{end}: {said:?}");
    }
    let two = "> Shelters assisted 300 victims during the year.\n\n> Plan of the Shelters, 2019. (Atlantis, 2013)\n";
    assert_eq!(quoted(two), ["normalized", "absent [Atlantis, 2013]"]);
    let marked = "> “Shelters assisted 300 victims during the year.” — Atlantis, 2013\n";
    assert_eq!(quoted(marked), ["normalized [Atlantis, 2013]"]);
}

#[test]
fn what_may_be_text_at_the_end_of_a_block_is_held_to_the_source() {
    for end in [
        " (and none of them went home).",
        " — and none of them went home",
        " (19).",
        " in 3.5",
        ". They All Went Home",
        ".\n> They all went home in 2013",
        " (they all went home in 2013).",
    ] {
        let draft = format!("> Shelters assisted 300 victims during the year{end}\n");
        let said = quoted(&draft);
        let is_other = said[0].starts_with("near") || said[0].starts_with("absent");
        assert!(is_other, "{end}: {said:?}");
    }
}

#[test]
fn blocks_of_a_web_page_and_of_word_have_their_notes() {
    let shelf = Shelf::of(CORPUS);
    let quote = "Shelters assisted 300 victims during the year.";
    let web = |block: &str| {
        format!("<h1>Draft</h1><p>It says:</p><blockquote>{block}</blockquote><p>So it is.</p>")
    };
    for (block, expected) in [
        (format!("{quote}<sup>1</sup>"), ""),
        (format!("{quote} <cite>Atlantis, 2013</cite>"), "Atlantis, 2013"),
        (format!("{quote}<cite>Atlantis, 2013</cite>"), "Atlantis, 2013"),
        (format!("<p>{quote}</p><footer>Atlantis, 2013</footer>"), "Atlantis, 2013"),
        (format!("<p>{quote}</p><footer>— <cite>Atlantis, 2013</cite></footer>"), "Atlantis, 2013"),
    ] {
        let (_, value) = verified_draft(&shelf, "draft.html", web(&block).as_bytes());
        let results = value["results"].as_array().unwrap();
        assert_eq!(results.len(), 1, "{block}: {results:?}");
        assert_eq!(results[0]["verdict"], "normalized", "{block}");
        assert_eq!(results[0]["source"]["hint"].as_str().unwrap_or_default(), expected, "{block}");
    }
    let raised = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r>";
    let style = "<w:pPr><w:pStyle w:val='Quote'/></w:pPr>";
    let body = format!(
        "<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>“Shelters assisted 400 victims during the year”</w:t></w:r></w:p>\
         <w:p>{style}<w:r><w:t>{quote}</w:t></w:r>{raised}</w:p>"
    );
    let (_, value) = verified_draft(&shelf, "draft.docx", &word(&body, &[]));
    let results = value["results"].as_array().unwrap();
    let told: Vec<&str> = results.iter().map(|it| it["verdict"].as_str().unwrap()).collect();
    assert_eq!(told, ["near", "normalized"], "{results:?}");
}

#[test]
fn titles_in_notes_and_lists_of_sources_are_no_quotations() {
    let draft = "It is so.[^1][^2] [^3][^4]\n\n[^1]: Lee, “Counting the Hidden Children of the Lake”, Journal of Rights 4 (2019).\n\
                 [^2]: “Counting the Hidden Children of the Lake,” Journal of Rights 4 (2019).\n\
                 [^3]: See “2014 Findings on the Worst Forms of Child Labor”; it says “the lake was full of children”.\n\
                 [^4]: Quoting “Shelters assisted 300 victims during the year”.\n\n\
                 ## References\n\n- Lee (2019). ‘A Life on the Lake with Boats’, in *Lives*.\n";
    assert_eq!(quoted(draft), ["absent", "verbatim"]);
    let text = "Lee, “Counting the Hidden Children of the Lake”, says so.";
    assert_eq!(quoted(text), ["absent"]);
}

#[test]
fn marks_that_nothing_closes_take_no_time() {
    let corpus = tipsearch::read::corpus::Corpus::default();
    let all = ["“x ", "“", "\"x ", "‘x ", "«x ", "„x‚x ", "‘x y boys’ z "];
    for piece in all {
        let document =
            tipsearch::read::markdown_text("draft", &piece.repeat(100_000), &corpus).unwrap();
        let start = std::time::Instant::now();
        tipsearch::verify::quotations(&document);
        tipsearch::verify::claims(&document);
        assert!(start.elapsed().as_secs() < 10, "{piece}: {:?}", start.elapsed());
    }
}

#[test]
fn the_command_answers_with_its_exit_code() {
    let shelf = Shelf::of(CORPUS);
    let folder = shelf.folder.path();
    let verify = |arguments: &[&str]| {
        tipsearch(folder, &[&["verify", "--index", "index"], arguments].concat())
    };
    let good = verify(&["--quote", "Shelters assisted 300 victims during the year"]);
    assert_eq!((good.code, good.err.as_str()), (0, ""));
    let bad = verify(&["--quote", "Shelters assisted 301 victims during the year"]);
    assert_eq!(bad.code, 1);
    let expected = expect_test::expect![[r#"
        near “Shelters assisted 301 victims during the year”
            Shelters assisted [-300-] {+301+} victims during the year
            Findings on Atlantis › Protection
            one.md:11 · id cj39jvk79yb15 · similarity 0.86

        1 quotation: 1 near
    "#]];
    expected.assert_eq(&bad.out);
    assert_eq!(verify(&[]).code, 2);
    assert_eq!(verify(&["no-such-file.md"]).code, 2);
    assert_eq!(verify(&["--quote", "a b c d", "--doc", "no.md"]).code, 2);
    let mut piped = program(folder);
    piped.args(["verify", "-", "--index", "index"]);
    std::fs::write(folder.join("in.md"), "> Shelters assisted 300 victims during the year\n")
        .unwrap();
    piped.stdin(std::fs::File::open(folder.join("in.md")).unwrap());
    let piped = ran(&mut piped);
    assert_eq!(piped.code, 0, "{}{}", piped.out, piped.err);
    std::fs::write(folder.join("none.md"), "Nothing is quoted here.\n").unwrap();
    let none = verify(&["none.md"]);
    assert_eq!((none.code, none.out.as_str()), (0, "no quotations of four words or more\n"));
}

/// What the command says of a draft, as JSON.
pub fn verified_draft(shelf: &Shelf, name: &str, draft: &[u8]) -> (i32, serde_json::Value) {
    let folder = shelf.folder.path();
    std::fs::write(folder.join(name), draft).unwrap();
    let ran = tipsearch(folder, &["verify", name, "--index", "index", "--json"]);
    (ran.code, serde_json::from_str(&ran.out).expect("JSON"))
}

const SAME: &str = "\
--- atlantis-2013.md
# Findings on Atlantis

Country: Atlantis
Year: 2013
Source: Office of Labor

Police raided nine brickyards in May. Inspectors visited the canal twice.
--- atlantis-2014.md
# Findings on Atlantis

Country: Atlantis
Year: 2014
Source: Office of Labor

Judges freed eleven miners in the harbour. Inspectors visited the canal twice.
";

#[test]
fn a_quotation_is_held_to_what_the_draft_says_it_is_from() {
    let shelf = Shelf::of(SAME);
    let raided = "“Police raided nine brickyards in May”";
    let cases = [
        ("[^1]", "there"),
        ("[^2]", "elsewhere"),
        ("[^3]", "unknown"),
        (" [atlantis-2013.md]", "there"),
        (" [atlantis-2014]", "elsewhere"),
        (" (Atlantis, 2013)", "there"),
        (" (Atlantis 2014, p. 3)", "elsewhere"),
        (" (Office of Labor, 2014)", "elsewhere"),
        (" (Findings on Atlantis, 2013)", "there"),
        (" (Findings on Atlantis)", "there"),
        (" (Atlantis, 2020)", "elsewhere"),
        (" (Ministry, 2013)", "unknown"),
        (". [1]", "there"),
        (".²", "elsewhere"),
        (".1", "there"),
        ("2 and so on", "elsewhere"),
        (".3", "-"),
        (" [sic]", "-"),
        (" and [2]", "-"),
        ("", "-"),
    ];
    let rest = "\n\n[^1]: Findings on Atlantis, 2013, p. 4.\n[^2]: Atlantis, 2014.\n[^3]: Letter to the editor.\n\n\
                ## Sources\n\n1. Findings on Atlantis (2013)\n2. Findings on Atlantis (2014)\n";
    let mut wrong = String::new();
    for (hint, expected) in cases {
        let draft = format!("# Draft\n\nIt says {raided}{hint}\n{rest}");
        let (code, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
        let result = &value["results"][0];
        assert_eq!(result["verdict"], "verbatim");
        let stands = result["source"]["stands"].as_str().unwrap_or("-");
        let is_good = stands != "elsewhere";
        if stands != expected || is_good != (code == 0) {
            let _ = writeln!(wrong, "{hint}: {stands}, expected {expected}, exit code {code}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_remark_hides_no_source_and_a_sentence_is_none() {
    let shelf = Shelf::of(SAME);
    let result =
        |draft: &str| verified_draft(&shelf, "draft.md", draft.as_bytes()).1["results"][0].clone();
    let raided = "“Police raided nine brickyards in May”";
    let remarked = result(&format!("{raided} (emphasis added) (Atlantis 2014)\n"));
    assert_eq!(remarked["source"]["stands"], "elsewhere");
    let freed = "> Judges freed eleven miners in the harbour.";
    assert_eq!(result(&format!("{freed} Atlantis, 2014.\n"))["verdict"], "verbatim");
    for more in ["No Police in Atlantis in 2014.", "In Atlantis 2014."] {
        assert_eq!(result(&format!("{freed} {more}\n"))["verdict"], "near", "{more}");
    }
}

#[test]
fn a_page_of_a_file_that_has_none_is_told_as_not_checked() {
    let shelf = Shelf::of(SAME);
    let raided = "“Police raided nine brickyards in May”";
    let source = |hint: &str| {
        let (code, value) =
            verified_draft(&shelf, "draft.md", format!("{raided} {hint}\n").as_bytes());
        (code, value["results"][0]["source"]["page_checked"].clone())
    };
    assert_eq!(source("(Atlantis 2013, p. 999)"), (0, serde_json::json!(false)));
    assert_eq!(source("(Atlantis 2013)"), (0, serde_json::Value::Null));
    let told = tipsearch(shelf.folder.path(), &["verify", "draft.md", "--index", "index"]);
    assert!(!told.out.contains("page"), "{}", told.out);
    source("(Atlantis 2013, p. 999)");
    let told = tipsearch(shelf.folder.path(), &["verify", "draft.md", "--index", "index"]);
    assert!(
        told.out.contains("as given: Atlantis 2013, p. 999; the page is not checked"),
        "{}",
        told.out
    );
}

#[test]
fn the_same_again_and_what_stands_twice_are_held_to_their_source() {
    let shelf = Shelf::of(SAME);
    let draft = "“Inspectors visited the canal twice”[^1] and “Judges freed eleven miners”[^2]\n\n\
                 > Police raided nine brickyards in May.[^2]\n\n[^1]: Atlantis 2014\n[^2]: Ibid.\n";
    let (_, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
    let told = value["results"].as_array().unwrap().iter().map(|result| {
        let stands = result["source"]["stands"].as_str().unwrap();
        format!("{stands} {}", result["matches"][0]["doc_id"].as_str().unwrap())
    });
    let expected =
        ["there atlantis-2014.md", "there atlantis-2014.md", "elsewhere atlantis-2013.md"];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    let folder = shelf.folder.path();
    let ran = tipsearch(folder, &["verify", "draft.md", "--index", "index"]);
    assert!(ran.out.contains("not where the draft says: Atlantis 2014"), "{}", ran.out);
    assert!(
        ran.out.ends_with("3 quotations: 3 verbatim, 1 not where the draft says\n"),
        "{}",
        ran.out
    );
}

/// A report without a year whose sections are of years, and one of another publisher and year.
const YEARS: &str = "\
--- profile.md
# Thule — Trafficking in persons

Country: Thule
Source: The Book of Facts (Trafficking entries, from the State Office)

## 2011

### Tier rating

The government did not show evidence of greater efforts over the previous year (2011).

## 2021

### Tier rating

Authorities wrote guidelines for diplomats and trained some labor inspectors (2020).
--- thule_2020.md
# 2020 Findings on Thule

Source: Office of Labor, Bureau of Affairs
Country: Thule
Year: 2020

## Enforcement

Judges in Thule sentenced nine mill owners in spring.
--- undated.md
# Letters from Thule

## Foreword

Written in March 2019.

## The letters

Sailors wept when the last harbour was closed for good.
";

#[test]
fn a_year_and_a_publisher_that_a_draft_gives_must_be_those_of_the_place() {
    let shelf = Shelf::of(YEARS);
    let showed = "The government did not show evidence of greater efforts over the previous year";
    let wrote = "Authorities wrote guidelines for diplomats and trained some labor inspectors";
    let judges = "Judges in Thule sentenced nine mill owners in spring";
    let wept = "Sailors wept when the last harbour was closed for good";
    let cases = [
        (showed, "(Thule, 2011)", "there"),
        (showed, "(Thule, 1999)", "elsewhere"),
        (showed, "(Thule, 2021)", "elsewhere"),
        (showed, "(Thule)", "there"),
        (showed, "(Book of Facts, 2011)", "there"),
        (showed, "[profile.md, 2011]", "there"),
        (showed, "[profile.md, 1999]", "elsewhere"),
        (wrote, "(Thule 2021)", "there"),
        (wrote, "(Thule 2020, Office of Labor)", "elsewhere"),
        (wrote, "(Thule 2020)", "elsewhere"),
        (judges, "(Thule 2020, Office of Labor)", "there"),
        (judges, "(Thule 2020, Office of Labor, p. 3)", "there"),
        (judges, "(Office of Labor, 2020)", "there"),
        (wept, "(Letters from Thule, 2019)", "there"),
        (wept, "(Letters from Thule, 2015)", "elsewhere"),
        (wept, "(Letters from Thule)", "there"),
    ];
    let mut wrong = String::new();
    for (quote, hint, expected) in cases {
        let draft = format!("# Draft\n\nIt says “{quote}” {hint}.\n");
        let (_, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
        let stands = value["results"][0]["source"]["stands"].as_str().unwrap_or("-").to_owned();
        if stands != expected {
            let _ = writeln!(wrong, "{quote} {hint}: {stands}, expected {expected}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_page_that_a_draft_gives_must_be_that_of_the_place() {
    let shelf = Shelf::of(SAME);
    let page = [(50.0, 700.0, 10.0, "Sailors wept when the last harbour was closed for good.")];
    let labels = "/PageLabels << /Nums [0 << /S /D /St 8 >>] >>";
    shelf.write("thule.pdf", &placed(&[&page], labels));
    shelf.index();
    let cases = [
        ("p. 8", "there"),
        ("p. 1", "there"),
        ("p.8", "there"),
        ("pp. 7–9", "there"),
        ("pp. 3, 8", "there"),
        ("pages 3 and 8", "there"),
        ("p. 3", "elsewhere"),
        ("pp. 3–5", "elsewhere"),
        ("p. 18", "elsewhere"),
        ("p. xii", "there"),
        ("note 3", "there"),
    ];
    let mut wrong = String::new();
    for (page, expected) in cases {
        let draft = format!(
            "# Draft\n\nThey say “Sailors wept when the last harbour was closed” [thule.pdf, {page}].\n"
        );
        let (_, value) = verified_draft(&shelf, "draft.md", draft.as_bytes());
        let stands = value["results"][0]["source"]["stands"].as_str().unwrap_or("-").to_owned();
        if stands != expected {
            let _ = writeln!(wrong, "{page}: {stands}, expected {expected}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn footnotes_of_word_say_what_a_quotation_is_from() {
    let shelf = Shelf::of(SAME);
    let note = |id: usize, text: &str| {
        format!("<w:footnote w:id='{id}'><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>")
    };
    let notes =
        [note(2, "Atlantis, 2014."), note(3, "Findings on Atlantis (2013), p. 2.")].concat();
    let mark = |id: usize| format!("<w:r><w:footnoteReference w:id='{id}'/></w:r>");
    let run = |text: &str| format!("<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>");
    let paragraph = [
        run("They say “Judges freed eleven miners”"),
        mark(2),
        run(" and “Police raided nine brickyards”."),
        mark(3),
        run(" But also “Police raided nine brickyards in May”"),
        mark(2),
        run(" and “Judges freed eleven miners” without a note."),
    ];
    let body = format!("<w:p>{}</w:p>", paragraph.concat());
    let footnotes = format!("<w:footnotes>{notes}</w:footnotes>");
    let draft = word(&body, &[("word/footnotes.xml", &footnotes)]);
    let (_, value) = verified_draft(&shelf, "draft.docx", &draft);
    let told = value["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["source"]["stands"].as_str().unwrap_or("-").to_owned());
    assert_eq!(told.collect::<Vec<_>>(), ["there", "there", "elsewhere", "-"]);
}

/// Whether the quotations of a draft are from where it says, in their order.
fn stands(name: &str, draft: &str) -> Vec<String> {
    let (_, value) = verified_draft(&Shelf::of(SAME), name, draft.as_bytes());
    let results = value["results"].as_array().unwrap().iter();
    results.map(|result| result["source"]["stands"].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn notes_of_a_web_page_say_what_a_quotation_is_from() {
    let notes = [
        // As Markdown, Pandoc and Hugo write them, Wikipedia, Word, and by hand.
        ("<a href=\"#fn1\" id=\"r1\"><sup>1</sup></a>", "<li id=\"fn1\">", "</li>"),
        ("<sup id=\"r1\"><a href=\"#fn:1\">1</a></sup>", "<li id=\"fn:1\"><p>", "</p></li>"),
        ("<sup><a href=\"#cite_note-X-1\">[1]</a></sup>", "<li id=\"cite_note-X-1\">", "</li>"),
        (
            "<a href=\"#_ftn1\" name=\"_ftnref1\">[1]</a>",
            "<p><a href=\"#_ftnref1\" name=\"_ftn1\">[1]</a> ",
            "</p>",
        ),
        ("<sup><a href='#n-one'>1</a></sup>", "<p id='n-one'>1. ", "</p>"),
        ("<sup><a href='#src1'>1</a></sup>", "<p><a name='src1'></a>1. ", "</p>"),
        ("<a role='doc-noteref' href='#e1'>*</a>", "<aside id='e1'><p>", "</p></aside>"),
    ];
    for (mark, open, close) in notes {
        let draft = format!(
            "<html><body><h1>Draft</h1><p>They say <q>Judges freed eleven miners</q>{mark} and more of it is said \
             there, at length and with care, by those who ought to know.</p>\
             <p>But “Police raided nine brickyards in May.”{mark} No note: “Judges freed eleven miners”.</p>\
             <hr>{open}Atlantis, 2014. <a href='#r1'>↩</a>{close}</body></html>"
        );
        assert_eq!(stands("draft.html", &draft), ["there", "elsewhere", "-"], "{mark}");
    }
    let numbered = "<p>They say “Judges freed eleven miners”<sup>2</sup> and more.</p>\
                    <h2>Notes</h2><ol><li>Atlantis, 2013.</li><li>Atlantis, 2014.</li></ol>";
    assert_eq!(stands("draft.html", numbered), ["there"]);
}

#[test]
fn what_latex_quotes_by_a_command_is_a_quotation() {
    let draft = "\\documentclass{article}\\begin{document}They say \\enquote{Judges freed eleven \\emph{miners}} (Atlantis, \
                 2014) and ``Police raided nine brickyards'' there.\\end{document}";
    assert_eq!(stands("draft.tex", draft), ["there", "-"]);
}

#[test]
fn notes_of_rich_text_say_what_a_quotation_is_from() {
    let note = |text: &str| {
        format!("{{\\super\\chftn}}{{\\footnote\\pard\\plain{{\\super\\chftn}} {text}}}")
    };
    let draft = format!(
        "{{\\rtf1\\ansi\\pard They say \\ldblquote Judges freed eleven miners\\rdblquote{} and \\ldblquote Police raided \
         nine brickyards\\rdblquote .{} But \\ldblquote Police raided nine brickyards in May\\rdblquote{} and \
         \\ldblquote Judges freed eleven miners\\rdblquote  without a note.\\par}}",
        note("Atlantis, 2014."),
        note("Findings on Atlantis (2013), p. 2."),
        note("Atlantis, 2014."),
    );
    assert_eq!(stands("draft.rtf", &draft), ["there", "there", "elsewhere", "-"]);
}

/// A sentence of a generated report: words, a number, a negation, in a place of its own.
fn sentence() -> impl Strategy<Value = Vec<String>> {
    let word = "[a-z]{2,9}|[A-Z][a-z]{2,7}|é[a-z]{2,4}|[a-z]{3,5}-[a-z]{3,5}|[a-z]{4}’s";
    prop::collection::vec(word, 6..14)
}

fn law_cases() -> ProptestConfig {
    // Each case builds an index.
    ProptestConfig { cases: cases().cases.min(40), ..cases() }
}

proptest! {
    #![proptest_config(law_cases())]

    #[test]
    fn a_sentence_is_verbatim_and_its_alterations_are_what_they_are(
        sentences in prop::collection::vec(sentence(), 3..30),
        number in 2u32..99_000,
        at in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
    ) {
        let chosen = at.index(sentences.len());
        let mut text = Vec::new();
        for (index, words) in sentences.iter().enumerate() {
            let mut words = words.clone();
            if index == chosen {
                let place = place.index(words.len() - 4) + 2;
                words.splice(place..place, ["was".into(), "not".into(), number.to_string()]);
            }
            words[0] = format!("Q{}", words[0]);
            text.push(words);
        }
        let shelf = Shelf::empty();
        let lines: Vec<String> = text.iter().map(|words| format!("{}.", words.join(" "))).collect();
        shelf.write("report.md", format!("# R\n\n{}\n", lines.join(" ")).as_bytes());
        shelf.index();
        let engine = shelf.engine();
        let mut verifier = Verifier::new(&engine);
        let mut verdict = |quote: &str| verifier.verify(quote).unwrap().verdict;
        let words = &text[chosen];
        let quote = &lines[chosen];
        prop_assert_eq!(verdict(quote), Verdict::Verbatim);
        for same in [quote.to_uppercase(), quote.replace(' ', "\n"), quote.replacen(' ', " ... ", 1)] {
            prop_assert_eq!(verdict(&same), Verdict::Normalized, "{}", same);
        }
        if quote.contains(['-', '’']) {
            let same = quote.replace('-', "\u{2011}").replace('’', "'");
            prop_assert_eq!(verdict(&same), Verdict::Normalized, "{}", same);
        }
        let not = words.iter().position(|word| word == "not").unwrap();
        for (at, word) in [(not, "was"), (not + 1, "77777777"), (not, "now"), (1, "zzzzzz")] {
            let mut other = words.clone();
            other[at] = word.to_owned();
            let other = other.join(" ");
            prop_assert!(!verdict(&other).is_verified(), "{}", other);
        }
        for removed in [not, not + 1, 2] {
            let mut other = words.clone();
            other.remove(removed);
            prop_assert!(!verdict(&other.join(" ")).is_verified(), "{}", other.join(" "));
        }
        let mut other = words.clone();
        other.insert(3, "never".into());
        prop_assert!(!verdict(&other.join(" ")).is_verified());
    }
}
