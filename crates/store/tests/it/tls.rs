//! Encrypted connections to a real PostgreSQL with a certificate of its own: who is believed, who is not.

use crate::cluster::{as_server, programs, run};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
};
use std::error::Error;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use store::{Node, OpenError};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// A server on 127.0.0.1 that lets nobody in who does not encrypt.
struct Encrypted {
    folder: tempfile::TempDir,
    port: u16,
}

impl Encrypted {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("amana-test-tls-").tempdir().unwrap();
        give(folder.path());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let initdb = programs().join("initdb");
        let arguments = ["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"];
        run(as_server(folder.path(), &initdb).args(arguments));
        Self { folder, port }
    }

    fn data(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    /// Starts it anew: with a certificate for `name` by `authority`, or without any.
    fn serve(&self, certificate: Option<(&Authority, &str)>) {
        let ssl = if certificate.is_some() { "on" } else { "off" };
        let set = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = '{}'\nssl = {ssl}\n",
            self.port,
            self.folder.path().display()
        );
        self.write("postgresql.auto.conf", &set);
        let who = if certificate.is_some() { "hostssl" } else { "host" };
        self.write("pg_hba.conf", &format!("{who} all all 127.0.0.1/32 trust\n"));
        if let Some((authority, name)) = certificate {
            let key = KeyPair::generate().unwrap();
            let params = CertificateParams::new([name.to_owned()]).unwrap();
            self.write("server.crt", &params.signed_by(&key, authority).unwrap().pem());
            self.write("server.key", &key.serialize_pem());
        }
        self.stop();
        let mut start = as_server(self.folder.path(), &programs().join("pg_ctl"));
        run(start.args(["-D", "data", "-w", "-l", "log", "start"]));
    }

    /// A file that the server alone may read.
    fn write(&self, name: &str, text: &str) {
        let path = self.data(name);
        fs::write(&path, text).unwrap();
        run(Command::new("chmod").arg("600").arg(&path));
        give(&path);
    }

    fn stop(&self) {
        let mut stop = as_server(self.folder.path(), &programs().join("pg_ctl"));
        let _ = stop.args(["-D", "data", "-w", "-m", "fast", "stop"]).output();
    }

    fn url(&self, parameters: &str) -> String {
        format!("postgres://postgres@localhost:{}/no_such_record{parameters}", self.port)
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The server does not run as root.
fn give(path: &Path) {
    if run(Command::new("id").arg("-u")).trim() == "0" {
        run(Command::new("chown").arg("postgres").arg(path));
    }
}

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Whether the server was spoken to: it then says that there is no such database. Else why not.
fn reached(url: &str) -> Result<(), String> {
    match Node::open(url) {
        Err(OpenError::Missing(_)) => Ok(()),
        Err(OpenError::Unreachable { source, .. }) => {
            let mut causes = Vec::new();
            let mut cause: Option<&dyn Error> = Some(&source);
            while let Some(error) = cause {
                causes.push(error.to_string());
                cause = error.source();
            }
            Err(causes.join(": "))
        }
        other => panic!("{url}: {:?}", other.map(|_| ())),
    }
}

#[test]
fn the_server_is_believed_by_name_and_authority() {
    let server = Encrypted::start();
    let (ours, strangers, impostor) = (authority("ours"), authority("another"), authority("ours"));
    let file = |name: &str, authority: &Authority| {
        let path = server.folder.path().join(name);
        fs::write(&path, authority.pem()).unwrap();
        path.display().to_string()
    };
    let (ours_file, strangers_file) = (file("ours.pem", &ours), file("strangers.pem", &strangers));
    let impostors_file = file("impostor.pem", &impostor);
    let full = |file: &str| server.url(&format!("?sslmode=verify-full&sslrootcert={file}"));

    server.serve(Some((&ours, "localhost")));
    assert_eq!(reached(&full(&ours_file)), Ok(()));
    let told = reached(&full(&strangers_file)).unwrap_err();
    assert!(told.contains("UnknownIssuer"), "{told}");
    let told = reached(&full(&impostors_file)).unwrap_err();
    assert!(told.contains("BadSignature"), "of the same name, with another key: {told}");
    assert_eq!(reached(&server.url("?sslmode=require")), Ok(()), "encrypted, to whoever answers");
    let told = reached(&server.url("")).unwrap_err();
    assert!(told.contains("no encryption"), "the server takes nobody in the clear: {told}");

    server.serve(Some((&ours, "db.example")));
    let told = reached(&full(&ours_file)).unwrap_err();
    assert!(told.contains("not valid for name"), "{told}");
    assert_eq!(reached(&server.url("?sslmode=require")), Ok(()));

    server.serve(None);
    assert_eq!(reached(&server.url("?sslmode=disable")), Ok(()), "it answers in the clear now");
    for url in [server.url("?sslmode=require"), full(&ours_file)] {
        let told = reached(&url).unwrap_err();
        assert!(told.contains("does not support TLS"), "{url}: {told}");
    }
}
