//! The pieces that every screen is built from, each with all its states and each working before the wasm arrives.
//!
//! Look and layout are in `style/pieces.css`; a piece only names its class. Words come from [`crate::words`], in the
//! language of the context. Nothing here asks the server for anything.

mod amount_pad;
mod bank_progress;
mod banner;
mod bottom_sheet;
mod button;
pub mod chart;
mod code_screen;
mod data_table;
mod empty;
mod field;
mod icon;
mod live;
mod live_row;
mod meter_bar;
mod money;
mod not_found;
mod page;
mod pin_field;
mod pin_pad;
mod pulse;
mod qr_card;
mod receipt;
mod rows;
mod sale_clock;
mod shop_page;
mod slip;
mod toast;
mod voucher;

pub use amount_pad::AmountPad;
pub use bank_progress::{BankProgress, Pace, Step, Steps};
pub use banner::{Banner, ErrorNote, SandboxRibbon, Tone};
pub use bottom_sheet::BottomSheet;
pub use button::{Button, LinkButton, Look};
pub use code_screen::{Bars, CodeClock, stay_awake};
pub use data_table::{Column, DataTable};
pub use empty::{EmptyState, Skeleton, SkeletonShape};
pub use field::{Choice, Field, Need};
pub use icon::{Glyph, Icon, Logo, LogoMark};
pub use live::{device_now, keep_in_step, ticking, when_live};
pub use live_row::{LiveRow, Mark};
pub use meter_bar::MeterBar;
pub use money::{Money, MoneySize};
pub use not_found::{NotFound, PlainMessage};
pub use page::{BottomNav, Heading, Page, Section, Tab, TopBar};
pub use pin_field::{PinConfirm, PinField};
pub use pin_pad::PinPad;
pub use pulse::ConfirmationPulse;
pub use qr_card::{Paper, QrCard, QrPicture, QrPosters, qr_modules, qr_svg};
pub use receipt::{Facts, Receipt};
pub use rows::{LinkRow, PaymentRow, PurchaseRow, RefundRow};
pub use sale_clock::SaleClock;
pub use shop_page::{ShopPage, ShopTab};
pub use slip::{Lines, Slip, SlipButtons, SlipPaper, print, stamp};
pub use toast::{ToastShelf, Toasts, provide_toasts, toasts};
pub use voucher::{VoucherCard, hue_class};
