//! Asking another machine over HTTP, which may be slow, talkative or hostile.

use std::time::Duration;

/// Until a connection stands.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("cannot reach {url}")]
    Unreachable { url: String, source: Box<ureq::Error> },
    #[error("{url} answers {status}: {says}")]
    Status { url: String, status: u16, says: String },
    #[error("{url} sends more than {limit} bytes")]
    TooLong { url: String, limit: usize },
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Without parameters.
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text; what is no UTF-8 reads as nothing.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }
}

/// Connections to other machines, kept open between requests.
#[derive(Clone)]
pub struct Fetcher {
    agent: ureq::Agent,
    bearer: Option<String>,
}

impl Fetcher {
    /// `timeout` is for a whole request, its body included: a peer that drips is given up.
    pub fn new(timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .user_agent("amana")
            .build();
        Self { agent: config.into(), bearer: None }
    }

    /// Sends `Authorization: Bearer` with each request, for what is behind a door.
    pub fn with_bearer(self, token: Option<String>) -> Self {
        Self { bearer: token, ..self }
    }

    pub fn get(&self, url: &str, limit: usize) -> Result<Answer, FetchError> {
        let mut request = self.agent.get(url);
        if let Some(token) = &self.bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(url, request.call(), limit)
    }

    pub fn post(&self, url: &str, body: &str, limit: usize) -> Result<Answer, FetchError> {
        let request = self.agent.post(url).content_type("text/plain; charset=utf-8");
        answer(url, request.send(body), limit)
    }

    /// The body of a 200, `None` for a 404.
    pub fn get_ok(&self, url: &str, limit: usize) -> Result<Option<Vec<u8>>, FetchError> {
        let answer = self.get(url, limit)?;
        match answer.status {
            200 => Ok(Some(answer.body)),
            404 => Ok(None),
            status => {
                let says = answer.text().chars().filter(|c| !c.is_control()).take(200).collect();
                Err(FetchError::Status { url: url.to_owned(), status, says })
            }
        }
    }
}

fn answer(
    url: &str,
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    limit: usize,
) -> Result<Answer, FetchError> {
    let failed = |source: ureq::Error| match source {
        ureq::Error::BodyExceedsLimit(_) => FetchError::TooLong { url: url.to_owned(), limit },
        other => FetchError::Unreachable { url: url.to_owned(), source: Box::new(other) },
    };
    let mut response = response.map_err(failed)?;
    let kind = response.headers().get("content-type").and_then(|k| k.to_str().ok()).unwrap_or("");
    let content_type = kind.split(';').next().unwrap_or("").trim().to_owned();
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(limit as u64).read_to_vec();
    Ok(Answer { status, content_type, body: body.map_err(failed)? })
}
