//! HAProxy before the nodes: Debian's, as a child of ours with a configuration of its own.

use super::Service;
use crate::failure::{Result, While};
use crate::tools;
use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Proxy {
    service: Service,
    _file: Configuration,
}

/// A file that goes when it is dropped.
struct Configuration(PathBuf);

impl Drop for Configuration {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Proxy {
    pub fn start(addr: SocketAddr, nodes: &[SocketAddr], log: &Path) -> Result<Proxy> {
        let program = tools::haproxy()?;
        let file = Configuration(std::env::temp_dir().join(format!("payplus-proxy-{}.cfg", std::process::id())));
        fs::write(&file.0, configuration(addr, nodes)).while_doing("writing the proxy's configuration")?;
        let mut command = Command::new(program);
        // In the foreground: its life is ours.
        command.arg("-db").arg("-f").arg(&file.0);
        let mut service = Service::start("the proxy", &mut command, log.to_owned())?;
        service.wait_for(addr, "/ready")?;
        Ok(Proxy { service, _file: file })
    }

    pub fn service(&mut self) -> &mut Service {
        &mut self.service
    }
}

/// What every proxy before Pay+ has to do, in HAProxy's words:
///
/// - `/ready` decides who is asked. A node that stops says no first, and what it has taken it answers.
/// - A node that can't be connected to is no reason for an error: another is asked. When it is gone before it answers, only what
///   changes nothing is asked again; a purchase or a payment is sent again by whoever wants it, with its id.
/// - An answer of 503 is an answer (shedding): asking the next node would spread the load that it speaks of.
/// - Streams are passed on as they come (without `http-no-delay` HAProxy holds a small event back for 200 ms) and may be silent for longer than between two of their comments.
/// - The server believes the last address in X-Forwarded-For: only the proxy's own may stand there.
fn configuration(addr: SocketAddr, nodes: &[SocketAddr]) -> String {
    let mut text = format!(
        "\
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout http-keep-alive 30s
    timeout queue 5s
    retries 3
    option redispatch 1
    option http-no-delay
    retry-on conn-failure empty-response

frontend people
    bind {addr}
    http-request del-header X-Forwarded-For
    option forwardfor
    default_backend nodes

backend nodes
    balance leastconn
    http-reuse never
    http-request disable-l7-retry unless METH_GET
    option httpchk
    http-check send meth GET uri /ready ver HTTP/1.1 hdr Host {addr}
    http-check expect status 200
    default-server check inter 250ms fall 1 rise 1
"
    );
    for (number, node) in (1..).zip(nodes) {
        // Writing to a string can't fail.
        let _ = writeln!(text, "    server node{number} {node}");
    }
    text
}

/// HAProxy reads its own configuration; here only that each node is in it, and nobody listens but on the address given.
#[test]
fn every_node_is_named_and_only_one_address_is_bound() {
    let nodes: Vec<SocketAddr> = (8_081..8_084).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect();
    let text = configuration(SocketAddr::from(([127, 0, 0, 1], 8_080)), &nodes);
    let starting = |word: &str| text.lines().filter(|line| line.trim().starts_with(word)).map(str::trim).collect::<Vec<_>>();
    assert_eq!(starting("bind"), ["bind 127.0.0.1:8080"]);
    assert_eq!(starting("server "), ["server node1 127.0.0.1:8081", "server node2 127.0.0.1:8082", "server node3 127.0.0.1:8083"]);
}
