//! What a person may set, by flag or environment, and what it becomes once it has been understood. A setting that makes no
//! sense stops the start with one sentence; no sentence repeats a secret.

use app::web::CookieMode;
use clap::{ArgAction, Parser, ValueEnum};
use domain::operator::{Login, Roles};
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Engine;

use crate::partner::manage::PartnerOrder;
use crate::server_key::ServerKey;
use crate::shedding::Limits;

/// The key that a sandbox asks for when nobody says otherwise.
const SANDBOX_KEY: &str = "sandbox-key";

/// Pay+: discounted vouchers of a city, bought and spent by phone.
#[derive(Parser)]
#[command(name = "payplus", version)]
pub struct Options {
    /// Where to listen: a loopback address. A proxy that speaks TLS stands before it.
    #[arg(long, env = "PAYPLUS_ADDR", default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// Where the database, the server key and the list of demo people are kept. Made when it is missing.
    #[arg(long, env = "PAYPLUS_DATA_DIR", value_name = "DIR", default_value = "data")]
    data_dir: PathBuf,
    /// sqlite://PATH?mode=rwc or postgres://...; by default payplus.sqlite in the data folder.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The built site: pkg/, fonts/, icons, sw.js.
    #[arg(long, env = "PAYPLUS_SITE_DIR", value_name = "DIR", default_value = "target/site")]
    site_dir: PathBuf,
    /// The site's code has hashed names, written in hash.txt beside this program.
    #[arg(long, env = "LEPTOS_HASH_FILES", default_value_t = false, action = ArgAction::Set, hide = true)]
    hash_files: bool,
    /// Where cargo-leptos tells the browser to reload, while it watches.
    #[arg(long, env = "LEPTOS_RELOAD_PORT", default_value_t = 8081, hide = true)]
    reload_port: u16,
    /// A sandbox that plays bank, identity provider, SMS gateway and tax service. Pages say that it stands behind them.
    #[arg(long, env = "PAYPLUS_SANDBOX_URL", value_name = "URL")]
    sandbox_url: Option<String>,
    /// The bank. Without a sandbox all four are needed.
    #[arg(long, env = "PAYPLUS_BANK_URL", value_name = "URL")]
    bank_url: Option<String>,
    /// The identity provider.
    #[arg(long, env = "PAYPLUS_IDENTITY_URL", value_name = "URL")]
    identity_url: Option<String>,
    /// The SMS gateway.
    #[arg(long, env = "PAYPLUS_SMS_URL", value_name = "URL")]
    sms_url: Option<String>,
    /// The tax service's look-up of business numbers.
    #[arg(long, env = "PAYPLUS_TAX_URL", value_name = "URL")]
    tax_url: Option<String>,
    /// What the services outside are shown: `Authorization: Bearer KEY`.
    #[arg(long, env = "PAYPLUS_OUTSIDE_KEY", value_name = "KEY", hide_env_values = true)]
    outside_key: Option<String>,
    /// Milliseconds after which a service outside is taken not to have answered; at most as long as people wait for a page.
    #[arg(long, env = "PAYPLUS_OUTSIDE_PATIENCE_MS", value_name = "MS", default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    outside_patience_ms: u32,
    /// Where people open our pages, for links in text messages: https://... By default the address that is listened on.
    #[arg(long, env = "PAYPLUS_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Whom push services may write to about what we send: mailto:... or https://...
    #[arg(long, env = "PAYPLUS_CONTACT", value_name = "URL", default_value = "mailto:push@payplus.example")]
    contact: String,
    /// 64 hexadecimal digits. Without it one is made at the first start and kept in server.key in the data folder.
    #[arg(long, env = "PAYPLUS_SERVER_KEY", value_name = "HEX", hide_env_values = true)]
    server_key: Option<String>,
    /// People, shops and sales to try Pay+ with; needs a sandbox.
    #[arg(long, env = "PAYPLUS_DEMO", value_enum, default_value_t = Demo::None)]
    demo: Demo,
    /// So many invented shops to be found in a demo, besides those that people of the demo own. The city has 280000.
    #[arg(long, env = "PAYPLUS_DEMO_SHOPS", value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    demo_shops: u32,
    /// Send cookies over TLS only: set it when a proxy with TLS stands before us.
    #[arg(long, env = "PAYPLUS_SECURE_COOKIES", default_value_t = false, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    secure_cookies: bool,
    /// A wait of so many milliseconds, if it lasts, is too much: the least needed requests are refused until it is shorter.
    #[arg(long, env = "PAYPLUS_SHED_AFTER_MS", value_name = "MS", default_value_t = 500)]
    shed_after_ms: u32,
    /// Milliseconds for which /ready says no before a stopping server listens no more: as long as the proxy takes to notice.
    #[arg(long, env = "PAYPLUS_NOTICE_MS", value_name = "MS", default_value_t = 0)]
    notice_ms: u32,
    /// Make an operator of the city's console, or give one new secrets, show them once, and end. Roles: planner, controller, auditor.
    #[arg(long, value_name = "LOGIN=ROLES")]
    operator: Option<String>,
    /// Make a partner app with a key (NAME=BANK:ACCOUNT), or do something to one: NAME=key, rotate, revoke, https://... (where webhooks go) or secret. Secrets are shown once.
    #[arg(long, value_name = "NAME=WHAT")]
    partner: Option<String>,
    /// What to log: a level, or target=level,...
    #[arg(long, env = "PAYPLUS_LOG", value_name = "FILTER", default_value = "info")]
    log: String,
}

