//! What people see: pages and their server functions, by audience and feature.
//!
//! - Citizens: [`start`] (sign-up and sign-in), [`home`], [`waiting`] (the room before a sale), [`buying`], [`paying`], [`refunding`], [`gifting`], [`finding`] (shops), [`history`], [`statement`] (a year of it, for the tax return), [`me`].
//! - Shops: [`merchant`], [`takings`] (what they take in, and their payments found).
//! - The city: [`city`], its console.
//! - Shared: [`pieces`] (what pages are made of), [`words`] (every sentence, by language), [`error`] (what people get when
//!   something did not work), [`visitor`] (who looks, and how pages wait and say errors), [`setting`] (language, size
//!   of the text), [`outside`], `settling` and `web` (what server functions stand on).
//!
//! Every page is rendered on the server and works as plain HTML; [`App`] then comes alive in the browser.

pub mod buying;
pub mod city;
pub mod error;
pub mod finding;
pub mod gifting;
pub mod history;
pub mod home;
pub mod me;
pub mod merchant;
pub mod offline;
#[cfg(feature = "ssr")]
pub mod outside;
pub mod paying;
pub mod pieces;
pub mod refunding;
mod routes;
pub mod setting;
#[cfg(feature = "ssr")]
pub mod settling;
pub mod shell;
pub mod start;
pub mod statement;
pub mod takings;
pub mod visitor;
pub mod waiting;
#[cfg(feature = "ssr")]
pub mod web;
pub mod words;

pub use error::Error;
pub use routes::App;
