//! A shop's printed code as a file: `GET /merchant/NUMBER/qr.svg` and `qr.png`, for its staff. The page prints posters; a print shop wants
//! the code alone.

use crate::at_shop::at_shop;
use crate::trouble::Trouble;
use app::Error;
use app::merchant::printed_code;
use app::pieces::{qr_modules, qr_svg};
use app::web::Services;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::merchant::{Merchant, Role};
use http::{HeaderMap, header};
use image::{ExtendedColorType, ImageEncoder};

/// Pixels a module: some 700 wide, sharp on a menu.
const SCALE: usize = 16;

pub async fn svg(State(services): State<Services>, Path(number): Path<String>, headers: HeaderMap) -> Response {
    let made = code(&services, &number, &headers).await.and_then(|(shop, code)| {
        let svg = qr_svg(&code).ok_or(Error::NotFound)?;
        Ok(file(&shop, "svg", "image/svg+xml", svg.into_bytes()))
    });
    made.unwrap_or_else(|error| Trouble::new(error).into_response())
}

pub async fn png(State(services): State<Services>, Path(number): Path<String>, headers: HeaderMap) -> Response {
    let made = code(&services, &number, &headers).await.and_then(|(shop, code)| {
        let modules = qr_modules(&code).ok_or(Error::NotFound)?;
        Ok(file(&shop, "png", "image/png", drawn(&modules)?))
    });
    made.unwrap_or_else(|error| Trouble::new(error).into_response())
}

/// The shop and what stands in its code, for staff; strangers learn nothing.
async fn code(services: &Services, number: &str, headers: &HeaderMap) -> Result<(Merchant, String), Error> {
    let shop = at_shop(services, headers, number, Role::Cashier).await?.shop;
    let code = printed_code(&shop)?.ok_or(Error::NotFound)?;
    Ok((shop, code))
}

fn drawn(modules: &[Vec<bool>]) -> Result<Vec<u8>, Error> {
    let side = modules.len() * SCALE;
    let row = |modules: &Vec<bool>| -> Vec<u8> {
        modules.iter().flat_map(|dark| std::iter::repeat_n(if *dark { 0 } else { u8::MAX }, SCALE)).collect()
    };
    let grey: Vec<u8> = modules.iter().flat_map(|modules| row(modules).repeat(SCALE)).collect();
    let wide = u32::try_from(side).map_err(|error| app::web::incident(&error))?;
    let mut png = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut png);
    encoder.write_image(&grey, wide, wide, ExtendedColorType::L8).map_err(|error| app::web::incident(&error))?;
    Ok(png)
}

fn file(shop: &Merchant, ending: &str, kind: &'static str, body: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"payplus-{}.{ending}\"", shop.number);
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response()
}
