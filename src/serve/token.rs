//! The token: from a file that only its owner may read, so that it stands in no list of processes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, Result};

/// A shorter token can be guessed; a longer one is no token.
const SHORTEST: usize = 16;
const LONGEST: usize = 512;

/// The token in a file: its text without white space around it.
///
/// # Errors
/// `Usage` where others may read the file, it belongs to somebody else, or what it holds is no token.
pub fn read(path: &Path) -> Result<String> {
    let fault = |error| Error::io("read", path, error);
    let file = File::open(path).map_err(fault)?;
    check_owner(path, &file)?;
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).map_err(fault)?;
    let token = text.trim();
    let is_plain = token.bytes().all(|byte| byte.is_ascii_graphic());
    match is_plain && (SHORTEST..=LONGEST).contains(&token.len()) {
        true => Ok(token.to_owned()),
        false => Err(Error::Usage {
            message: format!(
                "`{}` holds no token: {SHORTEST} to {LONGEST} letters, digits and signs",
                path.display()
            ),
            hint: Some("`openssl rand -hex 32` makes one".to_owned()),
        }),
    }
}

#[cfg(unix)]
fn check_owner(path: &Path, file: &File) -> Result<()> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata().map_err(|error| Error::io("read", path, error))?;
    let name = crate::error::quoted(path);
    if metadata.mode() & 0o077 != 0 {
        return Err(Error::Usage {
            message: format!("others may read the token in `{}`", path.display()),
            hint: Some(format!("run `chmod 600 {name}`")),
        });
    }
    // A new file belongs to whoever makes it: that is who we are.
    let own = tempfile::tempfile().and_then(|file| file.metadata());
    let own = own.map_err(|error| Error::io("create", std::env::temp_dir(), error))?;
    match metadata.uid() == own.uid() {
        true => Ok(()),
        false => Err(Error::Usage {
            message: format!("the token in `{}` belongs to another user", path.display()),
            hint: Some(format!("make a file of your own: `install -m 600 {name} token`")),
        }),
    }
}

/// Elsewhere the system's own rules hold.
#[cfg(not(unix))]
fn check_owner(_: &Path, _: &File) -> Result<()> {
    Ok(())
}
