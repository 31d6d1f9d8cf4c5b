//! Pretendard Variable in 92 subsets, of which a browser fetches those whose letters a page shows.

use super::{copy as copy_file, files_below, read, write};
use crate::failure::{Failure, Result};
use crate::place::Place;
use std::path::Path;

/// Writes `pretendard.css` and `pretendard/*.woff2` into `fonts`, with the licence that has to go with them (it heads the CSS).
pub fn copy(place: &Place, fonts: &Path) -> Result<()> {
    let web = place.npm("pretendard/dist/web/variable");
    let css = read(&web.join("pretendardvariable-dynamic-subset.css"))?;
    let css = String::from_utf8(css).map_err(|_| Failure::because("Pretendard's CSS is not UTF-8"))?;
    let here = css.replace("url(./woff2-dynamic-subset/", "url(/fonts/pretendard/");
    if here == css {
        return Err(Failure::because("Pretendard's CSS names its subsets differently now; see xtask/src/site/fonts.rs"));
    }
    write(&fonts.join("pretendard.css"), &here)?;
    let subsets = web.join("woff2-dynamic-subset");
    for subset in files_below(&subsets)? {
        copy_file(&subsets.join(&subset), &fonts.join("pretendard").join(&subset))?;
    }
    Ok(())
}
