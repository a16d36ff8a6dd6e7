use crate::cluster::Cluster;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run of the binary left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// # Panics
    /// When it did not exit with 0; shows what it said.
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self.out
    }
    pub fn json(self) -> serde_json::Value {
        serde_json::from_str(self.ok().lines().last().unwrap_or_default()).unwrap()
    }
}

pub fn amana(args: &[&str]) -> Ran {
    let done = Command::new(env!("CARGO_BIN_EXE_amana"))
        .args(args)
        .env_remove("RUST_LOG")
        .output()
        .expect("the binary starts");
    Ran {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// The reference operation's folder.
pub fn hasakah() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/hasakah-2026")
}

/// The URL of a store in a folder.
pub fn store(dir: &Path) -> String {
    format!("sqlite:{}", dir.join("amana.sqlite").display())
}

/// A PostgreSQL database for one test, which goes with it.
pub struct Database {
    name: String,
    pub url: String,
}

impl Database {
    /// The log key is kept in `dir`.
    pub fn new(dir: &Path, name: &str) -> Self {
        let name = format!("test_{}_{name}", std::process::id());
        let key = dir.join(format!("{name}.key"));
        let (url, key) = (Cluster::get().url(&name), key.display());
        let url = format!("{url}&log_key={key}&register_key={key}.register");
        Self { name, url }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        Cluster::get().drop_database(&self.name);
    }
}

/// A copy of the reference operation in which one file reads otherwise.
pub fn hasakah_but(file: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy(&hasakah(), dir.path());
    let path = dir.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = change(&text);
    assert_ne!(text, changed, "the change changes nothing");
    std::fs::write(path, changed).unwrap();
    dir
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
