//! The push service: what it takes, and what it refuses. (That what our server sends is understood is told by the server's journeys.)

use crate::ask::{fresh, post, send};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

#[tokio::test]
async fn a_browser_agrees_and_takes_it_back() {
    let sandbox = fresh();
    let agreed = post(&sandbox, "/push/v1/subscriptions", json!({ "sender": "KEY" })).await;
    assert_eq!(agreed.status, 201);
    let endpoint = agreed.json()["endpoint"].as_str().unwrap().to_owned();
    assert!(endpoint.ends_with("/push/v1/send/1"), "{endpoint}");
    assert!(sandbox.end_subscription(&endpoint));
    assert!(!sandbox.end_subscription("http://127.0.0.1/push/v1/send/99"));
    assert!(sandbox.pushes(&endpoint).is_empty());
}

#[tokio::test]
async fn what_is_not_signed_or_goes_nowhere_is_refused() {
    let sandbox = fresh();
    sandbox.subscribe("http://127.0.0.1", "KEY");
    for (path, status) in [("/push/v1/send/1", 401), ("/push/v1/send/2", 404)] {
        let request = Request::post(path).header("ttl", "60").header("content-encoding", "aes128gcm").body(Body::from("x")).unwrap();
        assert_eq!(send(&sandbox, request).await.status, status, "{path}");
    }
}
