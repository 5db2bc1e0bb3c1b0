//! The headers of messages and of their parts. Their values are read by mail-parser: encoded words,
//! addresses, dates, and parameters in all their forms.

use crate::read::builder::collapse;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders};

/// Headers longer than this are read so far only, bytes: servers take 64 KiB or less.
const LONGEST_HEADER: usize = 256 * 1024;

/// How many values of one field are kept.
const MOST_VALUES: usize = 1000;

/// How the bytes of a part were made fit for transport.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transfer {
    /// They stand as they are.
    #[default]
    Identity,
    QuotedPrintable,
    Base64,
}

/// What the header of a part says of its content.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The media type in lower case, `text/plain` where none is given.
    pub media: String,
    /// What separates the parts of this part.
    pub boundary: Option<Vec<u8>>,
    pub charset: Option<String>,
    /// The name of the file that it was.
    pub name: Option<String>,
    /// Whether it is to be shown apart from the text.
    pub is_attachment: bool,
    pub transfer: Transfer,
}

impl Part {
    /// Reads a header; `media` is what holds where it names no media type.
    pub fn of(header: &[u8], media: &str) -> Part {
        let Some(message) = parsed(header) else {
            return Part { media: media.to_owned(), ..Part::default() };
        };
        let content = message.content_type();
        let attribute =
            |name: &str| content.and_then(|content| content.attribute(name)).map(str::to_owned);
        let given = content.map(|content| {
            let subtype = content.subtype().unwrap_or("plain");
            format!("{}/{subtype}", content.ctype()).to_lowercase()
        });
        let transfer = message.content_transfer_encoding().unwrap_or_default().trim();
        Part {
            media: given.unwrap_or_else(|| media.to_owned()),
            boundary: attribute("boundary").map(String::into_bytes),
            charset: attribute("charset"),
            name: message.attachment_name().map(str::to_owned).filter(|name| !name.is_empty()),
            is_attachment: message.content_disposition().is_some_and(|how| how.is_attachment()),
            transfer: match transfer.to_ascii_lowercase().as_str() {
                "base64" => Transfer::Base64,
                "quoted-printable" => Transfer::QuotedPrintable,
                _ => Transfer::Identity,
            },
        }
    }
}

/// What the header of a message says of it.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub subject: Option<String>,
    pub language: Option<String>,
    /// Keys and values of metadata.
    pub metadata: Vec<(&'static str, String)>,
}

impl About {
    /// Reads a header.
    pub fn of(header: &[u8]) -> About {
        let Some(message) = parsed(header) else { return About::default() };
        let mut about = About {
            subject: message.subject().map(str::to_owned),
            language: texts(message.content_language()).into_iter().next(),
            metadata: Vec::new(),
        };
        let mut add = |key, values: Vec<String>| {
            about.metadata.extend(values.into_iter().take(MOST_VALUES).map(|value| (key, value)));
        };
        add("author", authors(message.from()));
        for (key, addresses) in
            [("from", message.from()), ("to", message.to()), ("cc", message.cc())]
        {
            add(key, shown(addresses));
        }
        // A date that cannot be, such as the 31st of February, is kept as it stands.
        let date = message.date().filter(|date| date.is_valid()).map(|date| date.to_rfc3339());
        let date = date.or_else(|| message.header_raw(HeaderName::Date).map(collapse));
        add("date", date.into_iter().collect());
        add("message_id", message.message_id().map(str::to_owned).into_iter().collect());
        add("in_reply_to", texts(message.in_reply_to()));
        add("keywords", texts(message.keywords()));
        about
    }
}

fn parsed(header: &[u8]) -> Option<Message<'_>> {
    MessageParser::default().parse_headers(header.get(..LONGEST_HEADER).unwrap_or(header))
}

fn texts(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.clone().into_owned()],
        HeaderValue::TextList(texts) => texts.iter().map(|text| text.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// Addresses as people write them: `Name <name@example.org>`.
fn shown(addresses: Option<&Address<'_>>) -> Vec<String> {
    let written = |(name, address): (Option<&str>, Option<&str>)| match (name, address) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (name, address) => address.or(name).map(str::to_owned),
    };
    let each = addresses.into_iter().flat_map(Address::iter);
    each.filter_map(|one| written((one.name(), one.address()))).collect()
}

/// Names, where there are names.
fn authors(addresses: Option<&Address<'_>>) -> Vec<String> {
    let each = addresses.into_iter().flat_map(Address::iter);
    each.filter_map(|one| one.name().or(one.address())).map(str::to_owned).collect()
}
