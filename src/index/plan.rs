//! What has to be done: files compared with the catalog by size and time of change.

use std::collections::BTreeSet;

use crate::engine::{Catalog, Documents, FileStamp, Listed, Outcome};
use crate::read::files::{Files, SourceFile};

/// What has to be done.
#[derive(Default)]
pub struct Plan<'f> {
    /// Files that are new or may have changed.
    pub to_read: Vec<&'f SourceFile>,
    /// Files of the last commit that are no more.
    pub removed: Vec<String>,
    /// Whether something could not be listed of which the last commit does not say so.
    pub has_new_failures: bool,
    /// What is known of the files that have not changed, their records included.
    pub unchanged: Documents,
}

/// Compares. A file that could not be read is not tried again until it changes.
pub fn plan<'f>(files: &'f Files, known: &Catalog, is_same_config: bool) -> Plan<'f> {
    let mut plan = Plan::default();
    let is_file = |listed: &Listed| listed.container.is_none();
    let known_files = known.documents.iter().filter(|(_, (listed, _))| is_file(listed));
    let mut gone: BTreeSet<&String> = known_files.map(|(doc_id, _)| doc_id).collect();
    for file in &files.files {
        gone.remove(&file.doc_id);
        match known.documents.get(&file.doc_id) {
            Some(document) if is_same_config && document.1 == FileStamp::of(&file.metadata) => {
                plan.unchanged.insert(file.doc_id.clone(), document.clone());
                let records = known.records_of(&file.doc_id);
                plan.unchanged.extend(records.map(|(id, record)| (id.clone(), record.clone())));
            }
            _ => plan.to_read.push(file),
        }
    }
    for (name, reason) in &files.failed {
        gone.remove(name);
        let unlisted = unlisted(name, reason);
        plan.has_new_failures |= known.documents.get(name) != Some(&unlisted);
        plan.unchanged.insert(name.clone(), unlisted);
    }
    plan.removed = gone.into_iter().cloned().collect();
    plan
}

/// A folder or file that could not even be listed: it may say what no passage says, and stays in the catalog until it can.
pub fn unlisted(name: &str, reason: &str) -> (Listed, FileStamp) {
    let outcome = Outcome::Failed(reason.to_owned());
    (Listed { doc_id: name.to_owned(), outcome, ..Listed::default() }, FileStamp::default())
}
