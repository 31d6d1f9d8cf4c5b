//! Where a person wanted to go before signing in. It travels in the address as `?next=/pay/00000018`, so it may come from
//! anybody: only a path of our own is followed.

/// Longer ones are nobody's.
const NEXT_MAX_BYTES: usize = 300;

/// A path of our own to go on to after signing in, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Next(Option<String>);

impl Next {
    /// Follows a path that begins with one `/` and has only visible ASCII (so no header is split and no browser folds `\` or a
    /// tab into a second `/`), and that is a page: neither a step of the sign-in itself nor a server function.
    pub fn parse(raw: &str) -> Next {
        let is_visible = raw.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let is_ours = raw.starts_with('/') && !raw.starts_with("//") && raw.len() <= NEXT_MAX_BYTES && is_visible;
        let path = raw.split(['?', '#']).next().unwrap_or_default();
        let first = path.split('/').nth(1).unwrap_or_default();
        // Dots climb: "/x/../start" is "/start" to a browser.
        let climbs = path.split('/').any(|part| matches!(part.replace("%2e", ".").replace("%2E", ".").as_str(), "." | ".."));
        let is_page = path != "/" && !climbs && !matches!(first, "start" | "api");
        Next((is_ours && is_page).then(|| raw.to_owned()))
    }

    /// As in a form's field; empty when there is none.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Where to go at the end.
    pub fn href(&self) -> &str {
        self.0.as_deref().unwrap_or("/")
    }

    /// `step` (a path without a query) with this behind it.
    pub fn behind(&self, step: &str) -> String {
        match &self.0 {
            Some(next) => format!("{step}?next={}", encoded(next)),
            None => step.to_owned(),
        }
    }
}

/// For a value in a query. Slashes may stay as they are, which keeps addresses readable.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_our_own_are_followed() {
        for ours in ["/buy", "/pay/00000018", "/merchant/00000018/qr", "/history?month=202511&x=1", "/startled"] {
            assert_eq!(Next::parse(ours).href(), ours);
        }
        let foreign = [
            "",
            "buy",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/buy\r\nSet-Cookie: a=b",
            "/start",
            "/start/code",
            "/buy/../start",
            "/buy/%2e%2E/start",
            "/start?next=/start",
            "/api/start/out",
            "/가게",
            " /buy",
            "/",
        ];
        for foreign in foreign {
            assert_eq!(Next::parse(foreign), Next(None), "{foreign}");
        }
        assert_eq!(Next::parse(&format!("/{}", "a".repeat(NEXT_MAX_BYTES))), Next(None));
    }

    #[test]
    fn it_travels_behind_each_step() {
        assert_eq!(Next::parse("/pay/18?amount=1000&x=%20").behind("/start/code"), "/start/code?next=/pay/18%3Famount%3D1000%26x%3D%2520");
        assert_eq!(Next::default().behind("/start/code"), "/start/code");
    }
}
