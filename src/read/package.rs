//! A zip package (DOCX, EPUB, ...): its members by name, within the limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::limits::{Budget, MOST_MEMBERS};

/// An open package.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    budget: Budget,
}

impl<'a> Package<'a> {
    /// Opens a package.
    ///
    /// # Errors
    /// The reason: it is damaged, encrypted, or has too many members.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, String> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| format!("its zip archive is damaged: {error}"))?;
        if archive.len() > MOST_MEMBERS {
            return Err(format!(
                "it has {} members; at most {MOST_MEMBERS} are read",
                archive.len()
            ));
        }
        Ok(Package { archive, budget: Budget::new(bytes.len() as u64) })
    }

    /// The names of all members, in the order of the archive.
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names().flatten().map(|name| name.into_owned()).collect()
    }

    /// The bytes of a member; `None` where there is none of that name.
    ///
    /// # Errors
    /// The reason: it is damaged, encrypted, or goes beyond a limit.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let name = name.trim_start_matches('/');
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let fault =
            |error: &dyn std::fmt::Display| format!("`{name}` in it cannot be read: {error}");
        let member = self.archive.by_index(index).map_err(|error| fault(&error))?;
        let mut bytes = Vec::new();
        self.budget.count(member).read_to_end(&mut bytes).map_err(|error| fault(&error))?;
        Ok(Some(bytes))
    }
}
