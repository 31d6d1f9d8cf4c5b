use std::net::SocketAddr;
use std::time::Duration;

use sandbox::{Fault, Operation, Rule, Sandbox, Service, Settings};
use tokio::net::{TcpListener, TcpStream};

use crate::ask::{ID, order};
use crate::wire::exchange;

#[tokio::test]
async fn it_serves_on_a_loopback_port_of_its_own_until_stopped() {
    let (one, two) = (sandbox::start().await.unwrap(), sandbox::start().await.unwrap());
    assert_ne!(one.base_url, two.base_url);
    let addr: SocketAddr = one.base_url.strip_prefix("http://").unwrap().parse().unwrap();
    assert!(addr.ip().is_loopback());
    assert!(exchange(&one.base_url, "GET", "/health", "").await.ends_with(br#"{"status":"ok"}"#));
    one.stop().await;
    assert!(TcpStream::connect(addr).await.is_err());
    two.stop().await;
}

#[tokio::test]
async fn other_addresses_are_refused() {
    for addr in ["0.0.0.0:0", "192.0.2.1:8090", "[::]:0"] {
        let error = sandbox::bind(addr.parse().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{addr}");
    }
    let everywhere = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let sandbox = Sandbox::open(Settings::default()).unwrap();
    let error = sandbox::serve(everywhere, sandbox, async {}).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_slow_request_does_not_hold_the_stop() {
    let running = sandbox::start().await.unwrap();
    running.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::Slow).delay_ms(600_000)).unwrap();
    let base_url = running.base_url.clone();
    let waiting = tokio::spawn(async move { exchange(&base_url, "POST", "/bank/v1/debits", &order(ID, 93_000).to_string()).await });
    while running.sandbox.balance().debits == 0 {
        tokio::task::yield_now().await;
    }
    let addr = running.base_url.strip_prefix("http://").unwrap().to_owned();
    tokio::time::timeout(Duration::from_secs(60), running.stop()).await.expect("not the ten minutes of the fault");
    assert!(TcpStream::connect(addr).await.is_err());
    waiting.abort();
}
