//! `/city/plans/new`: which voucher, which day, which shape. All of it can be changed on the next page.

use super::fields::{Input, KindChoice};
use super::frame::{CityTab, Frame, Loaded};
use super::plan_calls::{MakePlan, NewDay, load_new_day};
use crate::pieces::{Button, Choice, ErrorNote};
use crate::visitor::failure;
use crate::words::words;
use leptos::prelude::*;

#[component]
pub fn NewPlanPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_new_day());
    view! {
        <Loaded data let:new>
            <Frame title=words().city.new_title tab=CityTab::New who=new.who.clone()>
                <MakingForm new />
            </Frame>
        </Loaded>
    }
}

#[component]
fn MakingForm(new: NewDay) -> impl IntoView {
    let t = &words().city;
    let action = ServerAction::<MakePlan>::new();
    let error = failure(action);
    let chosen = new.kinds.first().map(|kind| kind.id.to_string()).unwrap_or_default();
    view! {
        <p class="lead">{t.made_lead}</p>
        <ActionForm action attr:class="city-form card">
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            <div class="city-fields">
                <Input label=t.name_ko name="name_ko" value="" maxlength=60 required=true />
                <Input label=t.name_en name="name_en" value="" maxlength=60 required=true />
                <KindChoice name="kind" kinds=new.kinds chosen />
                <Input label=t.day name="day" value=new.day r#type="date" required=true />
                <Input label=t.total_amount name="total" value="50,000,000,000" inputmode="numeric" maxlength=20 />
            </div>
            <fieldset class="city-shapes">
                <legend class="field-label">{t.shape}</legend>
                <Choice name="shape" value="parity" label=t.shape_parity note=t.shape_parity_note checked=true />
                <Choice name="shape" value="empty" label=t.shape_empty note=t.shape_empty_note />
            </fieldset>
            <div class="actions">
                <Button busy=action.pending()>{t.make}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}
