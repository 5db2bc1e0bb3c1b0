//! What has to be done: files compared with the catalog by size and time of change.

use std::collections::BTreeSet;

use crate::engine::{Catalog, Documents, FileStamp};
use crate::read::files::{Files, SourceFile};

/// What has to be done.
#[derive(Default)]
pub struct Plan<'f> {
    /// Files that are new or may have changed.
    pub to_read: Vec<&'f SourceFile>,
    /// Files of the last commit that are no more.
    pub removed: Vec<String>,
    /// What is known of the files that have not changed, their records included.
    pub unchanged: Documents,
}

/// Compares. A file that could not be read is not tried again until it changes.
pub fn plan<'f>(files: &'f Files, known: &Catalog, is_same_config: bool) -> Plan<'f> {
    let mut plan = Plan::default();
    let is_file = |listed: &crate::engine::Listed| listed.container.is_none();
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
    plan.removed = gone.into_iter().cloned().collect();
    plan
}
