//! A browser: cookies, forms with and without JavaScript, redirects. It says of itself what real ones say.

use app::Error;
use http::{HeaderMap, Method, StatusCode};
use std::collections::BTreeMap;
use std::sync::Mutex;

pub struct Browser {
    client: reqwest::Client,
    pub base_url: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// Where it came from in the end.
    pub path: String,
    query: String,
}

impl Browser {
    pub fn new(base_url: &str) -> Browser {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Browser { client, base_url: base_url.to_owned(), cookies: Mutex::default() }
    }

    /// The same person's browser, to be used against another node.
    pub fn at(&self, base_url: &str) -> Browser {
        Browser { client: self.client.clone(), base_url: base_url.to_owned(), cookies: Mutex::new(self.cookies.lock().unwrap().clone()) }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let cookies: Vec<String> = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method, format!("{}{path}", self.base_url)).header("sec-fetch-site", "same-origin");
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers, path) = (response.status(), response.headers().clone(), response.url().path().to_owned());
        let query = response.url().query().map(|query| format!("?{query}")).unwrap_or_default();
        for line in headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name)
            } else {
                cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        Answer { status, headers, text: response.text().await.unwrap(), path, query }
    }

    /// What our own code sends once it runs in the browser.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_body(path, "application/x-www-form-urlencoded", encoded(fields).into_bytes()).await
    }

    pub async fn post_body(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        let request = self.request(Method::POST, path).header("origin", &self.base_url);
        self.send(request.header("accept", "application/json").header("content-type", content_type).body(body)).await
    }

    /// Sends a file as the form of a page does, and follows where it leads.
    pub async fn upload(&self, path: &str, file: &[u8]) -> Answer {
        let head = "--edge\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"shop.exe\"\r\ncontent-type: text/html\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        let request = self.request(Method::POST, path).header("accept", "text/html").header("origin", &self.base_url);
        let answer = self.send(request.header("content-type", "multipart/form-data; boundary=edge").body(body)).await;
        self.follow(answer).await
    }

    /// Opens a page and follows where it leads.
    pub async fn open(&self, path: &str) -> Answer {
        let answer = self.send(self.request(Method::GET, path).header("accept", "text/html")).await;
        self.follow(answer).await
    }

    /// One step only.
    pub async fn look(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header("accept", "text/html")).await
    }

    /// Sends the form of a page as a browser without JavaScript does, and follows where it leads.
    pub async fn submit(&self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let hidden = page.hidden_fields(action);
        let typed = |name: &str| fields.iter().any(|(field, _)| *field == name);
        let kept = hidden.iter().filter(|(name, _)| !typed(name)).map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<(&str, &str)> = kept.chain(fields.iter().copied()).collect();
        let request = self.request(Method::POST, action).header("accept", "text/html").header("origin", &self.base_url);
        let request = request.header("referer", format!("{}{}{}", self.base_url, page.path, page.query));
        let answer = self.send(request.header("content-type", "application/x-www-form-urlencoded").body(encoded(&all))).await;
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
        self.follow(answer).await
    }

    async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..5 {
            if !answer.status.is_redirection() {
                return answer;
            }
            let to = answer.headers["location"].to_str().unwrap().to_owned();
            let path = to.strip_prefix(&self.base_url).unwrap_or(&to);
            assert!(path.starts_with('/') && !path.starts_with("//"), "leads away: {to}");
            answer = self.look(path).await;
        }
        panic!("goes round in circles");
    }
}

impl Answer {
    #[track_caller]
    pub fn is_ok(&self) -> &Answer {
        assert_eq!(self.status, StatusCode::OK, "{}: {}", self.path, self.text);
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Answer {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.path, self.text);
        self
    }

    /// A server function led on to this page.
    #[track_caller]
    pub fn goes_to(&self, path: &str) -> &Answer {
        self.is_ok();
        let to = self.headers.get("location").map(|to| to.to_str().unwrap()).unwrap_or("nowhere");
        assert_eq!(to.split('?').next().unwrap(), path, "{}", self.text);
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The error that a server function answered, with the status that belongs to it.
    #[track_caller]
    pub fn error(&self) -> Error {
        let error: Error = serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} no error: {}", self.status, self.text));
        assert_eq!(self.status.as_u16(), error.status(), "{error:?}");
        error
    }

    #[track_caller]
    pub fn refuses(&self, error: &Error) {
        assert_eq!(&self.error(), error);
    }

    /// Text as people read it, without markup.
    #[track_caller]
    pub fn says(&self, sentence: &str) -> &Answer {
        assert!(self.words().contains(sentence), "{} does not say {sentence:?} but {}", self.path, self.words());
        self
    }

    #[track_caller]
    pub fn lacks(&self, sentence: &str) -> &Answer {
        assert!(!self.words().contains(sentence), "{} says {sentence:?}: {}", self.path, self.words());
        self
    }

    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut in_tag = false;
        for c in self.text.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => words.push(c),
                _ => {}
            }
        }
        words.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'").replace("&quot;", "\"")
    }

    /// Names and values of the hidden inputs of the form with this action.
    #[track_caller]
    pub fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let forms = self.text.split("<form").skip(1).map(|form| form.split("</form>").next().unwrap());
        let attribute = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
            Some(rest.split('"').next().unwrap().replace("&amp;", "&"))
        };
        let mut of_action = forms.filter(|form| attribute(form.split('>').next().unwrap(), "action").as_deref() == Some(action));
        let form = of_action.next().unwrap_or_else(|| panic!("{} has no form for {action}: {}", self.path, self.text));
        let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
        let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        hidden.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))).collect()
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
    };
    fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}