/// What to fill an empty database with.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum Demo {
    None,
    Basic,
    /// Basic, and a sale that opens in two minutes with a crowd that waits for it.
    SaleDay,
}

/// Who is to become an operator.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub login: Login,
    pub roles: Roles,
}

/// Everything the server needs to know, understood and checked.
pub struct Config {
    pub addr: SocketAddr,
    /// Without a slash at its end.
    pub public_url: String,
    pub data_dir: PathBuf,
    pub database_url: String,
    pub site: Site,
    pub outside: Outside,
    pub server_key: ServerKey,
    pub demo: Demo,
    pub demo_shops: u32,
    pub cookies: CookieMode,
    pub shedding: Limits,
    /// Between saying that it stops and not listening any more.
    pub notice: Duration,
    pub log: String,
    /// Instead of serving.
    pub operator: Option<Newcomer>,
    /// Instead of serving.
    pub partner: Option<PartnerOrder>,
}

/// The files that browsers fetch.
#[derive(Clone, Debug)]
pub struct Site {
    pub dir: PathBuf,
    pub hash_files: bool,
    pub reload_port: u16,
}

/// The services outside. URLs have no slash at their end.
#[derive(Clone)]
pub struct Outside {
    pub bank_url: String,
    pub identity_url: String,
    pub sms_url: String,
    pub tax_url: String,
    pub key: String,
    /// Told to push services (RFC 8292).
    pub contact: String,
    /// Until an answer counts as none.
    pub patience: Duration,
    /// The sandbox, when it plays all of them.
    pub sandbox: Option<String>,
}

/// Why there is no starting with these settings.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// Of the command line; also `--help`.
    #[error(transparent)]
    Options(#[from] clap::Error),
    #[error(
        "PAYPLUS_ADDR {0} can be reached from other machines. Pay+ listens on loopback only: put a proxy that speaks TLS before it and choose 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    #[error(
        "nobody plays the {0}: set PAYPLUS_SANDBOX_URL (`cargo run -p sandbox` starts one), or PAYPLUS_BANK_URL, PAYPLUS_IDENTITY_URL, PAYPLUS_SMS_URL and PAYPLUS_TAX_URL"
    )]
    NobodyOutside(&'static str),
    #[error("{0} is no address of a service: https://..., or http://... on this machine")]
    BadUrl(&'static str),
    #[error("PAYPLUS_CONTACT is mailto:... or https://...")]
    BadContact,
    #[error("PAYPLUS_OUTSIDE_KEY is needed for services that are no sandbox, and has visible ASCII characters only")]
    BadOutsideKey,
    #[error("PAYPLUS_DEMO=basic needs a sandbox: demo people receive their codes there")]
    DemoWithoutSandbox,
    #[error(
        "--operator wants LOGIN=ROLES, such as kim.minji=planner,auditor: 3 to 32 of a-z 0-9 . _ -, and any of planner, controller, auditor"
    )]
    BadOperator,
    #[error(
        "--partner wants NAME=BANK:ACCOUNT, such as T-money Pay=088:110-900-000001, or NAME=key, NAME=rotate, NAME=revoke, NAME=https://..., NAME=secret"
    )]
    BadPartner,
    #[error("DATABASE_URL is sqlite://PATH?mode=rwc or postgres://...")]
    BadDatabaseUrl,
    #[error("the data folder {0}: {1}")]
    DataDir(PathBuf, io::Error),
    #[error(transparent)]
    ServerKey(#[from] crate::server_key::BadServerKey),
    #[error("LEPTOS_HASH_FILES is true, but there is no hash.txt beside this program: build the site, or unset it")]
    NoHashes,
}

