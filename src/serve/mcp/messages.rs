//! The messages of clients as they come: half a character is no fault, and what is no message is told so, since a client
//! that gets no answer waits for one.

use std::borrow::Cow;

use rmcp::service::{RoleServer, RxJsonRpcMessage};
use serde_json::{Value, json};

/// What a client may say.
pub type Message = RxJsonRpcMessage<RoleServer>;

/// The codes of JSON-RPC 2.0.
const NO_JSON: i32 = -32700;
const NO_REQUEST: i32 = -32600;

/// The replacement character U+FFFD, as the digits of an escape.
const REPLACEMENT: &[u8; 4] = b"fffd";
/// How long an escape such as `\ud83d` is.
const ESCAPE: usize = 6;

/// Reads a message without its line end; `None` for a notification that means nothing here, which JSON-RPC leaves
/// unanswered.
///
/// # Errors
/// The answer to give where it is no JSON, or no request.
pub fn read(json: &[u8]) -> Result<Option<Message>, Value> {
    let error = match serde_json::from_slice(json) {
        Ok(message) => return Ok(Some(message)),
        Err(error) => error,
    };
    let value: Value = serde_json::from_slice(json)
        .map_err(|error| unreadable(&format!("the message is no JSON: {error}")))?;
    if value["method"].is_string() && value.get("id").is_none() {
        return Ok(None);
    }
    let id = Some(&value["id"]).filter(|id| id.is_string() || id.is_number());
    let told = format!("the message is no request of the protocol: {error}");
    Err(fault(NO_REQUEST, &told, id.unwrap_or(&Value::Null)))
}

/// An answer that says what is wrong with a message.
pub fn unreadable(what: &str) -> Value {
    fault(NO_JSON, what, &Value::Null)
}

fn fault(code: i32, message: &str, id: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
}

/// A message of which every escape is a character. JavaScript counts in units of 16 bits and writes half an emoji, where
/// a text was cut, as `\ud83d`; such a half becomes U+FFFD, as where a browser encodes it.
pub fn mended(json: &[u8]) -> Cow<'_, [u8]> {
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let mut mended = Cow::Borrowed(json);
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'\\')) {
        at += found;
        at += match (escaped(json, at), escaped(json, at + ESCAPE)) {
            (None, _) => 2,
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 2 * ESCAPE,
            (Some(0xD800..=0xDFFF), _) => {
                let digits = mended.to_mut().get_mut(at + 2..at + ESCAPE);
                digits.into_iter().for_each(|digits| digits.copy_from_slice(REPLACEMENT));
                ESCAPE
            }
            (Some(_), _) => ESCAPE,
        };
    }
    mended
}

/// The unit of 16 bits that an escape at this place stands for.
fn escaped(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok()?;
    // `from_str_radix` takes a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
    u16::from_str_radix(digits, 16).ok()
}
