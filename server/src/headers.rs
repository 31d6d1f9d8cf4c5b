//! What every response says to the browser besides its content: where scripts may come from, who may frame us, what may be kept.

use axum::extract::Request;
use axum::response::Response;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::fmt::Write;

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Without JavaScript a form's error goes back to the page that the referrer names.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(self), payment=(), usb=(), display-capture=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The content security policy: `nonce` is that of the page's own scripts; `live_reload` opens the door to cargo-leptos.
pub fn policy(nonce: Option<&str>, live_reload: Option<u16>) -> HeaderValue {
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let mut policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'{nonce}; img-src 'self' data:; font-src 'self'; \
         media-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
         connect-src 'self'"
    );
    if let Some(port) = live_reload {
        // Writing to a string can't fail.
        let _ = write!(policy, " ws://127.0.0.1:{port} ws://localhost:{port}");
    }
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// Adds what the inside did not say itself.
pub async fn add(request: Request, next: impl AsyncFnOnce(Request) -> Response) -> Response {
    let keeping = keeping(request.uri().path());
    let mut response = next(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| policy(None, None));
    let keeping = if may_be_kept(status) && !is_page(headers) { keeping } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(keeping));
    response
}

fn may_be_kept(status: StatusCode) -> bool {
    status.is_success() || status == StatusCode::NOT_MODIFIED
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|of| of.as_bytes().starts_with(b"text/html"))
}

/// How long a browser may keep what stands at a path, when it is a file.
fn keeping(path: &str) -> &'static str {
    const FOR_EVER: &str = "public, max-age=31536000, immutable";
    const A_DAY: &str = "public, max-age=86400";
    // Asks each time whether it is still the same.
    const ASK: &str = "no-cache";
    let (folder, file) = path.trim_start_matches('/').split_once('/').unwrap_or(("", path));
    match folder {
        "pkg" if is_hashed(file) => FOR_EVER,
        "pkg" => ASK,
        "fonts" if file.ends_with(".woff2") => FOR_EVER,
        "fonts" | "icons" | "voice" | "map" => A_DAY,
        "" if ["/sw.js", "/offline.html"].contains(&path) => ASK,
        "" if path.ends_with(".webmanifest") => "public, max-age=3600",
        "" if [".svg", ".ico", ".png", ".txt"].iter().any(|end| path.ends_with(end)) => A_DAY,
        _ => "no-store",
    }
}

/// `payplus.0123456789abcdef.js`: another content has another name.
fn is_hashed(file: &str) -> bool {
    file.split('.')
        .rev()
        .nth(1)
        .is_some_and(|hash| hash.len() >= 16 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_kept_by_its_path() {
        let for_ever = "public, max-age=31536000, immutable";
        for (path, expected) in [
            ("/pkg/payplus.0123456789abcdef.js", for_ever),
            ("/pkg/payplus.0123456789abcdef.wasm", for_ever),
            ("/pkg/payplus.js", "no-cache"),
            ("/pkg/snippets/a/inline0.js", "no-cache"),
            ("/fonts/a/b.woff2", for_ever),
            ("/fonts/pretendard.css", "public, max-age=86400"),
            ("/map/districts.json", "public, max-age=86400"),
            ("/sw.js", "no-cache"),
            ("/manifest.webmanifest", "public, max-age=3600"),
            ("/", "no-store"),
            ("/history", "no-store"),
            ("/statement/2026.csv", "no-store"),
            ("/buy/0193d6a0-0000-7000-8000-000000000001", "no-store"),
            ("/api/visitor", "no-store"),
            ("/merchant/0000-0017/notices", "no-store"),
        ] {
            assert_eq!(keeping(path), expected, "{path}");
        }
    }

    #[test]
    fn scripts_need_the_nonce_of_their_page() {
        let policy = policy(Some("abc="), None);
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' 'nonce-abc=';"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("ws:"), "{policy}");
    }
}
