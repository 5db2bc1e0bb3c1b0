//! The countries of the world by their names, and the words for what is of them: so that what is said of one that no report is
//! about is not looked for in a report about another.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::words::{folded_words, without_possessive};
use crate::analyze::{folded, is_stop_word, word_ranges};

/// Short names, other names behind `|`, adjectives behind `;`. Sorted. What two states are called (Congo, Korea, Dominican) is
/// in none.
const COUNTRIES: [&str; 196] = [
    "Afghanistan; Afghan",
    "Albania; Albanian",
    "Algeria; Algerian",
    "Andorra; Andorran",
    "Angola; Angolan",
    "Antigua and Barbuda",
    "Argentina; Argentine; Argentinian",
    "Armenia; Armenian",
    "Australia; Australian",
    "Austria; Austrian",
    "Azerbaijan; Azerbaijani",
    "Bahamas | The Bahamas; Bahamian",
    "Bahrain; Bahraini",
    "Bangladesh; Bangladeshi",
    "Barbados; Barbadian",
    "Belarus; Belarusian",
    "Belgium; Belgian",
    "Belize; Belizean",
    "Benin; Beninese",
    "Bhutan; Bhutanese",
    "Bolivia; Bolivian",
    "Bosnia and Herzegovina | Bosnia & Herzegovina | Bosnia; Bosnian",
    "Botswana",
    "Brazil; Brazilian",
    "Brunei | Brunei Darussalam; Bruneian",
    "Bulgaria; Bulgarian",
    "Burkina Faso; Burkinabe",
    "Burma | Myanmar; Burmese",
    "Burundi; Burundian",
    "Cabo Verde | Cape Verde; Cabo Verdean; Cape Verdean",
    "Cambodia; Cambodian",
    "Cameroon; Cameroonian",
    "Canada; Canadian",
    "Central African Republic",
    "Chad; Chadian",
    "Chile; Chilean",
    "China | People's Republic of China; Chinese",
    "Colombia; Colombian",
    "Comoros; Comorian",
    "Costa Rica; Costa Rican",
    "Croatia; Croatian",
    "Cuba; Cuban",
    "Cyprus; Cypriot",
    "Czechia | Czech Republic; Czech",
    "Côte d'Ivoire | Côte d’Ivoire | Ivory Coast; Ivorian",
    "Democratic Republic of the Congo | Democratic Republic of Congo | DR Congo | DRC",
    "Denmark; Danish",
    "Djibouti; Djiboutian",
    "Dominica",
    "Dominican Republic",
    "Ecuador; Ecuadorian",
    "Egypt; Egyptian",
    "El Salvador; Salvadoran",
    "Equatorial Guinea",
    "Eritrea; Eritrean",
    "Estonia; Estonian",
    "Eswatini | Swaziland; Swazi",
    "Ethiopia; Ethiopian",
    "Fiji; Fijian",
    "Finland; Finnish",
    "France; French",
    "Gabon; Gabonese",
    "Gambia | The Gambia; Gambian",
    "Georgia; Georgian",
    "Germany; German",
    "Ghana; Ghanaian",
    "Greece; Greek",
    "Grenada; Grenadian",
    "Guatemala; Guatemalan",
    "Guinea-Bissau",
    "Guinea; Guinean",
    "Guyana; Guyanese",
    "Haiti; Haitian",
    "Honduras; Honduran",
    "Hungary; Hungarian",
    "Iceland; Icelandic",
    "India; Indian",
    "Indonesia; Indonesian",
    "Iran; Iranian",
    "Iraq; Iraqi",
    "Ireland; Irish",
    "Israel; Israeli",
    "Italy; Italian",
    "Jamaica; Jamaican",
    "Japan; Japanese",
    "Jordan; Jordanian",
    "Kazakhstan; Kazakhstani",
    "Kenya; Kenyan",
    "Kiribati",
    "Kosovo; Kosovar",
    "Kuwait; Kuwaiti",
    "Kyrgyzstan | Kyrgyz Republic; Kyrgyz",
    "Laos | Lao PDR | Lao People's Democratic Republic; Laotian",
    "Latvia; Latvian",
    "Lebanon; Lebanese",
    "Lesotho",
    "Liberia; Liberian",
    "Libya; Libyan",
    "Liechtenstein",
    "Lithuania; Lithuanian",
    "Luxembourg",
    "Madagascar; Malagasy",
    "Malawi; Malawian",
    "Malaysia; Malaysian",
    "Maldives; Maldivian",
    "Mali; Malian",
    "Malta; Maltese",
    "Marshall Islands; Marshallese",
    "Mauritania; Mauritanian",
    "Mauritius; Mauritian",
    "Mexico; Mexican",
    "Micronesia; Micronesian",
    "Moldova; Moldovan",
    "Monaco",
    "Mongolia; Mongolian",
    "Montenegro; Montenegrin",
    "Morocco; Moroccan",
    "Mozambique; Mozambican",
    "Namibia; Namibian",
    "Nauru",
    "Nepal; Nepalese; Nepali",
    "Netherlands | Holland; Dutch",
    "New Zealand",
    "Nicaragua; Nicaraguan",
    "Niger; Nigerien",
    "Nigeria; Nigerian",
    "North Korea | Democratic People's Republic of Korea; North Korean",
    "North Macedonia | Macedonia; Macedonian",
    "Norway; Norwegian",
    "Oman; Omani",
    "Pakistan; Pakistani",
    "Palau",
    "Palestine | West Bank and the Gaza Strip | West Bank & Gaza Strip; Palestinian",
    "Panama; Panamanian",
    "Papua New Guinea",
    "Paraguay; Paraguayan",
    "Peru; Peruvian",
    "Philippines; Philippine; Filipino",
    "Poland; Polish",
    "Portugal; Portuguese",
    "Qatar; Qatari",
    "Republic of the Congo",
    "Romania; Romanian",
    "Russia | Russian Federation; Russian",
    "Rwanda; Rwandan",
    "Saint Kitts and Nevis | St. Kitts and Nevis",
    "Saint Lucia | St. Lucia",
    "Saint Vincent and the Grenadines | St. Vincent and the Grenadines",
    "Samoa; Samoan",
    "San Marino",
    "Saudi Arabia; Saudi",
    "Senegal; Senegalese",
    "Serbia; Serbian",
    "Seychelles",
    "Sierra Leone; Sierra Leonean",
    "Singapore; Singaporean",
    "Slovakia | Slovak Republic; Slovak",
    "Slovenia; Slovenian",
    "Solomon Islands",
    "Somalia; Somali",
    "South Africa; South African",
    "South Korea | Republic of Korea; South Korean",
    "South Sudan; South Sudanese",
    "Spain; Spanish",
    "Sri Lanka; Sri Lankan",
    "Sudan; Sudanese",
    "Suriname; Surinamese",
    "Sweden; Swedish",
    "Switzerland; Swiss",
    "Syria | Syrian Arab Republic; Syrian",
    "São Tomé and Príncipe | São Tomé & Príncipe",
    "Taiwan; Taiwanese",
    "Tajikistan; Tajik",
    "Tanzania; Tanzanian",
    "Thailand; Thai",
    "Timor-Leste | East Timor; Timorese",
    "Togo; Togolese",
    "Tonga; Tongan",
    "Trinidad and Tobago | Trinidad & Tobago",
    "Tunisia; Tunisian",
    "Turkey | Türkiye; Turkish",
    "Turkmenistan; Turkmen",
    "Tuvalu",
    "Uganda; Ugandan",
    "Ukraine; Ukrainian",
    "United Arab Emirates | UAE; Emirati",
    "United Kingdom | Great Britain | Britain; British",
    "United States | United States of America | USA",
    "Uruguay; Uruguayan",
    "Uzbekistan; Uzbek",
    "Vanuatu",
    "Venezuela; Venezuelan",
    "Vietnam | Viet Nam; Vietnamese",
    "Yemen; Yemeni",
    "Zambia; Zambian",
    "Zimbabwe; Zimbabwean",
];

