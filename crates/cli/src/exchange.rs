//! `amana exchange`, `amana bundle`, `amana peer`, `amana join`: several nodes, one operation.

use anyhow::{Context, bail};
use exchange::{
    DocumentName, Exchanged, Head, Page, Peer, PeerError, Taken, opening, read_bundle, shown, sync,
    write_bundle,
};
use jiff::Timestamp;
use signin::Peers;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::{Document, Genesis, Node};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Exchange facts with another node of the operation
#[derive(clap::Args)]
pub struct ExchangeArgs {
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    store: String,
    #[command(flatten)]
    link: Link,
    /// Go on for ever, this many seconds after each exchange
    #[arg(long)]
    every: Option<u64>,
}

/// How the other node is reached.
#[derive(clap::Args)]
struct Link {
    /// The other node's address, as https://hub.example
    #[arg(long)]
    with: String,
    /// File with the token that `amana peer add` told there
    #[arg(long)]
    token: Option<PathBuf>,
    /// Certificate of the authority to trust, PEM, when it is no public one
    #[arg(long)]
    authority: Option<PathBuf>,
}

/// Carry facts in a file
#[derive(clap::Subcommand)]
pub enum Bundle {
    /// Write what this node has
    Write {
        #[arg(long)]
        store: String,
        #[arg(long)]
        out: PathBuf,
        /// From this position of the node's log on, as an earlier reading told
        #[arg(long, default_value_t = 0)]
        from: u64,
    },
    /// Take in what another node wrote
    Read {
        #[arg(long)]
        store: String,
        file: PathBuf,
    },
}

/// Nodes that may exchange facts with this one
#[derive(clap::Subcommand)]
pub enum PeerCommand {
    /// Let a node in; prints its token, once
    Add {
        name: String,
        #[arg(long)]
        store: String,
    },
    List {
        #[arg(long)]
        store: String,
    },
    Remove {
        name: String,
        #[arg(long)]
        store: String,
    },
}

/// Begin a node of its own for an operation that is under way
#[derive(clap::Args)]
pub struct Join {
    /// The new node's store: sqlite:PATH or postgres://...; refuses to overwrite
    #[arg(long)]
    store: String,
    /// A bundle written from 0 on
    #[arg(long)]
    from: PathBuf,
    /// What the node is called in the name of its log, as `karkh`
    #[arg(long)]
    name: String,
}

pub fn exchange(args: &ExchangeArgs) -> anyhow::Result<ExitCode> {
    let node = Node::open(&args.store)?;
    let mut peer = HttpPeer::new(&args.link)?;
    loop {
        node.catch_up()?;
        match sync(&node, &mut peer, Timestamp::now(), &mut show) {
            Ok(done) => tell(&done),
            Err(error) if args.every.is_some() => eprintln!("{:#}", anyhow::Error::from(error)),
            Err(error) => return Err(error.into()),
        }
        let Some(every) = args.every else { return Ok(ExitCode::SUCCESS) };
        std::thread::sleep(Duration::from_secs(every.max(1)));
    }
}

fn show(done: &Exchanged) {
    eprint!("\r{} came, {} went", done.here.new, done.there.new);
}

fn tell(done: &Exchanged) {
    eprintln!();
    if done.peer_went_back {
        println!(
            "the other node's log is not the one it was: it was put back from a backup, and was given all again"
        );
    }
    let documents = done.documents;
    println!("{} facts came, {} went, {documents} documents came", done.here.new, done.there.new);
    if done.forged > 0 {
        println!("{} documents are not what their names say, and were not kept", done.forged);
    }
    tell_refused(" here", &done.here);
    tell_refused(" there", &done.there);
}

fn tell_refused(side: &str, taken: &Taken) {
    for refusal in &taken.refused {
        println!("refused{side}: {} {}: {}", refusal.hash, refusal.code, refusal.detail);
    }
    if taken.refused_more > 0 {
        println!("refused{side}: {} more", taken.refused_more);
    }
}

