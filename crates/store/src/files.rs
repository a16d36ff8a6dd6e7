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

/// The name of a file must last as its content does.
fn sync_name(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(parent)?.sync_all()
}
