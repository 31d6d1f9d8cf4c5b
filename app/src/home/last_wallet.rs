//! The wallet as it was last seen, kept in this browser for the page that is shown without a connection. Never read back as
//! truth, and gone when a stranger looks.

use super::calls::MemberHome;
use super::held::Held;
use crate::words::{self, kind_name};
use serde::Serialize;

/// What the offline page reads (`public/`, the service worker's shell).
#[derive(Serialize)]
struct LastWallet {
    balance_won: i64,
    at_ms: i64,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    left_won: i64,
}

impl LastWallet {
    fn of(home: &MemberHome) -> LastWallet {
        let lang = words::lang();
        let line = |held: &Held| Line { name: kind_name(lang, &held.kind).to_owned(), left_won: held.left.get() };
        LastWallet {
            balance_won: Held::balance(&home.held).get(),
            at_ms: home.now.as_millisecond(),
            lines: home.held.iter().map(line).collect(),
        }
    }
}

/// Once the page lives.
pub(super) fn remember(home: &MemberHome) {
    keep(Some(LastWallet::of(home)));
}

pub(super) fn forget() {
    keep(None);
}

#[cfg(feature = "hydrate")]
fn keep(wallet: Option<LastWallet>) {
    use gloo_storage::{LocalStorage, Storage};
    use leptos::prelude::Effect;
    const KEY: &str = "payplus.last_wallet";
    Effect::new(move |_| match &wallet {
        // A browser that stores nothing has no offline page either.
        Some(wallet) => drop(LocalStorage::set(KEY, wallet)),
        None => LocalStorage::delete(KEY),
    });
}

#[cfg(not(feature = "hydrate"))]
fn keep(wallet: Option<LastWallet>) {
    // The server has nothing to keep it in.
    drop(wallet);
}
