//! Where a partner wants to be told, and which addresses of the network nobody may send us to: a webhook's receiver is chosen by
//! somebody else, and must not be a machine of ours (SSRF).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const URL_CHARS_MAX: usize = 300;

/// Whether a receiver on this machine is fine: in tests and demonstrations, where a sandbox stands behind.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Loopback {
    Allowed,
    Refused,
}

/// `https://host/...`, and `http://127.0.0.1:.../...` where loopback is allowed. Without user, password or fragment. The host may still
/// turn out to be one of ours: [`is_public`] judges the address once it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint(String);

impl Endpoint {
    pub fn parse(text: &str, loopback: Loopback) -> Option<Endpoint> {
        Endpoint::parse_within(URL_CHARS_MAX, text, loopback)
    }

    /// The same with another most of characters: those that browsers are given by their push services are long.
    pub fn parse_within(most_chars: usize, text: &str, loopback: Loopback) -> Option<Endpoint> {
        let text = text.trim();
        let is_plain = text.len() <= most_chars && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\#@`{}|^".contains(&byte));
        let (scheme, rest) = text.split_once("://").filter(|_| is_plain)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host_of(authority)?;
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let is_fine = match (scheme, literal) {
            ("https" | "http", Some(ip)) if ip.is_loopback() => loopback == Loopback::Allowed,
            ("https", Some(ip)) => is_public(ip),
            ("https", None) => is_name(host),
            _ => false,
        };
        is_fine.then(|| Endpoint(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Without its port.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0)).then_some(host)
}

/// Of the public DNS: labels with a dot between them, and a letter in the last, so that no old way of writing an address (`127.1`,
/// `0x7f000001`) is one.
fn is_name(host: &str) -> bool {
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !label.starts_with('-')
    };
    let last = labels.last().copied().unwrap_or_default();
    labels.len() > 1 && labels.iter().all(is_label) && last.bytes().any(|byte| byte.is_ascii_alphabetic()) && !last.starts_with("0x")
}

/// Does this address belong to the internet at large? By the special-purpose registries of IANA (RFC 6890 and its updates): not this
/// machine, not a private net, not link-local (where clouds keep their metadata), no multicast, no address that hides another.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    !matches!(
        ip.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

/// Only 2000::/3 is given out; of it not what carries an IPv4 address (6to4, Teredo) and not what stands in books. Mapped and translated
/// addresses (::ffff:0:0/96, 64:ff9b::/96) lie outside.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let is_given_out = parts[0] & 0xe000 == 0x2000;
    let is_special = matches!(parts, [0x2001, 0..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] | [0x3fff, 0..=0x0fff, ..]);
    is_given_out && !is_special
}
