//! The shop's QR code, drawn as SVG by the server, on a card to show and on a poster to print.

use super::icon::Logo;
use crate::words::words;
use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use leptos::prelude::*;
use std::fmt::Write;

/// Modules of white around the code, as ISO/IEC 18004 wants.
const QUIET: usize = 4;

/// The dark modules as one SVG path in units of a module, and the side of the picture with its quiet zone.
struct Drawing {
    path: String,
    side: usize,
}

/// `None` when `content` is too long for any QR code.
fn draw(content: &str) -> Option<Drawing> {
    // A printed code gets scratched: a quarter of it may be lost.
    let code = QRBuilder::new(content).ecl(ECL::Q).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = code[y][x..].iter().take_while(|module| module.value()).count();
            if run > 0 {
                // Writing into a String can't fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Some(Drawing { path, side: code.size + 2 * QUIET })
}

/// The picture alone, black on white in every colour scheme: scanners expect it.
#[component]
fn QrPicture(content: String, label: String) -> impl IntoView {
    draw(&content).map(|Drawing { path, side }| {
        view! {
            <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
                <rect class="qr-paper" width="100%" height="100%" />
                <path class="qr-ink" d=path />
            </svg>
        }
    })
}

/// The code on a card: shop, code, the number under it for phones without a camera.
#[component]
pub fn QrCard(
    /// What the code says: a link or an EMVCo text.
    #[prop(into)]
    content: String,
    #[prop(into)] shop: String,
    #[prop(into)] place: String,
    /// The shop's number, eight digits.
    #[prop(into)]
    number: String,
) -> impl IntoView {
    let t = &words().shop;
    view! {
        <figure class="qr-card">
            <figcaption class="qr-shop">
                <span class="qr-name">{shop.clone()}</span>
                <span class="qr-place">{place}</span>
            </figcaption>
            <QrPicture content label=t.qr_alt(&shop) />
            <p class="qr-number">
                <span class="qr-term">{t.qr_number}</span>
                <span class="qr-digits">{spaced(&number)}</span>
            </p>
        </figure>
    }
    .into_any()
}

/// The code as a poster: prints alone on the page (`style/print.css`).
#[component]
pub fn QrPoster(
    #[prop(into)] content: String,
    #[prop(into)] shop: String,
    #[prop(into)] place: String,
    #[prop(into)] number: String,
) -> impl IntoView {
    let t = &words().shop;
    view! {
        <article class="poster">
            <div class="poster-head">
                <Logo />
                <p class="poster-title">{t.poster_title}</p>
            </div>
            <QrPicture content label=t.qr_alt(&shop) />
            <p class="poster-shop">{shop}</p>
            <p class="poster-place">{place}</p>
            <p class="poster-number">
                <span class="qr-term">{t.qr_number}</span>
                <span class="qr-digits">{spaced(&number)}</span>
            </p>
            <p class="poster-how">{t.poster_how}</p>
        </article>
    }
    .into_any()
}

/// "0000 0018": easier to read and to type.
fn spaced(number: &str) -> String {
    match number.split_at_checked(4) {
        Some((head, tail)) if !tail.is_empty() => format!("{head} {tail}"),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_with_its_quiet_zone() {
        let drawing = draw("https://pay.example/pay/00000018").expect("a short link fits");
        assert!(drawing.side >= 21 + 2 * QUIET);
        assert!(drawing.path.starts_with("M4 4h7v1h-7z"), "the finder pattern begins in the corner: {}", drawing.path);
    }

    #[test]
    fn what_is_too_long_is_not_drawn() {
        assert!(draw(&"x".repeat(10_000)).is_none());
    }
}
