//! Leaflet, which draws the finder's map, beside what is ours of it (`public/map`).

use super::{copy as copy_file, files_below};
use crate::failure::Result;
use crate::place::Place;
use std::path::Path;

/// Writes Leaflet's script, its style with the pictures that this names, and its licence into `map`.
pub fn copy(place: &Place, map: &Path) -> Result<()> {
    let leaflet = place.npm("leaflet/dist");
    for file in ["leaflet.js", "leaflet.css"] {
        copy_file(&leaflet.join(file), &map.join(file))?;
    }
    copy_file(&place.npm("leaflet/LICENSE"), &map.join("leaflet-license.txt"))?;
    for picture in files_below(&leaflet.join("images"))? {
        copy_file(&leaflet.join("images").join(&picture), &map.join("images").join(&picture))?;
    }
    Ok(())
}
