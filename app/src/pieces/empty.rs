//! When there is nothing yet, or not yet: one action, or the room that what is coming will take.

use super::button::{LinkButton, Look};
use super::icon::{Glyph, Icon};
use crate::words::words;
use leptos::prelude::*;

/// Nothing here, why, and the one thing to do about it.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    #[prop(optional, into)] href: Option<String>,
    #[prop(optional, into)] action: Option<String>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-sign"><Icon glyph /></span>
            <p class="empty-title">{title}</p>
            {lead.map(|lead| view! { <p class="empty-lead">{lead}</p> })}
            {href.zip(action).map(|(href, action)| view! { <LinkButton href=href look=Look::Soft>{action}</LinkButton> })}
        </div>
    }
    .into_any()
}

/// What kind of room is kept.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum SkeletonShape {
    #[default]
    Rows,
    Figure,
    Card,
}

/// Room for what is loading, in its own size: nothing jumps when it comes.
#[component]
pub fn Skeleton(
    #[prop(optional)] shape: SkeletonShape,
    /// How many of it.
    #[prop(default = 3)]
    count: usize,
) -> impl IntoView {
    let class = match shape {
        SkeletonShape::Rows => "bone bone-row",
        SkeletonShape::Figure => "bone bone-figure",
        SkeletonShape::Card => "bone bone-card",
    };
    view! {
        <div class="skeleton" role="status">
            <span class="for-ears">{words().common.loading}</span>
            {(0..count).map(|_| view! { <span class=class aria-hidden="true"></span> }).collect_view()}
        </div>
    }
    .into_any()
}
