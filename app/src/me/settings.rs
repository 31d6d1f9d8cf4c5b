//! Language and size of the text. Kept with the member and in a cookie, so that the server renders the next page right from
//! its first letter. Both are plain forms: the whole page is loaded anew, which is what changes its `<html>`.

use crate::Error;
use crate::pieces::{Glyph, Icon};
use crate::setting::{Setting, TextSize};
use crate::words::{Lang, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Speaks another language from the next page on, here and in messages. Needs no sign-in.
#[server(prefix = "/api", endpoint = "me/language")]
pub async fn choose_language(language: String) -> Result<(), Error> {
    use crate::web::{Cookie, answer, services, set_cookie, who};
    answer(async {
        let chosen = store::Language::parse(&language).ok_or(Error::BadRequest)?;
        set_cookie(Cookie::Language, chosen.as_str());
        if let Some(who) = who().await? {
            services().store.set_language(who.person, chosen).await?;
        }
        Ok(())
    })
    .await
}

/// Shows larger or usual text from the next page on. Needs no sign-in.
#[server(prefix = "/api", endpoint = "me/text")]
pub async fn choose_text_size(size: String) -> Result<(), Error> {
    use crate::web::{Cookie, answer, services, set_cookie, who};
    answer(async {
        let chosen = TextSize::parse(&size);
        set_cookie(Cookie::Text, chosen.as_str());
        if let Some(who) = who().await? {
            services().store.set_text_size(who.person, kept(chosen)).await?;
        }
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn kept(size: TextSize) -> store::TextSize {
    match size {
        TextSize::Usual => store::TextSize::Normal,
        TextSize::Large => store::TextSize::Large,
    }
}

#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let chosen = crate::words::lang();
    let choices = Lang::ALL.map(|lang| (lang.code(), lang.own_name(), Some(lang.code()), lang == chosen));
    view! { <Switch glyph=Glyph::Globe title=words().me.language action=ChooseLanguage::url() name="language" choices=choices.to_vec() /> }
}

#[component]
pub fn TextSizeSwitch() -> impl IntoView {
    let t = &words().me;
    let chosen = use_context::<Setting>().unwrap_or_default().text;
    let choice = |size: TextSize, label: &'static str| (size.as_str(), label, None, size == chosen);
    let choices = vec![choice(TextSize::Usual, t.large_text_off), choice(TextSize::Large, t.large_text_on)];
    view! { <Switch glyph=Glyph::TextSize title=t.large_text action=ChooseTextSize::url() name="size" choices /> }
}

/// Value, label, the label's language when it is not the page's, whether it is the one now.
type Choice = (&'static str, &'static str, Option<&'static str>, bool);

/// One of a few, pressed at once: each is a button that sends the form.
#[component]
fn Switch(glyph: Glyph, title: &'static str, action: &'static str, name: &'static str, choices: Vec<Choice>) -> impl IntoView {
    let button = move |(value, label, lang, is_chosen): Choice| {
        view! {
            <button class="tab" name=name value=value lang=lang aria-pressed=if is_chosen { "true" } else { "false" }>
                {label}
            </button>
        }
    };
    view! {
        <form class="setting" method="post" action=action>
            <span class="row-sign" aria-hidden="true">
                <Icon glyph />
            </span>
            <span class="row-words">
                <span class="row-title" id=format!("{name}-title")>
                    {title}
                </span>
            </span>
            <span class="tabs" role="group" aria-labelledby=format!("{name}-title")>
                {choices.into_iter().map(button).collect_view()}
            </span>
        </form>
    }
}
