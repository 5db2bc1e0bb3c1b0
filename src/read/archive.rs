//! Archives: each member is a document of its own, `reports.zip#folder/report.md`.
//!
//! Nothing is written to disk, and what an archive says of itself is not believed: bytes are counted as
//! they come. What stands in a hidden file or folder is not for readers, and passed over silently.

use std::borrow::Cow;
use std::io::{self, Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::container::{Names, Place, clean, failed, failure, report};
use super::files::is_hidden;
use super::limits::{Budget, Reason};
use super::{Content, Each, Input, LARGEST_FILE, Refusal};

/// Reads the members of a zip archive, which is held in memory: its directory stands at its end.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn zip(
    id: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let bytes = input.bytes(LARGEST_FILE).map_err(Refusal::Failed)?;
    let inside = place.inside(Budget::new(bytes.len() as u64))?;
    let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice()))
        .map_err(|error| Refusal::Failed(format!("its zip archive is damaged: {error}")))?;
    let mut names = Names::default();
    for index in 0..archive.len() {
        inside.next_member()?;
        let Some(name) = zip_name(&archive, index) else { continue };
        let id = format!("{id}#{}", names.unique(&name));
        match zip_member(&mut archive, index) {
            Ok(member) => inside.member(&id, &name, member, each)?,
            Err(reason) => report(&id, failed(reason), each)?,
        }
    }
    inside.within_limits()?;
    Ok(Content::Container)
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The name of a member that is a file to be read.
fn zip_name(archive: &Archive<'_>, index: usize) -> Option<String> {
    let entry = archive.by_index_data(index).ok()?;
    if entry.is_dir() || entry.is_symlink() {
        return None;
    }
    // Many programs write UTF-8 without the flag that says so; it is hardly ever CP437 by chance.
    let name = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => Cow::Borrowed(name),
        Err(_) => entry.name().unwrap_or_else(|_| String::from_utf8_lossy(entry.name_raw())),
    };
    shown(&name)
}

fn zip_member<'z>(archive: &'z mut Archive<'_>, index: usize) -> Result<impl Read + 'z, String> {
    if archive.by_index_data(index).is_ok_and(|entry| entry.encrypted()) {
        return Err(super::LOCKED.to_owned());
    }
    archive.by_index(index).map_err(|error| match error {
        ZipError::UnsupportedArchive(what) => {
            format!("it is packed in a way that is not read: {what}")
        }
        error => format!("it is damaged: {error}"),
    })
}

/// The longest name that a tar archive may give before the member itself, bytes.
const LONGEST_TAR_NAME: u64 = 64 * 1024;

/// Reads the members of a tar archive as they come.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn tar(
    id: &str,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    // Nothing is packed in a tar archive: the ratio says nothing.
    let inside = place.inside(Budget::new(u64::MAX))?;
    let mut archive = tar::Archive::new(input.reader());
    let damaged = |error: &io::Error| match Reason::is_in(error) {
        true => failure(error),
        false => Refusal::Failed(format!("its tar archive is damaged: {error}")),
    };
    // Raw: names that stand in members of their own are read here, within a bound.
    let members = archive.entries().map_err(|error| damaged(&error))?.raw(true);
    let (mut names, mut long_name) = (Names::default(), None);
    for member in members {
        let mut member = member.map_err(|error| damaged(&error))?;
        let kind = member.header().entry_type();
        if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
            let name = tar_name(&mut member, kind.is_gnu_longname());
            long_name = name.map_err(|error| damaged(&error))?.or(long_name);
            continue;
        }
        let name = long_name.take().unwrap_or_else(|| member.path_bytes().into_owned());
        inside.next_member()?;
        let is_file = kind.is_file() || kind.is_contiguous();
        let name = shown(&String::from_utf8_lossy(&name)).filter(|_| is_file);
        let Some(name) = name else { continue };
        inside.member(&format!("{id}#{}", names.unique(&name)), &name, member, each)?;
    }
    inside.within_limits()?;
    Ok(Content::Container)
}

/// The name that a member of its own gives to the next: the whole of it, or the `path` of its records
/// (`25 path=...`, POSIX pax).
fn tar_name(member: &mut impl Read, is_whole: bool) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    member.take(LONGEST_TAR_NAME).read_to_end(&mut bytes)?;
    if is_whole {
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        bytes.truncate(end);
        return Ok(Some(bytes));
    }
    let mut rest = bytes.as_slice();
    while let Some(blank) = memchr::memchr(b' ', rest) {
        let digits = std::str::from_utf8(&rest[..blank]).unwrap_or_default();
        let length: usize = digits.parse().unwrap_or(0);
        let Some(record) = rest.get(blank + 1..length) else { break };
        if let Some(path) = record.strip_prefix(b"path=") {
            return Ok(Some(path.trim_ascii_end().to_vec()));
        }
        rest = &rest[length..];
    }
    Ok(None)
}

/// The clean name of a member; `None` for what is hidden, or is what the Finder adds.
fn shown(name: &str) -> Option<String> {
    if name.ends_with('/') {
        return None;
    }
    let name = clean(name);
    let is_hidden = name.split('/').any(|part| is_hidden(part) || part == "__MACOSX");
    (!is_hidden && !name.is_empty()).then_some(name)
}
