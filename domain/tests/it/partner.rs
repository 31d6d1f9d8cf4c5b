use domain::Won;
use domain::partner::{Cap, Endpoint, Event, KeyScope, KeyScopes, Loopback, PartnerName, TRIED_FOR_MS, is_public, pause_ms};

fn cap(most: i64, held: i64, sold: i64) -> Cap {
    Cap { most: Won::of(most), held: Won::of(held), sold: Won::of(sold) }
}

#[test]
fn a_cap_counts_what_is_held_and_what_is_sold() {
    for (cap, face, after) in [
        (cap(100, 0, 0), 100, Some(cap(100, 100, 0))),
        (cap(100, 0, 0), 101, None),
        (cap(100, 40, 50), 10, Some(cap(100, 50, 50))),
        (cap(100, 40, 50), 11, None),
        (cap(0, 0, 0), 1, None),
        // Lowered below what is sold already.
        (cap(10, 0, 50), 1, None),
    ] {
        assert_eq!(cap.reserve(Won::of(face)), after, "{face} of {cap:?}");
    }
    assert_eq!(cap(100, 50, 0).release(Won::of(50), Won::of(50)), Some(cap(100, 0, 50)));
    assert_eq!(cap(100, 50, 0).release(Won::of(50), Won::ZERO), Some(cap(100, 0, 0)));
    assert_eq!(cap(100, 50, 0).release(Won::of(51), Won::ZERO), None);
}

#[test]
fn scopes_and_events_read_back_and_nothing_else_does() {
    for text in ["read", "buy", "read,buy", "read,buy,webhooks"] {
        assert_eq!(KeyScopes::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(KeyScopes::parse(" buy , read ").unwrap().to_string(), "read,buy");
    assert_eq!(KeyScopes::EVERY.to_string(), "read,buy,webhooks");
    for wrong in ["", ",", "read,", "write", "Read"] {
        assert_eq!(KeyScopes::parse(wrong), None, "{wrong}");
    }
    let read = KeyScopes::parse("read").unwrap();
    assert_eq!(KeyScope::ALL.map(|scope| read.has(scope)), [true, false, false]);
    for event in Event::ALL {
        assert_eq!(Event::parse(event.as_str()), Some(event));
    }
    assert_eq!(Event::parse("purchase.unknown"), None);
}

#[test]
fn names_are_lines_that_a_command_line_can_hold() {
    for fine in ["T-money Pay", "신한 SOL", "머니트리", "A&B"] {
        assert_eq!(PartnerName::parse(&format!(" {fine} ")).unwrap().as_str(), fine);
    }
    for wrong in ["", " ", "a=b", "a\nb", "<b>", "\"", &"가".repeat(41)] {
        assert_eq!(PartnerName::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn pauses_double_with_jitter_and_end() {
    for (tries, least_ms) in [(1, 2_000), (2, 4_000), (10, 1_024_000), (14, 16_384_000), (15, 21_600_000), (60, 21_600_000)] {
        assert_eq!(pause_ms(tries, 0), least_ms);
        assert_eq!(pause_ms(tries, 1_000), least_ms * 3 / 2);
        assert_eq!(pause_ms(tries, u16::MAX), least_ms * 3 / 2);
    }
    // Some two dozen tries until it is given up.
    let (mut tried_for_ms, mut tries) = (0, 0);
    while tried_for_ms < TRIED_FOR_MS {
        tries += 1;
        tried_for_ms += pause_ms(tries, 500);
    }
    assert!((15..=30).contains(&tries), "{tries}");
}

#[test]
fn endpoints_are_https_on_the_public_internet() {
    for fine in
        ["https://pay.example.com/hooks", "https://pay.example.com:8443/a?b=c", "https://8.8.8.8/", "https://[2606:4700::1111]:443/x"]
    {
        assert_eq!(Endpoint::parse(fine, Loopback::Refused).unwrap().as_str(), fine);
    }
    for wrong in [
        "",
        "pay.example.com",
        "http://pay.example.com/",
        "ftp://pay.example.com/",
        "https://",
        "https:///x",
        "https://localhost/",
        "https://user:pass@pay.example.com/",
        "https://pay.example.com@127.0.0.1/",
        "https://pay.example.com/#x",
        "https://pay.example.com:0/",
        "https://pay.example.com:99999/",
        "https://pay example.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://a.0x7f000001/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://결제.example.com/",
        &format!("https://pay.example.com/{}", "a".repeat(300)),
    ] {
        assert_eq!(Endpoint::parse(wrong, Loopback::Refused), None, "{wrong}");
    }
    for here in ["http://127.0.0.1:8099/hook", "https://127.0.0.1/", "http://[::1]:9/"] {
        assert!(Endpoint::parse(here, Loopback::Allowed).is_some(), "{here}");
        assert_eq!(Endpoint::parse(here, Loopback::Refused), None, "{here}");
    }
    for wrong in ["http://10.0.0.1/", "https://10.0.0.1/", "http://pay.example.com/", "http://localhost/"] {
        assert_eq!(Endpoint::parse(wrong, Loopback::Allowed), None, "{wrong}");
    }
}

#[test]
fn addresses_that_are_not_of_the_internet_at_large() {
    let public = |text: &str| is_public(text.parse().unwrap());
    for fine in [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "198.17.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1",
    ] {
        assert!(public(fine), "{fine}");
    }
    for hidden in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
    ] {
        assert!(!public(hidden), "{hidden}");
    }
}
