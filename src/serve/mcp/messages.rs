//! The messages of clients as they come: half a character is no fault, and what is no message is told so, since a client
//! that gets no answer waits for one.

use std::borrow::Cow;

use rmcp::model::{ClientRequest, JsonRpcMessage, RequestId};
use rmcp::service::{RoleServer, RxJsonRpcMessage};
use serde_json::{Value, json};

use crate::serve::repeated::repeated;

/// What a client may say.
pub type Message = RxJsonRpcMessage<RoleServer>;

/// The codes of JSON-RPC 2.0.
const NO_JSON: i32 = -32700;
const NO_REQUEST: i32 = -32600;
const WRONG_PARAMETERS: i32 = -32602;

/// The methods that there are here: the library takes one of them with other parameters than the protocol has for a
/// method of somebody's own, and would answer that there is none of that name.
const METHODS: [&str; 7] = [
    "initialize",
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
];

/// The replacement character U+FFFD, as the digits of an escape.
const REPLACEMENT: &[u8; 4] = b"fffd";
/// How long an escape such as `\ud83d` is.
const ESCAPE: usize = 6;

/// Reads a message without its line end; `None` for a notification that means nothing here, which JSON-RPC leaves
/// unanswered.
///
/// # Errors
/// The answer to give where it is no JSON, no request, or one with parameters that cannot be.
pub fn read(json: &[u8]) -> Result<Option<Message>, Value> {
    let error = match serde_json::from_slice(json) {
        Ok(message) => return understood(message, json).map(Some),
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

/// A message, unless it asks for something that there is with parameters that cannot be, or in two ways at once.
fn understood(message: Message, json: &[u8]) -> Result<Message, Value> {
    let JsonRpcMessage::Request(request) = &message else { return Ok(message) };
    let told = match (repeated(json), &request.request) {
        (Some(told), _) => format!("{told}: leave one of them out"),
        (None, ClientRequest::CustomRequest(custom))
            if METHODS.contains(&custom.method.as_str()) =>
        {
            to_change(&custom.method, custom.params.as_ref().unwrap_or(&Value::Null))
        }
        _ => return Ok(message),
    };
    let id = match &request.id {
        RequestId::Number(number) => json!(number),
        RequestId::String(text) => json!(text),
    };
    Err(fault(WRONG_PARAMETERS, &told, &id))
}

/// What to change of parameters.
fn to_change(method: &str, parameters: &Value) -> String {
    let is_given = |name: &str| parameters[name].is_string();
    match method {
        _ if !parameters.is_object() && !parameters.is_null() => {
            format!("`params` of {method} is an object")
        }
        "tools/call" if !is_given("name") => {
            "`params.name` is missing: the name of a tool, as `tools/list` has it".to_owned()
        }
        "tools/call"
            if !parameters["arguments"].is_object() && !parameters["arguments"].is_null() =>
        {
            let given = match &parameters["arguments"] {
                Value::String(_) => "a text",
                Value::Array(_) => "a list",
                _ => "no object",
            };
            format!(
                "`params.arguments` is {given}; send an object, not the text of one: \"arguments\": {{\"query\": \"border\"}}"
            )
        }
        "resources/read" if !is_given("uri") => {
            "`params.uri` is missing: the address of a report or a passage, `tipsearch://…`"
                .to_owned()
        }
        _ => format!("the `params` of {method} are not as the protocol has them"),
    }
}

/// Whether an answer is of a message that was one, though what it asks for cannot be.
pub fn is_of_request(answer: &Value) -> bool {
    answer["error"]["code"] == json!(WRONG_PARAMETERS)
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
