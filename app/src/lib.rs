//! What people see: pages and their server functions, by audience and feature.

pub mod words;
