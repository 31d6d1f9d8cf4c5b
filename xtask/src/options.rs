//! The few options our commands know, parsed by hand: an argument parser would cost more to compile than xtask itself.

use crate::failure::{Failure, Result};
use std::collections::BTreeMap;

/// What stood on the command line: values by option, switches with an empty value.
#[derive(Debug, Default)]
pub struct Options {
    found: BTreeMap<String, String>,
}

impl Options {
    /// `valued` options want a value (`--port 80` or `--port=80`), `switches` none; all else is an error that says what exists.
    pub fn parse(args: &[String], valued: &[&str], switches: &[&str]) -> Result<Options> {
        let mut options = Options::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let (name, inline) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            let value = if switches.contains(&name) && inline.is_none() {
                String::new()
            } else if valued.contains(&name) {
                inline.or_else(|| args.next().cloned()).ok_or_else(|| Failure::because(format!("{name} wants a value")))?
            } else {
                let known: Vec<&str> = valued.iter().chain(switches).copied().collect();
                return Err(Failure::because(format!("unknown option {arg}; known here: {}", known.join(" "))));
            };
            options.found.insert(name.to_owned(), value);
        }
        Ok(options)
    }

    pub fn has(&self, switch: &str) -> bool {
        self.found.contains_key(switch)
    }

    pub fn value(&self, option: &str) -> Option<&str> {
        self.found.get(option).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(args: &[&str]) -> Result<Options, String> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        Options::parse(&args, &["--port", "--data"], &["--no-build"]).map_err(|why| why.to_string())
    }

    #[test]
    fn values_stand_after_a_space_or_an_equals_sign() {
        let options = parse(&["--port", "81", "--data=d=1", "--no-build"]).unwrap();
        assert_eq!((options.value("--port"), options.value("--data")), (Some("81"), Some("d=1")));
        assert!(options.has("--no-build"));
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        assert_eq!(parse(&["--prot", "1"]).unwrap_err(), "unknown option --prot; known here: --port --data --no-build");
        assert_eq!(parse(&["--port"]).unwrap_err(), "--port wants a value");
        assert!(parse(&["--no-build=yes"]).is_err());
    }
}
