//! What a request is for, by its path: how much it is needed while the machine is full.

/// The least needed first.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// The console's lists, histories, the list of a draw.
    Looking,
    /// Who signs up or in now was not going to pay this minute.
    SigningUp,
    /// Lining up and buying. What is left is there in a minute too; who waits keeps the place.
    Buying,
    /// What a signed-in person sees of the own money: balance, receipts.
    Reading,
    /// Never refused: paying and being paid, keeping a place in line, and what ends an overload.
    Paying,
}

/// The first that fits: a path, and everything below it.
const RULES: &[(&str, Class)] = &[
    ("/api/pay", Class::Paying),
    ("/pay", Class::Paying),
    ("/payments", Class::Paying),
    // Signing a shop up, and who works there, are not the counter.
    ("/api/merchant/new", Class::SigningUp),
    ("/merchant/new", Class::SigningUp),
    ("/api/merchant/invitations", Class::SigningUp),
    ("/merchant/invitations", Class::SigningUp),
    ("/api/merchant/application", Class::Looking),
    ("/photos", Class::Reading),
    ("/api/merchant", Class::Paying),
    ("/merchant", Class::Paying),
    ("/api/takings/payments", Class::Reading),
    ("/api/takings", Class::Looking),
    ("/api/purchases/get", Class::Reading),
    ("/api/purchases", Class::Buying),
    ("/api/offers", Class::Buying),
    // Nobody refunds on a sale morning what can't wait an hour; whoever looks at one under way sees it.
    ("/api/refunds/get", Class::Reading),
    ("/api/refunds/lots", Class::Reading),
    ("/api/refunds", Class::Looking),
    ("/refund", Class::Looking),
    ("/refunds", Class::Reading),
    // What was given is looked at as a receipt is; giving and accepting can wait an hour.
    ("/api/gifts/list", Class::Reading),
    ("/api/gifts/sent", Class::Reading),
    ("/api/gift/open", Class::Reading),
    ("/api/gifts", Class::Looking),
    ("/api/gift", Class::Looking),
    ("/gifts/new", Class::Looking),
    ("/gifts", Class::Reading),
    ("/gift", Class::Reading),
    ("/vouchers", Class::Reading),
    ("/api/rooms", Class::Buying),
    ("/wait", Class::Buying),
    ("/buy", Class::Buying),
    ("/api/start/out", Class::Reading),
    ("/api/start", Class::SigningUp),
    ("/start", Class::SigningUp),
    ("/api/shops", Class::Looking),
    ("/shops", Class::Looking),
    ("/api/history", Class::Looking),
    ("/history", Class::Looking),
    ("/api/statement", Class::Looking),
    ("/statement", Class::Looking),
    // Whoever steers the rooms can take the load away.
    ("/api/city/start", Class::Paying),
    ("/city/start", Class::Paying),
    ("/api/city/rooms", Class::Paying),
    ("/city/rooms", Class::Paying),
    ("/api/city", Class::Looking),
    ("/city", Class::Looking),
    ("/partner/v1/people", Class::SigningUp),
    ("/partner/v1/purchases", Class::Buying),
    ("/partner/v1/windows", Class::Buying),
    ("/partner", Class::Looking),
    ("/api/me", Class::Reading),
    ("/me", Class::Reading),
    ("/api/home", Class::Reading),
    ("/api/visitor", Class::Reading),
    ("/offline", Class::Reading),
    ("/pkg", Class::Paying),
    ("/health", Class::Paying),
    ("/ready", Class::Paying),
    ("/metrics", Class::Paying),
];

impl Class {
    /// All that may be refused.
    pub const SHEDDABLE: [Class; 4] = [Class::Looking, Class::SigningUp, Class::Buying, Class::Reading];

