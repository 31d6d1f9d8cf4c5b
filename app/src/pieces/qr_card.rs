//! The shop's QR code, drawn as SVG by the server, on a card to show and on a poster to print.

use super::icon::Logo;
use crate::words::{self, Lang, words};
use domain::district::District;
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
pub fn QrPicture(content: String, label: String) -> impl IntoView {
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

/// The picture as a file of its own; `None` when `content` is too long for any QR code.
pub fn qr_svg(content: &str) -> Option<String> {
    let Drawing { path, side } = draw(content)?;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{0}\" height=\"{0}\" \
         shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>\n",
        side * 16
    ))
}

/// The modules with their quiet zone, row by row; true is dark. `None` when `content` is too long for any QR code.
pub fn qr_modules(content: &str) -> Option<Vec<Vec<bool>>> {
    let code = QRBuilder::new(content).ecl(ECL::Q).build().ok()?;
    let side = code.size + 2 * QUIET;
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < code.size);
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if code[y][x].value())
    };
    Some((0..side).map(|y| (0..side).map(|x| dark(x, y)).collect()).collect())
}

/// What a poster is printed on.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// A poster as large as the sheet.
    #[default]
    A4,
    /// Four stickers on an A4 sheet.
    A6,
}

impl Paper {
    pub const ALL: [Paper; 2] = [Paper::A4, Paper::A6];

    pub fn as_str(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::A6 => "a6",
        }
    }

    pub fn parse(text: &str) -> Option<Paper> {
        Paper::ALL.into_iter().find(|paper| paper.as_str() == text)
    }

    fn copies(self) -> usize {
        match self {
            Paper::A4 => 1,
            Paper::A6 => 4,
        }
    }
}

/// The code as posters: they print alone on the sheet (`style/print.css`).
#[component]
pub fn QrPosters(
    #[prop(into)] content: String,
    #[prop(into)] shop: String,
    district: District,
    #[prop(into)] number: String,
    paper: Paper,
    /// Of the poster, whatever the page speaks.
    lang: Lang,
) -> impl IntoView {
    let poster = |_| {
        let (content, shop, number) = (content.clone(), shop.clone(), number.clone());
        view! { <QrPoster content shop place=words::district(lang, district) number lang /> }
    };
    let posters = (0..paper.copies()).map(poster).collect_view();
    view! { <div class=format!("posters is-{}", paper.as_str()) lang=lang.code()>{posters}</div> }.into_any()
}

#[component]
fn QrPoster(content: String, shop: String, place: &'static str, number: String, lang: Lang) -> impl IntoView {
    let t = &lang.words().shop;
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
            <p class="poster-accepts">{t.poster_accepts}</p>
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
    fn the_files_show_the_same_modules() {
        let content = "https://pay.example/pay/00000018";
        let modules = qr_modules(content).expect("a short link fits");
        assert!(modules[..QUIET].iter().flatten().all(|dark| !dark) && modules[QUIET][QUIET] && !modules[QUIET + 1][QUIET + 1]);
        let svg = qr_svg(content).expect("a short link fits");
        assert!(svg.contains(&draw(content).expect("fits").path) && svg.starts_with("<svg xmlns="));
    }

    #[test]
    fn what_is_too_long_is_not_drawn() {
        assert!(draw(&"x".repeat(10_000)).is_none() && qr_svg(&"x".repeat(10_000)).is_none());
    }
}
