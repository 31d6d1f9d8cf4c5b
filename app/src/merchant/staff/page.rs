//! `/merchant/:number/staff`: who works here in which role, invitations, and the way out.

use super::calls::{ChangeRole, Dismiss, Invite, Invited, Leave, RevokeInvitation, ShopStaff, Worker, load_staff};
use crate::merchant::base;
use crate::merchant::choose::role_word;
use crate::pieces::{Banner, Button, Choice, ErrorNote, LinkButton, Look, QrPicture, Section, ShopPage, ShopTab, Tone};
use crate::visitor::{LoadedPage, failure};
use crate::words::{Words, day, lang, moment, words};
use domain::Timestamp;
use domain::merchant::Role;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The forms of the page share them: what went wrong is said at the top.
#[derive(Copy, Clone)]
struct Actions {
    change: ServerAction<ChangeRole>,
    dismiss: ServerAction<Dismiss>,
    revoke: ServerAction<RevokeInvitation>,
    invite: ServerAction<Invite>,
    leave: ServerAction<Leave>,
}

#[component]
pub fn StaffPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let actions = Actions {
        change: ServerAction::new(),
        dismiss: ServerAction::new(),
        revoke: ServerAction::new(),
        invite: ServerAction::new(),
        leave: ServerAction::new(),
    };
    let changed = move || (actions.change.version().get(), actions.dismiss.version().get(), actions.revoke.version().get());
    // Another invitation that was made is another page.
    let made = move || query.with(|query| query.get("made"));
    let number = move || params.with(|params| params.get("number").unwrap_or_default());
    let data = Resource::new_blocking(move || (number(), made(), changed()), |(number, ..)| load_staff(number));
    view! {
        <LoadedPage data let:staff>
            <Staff staff actions />
        </LoadedPage>
    }
}

#[component]
fn Staff(staff: ShopStaff, actions: Actions) -> impl IntoView {
    let t = &words().staff;
    let failures =
        [failure(actions.change), failure(actions.dismiss), failure(actions.revoke), failure(actions.invite), failure(actions.leave)];
    let error = move || failures.iter().find_map(|failure| failure.get());
    let ShopStaff { merchant, role, people, invitations, link, now } = staff;
    let number = merchant.number.to_string();
    let rows = people.into_iter().map(|worker| worker_row(worker, number.clone(), role, actions)).collect_view();
    let link = link.map(|link| {
        view! {
            <Banner tone=Tone::Good>
                <p><b>{t.invited_title}</b></p>
                <p class="small">{t.invited_lead}</p>
                <div class="invitation-qr"><QrPicture content=link.clone() label=t.qr_alt.to_owned() /></div>
                <p>
                    <span class="small">{t.copy_link}</span>
                    " "
                    <code class="city-detail">{link}</code>
                </p>
            </Banner>
        }
    });
    let leave_number = number.clone();
    view! {
        <ShopPage title=t.title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Staff>
            <p class="lead">{t.lead}</p>
            {move || error().map(|message| view! { <ErrorNote message /> })}
            {link}
            <ul class="group">{rows}</ul>
            {(role >= Role::Manager).then(|| view! { <Invitations number invitations role now actions /> })}
            <LinkButton href=format!("{}/devices", base(&merchant)) look=Look::Line>{t.devices_link}</LinkButton>
            <Section title=t.leave>
                <p class="small">{t.leave_lead}</p>
                <ActionForm action=actions.leave>
                    <input type="hidden" name="number" value=leave_number />
                    <Button look=Look::Danger busy=actions.leave.pending()>{t.leave}</Button>
                </ActionForm>
            </Section>
        </ShopPage>
    }
    .into_any()
}

