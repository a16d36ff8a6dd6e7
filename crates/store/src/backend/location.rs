//! Where a store is, as its URL says.

use super::postgres::tls::{Encryption, Server};
use crate::error::OpenError;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The place that a store's URL names.
#[derive(Debug, Clone)]
pub(crate) enum Location {
    /// `sqlite:PATH`
    Sqlite(PathBuf),
    /// `postgres://USER@HOST/DATABASE?sslmode=verify-full&sslrootcert=FILE`, or
    /// `postgres:///DATABASE?host=/FOLDER-OF-THE-SOCKET`.
    Postgres { server: Box<Server>, log_key: Option<PathBuf>, register_key: Option<PathBuf> },
}

/// Names the log key's file in a PostgreSQL URL; not the database's own parameter.
const LOG_KEY: &str = "log_key=";
/// Names the file of the register's keys, likewise.
const REGISTER_KEY: &str = "register_key=";
/// The database's own, read here: the driver knows fewer modes than there are.
const SSL_MODE: &str = "sslmode=";
const SSL_AUTHORITIES: &str = "sslrootcert=";
const OURS: [&str; 4] = [LOG_KEY, REGISTER_KEY, SSL_MODE, SSL_AUTHORITIES];
/// Names the file of the register's keys for either database.
const REGISTER_VARIABLE: &str = "AMANA_REGISTER_KEY";

impl Location {
    pub fn parse(url: &str) -> Result<Self, OpenError> {
        let refuse = || OpenError::Url(without_password(url));
        match url.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(("postgres" | "postgresql", _)) => {
                let (base, parameters) = url.split_once('?').unwrap_or((url, ""));
                let (ours, theirs): (Vec<_>, Vec<_>) = parameters
                    .split('&')
                    .filter(|p| !p.is_empty())
                    .partition(|p| OURS.iter().any(|ours| p.starts_with(ours)));
                let named = |key: &str| ours.iter().rev().find_map(|p| p.strip_prefix(key));
                let encryption = Encryption::read(named(SSL_MODE), named(SSL_AUTHORITIES))
                    .map_err(OpenError::Tls)?;
                let (log_key, register_key) =
                    (named(LOG_KEY).map(PathBuf::from), named(REGISTER_KEY).map(PathBuf::from));
                let theirs = format!("{base}?{}", theirs.join("&"));
                let config = ::postgres::Config::from_str(theirs.trim_end_matches('?'))
                    .map_err(|_| refuse())?;
                if config.get_dbname().is_none_or(str::is_empty) {
                    return Err(refuse());
                }
                let server = Box::new(Server::new(config, &encryption)?);
                Ok(Self::Postgres { server, log_key, register_key })
            }
            _ => Err(refuse()),
        }
    }

    /// Where the key that signs checkpoints is kept, by the text others check it with.
    ///
    /// A server shares its database and not its disk with others: there the file is named for the
    /// key, in the folder for state of this program, unless the URL names it.
    pub fn key_file(&self, vkey: &str) -> PathBuf {
        match self {
            Self::Sqlite(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".key");
                name.into()
            }
            Self::Postgres { log_key: Some(path), .. } => path.clone(),
            Self::Postgres { log_key: None, .. } => named_for(vkey, "key"),
        }
    }

    /// Where the register's keys are kept: as the environment says, else as the URL does, else beside
    /// the log key.
    pub fn register_file(&self, vkey: &str) -> PathBuf {
        if let Some(path) = std::env::var_os(REGISTER_VARIABLE).filter(|path| !path.is_empty()) {
            return path.into();
        }
        match self {
            Self::Sqlite(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".register");
                name.into()
            }
            Self::Postgres { register_key: Some(path), .. } => path.clone(),
            Self::Postgres { register_key: None, .. } => named_for(vkey, "register"),
        }
    }
}

