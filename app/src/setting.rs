//! How a page is set: its language, the size of its text, whether a sandbox stands behind. The server decides by cookies and
//! configuration and writes it on `<html>`; the browser reads it there, so both render the same page.

use crate::words::Lang;
use leptos::prelude::*;

/// How large a person wants the text.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    #[default]
    Usual,
    Large,
}

impl TextSize {
    /// As in the cookie and in `data-text`.
    pub fn as_str(self) -> &'static str {
        match self {
            TextSize::Usual => "usual",
            TextSize::Large => "large",
        }
    }

    /// Anything unknown is the usual size.
    pub fn parse(text: &str) -> TextSize {
        if text == TextSize::Large.as_str() { TextSize::Large } else { TextSize::Usual }
    }
}

/// What `<html>` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    pub lang: Lang,
    pub text: TextSize,
    /// Base URL of the sandbox's pages when nothing here is real money.
    pub sandbox: Option<String>,
}

impl Setting {
    /// Of this page. Without a request (and without a document) all is as usual.
    pub fn here() -> Setting {
        here().unwrap_or_default()
    }

    /// For all components below: [`crate::words::lang`], and this as context.
    pub fn provide(self) {
        provide_context(self.lang);
        provide_context(self);
    }

    /// Where the sandbox shows the messages it received.
    pub fn inbox(&self) -> Option<String> {
        self.sandbox.as_deref().map(|base| format!("{}/inbox", base.trim_end_matches('/')))
    }
}

/// Language: what was chosen, else what the browser asks for, else Korean.
#[cfg(feature = "ssr")]
fn here() -> Option<Setting> {
    use crate::web::{Cookie, Services, cookie_in, language, of_request};
    let sandbox = use_context::<Services>().and_then(|services| services.sandbox).map(|base| base.to_string());
    of_request(|parts| Setting {
        lang: language(&parts.headers),
        text: cookie_in(&parts.headers, Cookie::Text).map(TextSize::parse).unwrap_or_default(),
        sandbox,
    })
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn here() -> Option<Setting> {
    let root = document().document_element()?;
    Some(Setting {
        lang: root.get_attribute("lang").as_deref().and_then(Lang::parse).unwrap_or_default(),
        text: root.get_attribute("data-text").as_deref().map(TextSize::parse).unwrap_or_default(),
        sandbox: root.get_attribute("data-sandbox"),
    })
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
fn here() -> Option<Setting> {
    None
}
