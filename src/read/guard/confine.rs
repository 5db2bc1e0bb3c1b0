//! What a child gives up before it reads anything: memory beyond a limit, files, the network.

use std::io;

/// Limits this process for good.
///
/// # Errors
/// Where a limit cannot be set. Landlock is taken as far as the kernel has it.
pub fn confine(memory: u64) -> io::Result<()> {
    limits(memory)?;
    landlock()
}

#[cfg(unix)]
fn limits(memory: u64) -> io::Result<()> {
    use rlimit::Resource;
    // What a system has no limit for cannot be set there.
    for (resource, most) in [(Resource::AS, memory), (Resource::CORE, 0), (Resource::FSIZE, 0)] {
        let (_, hard) = resource.get()?;
        let most = most.min(hard);
        if !cfg!(target_os = "linux") {
            let _ = resource.set(most, most);
            continue;
        }
        resource.set(most, most)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limits(_: u64) -> io::Result<()> {
    Ok(())
}

/// No file can be opened and no connection made from here on. Standard input and output stay.
#[cfg(target_os = "linux")]
fn landlock() -> io::Result<()> {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(ABI::V5)))
        .and_then(|ruleset| ruleset.create())
        .and_then(|ruleset| ruleset.restrict_self());
    ruleset.map(|_| ()).map_err(io::Error::other)
}

#[cfg(not(target_os = "linux"))]
fn landlock() -> io::Result<()> {
    Ok(())
}