/// A file of the key's name, in the folder for state of this program.
fn named_for(vkey: &str, ending: &str) -> PathBuf {
    let public = vkey.rsplit_once('+').map_or(vkey, |(name_and_id, _)| name_and_id);
    state_folder().join(format!("{}.{ending}", public.replace('/', "_")))
}

/// `$XDG_STATE_HOME/amana`, by the XDG Base Directory specification.
fn state_folder() -> PathBuf {
    let named = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    named.filter(|path| path.is_absolute()).or(home).unwrap_or_default().join("amana")
}

/// A store's URL as it may be shown.
pub fn without_password(url: &str) -> String {
    let hidden = || {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?']).next()?;
        let (user, _) = authority.rsplit_once('@')?;
        let (name, _) = user.split_once(':')?;
        Some(format!("{scheme}://{name}:***{}", &rest[user.len()..]))
    };
    hidden().unwrap_or_else(|| url.to_owned())
}

/// As an error names it.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres { server, .. } => {
                write!(f, "PostgreSQL database {}", server.config.get_dbname().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_both_databases() {
        let shown = |url: &str| Location::parse(url).map(|at| at.to_string());
        assert_eq!(shown("sqlite:/tmp/a.db").unwrap(), "/tmp/a.db");
        for url in [
            "postgres://amana:secret@h/record",
            "postgresql:///record?host=/run/postgresql&log_key=/etc/amana/log.key",
            "postgres://%2Frun%2Fpostgresql/record",
        ] {
            assert_eq!(shown(url).unwrap(), "PostgreSQL database record", "{url}");
        }
        for bad in ["", "a.db", "sqlite:", "mysql:x", "postgres://h", "postgres://h/r?nonsense=1"] {
            assert!(matches!(shown(bad), Err(OpenError::Url(_))), "{bad}");
        }
    }

    #[test]
    fn encryption_is_asked_for_in_words_that_are_known() {
        let told = |url: &str| match Location::parse(url) {
            Err(OpenError::Tls(why)) => why,
            other => panic!("{url}: {other:?}"),
        };
        assert!(told("postgres://h/r?sslmode=verify-full").contains("sslrootcert=FILE"));
        assert!(told("postgres://h/r?sslmode=prefer").contains("require or verify-full"));
        assert!(told("postgres://h/r?sslmode=require&sslrootcert=/x").contains("verify-full only"));
        assert!(
            told("postgres://h/r?sslmode=verify-full&sslrootcert=/nowhere").contains("/nowhere")
        );
        for url in
            ["postgres://h/r", "postgres://h/r?sslmode=disable", "postgres://h/r?sslmode=require"]
        {
            assert!(Location::parse(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn the_log_key_is_beside_the_file_or_named() {
        let at = |url: &str| Location::parse(url).unwrap().key_file("a.test/log+0a1b2c3d+AAAA");
        assert_eq!(at("sqlite:r.db"), PathBuf::from("r.db.key"));
        assert_eq!(at("postgres://h/r?log_key=/etc/k"), PathBuf::from("/etc/k"));
        assert!(at("postgres://h/r").ends_with("amana/a.test_log+0a1b2c3d.key"));
        let at = |url: &str| Location::parse(url).unwrap().register_file("a.test/log+0a1b2c3d+AA");
        assert_eq!(at("sqlite:r.db"), PathBuf::from("r.db.register"));
        assert_eq!(at("postgres://h/r?log_key=/k&register_key=/etc/r"), PathBuf::from("/etc/r"));
        assert!(at("postgres://h/r").ends_with("amana/a.test_log+0a1b2c3d.register"));
    }

    #[test]
    fn passwords_are_not_shown() {
        for (url, shown) in [
            ("postgres://u:s@h/db?x=1", "postgres://u:***@h/db?x=1"),
            ("postgres://u:p@q@h/db", "postgres://u:***@h/db"),
            ("postgres://u@h/db", "postgres://u@h/db"),
            ("sqlite:/a:b@c", "sqlite:/a:b@c"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
