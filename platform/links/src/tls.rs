//! Mutual TLS with keys that do not leave their keeper.

use std::sync::Arc;

use base::Clock;
use keys::{Algorithm, Purpose, Signer};
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig, SignatureAlgorithm, SignatureScheme, version,
};

/// The purpose of transport keys.
#[derive(Debug)]
pub enum Transport {}

impl Purpose for Transport {
    const NAME: &'static str = "links.transport";
}

/// What one system shows to others and whom it trusts: TLS 1.3 only, both sides with certificate.
#[derive(Clone, Debug)]
pub struct Tls {
    /// For calling: HTTP/2 only.
    pub client: Arc<ClientConfig>,
    /// For being called: HTTP/2, and HTTP/1.1 for other tools.
    pub server: Arc<ServerConfig>,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The key cannot be used in TLS 1.3 here: P-256, P-384 and Ed25519 can.
    #[error("{0} is no algorithm for transport keys")]
    Algorithm(Algorithm),
    /// Chain, key or roots do not fit.
    #[error("certificates and key do not fit")]
    Library(#[from] rustls::Error),
    /// The roots cannot be used.
    #[error("the roots cannot be used")]
    Roots,
}

impl Tls {
    /// With `chain` (own certificate first, DER), its key, the transport authority's `roots`
    /// (DER), and the time by which certificates are judged.
    ///
    /// # Errors
    /// [`TlsError`]
    pub fn new(
        chain: Vec<Vec<u8>>,
        signer: Signer<Transport>,
        roots: &[Vec<u8>],
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let time: Arc<dyn TimeProvider> = Arc::new(Time(clock));
        let roots = Arc::new(store(roots)?);
        let own = Arc::new(SingleCertAndKey::from(certified(chain, signer)?));
        let client = client(&provider, &time, &roots, &own)?;
        Ok(Self { client, server: server(&provider, &time, &roots, own)? })
    }
}

fn store(roots: &[Vec<u8>]) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(CertificateDer::from(root.clone()))?;
    }
    Ok(store)
}

fn certified(chain: Vec<Vec<u8>>, signer: Signer<Transport>) -> Result<CertifiedKey, TlsError> {
    let scheme = match signer.algorithm() {
        Algorithm::P256 => SignatureScheme::ECDSA_NISTP256_SHA256,
        Algorithm::P384 => SignatureScheme::ECDSA_NISTP384_SHA384,
        Algorithm::Ed25519 => SignatureScheme::ED25519,
        other => return Err(TlsError::Algorithm(other)),
    };
    let chain = chain.into_iter().map(CertificateDer::from).collect();
    let certified = CertifiedKey::new(chain, Arc::new(Hand { signer, scheme }));
    certified.keys_match()?;
    Ok(certified)
}

fn client(
    provider: &Arc<CryptoProvider>,
    time: &Arc<dyn TimeProvider>,
    roots: &Arc<RootCertStore>,
    own: &Arc<SingleCertAndKey>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let verifier = WebPkiServerVerifier::builder_with_provider(roots.clone(), provider.clone());
    let mut config = ClientConfig::builder_with_details(provider.clone(), time.clone())
        .with_protocol_versions(&[&version::TLS13])?
        .with_webpki_verifier(verifier.build().map_err(|_| TlsError::Roots)?)
        .with_client_cert_resolver(own.clone());
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

fn server(
    provider: &Arc<CryptoProvider>,
    time: &Arc<dyn TimeProvider>,
    roots: &Arc<RootCertStore>,
    own: Arc<SingleCertAndKey>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone());
    let mut config = ServerConfig::builder_with_details(provider.clone(), time.clone())
        .with_protocol_versions(&[&version::TLS13])?
        .with_client_cert_verifier(verifier.build().map_err(|_| TlsError::Roots)?)
        .with_cert_resolver(own);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[derive(Debug)]
struct Time(Arc<dyn Clock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().seconds()).ok()?;
        Some(UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}

#[derive(Clone, Debug)]
struct Hand {
    signer: Signer<Transport>,
    scheme: SignatureScheme,
}

impl SigningKey for Hand {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn rustls::sign::Signer>> {
        if offered.contains(&self.scheme) { Some(Box::new(self.clone())) } else { None }
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(SubjectPublicKeyInfoDer::from(self.signer.public_key().spki()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.scheme {
            SignatureScheme::ED25519 => SignatureAlgorithm::ED25519,
            _ => SignatureAlgorithm::ECDSA,
        }
    }
}

impl rustls::sign::Signer for Hand {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        self.signer.sign(message).map_err(|_| rustls::Error::General("signing refused".into()))
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}