pub fn bundle(command: &Bundle) -> anyhow::Result<ExitCode> {
    match command {
        Bundle::Write { store, out, from } => {
            let node = Node::open(store)?;
            let file =
                File::create_new(out).with_context(|| format!("cannot write {}", out.display()))?;
            let mut file = BufWriter::new(file);
            let header = write_bundle(&node, *from, &mut file)?;
            let file = file.into_inner().map_err(|e| e.into_error())?;
            file.sync_all()?;
            println!("{} facts in {}", header.to - header.from, out.display());
        }
        Bundle::Read { store, file } => {
            let node = Node::open(store)?;
            let carried = read_bundle(&node, &mut open(file)?, Timestamp::now())?;
            let Taken { new, known, .. } = carried.taken;
            println!(
                "{new} facts are new, {known} were here; the next bundle may begin at {}",
                carried.header.to
            );
            tell_refused("", &carried.taken);
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn peer(command: &PeerCommand) -> anyhow::Result<ExitCode> {
    let peers = |store: &str| anyhow::Ok(Peers::new(Arc::new(Node::open(store)?)));
    match command {
        PeerCommand::Add { name, store } => {
            println!("{}", peers(store)?.add(name, Timestamp::now())?.secret());
            eprintln!(
                "put this token into a file for `amana exchange --token`; it is not told again"
            );
        }
        PeerCommand::List { store } => {
            for peer in peers(store)?.list()? {
                println!("{}  since {}", peer.name, peer.since);
            }
        }
        PeerCommand::Remove { name, store } => {
            if !peers(store)?.remove(name)? {
                bail!("there is no peer '{name}'");
            }
            println!("{name} is let in no longer");
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn join(args: &Join) -> anyhow::Result<ExitCode> {
    let (header, opening) = opening(&mut open(&args.from)?)?;
    let node = Node::create(
        &args.store,
        Genesis {
            origin: header.origin,
            node: Some(args.name.clone()),
            opening,
            recorded_at: Timestamp::now(),
            documents: Vec::new(),
            settings: Vec::new(),
            log_key: None,
            register: None,
        },
    )?;
    let carried = read_bundle(&node, &mut open(&args.from)?, Timestamp::now())?;
    println!(
        "joined '{}' with {} facts",
        header.operation,
        carried.taken.new + carried.taken.known
    );
    println!("`amana exchange` brings what is new, and the operation's documents");
    Ok(ExitCode::SUCCESS)
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(BufReader::new(file))
}

/// A peer over HTTP.
struct HttpPeer {
    agent: ureq::Agent,
    address: String,
    authorisation: Option<String>,
}

impl HttpPeer {
    fn new(link: &Link) -> anyhow::Result<Self> {
        if !is_private(&link.with) {
            bail!("{} is plain HTTP: the token and the facts would be read on the way", link.with);
        }
        let mut tls = TlsConfig::builder();
        if let Some(path) = &link.authority {
            let pem =
                std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let certificate = Certificate::from_pem(&pem)
                .with_context(|| format!("{} holds no certificate", path.display()))?;
            tls = tls.root_certs(RootCerts::new_with_certs(&[certificate]));
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .max_redirects(0)
            .tls_config(tls.build())
            .build();
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path);
            text.with_context(|| format!("cannot read {}", path.display()))
        };
        let token = link.token.as_ref().map(read).transpose()?;
        Ok(Self {
            agent: agent.into(),
            address: format!("{}/api/v1/exchange", link.with.trim_end_matches('/')),
            authorisation: token.map(|token| format!("Bearer {}", token.trim())),
        })
    }

    /// One question; the answer's content type and bytes.
    fn ask(&self, path: &str, body: Option<Vec<u8>>) -> Result<(String, Vec<u8>), PeerError> {
        let failed = |what: String| PeerError(format!("{}/{path}: {what}", self.address));
        let method = if body.is_some() { "POST" } else { "GET" };
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}/{path}", self.address));
        if let Some(authorisation) = &self.authorisation {
            request = request.header("authorization", authorisation);
        }
        let request = request.header("content-type", "application/octet-stream");
        let request = request.body(body.unwrap_or_default()).map_err(|e| failed(e.to_string()))?;
        let mut answer = self.agent.run(request).map_err(|e| failed(e.to_string()))?;
        let kind = answer.headers().get("content-type").and_then(|k| k.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let limit = 64 << 20;
        let bytes = answer.body_mut().with_config().limit(limit).read_to_vec();
        let bytes = bytes.map_err(|e| failed(e.to_string()))?;
        match answer.status().as_u16() {
            200 => Ok((kind, bytes)),
            status => {
                let text = String::from_utf8_lossy(&bytes[..bytes.len().min(500)]);
                Err(failed(format!("{status} {}", shown(&text))))
            }
        }
    }

    fn json<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T, PeerError> {
        let (_, bytes) = self.ask(path, body)?;
        serde_json::from_slice(&bytes)
            .map_err(|e| PeerError(format!("{}/{path}: {e}", self.address)))
    }
}

/// HTTPS, or a node on this very machine.
fn is_private(address: &str) -> bool {
    let Ok(uri) = address.parse::<ureq::http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(host, "localhost" | "127.0.0.1" | "[::1]"),
        _ => false,
    }
}

impl Peer for HttpPeer {
    fn address(&self) -> &str {
        &self.address
    }
    fn head(&mut self) -> Result<Head, PeerError> {
        self.json("head", None)
    }
    fn entries(&mut self, from: u64) -> Result<Page, PeerError> {
        let (_, bytes) = self.ask(&format!("entries?from={from}"), None)?;
        Page::from_bytes(&bytes).map_err(|e| PeerError(e.to_string()))
    }
    fn documents(&mut self) -> Result<Vec<DocumentName>, PeerError> {
        self.json("documents", None)
    }
    fn document(&mut self, name: &str) -> Result<Document, PeerError> {
        let (media_type, bytes) = self.ask(&format!("documents/{name}"), None)?;
        Ok(Document { name: name.to_owned(), media_type, bytes })
    }
    fn offer(&mut self, page: &Page) -> Result<Taken, PeerError> {
        self.json("entries", Some(page.to_bytes()))
    }
}