fn worker_row(worker: Worker, number: String, own: Role, actions: Actions) -> AnyView {
    let (lang, t, all) = (lang(), &words().staff, words());
    let Worker { person, name, role, since, is_me } = worker;
    let called = name.clone();
    let forms = (!is_me && own.may_change(role)).then(move || {
        let name = called;
        let (of_change, of_dismiss) = (number.clone(), number);
        // A role that is the same is no change.
        let others: Vec<Role> = own.gives().filter(|other| *other != role).collect();
        let change = (!others.is_empty()).then(|| {
            let options = others.into_iter().map(|role| view! { <option value=role.as_str()>{role_word(all, role)}</option> });
            let label = format!("{} {name}", t.role_label);
            view! {
                <ActionForm action=actions.change attr:class="inline-form">
                    <input type="hidden" name="number" value=of_change />
                    <input type="hidden" name="person" value=person.to_string() />
                    <select class="field-input" name="role" required=true aria-label=label>
                        <option value="">{words().joining.choose}</option>
                        {options.collect_view()}
                    </select>
                    <Button look=Look::Line busy=actions.change.pending()>{t.change_role}</Button>
                </ActionForm>
            }
        });
        view! {
            {change}
            <ActionForm action=actions.dismiss attr:class="inline-form">
                <input type="hidden" name="number" value=of_dismiss />
                <input type="hidden" name="person" value=person.to_string() />
                <Button look=Look::Danger busy=actions.dismiss.pending()>
                    <span aria-hidden="true">{t.dismiss}</span>
                    <span class="for-ears">{t.dismiss_about(&name)}</span>
                </Button>
            </ActionForm>
        }
    });
    view! {
        <li class="row staff-row">
            <span class="row-words">
                <span class="row-title">
                    {name.clone()} " " {is_me.then(|| view! { <span class="tag tag-brand">{t.you}</span> })}
                </span>
                <span class="row-note">{role_word(all, role)} " · " {rights(all, role)}</span>
                <span class="row-note">{t.since(&day(lang, since))}</span>
            </span>
            {forms}
        </li>
    }
    .into_any()
}

fn rights(words: &Words, role: Role) -> &'static str {
    match role {
        Role::Cashier => words.staff.rights_cashier,
        Role::Manager => words.staff.rights_manager,
        Role::Owner => words.staff.rights_owner,
    }
}

#[component]
fn Invitations(number: String, invitations: Vec<Invited>, role: Role, now: Timestamp, actions: Actions) -> impl IntoView {
    let (lang, t, all) = (lang(), &words().staff, words());
    let choices = role.gives().map(|role| {
        let checked = role == Role::Cashier;
        view! { <Choice name="role" value=role.as_str() label=role_word(all, role) note=rights(all, role) checked=checked /> }
    });
    let is_empty = invitations.is_empty();
    let of_row = number.clone();
    let row = |invited: Invited| {
        let number = of_row.clone();
        let about = t.invitation_by(&invited.by, &moment(lang, invited.expires_at, now));
        let heard = about.clone();
        let revoke = role.may_give(invited.role).then(move || {
            view! {
                <ActionForm action=actions.revoke attr:class="inline-form">
                    <input type="hidden" name="number" value=number />
                    <input type="hidden" name="id" value=invited.id.to_string() />
                    <Button look=Look::Line busy=actions.revoke.pending()>{t.revoke} <span class="for-ears">{heard}</span></Button>
                </ActionForm>
            }
        });
        view! {
            <li class="row staff-row">
                <span class="row-words">
                    <span class="row-title">{role_word(all, invited.role)}</span>
                    <span class="row-note">{about}</span>
                </span>
                {revoke}
            </li>
        }
    };
    let rows = invitations.into_iter().map(row).collect_view();
    view! {
        <Section title=t.invite_title>
            <p class="small">{t.invite_lead}</p>
            <ActionForm action=actions.invite attr:class="step-form">
                <input type="hidden" name="number" value=number.clone() />
                <fieldset class="pay-kinds">
                    <legend class="section-title">{t.invite_role}</legend>
                    {choices.collect_view()}
                </fieldset>
                <Button busy=actions.invite.pending()>{t.invite_button}</Button>
            </ActionForm>
        </Section>
        <Section title=t.open_invitations>
            {match is_empty {
                true => view! { <p class="small">{t.no_invitations}</p> }.into_any(),
                false => view! { <ul class="group">{rows}</ul> }.into_any(),
            }}
        </Section>
    }
    .into_any()
}