/// With another name beside them these are rather persons, or places elsewhere: `Michael Jordan`, `New Mexico`.
const AMBIGUOUS: [&str; 13] = [
    "chad", "cuba", "georgia", "guinea", "india", "ireland", "israel", "jordan", "kenya", "mexico",
    "niger", "samoa", "turkey",
];

/// With small letters these are words like others.
const IN_SMALL: [&str; 1] = ["polish"];

/// Behind the name of a country these make it something else, or one who speaks of others.
const NOT_BEFORE: [&str; 12] = [
    "agency",
    "bureau",
    "congress",
    "department",
    "dollar",
    "dollars",
    "embassy",
    "gulf",
    "mission",
    "ocean",
    "pounds",
    "sea",
];

/// And these make an amount of what is of it, with a small letter: `500 Canadian dollars`.
const MONEY: [&str; 14] = [
    "dinar",
    "dinars",
    "dollar",
    "dollars",
    "franc",
    "francs",
    "peso",
    "pesos",
    "pound",
    "pounds",
    "rupee",
    "rupees",
    "shilling",
    "shillings",
];

/// A country.
pub struct Country {
    /// Its short name.
    pub name: &'static str,
    /// All its names, folded, with a blank around each word.
    pub names: Vec<String>,
    /// And the words for what is of it: `serbian`.
    pub adjectives: Vec<String>,
}

