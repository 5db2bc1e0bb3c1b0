//! Ranking on the judged collections, pinned: a change of ranking is a changed number here, up or down,
//! in the commit that makes it.

use tipsearch::eval::{Collection, evaluate};

use crate::support::shared;

/// nDCG@10 and R@100 of the default ranking, to four decimals.
const PINNED: [(&str, &str, &str); 8] = [
    ("obliqa_dev", "0.6816", "0.8858"),
    ("doc2dial_val", "0.5912", "0.9333"),
    ("legalbenchrag_privacy_qa", "0.3740", "0.9952"),
    ("scifact", "0.6931", "0.9227"),
    ("cranfield", "0.3687", "0.7497"),
    ("squad11_dev", "0.8943", "0.9960"),
    ("xquad_en", "0.9730", "0.9958"),
    ("xquad_ru", "0.9090", "0.9840"),
];

#[test]
fn ranking_is_as_pinned() {
    let Some(folder) = shared("collections") else { return };
    let measures = ["nDCG@10".parse().unwrap(), "R@100".parse().unwrap()];
    let mut found = Vec::new();
    for (name, ..) in PINNED {
        let collection = Collection::read(&folder.join(name), None).unwrap();
        let means = evaluate(&collection, &measures).unwrap().means;
        eprintln!("{name}: nDCG@10 {:.4}, R@100 {:.4}", means[0], means[1]);
        found.push((name, format!("{:.4}", means[0]), format!("{:.4}", means[1])));
    }
    let pinned: Vec<_> =
        PINNED.iter().map(|(name, a, b)| (*name, (*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, pinned);
}
