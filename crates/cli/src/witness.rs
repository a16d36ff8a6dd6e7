use crate::keyfile;
use anyhow::{Context, bail};
use log::{NoteVerifier, SigningKey, WitnessKey};
use oversight::Witness;
use server::Limits;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Cosign a log's heads, each only when it continues the last one
///
/// Run by overseers on machines of their own. Speaks the C2SP tlog-witness protocol: POST
/// /add-checkpoint, GET /<hex SHA-256 of the origin>/checkpoint. A head is on the disk before its
/// cosignature leaves; never delete the state, nor run two witnesses with one key.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct WitnessArgs {
    #[command(subcommand)]
    key_of: Option<WitnessCommand>,
    /// Folder of the heads cosigned last; made if it is not there
    #[arg(long, required = true)]
    state: Option<PathBuf>,
    /// The witness's own key, as `amana witness key` writes it
    #[arg(long, required = true)]
    key: Option<PathBuf>,
    /// A log to watch, by its key and optionally the address of its server; repeat for more
    #[arg(long, value_name = "VKEY[@URL]", required = true)]
    log: Vec<String>,
    /// Loopback; put a TLS proxy in front
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

#[derive(clap::Subcommand)]
enum WitnessCommand {
    /// Make a witness's key; prints the vkey that logs and verifiers configure
    Key {
        /// A URL without its scheme, as witness.example/amana; verifiers see it
        name: String,
        /// File to write, readable by its owner alone; never overwritten
        #[arg(long)]
        out: PathBuf,
    },
}

pub fn witness(args: &WitnessArgs) -> anyhow::Result<ExitCode> {
    if let Some(WitnessCommand::Key { name, out }) = &args.key_of {
        return make_key(name, out);
    }
    let (Some(state), Some(key)) = (&args.state, &args.key) else {
        bail!("--state and --key are needed");
    };
    if !args.listen.ip().is_loopback() {
        bail!(
            "will not listen on {}: plain HTTP is for this machine alone; listen on 127.0.0.1 and \
             put a TLS proxy in front",
            args.listen
        );
    }
    let text = std::fs::read_to_string(key)
        .with_context(|| format!("cannot read the witness's key in {}", key.display()))?;
    let key =
        WitnessKey::from_secret_text(&text).with_context(|| format!("key in {}", key.display()))?;
    let mut logs = Vec::new();
    for log in &args.log {
        // The base64 of a key has no '@'; whatever a log is called, its address comes last.
        let (vkey, url) = match log.rsplit_once('@') {
            Some((vkey, url)) if url.contains("://") => (vkey, Some(url)),
            _ => (log.as_str(), None),
        };
        let vkey = NoteVerifier::parse(vkey).context("--log")?;
        let id = log::witness::log_id(vkey.name());
        tracing::info!(log = vkey.name(), url, monitor = format!("/{id}/checkpoint"), "watching");
        logs.push(vkey);
    }
    let witness = Arc::new(Witness::open(state, key, logs)?);
    println!("witness {}", witness.key().cosigner().vkey());
    println!("listening on http://{}", args.listen);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the witness's threads")?;
    runtime.block_on(async {
        let door = server::bind(args.listen, None).await?;
        let (routes, limits) = (oversight::witness::serve::router(witness), Limits::default());
        server::serve_routes(door, routes, limits, server::interrupted()).await;
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn make_key(name: &str, out: &Path) -> anyhow::Result<ExitCode> {
    let key = WitnessKey::new(name, SigningKey::from_bytes(&keyfile::drawn()?))?;
    keyfile::create(out, &format!("{}\n", key.to_secret_text()), 0o600)?;
    println!("{}", key.cosigner().vkey());
    Ok(ExitCode::SUCCESS)
}
