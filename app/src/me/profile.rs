//! The page itself: the person, and the way to every setting.

use crate::Error;
use crate::me::settings::{LanguageSwitch, TextSizeSwitch};
use crate::pieces::{Glyph, LinkRow, Page, Section, SkeletonShape, Tab};
use crate::setting::Setting;
use crate::start::{ForgetPin, SignOut};
use crate::visitor::Loaded;
use crate::words::words;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::{Deserialize, Serialize};

/// A member as the page shows it. Personal, so it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    /// Masked. `None`: the number has gone to somebody else.
    pub phone: Option<String>,
    /// Masked.
    pub bank: Option<String>,
    pub birth_year: i16,
    pub sessions: usize,
    /// Names of the shops this is staff of.
    pub shops: Vec<String>,
}

#[server(prefix = "/api", endpoint = "me/profile")]
pub async fn my_profile() -> Result<Profile, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (who, store) = (signed_in().await?, services().store);
        let member = store.member(who.person).await?.ok_or(Error::SignedOut)?;
        Ok(Profile {
            birth_year: member.birth_year(),
            phone: member.phone.map(|phone| phone.masked()),
            bank: member.bank_masked,
            sessions: store.sessions(who.person, now()).await?.len(),
            shops: store.shops_of(who.person).await?.into_iter().map(|(shop, _)| shop.name).collect(),
            name: member.name,
        })
    })
    .await
}

#[component]
pub fn MePage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| my_profile());
    view! {
        <Page title=words().me.title tab=Tab::Me>
            <Loaded data shape=SkeletonShape::Rows let:profile>
                <Mine profile />
            </Loaded>
        </Page>
    }
}

#[component]
fn Mine(profile: Profile) -> impl IntoView {
    let t = &words().me;
    let first = profile.name.chars().next().map(String::from).unwrap_or_default();
    let inbox = use_context::<Setting>().and_then(|setting| setting.inbox());
    let shops = (!profile.shops.is_empty()).then(|| profile.shops.join(", "));
    let bank = profile.bank.unwrap_or_else(|| t.bank_none.to_owned());
    view! {
        <div class="card">
            <div class="profile">
                <span class="profile-sign" aria-hidden="true">
                    {first}
                </span>
                <div>
                    <p class="profile-name">{profile.name}</p>
                    <p class="small">{t.verified}</p>
                </div>
            </div>
            <dl class="facts">
                {profile.phone.map(|phone| view! { <Fact name=t.phone value=phone /> })}
                <Fact name=t.birth_year value=profile.birth_year.to_string() />
            </dl>
        </div>
        <div class="group">
            <LinkRow glyph=Glyph::Bank title=t.bank note=bank href="/me/bank" />
            <LinkRow glyph=Glyph::Devices title=t.sessions note=t.sessions_count(profile.sessions) href="/me/sessions" />
            <LinkRow glyph=Glyph::Chart title=words().statement.title note=words().statement.note href="/statement" />
            <LinkRow glyph=Glyph::Plus title=words().joining.new_shop note=words().joining.new_shop_note href="/merchant/new" />
            {shops.map(|note| view! { <LinkRow glyph=Glyph::Shop title=t.my_shops note href="/merchant" /> })}
            {inbox.map(|href| view! { <LinkRow glyph=Glyph::Phone title=words().sandbox.inbox href /> })}
        </div>
        <div class="group">
            <LanguageSwitch />
            <TextSizeSwitch />
        </div>
        <About />
        <form method="post" action=ForgetPin::url()>
            <button class="button button-plain">
                <span class="button-label">{words().start.pin_forgotten}</span>
            </button>
        </form>
        <form method="post" action=SignOut::url()>
            <button class="button button-line">
                <span class="button-label">{t.sign_out}</span>
            </button>
        </form>
    }
}

#[component]
fn Fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// What Pay+ is made of, and under which licences.
#[component]
fn About() -> impl IntoView {
    let t = &words().me;
    view! {
        <Section title=t.about>
            <div class="card">
                <p>{t.about_what}</p>
                <div>
                    <h3 class="small">{t.licences}</h3>
                    <ul class="licences">
                        <li>{t.licence_font}</li>
                        <li>{t.licence_voice}</li>
                        <li>{words().finding.licence_map}</li>
                    </ul>
                </div>
            </div>
        </Section>
    }
}
