//! Which words are forms of one another in languages that their script does not tell. The terms of an index have English stems
//! where letters are Latin (`stem.rs`); of `explotada` its words `explotados` and `explotación` are found by these, in the
//! words that the index has. They are compared as it has them, without accents.

use frostem::{Algorithm, Stemmer};

/// A language written in Latin letters, beside English.
pub struct Inflected {
    stemmer: Stemmer,
    accents: &'static [(&'static str, &'static str)],
    /// Whether a last `z` becomes `c` before an ending: `juez`, `jueces`.
    softens: bool,
}

/// Endings that the stemmers know with an accent only, which words have lost: these hardly stand without one.
const SPANISH: [(&str, &str); 1] = [("ion", "ión")];
const FRENCH: [(&str, &str); 4] = [("ee", "ée"), ("ees", "ées"), ("ite", "ité"), ("ites", "ités")];
const PORTUGUESE: [(&str, &str); 2] = [("cao", "ção"), ("coes", "ções")];
const ITALIAN: [(&str, &str); 1] = [("ita", "ità")];

impl Inflected {
    /// A language by its tag without a region; `None` for one whose stems are not known here, or are those of all terms.
    pub fn of(language: &str) -> Option<Inflected> {
        let (algorithm, accents): (Algorithm, &[_]) = match language {
            "de" => (Algorithm::German, &[]),
            "es" => (Algorithm::Spanish, &SPANISH),
            "fr" => (Algorithm::French, &FRENCH),
            "id" => (Algorithm::Indonesian, &[]),
            "it" => (Algorithm::Italian, &ITALIAN),
            "nl" => (Algorithm::Dutch, &[]),
            "pt" => (Algorithm::Portuguese, &PORTUGUESE),
            _ => return None,
        };
        let softens = language == "es";
        Some(Inflected { stemmer: Stemmer::new(algorithm), accents, softens })
    }

    /// What a folded word has in common with its forms, folded.
    pub fn stem(&self, folded: &str) -> String {
        let accented = self.accents.iter().find_map(|(plain, accented)| {
            Some(format!("{}{accented}", folded.strip_suffix(plain)?))
        });
        let stem = self.stemmer.stem(accented.as_deref().unwrap_or(folded));
        let mut stem = super::folded(&stem);
        if self.softens && stem.ends_with('z') {
            stem.pop();
            stem.push('c');
        }
        stem
    }
}

#[cfg(test)]
mod tests {
    use super::Inflected;

    #[test]
    fn forms_without_accents_have_one_stem() {
        let classes = [
            ("es", "explotacion explotaciones explotado explotadas explotar"),
            ("es", "trabajador trabajadoras trabajo trabajar"),
            ("es", "nina ninas nino ninos"),
            ("es", "juez jueces"),
            ("es", "condeno condenaron condenada"),
            ("fr", "exploitation exploitations exploitee exploites exploiter"),
            ("fr", "securite securites"),
            ("pt", "exploracao exploracoes explorar exploradas"),
            ("it", "bambino bambini bambina bambine"),
            ("de", "kinder kindern kindes"),
        ];
        for (language, words) in classes {
            let inflected = Inflected::of(language);
            let stem = |word| inflected.as_ref().map(|inflected| inflected.stem(word));
            let mut stems: Vec<Option<String>> = words.split(' ').map(stem).collect();
            stems.dedup();
            assert!(stems.len() == 1 && stems[0].is_some(), "{words}: {stems:?}");
        }
        assert!(Inflected::of("en").is_none() && Inflected::of("").is_none());
    }
}
