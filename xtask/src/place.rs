//! Where things lie: the repository, Cargo's target folder, what we build into it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository and its target folder.
pub struct Place {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Place {
    pub fn here() -> Place {
        // `cargo run` says where xtask's manifest is; asked at run time, since a shared target folder may serve two clones.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let root = root.or_else(|| std::env::current_dir().ok()).unwrap_or_else(|| PathBuf::from("."));
        let target = root.join(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from));
        Place { root, target }
    }

    pub fn release(&self, file: &str) -> PathBuf {
        self.target.join("release").join(file)
    }

    /// What the release server serves: `pkg/`, `fonts/` and everything of `public/`.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    pub fn npm(&self, path: &str) -> PathBuf {
        self.root.join("node_modules").join(path)
    }

    /// Cargo in the repository, without the variables that `cargo run` gave xtask: build scripts that watch them (ring's
    /// does) would otherwise be built again each time one switches between `cargo` and `cargo xtask`.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(&self.root);
        for (name, _) in std::env::vars_os() {
            let Some(name) = name.to_str() else { continue };
            let of_run = name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_BIN_") || OF_CARGO_RUN.contains(&name);
            if of_run {
                cargo.env_remove(name);
            }
        }
        cargo
    }
}

const OF_CARGO_RUN: [&str; 6] =
    ["CARGO", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "LD_LIBRARY_PATH"];
