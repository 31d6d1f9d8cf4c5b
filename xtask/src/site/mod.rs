//! The site: what browsers fetch as files. Built from the wasm of `frontend`, `style/`, `public/`, Pretendard and Leaflet into one folder
//! with hashed names for what changes and `.br` and `.gz` beside all that shrinks.
//!
//! The costly part (wasm-bindgen, brotli of the wasm) is done once per wasm and kept; the rest takes a second
//! and is skipped when nothing changed.

mod fonts;
mod map;
mod style;

use crate::failure::{Result, While};
use crate::place::Place;
use crate::process::run;
use crate::step::step;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

const COMPRESS: &str = include_str!("compress.mjs");

/// Names of functions are for debuggers: more than half of the file.
const BINDGEN: [&str; 2] = ["--remove-name-section", "--remove-producers-section"];

/// Brings the site up to date with `wasm` and writes `hash.txt` beside the server, where Leptos looks for it.
pub fn build(place: &Place, wasm: &Path) -> Result<()> {
    let code = browser_code(place, wasm)?;
    let css = style::bundle(&place.root.join("style/main.css"))?;
    let public = files_below(&place.root.join("public"))?;

    let hashes = Hashes {
        js: fingerprint([read(&code.join("payplus.js"))?]),
        wasm: fingerprint([read(&code.join("payplus.wasm"))?]),
        css: fingerprint([css.clone().into_bytes()]),
    };
    let hash_txt = format!("js: {}\nwasm: {}\ncss: {}\n", hashes.js, hashes.wasm, hashes.css);
    let packages = ["pretendard", "leaflet"].map(|package| read(&place.npm(&format!("{package}/package.json"))));
    let mut all = vec![COMPRESS.into(), hash_txt.clone().into_bytes()];
    for package in packages {
        all.push(package?);
    }
    for file in &public {
        all.push(file.to_string_lossy().into_owned().into_bytes());
        all.push(read(&place.root.join("public").join(file))?);
    }
    let stamp = fingerprint(all);
    let site = place.site();
    let stamp_file = place.target.join("site.stamp"); // Beside the site: everything inside is served.
    if site.join("pkg").exists() && fs::read_to_string(&stamp_file).is_ok_and(|made| made == stamp) {
        return write_if_new(&place.release("hash.txt"), &hash_txt);
    }
    step("putting the site together", "a few seconds", || {
        let next = place.target.join("site.next");
        make_empty(&next)?;
        for file in &public {
            copy(&place.root.join("public").join(file), &next.join(file))?;
        }
        fonts::copy(place, &next.join("fonts"))?;
        map::copy(place, &next.join("map"))?;
        write(&next.join("pkg").join(format!("payplus.{}.css", hashes.css)), &css)?;
        compress(&next)?;
        // After compressing: the code comes with its compressed twins.
        for (name, hash) in [("js", &hashes.js), ("wasm", &hashes.wasm)] {
            for twin in ["", ".br", ".gz"] {
                let from = code.join(format!("payplus.{name}{twin}"));
                if from.exists() {
                    copy(&from, &next.join("pkg").join(format!("payplus.{hash}.{name}{twin}")))?;
                }
            }
        }
        for file in files_below(&code.join("snippets"))? {
            copy(&code.join("snippets").join(&file), &next.join("pkg/snippets").join(&file))?;
        }
        make_gone(&site)?;
        fs::rename(&next, &site).while_doing("putting the site in place")?;
        write(&stamp_file, &stamp)?;
        write_if_new(&place.release("hash.txt"), &hash_txt)
    })
}

/// For `cargo xtask dev`: public/ and the fonts in one folder, since cargo-leptos empties the site but for these and its own.
pub fn gather_assets(place: &Place, assets: &Path) -> Result<()> {
    make_empty(assets)?;
    for file in files_below(&place.root.join("public"))? {
        copy(&place.root.join("public").join(&file), &assets.join(&file))?;
    }
    fonts::copy(place, &assets.join("fonts"))?;
    map::copy(place, &assets.join("map"))
}

struct Hashes {
    js: String,
    wasm: String,
    css: String,
}

/// The folder with `payplus.js`, `payplus.wasm`, their compressed twins and `snippets/`, made anew only for a new wasm.
fn browser_code(place: &Place, wasm: &Path) -> Result<PathBuf> {
    let folder = place.target.join("site.code");
    let packages = read(&place.root.join("package-lock.json"))?;
    let bindgen = include_bytes!("../../bindgen/src/main.rs").to_vec();
    let stamp = fingerprint([read(wasm)?, packages, bindgen, COMPRESS.into(), BINDGEN.concat().into()]);
    if fs::read_to_string(folder.join(".stamp")).is_ok_and(|made| made == stamp) {
        return Ok(folder);
    }
    step("wasm-bindgen", "a minute the first time, then seconds", || {
        make_empty(&folder)?;
        let mut bindgen = place.cargo();
        bindgen.args(["run", "--quiet", "-p", "bindgen", "--", "--out-name=payplus"]).args(BINDGEN);
        run(bindgen.arg(format!("--out-dir={}", folder.display())).arg(wasm))?;
        fs::rename(folder.join("payplus_bg.wasm"), folder.join("payplus.wasm")).while_doing("naming the wasm")
    })?;
    step("compression", "half a minute", || compress(&folder))?;
    write(&folder.join(".stamp"), &stamp)?;
    Ok(folder)
}

/// Writes `.br` and `.gz` beside the files in and below the folder that shrink. Node does it: it is there for the browser stories
/// anyway, while the crates for it would cost every newcomer half a CPU minute.
fn compress(folder: &Path) -> Result<()> {
    run(Command::new("node").args(["--input-type=module", "--eval", COMPRESS, "--"]).arg(folder))
}

/// Names a content. Not cryptographic: nobody but us writes these files.
fn fingerprint(parts: impl IntoIterator<Item = Vec<u8>>) -> String {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        part.hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// All files below `folder`, relative to it, sorted; none if it is missing.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&dir)) else { continue };
        for entry in entries {
            let entry = entry.while_doing(format_args!("listing {}", folder.display()))?;
            let path = dir.join(entry.file_name());
            if folder.join(&path).is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).while_doing(format_args!("reading {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    make_folder_of(path)?;
    fs::write(path, text).while_doing(format_args!("writing {}", path.display()))
}

fn write_if_new(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) { Ok(()) } else { write(path, text) }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    make_folder_of(to)?;
    fs::copy(from, to).while_doing(format_args!("copying {}", from.display())).map(drop)
}

fn make_folder_of(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).while_doing(format_args!("making {}", folder.display()))
}

fn make_gone(folder: &Path) -> Result<()> {
    if folder.exists() { fs::remove_dir_all(folder).while_doing(format_args!("removing {}", folder.display())) } else { Ok(()) }
}

fn make_empty(folder: &Path) -> Result<()> {
    make_gone(folder)?;
    fs::create_dir_all(folder).while_doing(format_args!("making {}", folder.display()))
}
