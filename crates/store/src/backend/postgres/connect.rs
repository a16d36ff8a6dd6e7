//! Connections to PostgreSQL, and what a database must be to keep a record.

use super::super::migrations;
use super::tls::Server;
use crate::backend::Location;
use crate::error::{Doing, OpenError};
use ::postgres::error::{DbError, SqlState};
use ::postgres::{Client, Error, Statement};
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// Older servers are not tried.
const SERVER_LEAST: u32 = 150_000;

/// A connection, with the statements it has prepared.
pub(super) struct Session {
    pub client: Client,
    pub prepared: HashMap<String, Statement>,
}

/// For every connection. A writer that hangs or is cut off in the middle of a transaction loses it,
/// and with it the sequencer's lock, so that another process can go on.
const SET_UP: &str = "
    set client_min_messages = warning;
    set idle_in_transaction_session_timeout = '20s';
    set lock_timeout = '30s';
    select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') in ('off', 'local', 'remote_write');";

pub(super) fn connect(server: &Server) -> Result<Session, Error> {
    let mut config = server.config.clone();
    if config.get_application_name().is_none() {
        config.application_name("amana");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    config.keepalives_idle(Duration::from_secs(30));
    config.tcp_user_timeout(Duration::from_secs(30));
    let mut client = server.connect(&config)?;
    client.batch_execute(SET_UP)?;
    Ok(Session { client, prepared: HashMap::new() })
}

pub(super) fn is_no_database(error: &Error) -> bool {
    error.code() == Some(&SqlState::INVALID_CATALOG_NAME)
}

/// Whether a server on a sound connection said no, as when a lock was not to be had; else another
/// connection may do.
pub(super) fn is_answer(error: &Error) -> bool {
    error.as_db_error().is_some_and(|error| !is_cut(error))
}

/// The server let the connection go: it is restarting, or the connection idled too long.
fn is_cut(error: &DbError) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(error.code())
}

/// Makes the database that the URL names, from the one that every server has.
pub(super) fn create_database(server: &Server) -> Result<(), Error> {
    let name = server.config.get_dbname().unwrap_or_default().replace('"', "\"\"");
    let mut maintenance = server.clone();
    maintenance.config.dbname("postgres");
    let sql = format!("create database \"{name}\" template template0 encoding 'UTF8'");
    connect(&maintenance)?.client.batch_execute(&sql)
}

impl Session {
    /// Refuses a server that would lose what it acknowledged, or that cannot write.
    pub fn is_fit(&mut self, at: &Location) -> Result<(), OpenError> {
        let sql = "select current_setting('server_version_num')::bigint, \
                   current_setting('server_version'), current_setting('fsync'), \
                   current_setting('full_page_writes'), pg_is_in_recovery()";
        let row = self.client.query_one(sql, &[]).doing("ask what server this is")?;
        let why = match (row.get::<_, i64>(0), row.get(2), row.get(3), row.get(4)) {
            (number, ..) if number < SERVER_LEAST.into() => {
                let version: String = row.get(1);
                format!("the server is PostgreSQL {version}, 15 or later is needed")
            }
            (_, "off", ..) => "fsync is off, so a power cut would take commits".to_owned(),
            (_, _, "off", _) => "full_page_writes is off, so a power cut could tear pages".into(),
            (_, _, _, true) => "it is a standby: name the primary".to_owned(),
            _ => return Ok(()),
        };
        Err(OpenError::Unfit { place: at.to_string(), why })
    }

    /// The migrations applied; `None` when the database is empty.
    pub fn applied(&mut self, at: &Location) -> Result<Option<BTreeSet<u32>>, OpenError> {
        let sql = "select (select count(*) from pg_class where relkind in ('r', 'p') \
                   and relnamespace = current_schema()::regnamespace), \
                   to_regclass('migration') is not null and to_regclass('head') is not null";
        let row = self.client.query_one(sql, &[]).doing("read the schema")?;
        match (row.get::<_, i64>(0), row.get(1)) {
            (0, _) => return Ok(None),
            (_, false) => return Err(OpenError::Foreign(at.to_string())),
            (_, true) => {}
        }
        let sql = "select number from migration";
        let rows = self.client.query(sql, &[]).doing("read the migrations")?;
        let applied: BTreeSet<u32> = rows.iter().map(|r| r.get::<_, i64>(0) as u32).collect();
        match applied.last() {
            Some(&found) if found > migrations::newest() => {
                let known = migrations::newest();
                Err(OpenError::Newer { place: at.to_string(), found, known })
            }
            _ => Ok(Some(applied)),
        }
    }
}