impl Config {
    /// From a command line (the program's name first) and the environment. Makes the data folder and the server key when they
    /// are missing.
    ///
    /// # Errors
    /// A sentence that says which setting to change.
    pub fn read(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Config, BadConfig> {
        let options = Options::try_parse_from(args)?;
        if !options.addr.ip().is_loopback() {
            return Err(BadConfig::NotLoopback(options.addr));
        }
        if options.hash_files && !hashes_are_there() {
            return Err(BadConfig::NoHashes);
        }
        let outside = outside(&options)?;
        if options.demo != Demo::None && outside.sandbox.is_none() {
            return Err(BadConfig::DemoWithoutSandbox);
        }
        let operator = options.operator.as_deref().map(newcomer).transpose()?;
        let partner = options.partner.as_deref().map(|asked| PartnerOrder::parse(asked).ok_or(BadConfig::BadPartner)).transpose()?;
        let sqlite = || format!("sqlite://{}?mode=rwc", options.data_dir.join("payplus.sqlite").display());
        let database_url = options.database_url.clone().unwrap_or_else(sqlite);
        Engine::of(&database_url).map_err(|_| BadConfig::BadDatabaseUrl)?;
        make_private(&options.data_dir).map_err(|error| BadConfig::DataDir(options.data_dir.clone(), error))?;
        let server_key = match &options.server_key {
            Some(hex) => ServerKey::parse(hex)?,
            None => ServerKey::kept_in(&options.data_dir.join("server.key"))?,
        };
        let public_url = options.public_url.unwrap_or_else(|| format!("http://{}", options.addr));
        Ok(Config {
            addr: options.addr,
            public_url: public_url.trim_end_matches('/').to_owned(),
            database_url,
            site: Site { dir: options.site_dir, hash_files: options.hash_files, reload_port: options.reload_port },
            outside,
            server_key,
            demo: options.demo,
            demo_shops: options.demo_shops,
            cookies: if options.secure_cookies { CookieMode::Secure } else { CookieMode::Plain },
            shedding: Limits::of(Duration::from_millis(options.shed_after_ms.into())),
            notice: Duration::from_millis(options.notice_ms.into()),
            log: options.log,
            operator,
            partner,
            data_dir: options.data_dir,
        })
    }
}

fn newcomer(asked: &str) -> Result<Newcomer, BadConfig> {
    let parsed = asked.split_once('=').and_then(|(login, roles)| Some((Login::parse(login)?, Roles::parse(roles)?)));
    let (login, roles) = parsed.ok_or(BadConfig::BadOperator)?;
    Ok(Newcomer { login, roles })
}

/// What is kept there is personal: a folder that we make is its owner's alone.
fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Leptos looks for them beside the program, and panics when it finds none.
fn hashes_are_there() -> bool {
    std::env::current_exe().is_ok_and(|program| program.with_file_name("hash.txt").exists())
}

fn outside(options: &Options) -> Result<Outside, BadConfig> {
    let sandbox = options.sandbox_url.as_deref().map(|url| service_url("PAYPLUS_SANDBOX_URL", url)).transpose()?;
    let one = |name, url: &Option<String>, who| match (url, &sandbox) {
        (Some(url), _) => service_url(name, url),
        (None, Some(sandbox)) => Ok(sandbox.clone()),
        (None, None) => Err(BadConfig::NobodyOutside(who)),
    };
    let bank_url = one("PAYPLUS_BANK_URL", &options.bank_url, "bank")?;
    let identity_url = one("PAYPLUS_IDENTITY_URL", &options.identity_url, "identity provider")?;
    let sms_url = one("PAYPLUS_SMS_URL", &options.sms_url, "SMS gateway")?;
    let tax_url = one("PAYPLUS_TAX_URL", &options.tax_url, "tax service")?;
    let plays_all = |sandbox: &String| [&bank_url, &identity_url, &sms_url, &tax_url].iter().all(|url| *url == sandbox);
    let sandbox = sandbox.filter(plays_all);
    let key = options.outside_key.clone().or_else(|| sandbox.is_some().then(|| SANDBOX_KEY.to_owned()));
    let key = key.filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic())).ok_or(BadConfig::BadOutsideKey)?;
    let patience = Duration::from_millis(options.outside_patience_ms.into());
    let contact = options.contact.trim().to_owned();
    if !(contact.starts_with("mailto:") || contact.starts_with("https://")) || !contact.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(BadConfig::BadContact);
    }
    Ok(Outside { bank_url, identity_url, sms_url, tax_url, key, contact, patience, sandbox })
}

/// Names, birth dates and codes travel there: in clear only within this machine.
fn service_url(name: &'static str, url: &str) -> Result<String, BadConfig> {
    let uri: http::Uri = url.parse().map_err(|_| BadConfig::BadUrl(name))?;
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let is_fine = match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_here,
        _ => false,
    };
    if is_fine && uri.query().is_none() { Ok(url.trim_end_matches('/').to_owned()) } else { Err(BadConfig::BadUrl(name)) }
}
