//! Where a log is read from: its server, a mirror's folder, or an exported bundle. All three hold the
//! same files under the same names (`docs/formats/tiles.md`).

use crate::fetch::{FetchError, Fetcher};
use log::{Tile, TileKind};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("cannot read {path}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is {length} bytes long, {limit} is the most such a file can be")]
    TooLong { path: String, length: u64, limit: usize },
}

/// Files of one log, by name.
pub trait Source {
    /// `None` when there is no such file. Longer ones than `limit` bytes are an error.
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError>;

    /// The names that begin with `prefix`, in order; a server does not tell.
    fn names(&self, prefix: &str) -> Result<Vec<String>, SourceError>;

    /// What to call it when speaking of it.
    fn describe(&self) -> String;

    /// A tile, or the beginning of the full one that replaced it.
    fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, SourceError> {
        let limit = match tile.kind() {
            TileKind::Hashes(_) => usize::from(log::tiles::WIDTH) * 32,
            TileKind::Entries => log::tiles::BUNDLE_MAX,
        };
        if let Some(bytes) = self.read(&tile.to_string(), limit)? {
            return Ok(Some(bytes));
        }
        if tile.is_full() {
            return Ok(None);
        }
        let full = self.read(&tile.full().to_string(), limit)?;
        Ok(full.and_then(|bytes| beginning(tile, bytes)))
    }
}

/// What a partial tile would hold, cut from the full one.
fn beginning(tile: Tile, mut full: Vec<u8>) -> Option<Vec<u8>> {
    match tile.kind() {
        TileKind::Hashes(_) => full.truncate(usize::from(tile.width()) * 32),
        TileKind::Entries => {
            let entries = tile.full().entries(&full).ok()?;
            full = log::tiles::bundle(entries.into_iter().take(tile.width().into()))?;
        }
    }
    Some(full)
}

/// A served log.
pub struct Served {
    prefix: String,
    fetcher: Fetcher,
}

impl Served {
    /// `url` is what stands before `/checkpoint`; a bare server is taken to serve `/log`.
    pub fn new(url: &str, fetcher: Fetcher) -> Self {
        let url = url.trim_end_matches('/');
        let bare = url.splitn(4, '/').count() < 4;
        let prefix = if bare { format!("{url}/log") } else { url.to_owned() };
        Self { prefix, fetcher }
    }
}

impl Source for Served {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.fetcher.get_ok(&format!("{}/{name}", self.prefix), limit)?)
    }
    fn names(&self, _: &str) -> Result<Vec<String>, SourceError> {
        Ok(Vec::new())
    }
    fn describe(&self) -> String {
        self.prefix.clone()
    }
}

/// A mirror, or an unpacked bundle.
pub struct Folder(pub PathBuf);

impl Source for Folder {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        let path = self.0.join(name);
        let failed = |source| SourceError::File { path: path.clone(), source };
        let length = match std::fs::metadata(&path) {
            Ok(meta) if meta.is_file() => meta.len(),
            Ok(_) => return Ok(None),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => return Ok(None),
            Err(e) => return Err(failed(e)),
        };
        within(name, length, limit)?;
        std::fs::read(&path).map(Some).map_err(failed)
    }
    fn names(&self, prefix: &str) -> Result<Vec<String>, SourceError> {
        let mut names = Vec::new();
        walk(&self.0, "", &mut names)
            .map_err(|source| SourceError::File { path: self.0.clone(), source })?;
        names.retain(|name| name.starts_with(prefix));
        names.sort();
        Ok(names)
    }
    fn describe(&self) -> String {
        self.0.display().to_string()
    }
}

fn walk(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn within(name: &str, length: u64, limit: usize) -> Result<(), SourceError> {
    if length <= limit as u64 {
        return Ok(());
    }
    Err(SourceError::TooLong { path: name.to_owned(), length, limit })
}

/// A bundle that `amana export` wrote, as the one file it is.
pub struct Bundle {
    path: PathBuf,
    file: File,
    /// Offset and length of each file in it.
    files: BTreeMap<String, (u64, u64)>,
}

impl Bundle {
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let failed = |source| SourceError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let mut files = BTreeMap::new();
        let mut archive = tar::Archive::new(&file);
        for entry in archive.entries_with_seek().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.path().map_err(failed)?.to_string_lossy().into_owned();
            if entry.header().entry_type().is_file() {
                files.insert(name, (entry.raw_file_position(), entry.size()));
            }
        }
        Ok(Self { path: path.to_owned(), file, files })
    }
}

impl Source for Bundle {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, SourceError> {
        let Some((offset, length)) = self.files.get(name) else { return Ok(None) };
        within(name, *length, limit)?;
        let mut bytes = vec![0; *length as usize];
        let failed = |source| SourceError::File { path: self.path.clone(), source };
        self.file.read_exact_at(&mut bytes, *offset).map_err(failed)?;
        Ok(Some(bytes))
    }
    fn names(&self, prefix: &str) -> Result<Vec<String>, SourceError> {
        Ok(self.files.keys().filter(|name| name.starts_with(prefix)).cloned().collect())
    }
    fn describe(&self) -> String {
        self.path.display().to_string()
    }
}
