//! Partner apps over HTTP: keys, people, the line, purchases, and what their endpoints hear.

mod buying;
mod console;
mod keys;
mod listener;
mod webhooks;

use crate::world::{World, new_id};
use domain::partner::{KeyScopes, PartnerName};
use domain::{PartnerId, Timestamp, WindowId};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use store::{By, NewPartner};

/// A partner's server: a key and no cookies.
pub struct App {
    pub id: PartnerId,
    pub account: String,
    pub key: String,
    client: reqwest::Client,
    base_url: String,
}

pub struct Said {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl App {
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Said {
        self.ask_with(&format!("Bearer {}", self.key), method, path, body, &[]).await
    }

    pub async fn ask_with(&self, key: &str, method: Method, path: &str, body: Option<Value>, more: &[(&str, &str)]) -> Said {
        let mut request = self.client.request(method, format!("{}/partner/v1{path}", self.base_url)).header("authorization", key);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        Said { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    pub async fn get(&self, path: &str) -> Said {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Said {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// The same app, asking another node.
    pub fn at(&self, base_url: &str) -> App {
        let (account, key) = (self.account.clone(), self.key.clone());
        App { id: self.id, account, key, client: self.client.clone(), base_url: base_url.to_owned() }
    }

    /// Everybody in these journeys was born in 1990.
    pub async fn introduces(&self, name: &str) -> String {
        let body = json!({ "name": name, "birth_date": "1990-05-14", "phone": format!("0106660{:04}", name.len() * 7 % 10_000) });
        self.post("/people", body).await.is(200).body["person"].as_str().unwrap().to_owned()
    }

    pub fn order(&self, person: &str, window: WindowId, amount: i64) -> Value {
        json!({ "id": new_id(), "person": person, "window": window.to_string(), "amount_won": amount })
    }
}

impl Said {
    #[track_caller]
    pub fn is(self, status: u16) -> Said {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Said {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!((&self.body["status"], &self.body["type"]), (&json!(status), &json!(format!("/partner/docs#{code}"))));
        self
    }
}

pub async fn app(world: &World, name: &str) -> App {
    app_with(world, name, KeyScopes::EVERY, 10_000).await
}

pub async fn app_with(world: &World, name: &str, scopes: KeyScopes, rate_per_s: u32) -> App {
    let (store, now) = (world.store(), Timestamp::now());
    let partner_name = PartnerName::parse(name).unwrap();
    let account = format!("acc_{}", name.replace(' ', "_"));
    let id = match store.partner_by_name(&partner_name).await.unwrap() {
        Some(id) => id,
        None => {
            let new = NewPartner { name: &partner_name, account: &account, masked: "신한 ***0001" };
            store.make_partner(&new, now).await.unwrap().unwrap()
        }
    };
    let key = store.make_key(By::CommandLine, id, scopes, rate_per_s, now).await.unwrap().unwrap().expose();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    App { id, account, key, client, base_url: world.base_url() }
}
