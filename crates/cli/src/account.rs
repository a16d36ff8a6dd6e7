//! `amana account`: who may sign in at this node.

use anyhow::{Context, bail};
use domain::{AuthorityId, Event, Officer, Role};
use jiff::Timestamp;
use signin::{Account, Accounts, Attempts, Browsers, PasswordHash, Sessions};
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use store::Node;

/// Who may sign in at this node
#[derive(clap::Subcommand)]
pub enum AccountCommand {
    /// Let an officer in; asks for a password unless the provider's subject is given
    Add {
        /// What the officer types: a-z, 0-9, '-' and '.'
        login: String,
        #[command(flatten)]
        at: At,
        /// As `justice`
        #[arg(long)]
        authority: String,
        /// As `reception`
        #[arg(long)]
        role: String,
        /// The officer's number at the authority
        #[arg(long)]
        number: u32,
        /// As colleagues call the officer; stays at this node
        #[arg(long)]
        name: String,
        /// The `sub` by which the OpenID Connect provider knows the officer
        #[arg(long)]
        provider_subject: Option<String>,
    },
    /// All accounts
    List {
        #[command(flatten)]
        at: At,
    },
    /// Set a new password, end the officer's sessions, forget wrong attempts and known browsers
    Password {
        login: String,
        #[command(flatten)]
        at: At,
    },
    /// Let an officer in no longer, and end the officer's sessions
    Close {
        login: String,
        #[command(flatten)]
        at: At,
    },
}

#[derive(clap::Args)]
pub struct At {
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    store: String,
}

impl At {
    fn node(&self) -> anyhow::Result<Arc<Node>> {
        Ok(Arc::new(Node::open(&self.store)?))
    }
}

pub fn account(command: &AccountCommand) -> anyhow::Result<ExitCode> {
    match command {
        AccountCommand::Add { login, at, authority, role, number, name, provider_subject } => {
            let node = at.node()?;
            let authority = known_authority(&node, authority)?;
            let role = Role::from_code(role).with_context(|| {
                format!("there is no role '{role}'; roles are {}", Role::codes())
            })?;
            let password = match provider_subject {
                Some(_) => None,
                None => Some(ask_password(login)?),
            };
            Accounts::new(node).add(&Account {
                login: login.clone(),
                authority,
                officer: Officer { role, number: *number },
                name: name.clone(),
                password,
                subject: provider_subject.clone(),
                since: Timestamp::now(),
                closed: None,
            })?;
            println!("{login} may sign in");
        }
        AccountCommand::List { at } => list(&Accounts::new(at.node()?))?,
        AccountCommand::Password { login, at } => {
            let node = at.node()?;
            let hash = ask_password(login)?;
            Accounts::new(node.clone()).change(login, |account| account.password = Some(hash))?;
            Browsers::new(node.clone()).forget(login)?;
            Attempts::new(node.clone()).forget(login)?;
            let ended = Sessions::new(node).end_all(login)?;
            println!("{login} has a new password; {ended} sessions ended");
        }
        AccountCommand::Close { login, at } => {
            let node = at.node()?;
            let now = Timestamp::now();
            Accounts::new(node.clone())
                .change(login, |account| account.closed = account.closed.or(Some(now)))?;
            let ended = Sessions::new(node).end_all(login)?;
            println!("{login} is let in no longer; {ended} sessions ended");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn known_authority(node: &Node, text: &str) -> anyhow::Result<AuthorityId> {
    let authority = AuthorityId::new(text)?;
    let opening = node.facts(0..1).into_iter().next().map(|entry| entry.fact.event.clone());
    let Some(Event::OperationOpened { authorities, .. }) = opening else {
        bail!("the record does not begin with the opening of an operation: run `amana verify`");
    };
    let known: Vec<String> = authorities.iter().map(|p| p.authority.to_string()).collect();
    if !known.iter().any(|known| known == text) {
        bail!("no authority '{text}' takes part; those that do are {}", known.join(", "));
    }
    Ok(authority)
}

fn list(accounts: &Accounts) -> anyhow::Result<()> {
    for account in accounts.all()? {
        let by = match (&account.password, &account.subject) {
            (Some(_), None) => "password",
            (None, Some(_)) => "provider",
            (Some(_), Some(_)) => "password, provider",
            (None, None) => "passkey",
        };
        let state = match account.closed {
            Some(at) => format!("closed {at}"),
            None => format!("by {by}"),
        };
        let Officer { role, number } = account.officer;
        println!(
            "{:<20} {:<20} {role:<12} {number:>6}  {}  {state}",
            account.login, account.authority, account.name
        );
    }
    Ok(())
}

/// Asked twice at a terminal; else the first line of standard input.
fn ask_password(login: &str) -> anyhow::Result<PasswordHash> {
    let password = if std::io::stdin().is_terminal() {
        let ask = |prompt: &str| rpassword::prompt_password(prompt).context("cannot ask");
        let first = ask(&format!("new password for {login}: "))?;
        if ask("again: ")? != first {
            bail!("the two are not the same: nothing was changed");
        }
        first
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("cannot read the password")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    Ok(PasswordHash::of(&password, login)?)
}