    pub fn of(path: &str) -> Class {
        Class::named(path).unwrap_or(Class::Reading)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Class::Looking => "looking",
            Class::SigningUp => "signing up",
            Class::Buying => "buying",
            Class::Reading => "reading",
            Class::Paying => "paying",
        }
    }

    fn named(path: &str) -> Option<Class> {
        match path.strip_prefix("/room/") {
            Some(of_room) if of_room.ends_with("/draw") => return Some(Class::Looking),
            Some(_) => return Some(Class::Paying),
            None => {}
        }
        // A place in line is kept through a partner too.
        if path.starts_with("/partner/v1/windows/") && path.ends_with("/renewals") {
            return Some(Class::Paying);
        }
        // A receipt, unlike the page that sells.
        if path.strip_prefix("/buy/").is_some_and(|id| !id.is_empty()) {
            return Some(Class::Reading);
        }
        // Of a shop's pages, what a quiet hour is for.
        match path.strip_prefix("/merchant/").and_then(|rest| rest.split_once('/')).map(|(_, page)| page) {
            Some("sales") => return Some(Class::Looking),
            Some(page) if page.starts_with("export/") => return Some(Class::Looking),
            Some("payments") => return Some(Class::Reading),
            _ => {}
        }
        // A file, but one that is written for whoever asks.
        if path.starts_with("/statement/") {
            return Some(Class::Looking);
        }
        // Files cost nothing: their names have an ending.
        if path.rsplit('/').next().is_some_and(|file| file.contains('.')) && !path.starts_with("/api/") {
            return Some(Class::Paying);
        }
        let fits = |rule: &str| path.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        RULES.iter().find(|(rule, _)| fits(rule)).map(|(_, class)| *class).or((path == "/").then_some(Class::Reading))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_how_much() {
        for (path, class) in [
            ("/api/pay", Class::Paying),
            ("/api/pay/desk", Class::Paying),
            ("/pay/0000-0017", Class::Paying),
            ("/payments/0193d6a0-0000-7000-8000-000000000001", Class::Paying),
            ("/merchant/0000-0017/notices", Class::Paying),
            ("/merchant/new/7/photo", Class::SigningUp),
            ("/api/merchant/new/begin", Class::SigningUp),
            ("/api/merchant/devices/end", Class::Paying),
            ("/photos/7", Class::Reading),
            ("/merchant/0000-0017/payments", Class::Reading),
            ("/merchant/0000-0017/payments/0193d6a0-0000-7000-8000-000000000001", Class::Paying),
            ("/merchant/0000-0017/sales", Class::Looking),
            ("/merchant/0000-0017/export/csv", Class::Looking),
            ("/api/takings/look", Class::Looking),
            ("/room/7/renew", Class::Paying),
            ("/partner/v1/windows/7/renewals", Class::Paying),
            ("/partner/v1/windows/7/tickets", Class::Buying),
            ("/partner/v1/people", Class::SigningUp),
            ("/partner/docs", Class::Looking),
            ("/room/7/draw", Class::Looking),
            ("/api/purchases/buy", Class::Buying),
            ("/buy", Class::Buying),
            ("/wait/7", Class::Buying),
            ("/api/rooms/join", Class::Buying),
            ("/api/purchases/get", Class::Reading),
            ("/vouchers/1", Class::Reading),
            ("/api/refunds/lots", Class::Reading),
            ("/api/refunds/refund", Class::Looking),
            ("/buy/0193d6a0-0000-7000-8000-000000000001", Class::Reading),
            ("/me", Class::Reading),
            ("/", Class::Reading),
            ("/what/nobody/knows", Class::Reading),
            ("/payroll", Class::Reading),
            ("/start/code", Class::SigningUp),
            ("/api/start/phone", Class::SigningUp),
            ("/city", Class::Looking),
            ("/api/city/log", Class::Looking),
            ("/city/rooms/7", Class::Paying),
            ("/api/city/rooms/steer", Class::Paying),
            ("/history", Class::Looking),
            ("/statement", Class::Looking),
            ("/statement/2026.csv", Class::Looking),
            ("/api/statement/year", Class::Looking),
            ("/api/shops/find", Class::Looking),
            ("/pkg/payplus.0123456789abcdef.wasm", Class::Paying),
            ("/icons/icon-192.png", Class::Paying),
            ("/ready", Class::Paying),
        ] {
            assert_eq!(Class::of(path), class, "{path}");
        }
    }

    #[test]
    fn every_server_function_and_every_page_has_been_thought_of() {
        let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
        let pages = leptos_axum::generate_route_list(app::App).into_iter().map(|page| page.path().to_owned());
        let all: Vec<String> = functions.chain(pages).collect();
        assert!(all.len() > 60, "{all:?}");
        let forgotten: Vec<_> = all.iter().filter(|path| Class::named(path).is_none()).collect();
        assert!(forgotten.is_empty(), "say in RULES how much these are needed: {forgotten:?}");
    }
}
