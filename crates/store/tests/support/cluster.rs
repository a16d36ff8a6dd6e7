//! A PostgreSQL server of the tests' own: in a folder under /tmp, reached by its socket alone,
//! started by the first test that needs it and stopped when none has for a while.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// A running server. Held, by a lock that ends with the process, for as long as tests use it.
pub struct Cluster {
    folder: PathBuf,
    _in_use: File,
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);

/// Stops the server once nobody has used it for 20 s. Whoever starts or stops it holds `starting`;
/// whoever uses it holds `in-use`, shared.
const KEEPER: &str = r#"
while sleep 5; do
  flock starting sh -c '
    test -z "$(find in-use -newermt "-20 seconds")" && flock -n in-use true || exit 1
    "$0" -D data -m fast -w stop; exit 0
  ' "$1" && exit
done </dev/null >/dev/null 2>&1 &"#;

impl Cluster {
    pub fn get() -> &'static Cluster {
        &CLUSTER
    }

    /// The URL of a database, which need not exist.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@/{database}?host={}", self.folder.display())
    }

    /// Takes a database away, whoever still uses it.
    pub fn drop_database(&self, name: &str) {
        let sql = format!("drop database if exists {name} with (force)");
        let url = self.url("postgres");
        run(Command::new("psql").args(["--quiet", "--no-psqlrc", "--dbname", &url, "-c", &sql]));
    }

    fn start() -> Self {
        let user = run(Command::new("id").arg("-u"));
        let folder = std::env::temp_dir().join(format!("amana-test-postgres-{}", user.trim()));
        if fs::create_dir_all(&folder).is_ok() && user.trim() == "0" {
            // The server refuses to run as root.
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let starting = File::create(folder.join("starting")).unwrap();
        starting.lock().unwrap();
        let in_use = File::create(folder.join("in-use")).unwrap();
        let bin = programs();
        if !is_running(&bin, &folder) {
            if !folder.join("data/PG_VERSION").exists() {
                let arguments = ["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"];
                run(as_server(&folder, &bin.join("initdb")).args(arguments));
            }
            let socket = folder.display();
            let options = format!("-c listen_addresses= -k {socket} -c max_connections=200");
            let log = folder.join("log");
            let mut start = as_server(&folder, &bin.join("pg_ctl"));
            run(start.args(["-D", "data", "-w", "-o", &options, "-l"]).arg(log).arg("start"));
            let mut keeper = as_server(&folder, Path::new("sh"));
            run(keeper.args(["-c", KEEPER, "keeper"]).arg(bin.join("pg_ctl")));
        }
        in_use.lock_shared().unwrap();
        Self { folder, _in_use: in_use }
    }
}

fn is_running(bin: &Path, folder: &Path) -> bool {
    let mut status = as_server(folder, &bin.join("pg_ctl"));
    let status = status.args(["-D", "data", "status"]).stdout(Stdio::null()).stderr(Stdio::null());
    status.status().unwrap().success()
}

/// A command as the user who may run the server, in its folder.
pub fn as_server(folder: &Path, program: &Path) -> Command {
    let root = run(Command::new("id").arg("-u")).trim() == "0";
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder);
    command
}

/// Where Debian keeps the server's programs: they are not on the path.
pub fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<_> = versions.map(|v| v.unwrap().path().join("bin")).collect();
    found.retain(|bin| bin.join("initdb").exists());
    found.sort();
    found.pop().expect("PostgreSQL is not here: install the Debian package 'postgresql'")
}

#[track_caller]
pub fn run(command: &mut Command) -> String {
    // Not captured: the server that pg_ctl leaves behind would keep the pipe open.
    let starts_server = command.get_args().any(|argument| argument == "start");
    if starts_server {
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{command:?} failed: see the log in /tmp/amana-test-postgres-*");
        return String::new();
    }
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
