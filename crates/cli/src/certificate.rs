//! `amana certificate`: an own certificate authority for a site without a public name.

use crate::keyfile;
use anyhow::{Context, bail};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use std::path::PathBuf;
use std::process::ExitCode;

/// Days a server's certificate is good for: what browsers allow at most (CA/B Forum, until 2027).
const SERVER_DAYS: i64 = 199;
/// Days the site's authority is good for: an operation and its reckoning.
const AUTHORITY_DAYS: i64 = 5 * 365;

/// Make an authority for this site and a server certificate, to serve HTTPS with
#[derive(clap::Args)]
pub struct Certificate {
    /// Names and addresses the node is opened by, as hub.example or 10.0.0.5
    #[arg(long = "name", required = true)]
    names: Vec<String>,
    /// Folder for authority.pem, server.pem and server.key; nothing there is overwritten
    #[arg(long)]
    out: PathBuf,
}

pub fn certificate(args: &Certificate) -> anyhow::Result<ExitCode> {
    let (authority, server, key) = make(&args.names)?;
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make {}", args.out.display()))?;
    let files = [("authority.pem", &authority, 0o644), ("server.pem", &server, 0o644)];
    for (name, _, _) in files {
        let path = args.out.join(name);
        if path.exists() {
            bail!("{} is there already: name another folder", path.display());
        }
    }
    keyfile::create(&args.out.join("server.key"), &key, 0o600)?;
    for (name, text, mode) in files {
        keyfile::create(&args.out.join(name), text, mode)?;
    }
    let folder = args.out.display();
    println!("{folder}/server.pem and server.key are for `amana serve --tls-cert --tls-key`");
    println!("{folder}/authority.pem goes on every phone and laptop, as a trusted authority");
    println!("the authority's own key was not kept: for other names, make all three anew");
    Ok(ExitCode::SUCCESS)
}

/// PEM of the authority, of the server's chain, and of the server's key.
fn make(names: &[String]) -> anyhow::Result<(String, String, String)> {
    let today = jiff::Timestamp::now();
    let valid = |params: &mut CertificateParams, days: i64| -> anyhow::Result<()> {
        let date = |from_now: i64| {
            let at = today.checked_add(jiff::SignedDuration::from_hours(24 * from_now))?;
            let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            anyhow::Ok(rcgen::date_time_ymd(
                date.year().into(),
                date.month() as u8,
                date.day() as u8,
            ))
        };
        // A phone's clock may be a day behind.
        params.not_before = date(-1)?;
        params.not_after = date(days)?;
        Ok(())
    };
    let named = |text: &str| {
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, text);
        name
    };
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = named(&format!("Amana at {}", names[0]));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid(&mut params, AUTHORITY_DAYS)?;
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let mut params = CertificateParams::new(names.to_vec())
        .with_context(|| format!("{} are not all names or addresses", names.join(", ")))?;
    params.distinguished_name = named(&names[0]);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    valid(&mut params, SERVER_DAYS)?;
    let key = KeyPair::generate()?;
    let server = params.signed_by(&key, &authority)?;
    Ok((authority.pem(), server.pem() + &authority.pem(), key.serialize_pem()))
}
