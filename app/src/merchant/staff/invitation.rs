//! `/merchant/invitations/:token`: which shop, in which role; and the button that begins. Strangers sign in or up first and come back.

use super::calls::{AcceptInvitation, Invitation, load_invitation};
use crate::merchant::choose::role_word;
use crate::pieces::{Button, ErrorNote, Glyph, Heading, Icon, Page};
use crate::visitor::{Loaded, failure};
use crate::words::{self, lang, moment, words};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn InvitationPage() -> impl IntoView {
    let params = use_params_map();
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    let data = Resource::new_blocking(token, load_invitation);
    view! {
        <Page title=words().staff.accept_title heading=Heading::Large back="/me">
            <Loaded data instead=("/merchant", words().me.my_shops) let:invitation>
                <Accept invitation token=token() />
            </Loaded>
        </Page>
    }
}

#[component]
fn Accept(invitation: Invitation, token: String) -> impl IntoView {
    let (lang, t, all) = (lang(), &words().staff, words());
    let Invitation { shop, role, expires_at, now } = invitation;
    let action = ServerAction::<AcceptInvitation>::new();
    let error = failure(action);
    view! {
        <div class="pay-shop">
            <span class="pay-shop-sign"><Icon glyph=Glyph::Shop /></span>
            <div class="pay-shop-words">
                <p class="pay-shop-name">{shop.name.clone()}</p>
                <p class="pay-shop-place">{words::district(lang, shop.district)} " · " {shop.address}</p>
            </div>
        </div>
        <p class="lead">{t.accept_lead(&shop.name, role_word(all, role))}</p>
        <p class="small">{t.accept_until(&moment(lang, expires_at, now))}</p>
        {move || error.get().map(|message| view! { <ErrorNote message /> })}
        <ActionForm action>
            <input type="hidden" name="token" value=token />
            <Button busy=action.pending()>{t.accept_button}</Button>
        </ActionForm>
    }
    .into_any()
}
