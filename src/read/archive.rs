//! Archives (zip, tar): each member is a document of its own, or a container again. Nothing is written
//! anywhere: a member's name is a name, not a path.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limits::{Budget, MOST_MEMBERS};
use super::{Content, Context, Each, Input, LARGEST_FILE, Record, Refusal, nested};

/// Reads the members of a zip archive.
///
/// # Errors
/// Where the archive is damaged or goes beyond a limit, after what was read of it.
pub fn zip(
    id: &str,
    input: Input<'_>,
    context: &Context<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let bytes = input.bytes(LARGEST_FILE).map_err(Refusal::Failed)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice()))
        .map_err(|error| Refusal::Failed(format!("its zip archive is damaged: {error}")))?;
    let budget = Budget::new(bytes.len() as u64);
    let mut members = Members { id, context: &context.deeper()?, budget: &budget, each };
    for index in 0..archive.len().min(MOST_MEMBERS) {
        let name = archive.name_for_index(index).and_then(Result::ok).map(|name| name.into_owned());
        let name = name.unwrap_or_else(|| format!("member {}", index + 1));
        match archive.by_index(index) {
            Ok(member) if member.is_file() => members.take(&name, member)?,
            Ok(_) => {}
            Err(error) => members.failed(&name, &zip_reason(&error))?,
        }
    }
    within(archive.len())
}

fn zip_reason(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "it is encrypted, and opens with a password only".to_owned()
        }
        error => error.to_string(),
    }
}

/// Reads the members of a tar archive, as they come.
///
/// # Errors
/// As [`zip`].
pub fn tar(
    id: &str,
    input: Input<'_>,
    context: &Context<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let damaged =
        |error: io::Error| Refusal::Failed(format!("its tar archive is damaged: {error}"));
    let mut archive = tar::Archive::new(input.reader());
    // What a tar archive holds it does not inflate: whoever unpacked it counts the ratio.
    let budget = Budget::new(u64::MAX);
    let mut members = Members { id, context: &context.deeper()?, budget: &budget, each };
    let mut count = 0;
    for member in archive.entries().map_err(damaged)? {
        let member = member.map_err(damaged)?;
        count += 1;
        if count > MOST_MEMBERS {
            break;
        }
        if member.header().entry_type().is_file() {
            let name = String::from_utf8_lossy(&member.path_bytes()).into_owned();
            members.take(&name, member)?;
        }
    }
    within(count)
}

fn within(count: usize) -> Result<Content, Refusal> {
    match count > MOST_MEMBERS {
        true => {
            Err(Refusal::Failed(format!("only the first {MOST_MEMBERS} of its members are read")))
        }
        false => Ok(Content::Container),
    }
}

/// Hands the members of one archive over.
struct Members<'m, 'c> {
    id: &'m str,
    context: &'m Context<'c>,
    budget: &'m Budget,
    each: Each<'m>,
}

impl Members<'_, '_> {
    fn take(&mut self, name: &str, member: impl Read) -> Result<(), Refusal> {
        let Some(name) = clean(name) else { return Ok(()) };
        let id = format!("{}#{name}", self.id);
        let input = Input::new(self.budget.count(member));
        let outcome = match input {
            Ok(input) => nested(&id, &name, input, self.context, self.each),
            Err(error) => Err(Refusal::Failed(error.to_string())),
        };
        let flow = match outcome {
            Ok(_) => return Ok(()),
            Err(Refusal::Stopped) => return Err(Refusal::Stopped),
            Err(Refusal::PassedOver(what)) => (self.each)(Record::PassedOver(id, what)),
            Err(Refusal::Failed(reason)) => (self.each)(Record::Failed(id, reason)),
        };
        match (flow.is_break(), self.budget.is_spent()) {
            (true, _) => Err(Refusal::Stopped),
            (false, Some(reason)) => Err(Refusal::Failed(reason)),
            (false, None) => Ok(()),
        }
    }

    fn failed(&mut self, name: &str, reason: &str) -> Result<(), Refusal> {
        let Some(name) = clean(name) else { return Ok(()) };
        match (self.each)(Record::Failed(format!("{}#{name}", self.id), reason.to_owned())) {
            flow if flow.is_break() => Err(Refusal::Stopped),
            _ => Ok(()),
        }
    }
}

/// A member's name for its id: relative, without `.` and `..`. `None` for what systems put there for
/// themselves, and for hidden files.
fn clean(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let parts: Vec<&str> =
        name.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let is_hidden = parts.iter().any(|part| part.starts_with('.') || *part == "__MACOSX");
    (!parts.is_empty() && !is_hidden).then(|| parts.join("/"))
}
