use crate::opened::{self, Opened};
use crate::planning::{Effort, ScenarioPlanner};
use anyhow::{Context, bail};
use server::play::{Pace, PlayHandle};
use server::publisher::Publisher;
use server::{Certificate, SignIn};
use signin::{Accounts, Provider};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Serve the room and the API
#[derive(clap::Args)]
pub struct Serve {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    doorway: Doorway,
    /// Folder of the built web client
    #[arg(long, default_value = "web/dist")]
    web: PathBuf,
    /// Play the exercise while serving, at this many operation seconds per second
    #[arg(long)]
    play: Option<f64>,
    /// With --play: begin with the clock stopped
    #[arg(long, requires = "play")]
    paused: bool,
    /// Policy file (c2sp.org/tlog-policy): witnesses to ask for cosignatures, and how many are enough
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Folder of policies about who may see what; those built in when absent (see amana policy check)
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// With --policy: seconds between heads
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    beat: u64,
    #[command(flatten)]
    effort: Effort,
}

/// How others reach this node and sign in.
#[derive(clap::Args)]
struct Doorway {
    /// Certificate chain, PEM: serve HTTPS
    #[arg(long, requires = "tls_key", requires = "address")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key, PEM
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// What officers open, as https://hub.example; on this machine alone http://localhost:PORT
    #[arg(long)]
    address: Option<String>,
    /// OpenID Connect provider to sign in by
    #[arg(long, requires = "openid_client")]
    openid_issuer: Option<String>,
    /// This node's client id at the provider
    #[arg(long, requires = "openid_issuer")]
    openid_client: Option<String>,
    /// File with the client secret, if the provider gave one
    #[arg(long, requires = "openid_issuer")]
    openid_secret: Option<PathBuf>,
}

impl Doorway {
    fn certificate(&self) -> Option<Certificate> {
        let (chain, key) = (self.tls_cert.clone()?, self.tls_key.clone()?);
        Some(Certificate { chain, key })
    }

    fn sign_in(&self, opened: &Opened, listen: SocketAddr) -> anyhow::Result<SignIn> {
        let node = &opened.node;
        let address = match &self.address {
            Some(address) => address.clone(),
            None => format!("http://localhost:{}", listen.port()),
        };
        let tls = self.tls_cert.is_some();
        if tls != address.starts_with("https://") {
            bail!(
                "--address {address} does not go with {}",
                if tls { "TLS" } else { "plain HTTP" }
            );
        }
        // Only an exercise, on this machine alone, is open to whoever sits at it.
        if (tls || opened.exercise.is_none()) && !Accounts::new(node.clone()).any()? {
            bail!("nobody has an account yet: `amana account add` makes the first, a keyholder's");
        }
        let sign_in = SignIn::new(node.clone(), &address);
        let (Some(issuer), Some(client_id)) = (&self.openid_issuer, &self.openid_client) else {
            return Ok(sign_in);
        };
        let secret = self.openid_secret.as_ref().map(|path| {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        });
        let provider = Provider {
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            client_secret: secret.transpose()?.map(|text| text.trim().to_owned()),
            redirect: sign_in.redirect(),
        };
        Ok(sign_in.with_provider(node.clone(), provider))
    }
}

pub fn serve(args: &Serve) -> anyhow::Result<ExitCode> {
    let opened = opened::open(&args.store)?;
    let sign_in = args.doorway.sign_in(&opened, args.listen)?;
    let operation = &opened.scenario.operation;
    let play = match args.play {
        None => None,
        Some(speed) => {
            let exercise = opened.exercise()?;
            let first = operation.first_night.at(12, 0, 0, 0);
            let from = operation.utc_offset.to_timestamp(first)?;
            let pace = Pace {
                speed: Some(speed),
                from,
                until: None,
                paused: args.paused,
                offset: operation.utc_offset,
            };
            let planner =
                ScenarioPlanner::new(opened.scenario.clone(), exercise.cohort.clone(), args.effort);
            let play = exercise.play(&opened)?;
            Some(PlayHandle::start(opened.node.clone(), play, Box::new(planner), pace))
        }
    };
    let web = args.web.is_dir().then(|| args.web.clone());
    if web.is_none() {
        eprintln!(
            "no web client in {}: serving the API only (bin/demo builds it)",
            args.web.display()
        );
    }
    let publisher = match &args.policy {
        None => None,
        Some(path) => {
            let policy = crate::trust::read_policy(path)?;
            let beat = Duration::from_secs(args.beat.max(1));
            Some(Publisher::start(opened.node.clone(), policy, beat)?)
        }
    };
    let mut app =
        server::App::new(opened.node.clone(), opened.scenario.clone(), play.clone(), sign_in);
    if let Some(folder) = &args.policies {
        app = app.deciding_by(crate::policy::read(folder)?);
    }
    if let Some(publisher) = &publisher {
        app = app.publishing(publisher.publishing.clone());
    }
    let runtime = tokio::runtime::Runtime::new().context("cannot start the server's threads")?;
    runtime.block_on(async {
        let door = server::bind(args.listen, args.doorway.certificate().as_ref()).await?;
        server::serve(app, door, web).await;
        anyhow::Ok(())
    })?;
    drop(publisher);
    if let Some(play) = play {
        play.stop();
    }
    Ok(ExitCode::SUCCESS)
}
