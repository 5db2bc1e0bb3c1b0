//! British spellings as American ones, so that a draft of one side finds figures in reports of the other.

use std::borrow::Cow;

/// Beginnings of words: as they are spelled in Britain and in America.
const BEGINNINGS: [(&str, &str); 40] = [
    ("ageing", "aging"),
    ("armour", "armor"),
    ("behaviour", "behavior"),
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("centre", "center"),
    ("cheque", "check"),
    ("colour", "color"),
    ("counselled", "counseled"),
    ("counselling", "counseling"),
    ("counsellor", "counselor"),
    ("defence", "defense"),
    ("endeavour", "endeavor"),
    ("enrolment", "enrollment"),
    ("favour", "favor"),
    ("fulfilment", "fulfillment"),
    ("gynaecolog", "gynecolog"),
    ("harbour", "harbor"),
    ("honour", "honor"),
    ("humour", "humor"),
    ("judgement", "judgment"),
    ("kilometre", "kilometer"),
    ("labelled", "labeled"),
    ("labelling", "labeling"),
    ("labour", "labor"),
    ("licence", "license"),
    ("metre", "meter"),
    ("neighbour", "neighbor"),
    ("offence", "offense"),
    ("paediatric", "pediatric"),
    ("plough", "plow"),
    ("pretence", "pretense"),
    ("programme", "program"),
    ("rumour", "rumor"),
    ("sceptic", "skeptic"),
    ("skilful", "skillful"),
    ("theatre", "theater"),
    ("travelled", "traveled"),
    ("traveller", "traveler"),
    ("travelling", "traveling"),
];

/// What stands before `ise` where America has `ize`: not in `exercise`, `promise`, `supervise`, `merchandise`.
const BEFORE_ISE: [&str; 15] =
    ["al", "an", "ar", "at", "er", "gn", "ic", "id", "il", "im", "it", "od", "on", "or", "ut"];

/// Endings of verbs in `ise` and `yse`, without these letters' last.
const AFTER_S: [&str; 7] = ["e", "ed", "er", "ers", "es", "ing", "ement"];

/// A word in small letters with the American spelling.
pub fn american(word: &str) -> Cow<'_, str> {
    let at = BEGINNINGS.partition_point(|(british, _)| *british <= word);
    let known = at.checked_sub(1).and_then(|at| BEGINNINGS.get(at));
    if let Some((british, american)) = known
        && let Some(rest) = word.strip_prefix(british)
        // `programmed`, `programmer`
        && (!word.starts_with("programme") || matches!(rest, "" | "s"))
    {
        return Cow::Owned(format!("{american}{rest}"));
    }
    for middle in ["isation", "lys", "is"] {
        let Some((start, end)) = word.rsplit_once(middle) else { continue };
        let is_other = match middle {
            "isation" => matches!(end, "" | "s" | "al") && start.len() > 1,
            "lys" => AFTER_S.contains(&end) && start.len() > 1,
            _ => {
                AFTER_S.contains(&end)
                    && start.len() > 3
                    && BEFORE_ISE.iter().any(|before| start.ends_with(before))
            }
        };
        if is_other {
            return Cow::Owned(format!("{start}{}{end}", middle.replacen('s', "z", 1)));
        }
    }
    Cow::Borrowed(word)
}
