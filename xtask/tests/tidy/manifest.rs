//! As much of Cargo.toml as the rules need, read line by line.

use super::source::root;
use std::fs;

pub struct Manifest {
    pub name: String,
    pub dependencies: Vec<Dependency>,
    text: String,
}

pub struct Dependency {
    pub name: String,
    /// What stands after its name, over all its lines.
    pub text: String,
    pub in_tests_only: bool,
}

/// The manifests of all workspace members.
pub fn members() -> Vec<Manifest> {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("the root manifest");
    let list = workspace.split_once("\nmembers = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list of members").0;
    let folders = list.split(',').map(|folder| folder.trim().trim_matches('"')).filter(|folder| !folder.is_empty());
    folders.map(|folder| Manifest::parse(fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("its manifest"))).collect()
}

impl Manifest {
    fn parse(text: String) -> Manifest {
        let mut dependencies: Vec<Dependency> = Vec::new();
        let mut name = String::new();
        let mut section = String::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = header.to_owned();
                if let Some((kind, named)) = header.rsplit_once('.')
                    && kind.ends_with("dependencies")
                {
                    dependencies.push(Dependency { name: named.to_owned(), text: String::new(), in_tests_only: kind.contains("dev-") });
                }
            } else if section == "package" && line.starts_with("name = ") {
                name = line["name = ".len()..].trim_matches('"').to_owned();
            } else if section.ends_with("dependencies") {
                let (key, value) = line.split_once('=').expect("a dependency");
                let (key, value) = (key.trim(), value.trim());
                let (named, text) = match key.split_once('.') {
                    Some((named, field)) => (named, format!("{field} = {value}")),
                    None => (key, value.to_owned()),
                };
                dependencies.push(Dependency { name: named.to_owned(), text, in_tests_only: section.contains("dev-") });
            } else if section.contains("dependencies.")
                && let Some(dependency) = dependencies.last_mut()
            {
                dependency.text.push_str(line);
                dependency.text.push('\n');
            }
        }
        Manifest { name, dependencies, text }
    }

    /// What stands between the brackets of a feature.
    pub fn feature(&self, name: &str) -> String {
        let start = format!("\n{name} = [");
        let list = self.text.split_once(&start).and_then(|(_, rest)| rest.split_once(']'));
        list.map(|(list, _)| list.to_owned()).expect("the feature exists")
    }
}
