//! Whether a connection is encrypted, and whose certificate is taken for the server's.
//!
//! As libpq has it, but for two things: without `sslmode` nothing is encrypted, rather than sometimes, and
//! `verify-full` names the file of the authorities it believes.

use crate::error::OpenError;
use ::postgres::config::SslMode;
use ::postgres::{Client, Config, Error, NoTls};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// `sslmode` and `sslrootcert` of a store's URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// `disable`, or nothing said: for a socket, or a network that is nobody else's.
    None,
    /// `require`: encrypted, to whoever answers. Nobody reads along; somebody may stand between.
    Unchecked,
    /// `verify-full`: encrypted, to a server that has the host's name by an authority of this file.
    Checked(PathBuf),
}

/// A server as a store's URL names it, with how it is spoken to.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub config: Config,
    pub tls: Option<Arc<ClientConfig>>,
}

impl Encryption {
    /// From the URL's own words; why not, in a sentence.
    pub fn read(mode: Option<&str>, authorities: Option<&str>) -> Result<Self, String> {
        match (mode, authorities) {
            (None | Some("disable"), None) => Ok(Self::None),
            (Some("require"), None) => Ok(Self::Unchecked),
            (Some("verify-full"), Some(file)) => Ok(Self::Checked(PathBuf::from(file))),
            (Some("verify-full"), None) => {
                Err("sslmode=verify-full needs sslrootcert=FILE, the authorities to believe \
                     (those of the system: /etc/ssl/certs/ca-certificates.crt)"
                    .to_owned())
            }
            (_, Some(_)) => {
                Err("sslrootcert is looked at with sslmode=verify-full only".to_owned())
            }
            (Some(mode), None) => {
                Err(format!("sslmode={mode} is not known: use disable, require or verify-full"))
            }
        }
    }
}

impl Server {
    /// Reads the file of authorities, when there is one.
    pub fn new(mut config: Config, encryption: &Encryption) -> Result<Self, OpenError> {
        let tls = match encryption {
            Encryption::None => None,
            Encryption::Unchecked => {
                let anybody = Arc::new(Anybody(Arc::new(ring::default_provider())));
                Some(
                    builder()?
                        .dangerous()
                        .with_custom_certificate_verifier(anybody)
                        .with_no_client_auth(),
                )
            }
            Encryption::Checked(file) => {
                let roots = authorities(file)?;
                Some(builder()?.with_root_certificates(roots).with_no_client_auth())
            }
        };
        // A server that has no certificate is then refused, rather than spoken to in the clear.
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, tls: tls.map(Arc::new) })
    }

    pub fn connect(&self, config: &Config) -> Result<Client, Error> {
        match &self.tls {
            None => config.connect(NoTls),
            Some(tls) => config.connect(MakeRustlsConnect::new((**tls).clone())),
        }
    }
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, OpenError> {
    let provider = Arc::new(ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Tls(error.to_string()))
}

fn authorities(file: &PathBuf) -> Result<RootCertStore, OpenError> {
    let wrong = |why: String| OpenError::Tls(format!("{}: {why}", file.display()));
    let mut roots = RootCertStore::empty();
    let found = CertificateDer::pem_file_iter(file).map_err(|e| wrong(e.to_string()))?;
    for certificate in found {
        let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
        // A system's list may hold some that rustls does not take; the others still count.
        let _ = roots.add(certificate);
    }
    if roots.is_empty() {
        Err(wrong("no authority's certificate is in it".to_owned()))
    } else {
        Ok(roots)
    }
}

/// Takes any certificate; that the server holds its key is checked all the same.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
