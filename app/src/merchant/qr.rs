//! `/merchant/:number/qr`: the shop's static code, to show on the screen or to print.

use super::choose::standing_word;
use super::{ShopQr, base, load_qr};
use crate::pieces::{Button, EmptyState, Glyph, LinkButton, Look, Paper, QrCard, QrPosters, Section, ShopPage, ShopTab, print};
use crate::visitor::LoadedPage;
use crate::words::{self, Lang, lang, words};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn QrPage() -> impl IntoView {
    let params = use_params_map();
    let code = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_qr);
    view! {
        <LoadedPage data=code let:shop>
            <Code shop />
        </LoadedPage>
    }
}

#[component]
fn Code(shop: ShopQr) -> impl IntoView {
    let t = &words().shop;
    let ShopQr { merchant, role, code } = shop;
    let place = words::district(lang(), merchant.district);
    let name = merchant.name.clone();
    let number = merchant.number.to_string();
    let standing = standing_word(words(), merchant.standing);
    let query = use_query_map();
    let paper = move || query.with(|query| query.get("paper").as_deref().and_then(Paper::parse)).unwrap_or_default();
    let poster_lang = move || query.with(|query| query.get("lang").as_deref().and_then(Lang::parse)).unwrap_or_else(lang);
    let page = format!("{}/qr", base(&merchant));
    let (district, links) = (merchant.district, page.clone());
    let papers = move || {
        let (paper, poster_lang, page) = (paper(), poster_lang(), links.clone());
        let choice = move |this: Paper, of: Lang, label: &'static str| {
            let href = format!("{page}?paper={}&lang={}", this.as_str(), of.code());
            let is_chosen = (this, of) == (paper, poster_lang);
            view! { <a class="chip" href=href aria-current=is_chosen.then_some("true")>{label}</a> }
        };
        let each = [
            (Paper::A4, Lang::Ko, t.paper_a4_ko),
            (Paper::A4, Lang::En, t.paper_a4_en),
            (Paper::A6, Lang::Ko, t.paper_a6_ko),
            (Paper::A6, Lang::En, t.paper_a6_en),
        ];
        view! { <div class="paper-choices">{each.map(|(paper, lang, label)| choice(paper, lang, label)).collect_view()}</div> }.into_any()
    };
    let content = match code {
        Some(code) => view! {
            <div class="qr-page">
                <QrCard content=code.clone() shop=name.clone() place number=number.clone() />
                <div class="qr-words">
                    <p class="lead">{t.qr_lead}</p>
                    <Section title=t.paper>
                        {papers}
                        <div class="with-js">
                            <Button look=Look::Primary r#type="button" on_press=Callback::new(|_| print())>{t.qr_print}</Button>
                        </div>
                    </Section>
                    <Section title=t.qr_files>
                        <div class="chips">
                            <a class="chip" href=format!("{page}.svg") download>"SVG"</a>
                            <a class="chip" href=format!("{page}.png") download>"PNG"</a>
                        </div>
                        <p class="field-hint">{t.qr_files_hint}</p>
                    </Section>
                    <LinkButton href=format!("{}/ask", base(&merchant)) look=Look::Soft>{words().codes.ask_title}</LinkButton>
                </div>
            </div>
            {move || view! {
                <QrPosters content=code.clone() shop=name.clone() district number=number.clone() paper=paper() lang=poster_lang() />
            }}
        }
        .into_any(),
        None => view! { <EmptyState glyph=Glyph::Scan title=t.qr_none_title lead=format!("{standing}. {}", t.qr_none) /> }.into_any(),
    };
    view! {
        <ShopPage title=t.qr_title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Qr>
            {content}
        </ShopPage>
    }
}