/// A country that a text names.
pub struct Mention {
    /// Which.
    pub country: &'static Country,
    /// Whether it is a word for what is of it: `Serbian`.
    pub is_adjective: bool,
    /// Where, as bytes.
    pub bytes: Range<usize>,
}

/// One of the names of a country.
struct Name {
    words: Vec<String>,
    /// Whose it is, by index.
    country: usize,
    is_adjective: bool,
}

struct World {
    countries: Vec<Country>,
    /// The names that begin with a word, longest first.
    by_first: FxHashMap<String, Vec<Name>>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let mut world = World { countries: Vec::new(), by_first: FxHashMap::default() };
    for (index, line) in COUNTRIES.iter().enumerate() {
        let mut parts = line.split("; ");
        let names: Vec<&'static str> = parts.next().unwrap_or_default().split(" | ").collect();
        let country = Country {
            name: names.first().copied().unwrap_or_default(),
            names: names.iter().map(|name| folded_words(name)).collect(),
            adjectives: parts.map(folded_words).collect(),
        };
        let names = country.names.iter().map(|name| (name, false));
        let adjectives = country.adjectives.iter().map(|name| (name, true));
        for (name, is_adjective) in names.chain(adjectives) {
            let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
            let first = words.first().cloned().unwrap_or_default();
            let name = Name { words, country: index, is_adjective };
            world.by_first.entry(first).or_default().push(name);
        }
        world.countries.push(country);
    }
    for names in world.by_first.values_mut() {
        names.sort_by_key(|name| std::cmp::Reverse(name.words.len()));
    }
    world
});

/// The country that has a name.
pub fn country_called(name: &str) -> Option<&'static Country> {
    let folded = folded_words(name);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let mut names =
        words.first().and_then(|first| WORLD.by_first.get(*first)).into_iter().flatten();
    let name = names.find(|name| !name.is_adjective && name.words == words)?;
    WORLD.countries.get(name.country)
}

/// Whether words are the name of a country.
pub fn is_country(words: &str) -> bool {
    country_called(words).is_some()
}

/// The countries that a text names with a capital letter, in order.
pub fn mentions(text: &str) -> Vec<Mention> {
    mentions_in(&Text::of(text))
}

/// Those that a question names: who types no capital letter at all names them without.
pub fn mentions_in_question(question: &str) -> Vec<Mention> {
    let is_small = !question.contains(char::is_uppercase);
    mentions_in(&Text { is_small, ..Text::of(question) })
}

fn mentions_in(text: &Text<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.ranges.len() {
        let name = beginning(text.words.get(at..).unwrap_or_default());
        let Some(name) = name.filter(|_| text.is_capital(at)) else {
            at += 1;
            continue;
        };
        let own = at..at + name.words.len();
        at = own.end;
        if let Some(country) = WORLD.countries.get(name.country).filter(|_| text.means(&own)) {
            let bytes = text.start(own.start)..text.end(own.end - 1);
            found.push(Mention { country, is_adjective: name.is_adjective, bytes });
        }
    }
    found
}

/// The name that words begin with.
fn beginning(words: &[String]) -> Option<&'static Name> {
    let first = words.first()?;
    let begins = |name: &&Name| words.starts_with(&name.words);
    let names = |first: &str| WORLD.by_first.get(first).into_iter().flatten();
    names(first).find(begins).or_else(|| {
        // `Albanians` are Albanian.
        let single = first.strip_suffix('s').filter(|it| it.ends_with(['n', 'i']))?;
        names(single).find(|name| name.words.len() == 1 && name.is_adjective)
    })
}

/// A text and its words, folded and without the ending of a possessive.
struct Text<'t> {
    text: &'t str,
    ranges: Vec<Range<usize>>,
    words: Vec<String>,
    /// Whether names have no capital letters.
    is_small: bool,
}

