//! The own icon set: one stroke, round ends, a 24 px grid; the plus of the logo returns wherever it means something.
//! Drawn inline, so that no request and no sheet stands between a button and its sign.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Glyph {
    Home,
    Ticket,
    Gift,
    Scan,
    History,
    Me,
    Back,
    Chevron,
    Down,
    Close,
    Check,
    Alert,
    Info,
    SoundOn,
    SoundOff,
    Shop,
    Copy,
    Light,
    Globe,
    TextSize,
    Devices,
    Logout,
    Plus,
    Erase,
    Clock,
    Bank,
    Lock,
    Keypad,
    Print,
    Offline,
    Phone,
    Code,
    Chart,
    Download,
}

impl Glyph {
    /// SVG inside the 24 by 24 box. `class="tone"` marks the soft inner fill.
    fn drawing(self) -> &'static str {
        match self {
            Glyph::Home => {
                r#"<path class="tone" d="M4 10.6 12 4l8 6.6V18.500a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z"/><path d="M9.500 20.500V15.500a2.500 2.500 0 0 1 5 0v5"/>"#
            }
            Glyph::Ticket => {
                r#"<path class="tone" d="M3.500 8A2 2 0 0 1 5.500 6h13a2 2 0 0 1 2 2v1.900a2.100 2.100 0 0 0 0 4.200V16a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-1.900a2.100 2.100 0 0 0 0-4.200z"/><path d="M12 9.500v5M9.500 12h5"/>"#
            }
            Glyph::Gift => {
                r#"<path class="tone" d="M5 11.500h14V18.500a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2z"/><path d="M3.500 8h17v3.500h-17zM12 8v12.500M12 8C8.500 8 6.500 6.500 7.500 4.700 8.700 2.800 11.300 4.500 12 8zM12 8c3.500 0 5.500-1.500 4.500-3.300C15.300 2.800 12.700 4.500 12 8z"/>"#
            }
            Glyph::Scan => {
                r#"<path d="M4 8.500V6.500A2.500 2.500 0 0 1 6.500 4h2M15.500 4h2A2.500 2.500 0 0 1 20 6.500v2M20 15.500v2a2.500 2.500 0 0 1-2.500 2.500h-2M8.500 20h-2A2.500 2.500 0 0 1 4 17.500v-2"/><path d="M12 8v8M8 12h8"/>"#
            }
            Glyph::History => {
                r#"<path class="tone" d="M5 5.500a1.500 1.500 0 0 1 1.500-1.500h11A1.500 1.500 0 0 1 19 5.500v15l-2.330-1.600-2.330 1.600L12 18.900l-2.340 1.600-2.330-1.600L5 20.500z"/><path d="M8.500 8.800h7M8.500 12.800h4.200"/>"#
            }
            Glyph::Me => {
                r#"<circle class="tone" cx="12" cy="8.300" r="3.900"/><path class="tone" d="M4.700 20.300c.5-3.700 3.500-5.900 7.300-5.900s6.800 2.200 7.300 5.900z"/>"#
            }
            Glyph::Back => r#"<path d="M15 5l-7 7 7 7"/>"#,
            Glyph::Chevron => r#"<path d="M9.500 6l6 6-6 6"/>"#,
            Glyph::Down => r#"<path d="M6 9.500l6 6 6-6"/>"#,
            Glyph::Close => r#"<path d="M6 6l12 12M18 6L6 18"/>"#,
            Glyph::Check => r#"<path d="M5 12.600l4.600 4.500L19 7.500"/>"#,
            Glyph::Alert => r#"<circle class="tone" cx="12" cy="12" r="8.500"/><path d="M12 7.500v5.300M12 16.200v.1"/>"#,
            Glyph::Info => r#"<circle class="tone" cx="12" cy="12" r="8.500"/><path d="M12 11v5.300M12 7.700v.1"/>"#,
            Glyph::SoundOn => {
                r#"<path class="tone" d="M4 9.500v5h3.500l4.500 4V5.500l-4.500 4z"/><path d="M15.300 9.200a4.200 4.200 0 0 1 0 5.600M17.900 6.600a7.900 7.900 0 0 1 0 10.800"/>"#
            }
            Glyph::SoundOff => {
                r#"<path class="tone" d="M4 9.500v5h3.500l4.500 4V5.500l-4.500 4z"/><path d="M16 9.700l4.600 4.600M20.600 9.700L16 14.300"/>"#
            }
            Glyph::Shop => {
                r#"<path d="M4.800 11.500V18.500a2 2 0 0 0 2 2h10.400a2 2 0 0 0 2-2v-7"/><path class="tone" d="M5.600 4h12.800l2.100 4.600a2.840 2.840 0 0 1-5.660.5 2.840 2.840 0 0 1-5.680 0 2.840 2.840 0 0 1-5.660-.5z"/><path d="M10 20.300v-4.600h4v4.600"/>"#
            }
            Glyph::Copy => {
                r#"<rect class="tone" x="8.500" y="8.500" width="11.500" height="11.500" rx="2.500"/><path d="M15.500 5.500A1.500 1.500 0 0 0 14 4H6a2 2 0 0 0-2 2v8a1.500 1.500 0 0 0 1.500 1.500"/>"#
            }
            Glyph::Light => {
                r#"<path class="tone" d="M8 3.500h8v3.300L14 10v9a1.500 1.500 0 0 1-1.500 1.500h-1A1.500 1.500 0 0 1 10 19v-9L8 6.800z"/><path d="M8 6.800h8M12 12.500v2"/>"#
            }
            Glyph::Globe => {
                r#"<circle class="tone" cx="12" cy="12" r="8.500"/><path d="M12 3.500c4.700 5 4.700 12 0 17-4.700-5-4.700-12 0-17zM3.500 12h17"/>"#
            }
            Glyph::TextSize => r#"<path d="M2.800 19L8.400 5h.2l5.600 14M4.800 14.300h7.400M15 19l3-7.700h.2l3 7.700M16 16.600h4.200"/>"#,
            Glyph::Devices => {
                r#"<path d="M12 15.500H5A1.500 1.500 0 0 1 3.500 14V6A1.500 1.500 0 0 1 5 4.500h12.500M3.500 19h8.500"/><rect class="tone" x="14.500" y="8.500" width="6" height="11.500" rx="1.500"/>"#
            }
            Glyph::Logout => r#"<path d="M10 4.500H6.500a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H10M15.500 8l4 4-4 4M19 12H10"/>"#,
            Glyph::Plus => r#"<path d="M12 5v14M5 12h14"/>"#,
            Glyph::Erase => {
                r#"<path class="tone" d="M9 5.500h9.500a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9L3 12z"/><path d="M11 9.600l4.800 4.800M15.800 9.600L11 14.400"/>"#
            }
            Glyph::Clock => r#"<circle class="tone" cx="12" cy="12" r="8.500"/><path d="M12 7.300V12l3 2.200"/>"#,
            Glyph::Bank => {
                r#"<path class="tone" d="M4 9.500L12 4l8 5.500z"/><path d="M6 12.500V17M10 12.500V17M14 12.500V17M18 12.500V17M4 20h16"/>"#
            }
            Glyph::Lock => {
                r#"<rect class="tone" x="5" y="10.500" width="14" height="10" rx="2.500"/><path d="M8 10.500V8a4 4 0 0 1 8 0v2.500M12 14.500v2"/>"#
            }
            Glyph::Keypad => r#"<path d="M6 6v.01M12 6v.01M18 6v.01M6 12v.01M12 12v.01M18 12v.01M12 18v.01" stroke-width="2.800"/>"#,
            Glyph::Print => {
                r#"<path d="M7.500 8.500V4h9v4.500"/><path class="tone" d="M7 17H5.500a2 2 0 0 1-2-2v-4.500a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2V15a2 2 0 0 1-2 2H17"/><path d="M7.500 14h9v6.500h-9z"/>"#
            }
            Glyph::Offline => {
                r#"<path d="M3 9.500a13.500 13.500 0 0 1 18 0M6.200 13a8.800 8.800 0 0 1 11.600 0M9.400 16.400a4.300 4.300 0 0 1 5.200 0M12 19.800v.1M4.500 4l15 16"/>"#
            }
            Glyph::Phone => r#"<rect class="tone" x="6.500" y="3.500" width="11" height="17" rx="2.500"/><path d="M10.500 17.500h3"/>"#,
            Glyph::Chart => {
                r#"<path class="tone" d="M5 13.500h3.500v6.500H5zM10.300 8.500h3.500v11.500h-3.500zM15.600 4.500h3.500v15.500h-3.500z"/><path d="M3.500 20.300h17"/>"#
            }
            Glyph::Download => r#"<path d="M12 4v10.500M7.500 10.300l4.500 4.500 4.500-4.500M5 19.500h14"/>"#,
            Glyph::Code => r#"<path d="M4.500 6v12M8 6v12M11 6v12M15.500 6v12M19.500 6v12" /><path d="M13 6v12" stroke-width="1"/>"#,
        }
    }
}

/// A sign beside words, silent for screen readers: the words say it.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" inner_html=glyph.drawing()></svg> }
}

/// The app's sign: a P whose stem grows a plus.
#[component]
pub fn LogoMark() -> impl IntoView {
    view! {
        <svg class="logo-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="logo-p" d="M8.500 27V7.500h7.250a6.250 6.250 0 0 1 0 12.500H8.500" />
            <path class="logo-plus" d="M25 19v9M20.500 23.500h9" />
        </svg>
    }
    .into_any()
}

/// The sign and the name, as a word for screen readers.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <span class="logo" role="img" aria-label="Pay+">
            <span aria-hidden="true">"Pay"</span>
            <svg class="logo-sign" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
                <path d="M6 1.500v9M1.500 6h9" />
            </svg>
        </span>
    }
    .into_any()
}
