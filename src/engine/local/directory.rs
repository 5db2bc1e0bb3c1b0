//! tantivy's files as a reader sees them: nothing is written, and an index on a disk that may not be
//! written to can be searched.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A folder of segments, for reading.
#[derive(Clone, Debug)]
pub struct ReadOnly {
    files: MmapDirectory,
    folder: PathBuf,
}

impl ReadOnly {
    /// Opens a folder of segments.
    ///
    /// # Errors
    /// Where there is no such folder.
    pub fn open(folder: &Path) -> Result<ReadOnly, OpenDirectoryError> {
        Ok(ReadOnly { files: MmapDirectory::open(folder)?, folder: folder.to_owned() })
    }
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "the index is open for reading")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    /// Keeps a writer from removing files between reading `meta.json` and opening them. Readers share the
    /// lock, and open its file for reading: to be written to, it would have to wait for a busy disk. Where
    /// it cannot be taken, for want of permission or because no writer has made it yet, a file may go
    /// missing meanwhile: the open fails then and is tried again.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let taken = File::open(self.folder.join(&lock.filepath)).and_then(|file| {
            file.lock_shared()?;
            Ok(file)
        });
        // It is held as long as its file is open.
        Ok(match taken {
            Ok(file) => DirectoryLock::from(Box::new(file)),
            Err(_) => DirectoryLock::from(Box::new(())),
        })
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}
