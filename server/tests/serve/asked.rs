//! Calls to the register over TLS, as an outside system makes them: with the files that it was
//! given, or without a certificate.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::house::House;

/// Who calls.
pub(crate) struct Caller(Arc<ClientConfig>);

impl Caller {
    /// The bank that the setup made a certificate for.
    pub(crate) fn bank(house: &House) -> Self {
        let file = |name: &str| house.file("sakta-data/client").join(name);
        let chain = CertificateDer::pem_file_iter(file("bank.pem")).unwrap();
        let chain: Vec<_> = chain.collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_file(file("bank.key")).unwrap();
        let config = trusting(house).with_client_auth_cert(chain, key);
        Self(Arc::new(config.unwrap()))
    }

    /// Somebody who shows nothing.
    pub(crate) fn stranger(house: &House) -> Self {
        Self(Arc::new(trusting(house).with_no_client_auth()))
    }
}

fn trusting(house: &House) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_file(house.file("sakta-data/transport/ca.pem"));
    roots.add(root.unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    config.unwrap().with_root_certificates(roots)
}

/// What the part behind `door` answers to `operation`.
pub(crate) async fn call(
    door: &SocketAddr,
    caller: &Caller,
    operation: &str,
    body: &str,
) -> io::Result<String> {
    let (config, door) = (Arc::clone(&caller.0), *door);
    let request = format!(
        "POST /call/{operation} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    tokio::task::spawn_blocking(move || answer(config, door, &request)).await.unwrap()
}

fn answer(config: Arc<ClientConfig>, door: SocketAddr, request: &str) -> io::Result<String> {
    let name = ServerName::try_from("localhost").map_err(io::Error::other)?;
    let connection = ClientConnection::new(config, name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect(door)?);
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        // It closes without saying so once all is said.
        Err(why) if why.kind() == io::ErrorKind::UnexpectedEof && !answer.is_empty() => Ok(answer),
        read => read.map(|_| answer),
    }
}
