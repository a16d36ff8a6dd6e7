//! Files whose content and name outlast a power cut.

use crate::error::OpenError;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes a file that must not be there yet.
pub(crate) fn create(path: &Path, bytes: &[u8], mode: u32) -> Result<(), OpenError> {
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::AlreadyExists => OpenError::Exists(path.display().to_string()),
        _ => OpenError::File { path: path.to_owned(), source },
    };
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(mode).open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    sync_name(path).map_err(failed)
}

/// Puts a file in place of what is there: after a crash it is the old one or the new one, whole.
pub(crate) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let new = Path::new(&name);
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(mode).open(new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(new, path)?;
    sync_name(path)
}

/// Makes a file, or finds it there with the same content. Tells whether it was made.
pub(crate) fn create_or_keep(path: &Path, bytes: &[u8], mode: u32) -> Result<bool, OpenError> {
    if let Some(folder) = path.parent() {
        let failed = |source| OpenError::File { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
    }
    match create(path, bytes, mode) {
        Ok(()) => Ok(true),
        Err(OpenError::Exists(_)) if fs::read(path).is_ok_and(|there| there == bytes) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The name of a file must last as its content does.
fn sync_name(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(parent)?.sync_all()
}