impl Text<'_> {
    fn of(text: &str) -> Text<'_> {
        let ranges = word_ranges(text);
        let plain = |range: &Range<usize>| {
            let word = folded(text.get(range.clone()).unwrap_or_default());
            without_possessive(&word).to_owned()
        };
        let words = ranges.iter().map(plain).collect();
        Text { text, ranges, words, is_small: false }
    }

    fn start(&self, at: usize) -> usize {
        self.ranges.get(at).map_or(self.text.len(), |range| range.start)
    }

    fn end(&self, at: usize) -> usize {
        self.ranges.get(at).map_or(self.text.len(), |range| range.end)
    }

    fn key(&self, at: usize) -> &str {
        self.words.get(at).map(String::as_str).unwrap_or_default()
    }

    /// Whether a word may be a name.
    fn is_capital(&self, at: usize) -> bool {
        if self.is_small {
            return !IN_SMALL.contains(&self.key(at));
        }
        let word = self.text.get(self.start(at)..self.end(at));
        word.is_some_and(|word| word.starts_with(char::is_uppercase))
    }

    /// Whether nothing but blanks parts a word from the next.
    fn is_near(&self, at: usize) -> bool {
        let between = self.text.get(self.end(at)..self.start(at + 1)).unwrap_or_default();
        !between.is_empty() && between.chars().all(char::is_whitespace)
    }

    /// Whether the name of a country means it, as far as the words beside it tell.
    fn means(&self, own: &Range<usize>) -> bool {
        // `In Jordan` begins a sentence.
        let is_name = |at: usize| self.is_capital(at) && !is_stop_word(self.key(at));
        // What follows `Kenya’s` is of Kenya.
        let is_beside = !self.is_possessive(own.end - 1) && self.is_near(own.end - 1);
        let next = Some(own.end).filter(|&at| is_beside && is_name(at));
        let before = own.start.checked_sub(1).filter(|&at| self.is_near(at) && is_name(at));
        let is_ambiguous = own.len() == 1 && AMBIGUOUS.contains(&self.key(own.start));
        let is_other = next.is_some_and(|at| NOT_BEFORE.contains(&self.key(at)))
            || is_beside && MONEY.contains(&self.key(own.end))
            || self.is_water(own.start)
            || next.is_some_and(|at| (self.key(own.start), self.key(at)) == ("benin", "city"));
        let is_part = is_ambiguous && !self.is_small && (next.is_some() || before.is_some());
        !is_other && !is_part
    }

    fn is_possessive(&self, at: usize) -> bool {
        let word = self.text.get(self.start(at)..self.end(at)).unwrap_or_default();
        without_possessive(word) != word
    }

    /// Whether a name is that of a lake, or of a part of the sea, which several countries share: `Gulf of Guinea`.
    fn is_water(&self, at: usize) -> bool {
        let before = |by: usize| {
            let place = at.checked_sub(by).filter(|&at| self.is_near(at));
            place.map(|at| self.key(at)).unwrap_or_default()
        };
        before(1) == "lake" || before(1) == "of" && matches!(before(2), "gulf" | "sea" | "strait")
    }
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn countries_are_told_from_persons_and_from_who_speaks_of_others() {
        let of =
            |text: &str| mentions(text).into_iter().map(|it| it.country.name).collect::<Vec<_>>();
        assert_eq!(
            of("In Jordan, Chad’s police met Serbians of Türkiye."),
            ["Jordan", "Chad", "Serbia", "Turkey"]
        );
        assert_eq!(of("Equatorial Guinea and South Sudan"), ["Equatorial Guinea", "South Sudan"]);
        assert_eq!(
            of("Courts in the United States and the Republic of Korea"),
            ["United States", "South Korea"]
        );
        assert_eq!(of("Michael Jordan and Chad Smith of New Mexico ate turkey."), [""; 0]);
        assert_eq!(of("The United States Department of State and the German Embassy"), [""; 0]);
        assert_eq!(
            of("In the Gulf of Guinea, on Lake Malawi, Benin City had 500 Canadian dollars"),
            [""; 0]
        );
        assert_eq!(of("Kenya’s Ministry of Labour and India's Supreme Court"), ["Kenya", "India"]);
        assert_eq!(of("The courts of Guinea and of Benin"), ["Guinea", "Benin"]);
        assert_eq!(of("The Congo and Korea, across the Indian Ocean"), [""; 0]);
    }
}
