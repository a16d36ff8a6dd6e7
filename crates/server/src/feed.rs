//! The live feed: one event whenever the record or the clock moved.

use crate::api::{Head, Problem};
use crate::app::App;
use crate::entitled::Sight;
use crate::looks::notices;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often facts written by another process, and the clock, are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// How often a silent feed shows that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What the open feeds watch.
pub struct Feed {
    head: watch::Sender<News>,
    look: Notify,
}

#[derive(Debug, Clone, Default)]
enum News {
    #[default]
    NotYet,
    Head(Arc<Head>),
    /// The server is stopping; feeds end so that it can.
    Over,
}

impl Default for Feed {
    fn default() -> Self {
        Self { head: watch::Sender::default(), look: Notify::new() }
    }
}

impl Feed {
    /// Has the watcher look at once.
    pub fn stir(&self) {
        self.look.notify_one();
    }

    /// Ends every open feed.
    pub fn end(&self) {
        self.head.send_replace(News::Over);
    }
}

/// Looks for news until the feed is ended. A record that cannot be read is tried again.
pub async fn watch(app: App) {
    let mut failing = false;
    loop {
        let look = app.blocking(|app| {
            app.node.catch_up()?;
            app.nationalities.keep_up(&app.node)?;
            let play = app.play.as_ref().map(|p| p.state());
            let at = play.as_ref().map_or_else(|| app.now().to_string(), |p| p.at.clone());
            Ok(Head { position: app.node.position(), at, play })
        });
        match look.await {
            Ok(head) => {
                failing = false;
                app.feed.head.send_if_modified(|news| match news {
                    News::Over => false,
                    News::Head(last) if **last == head => false,
                    _ => {
                        *news = News::Head(Arc::new(head));
                        true
                    }
                });
            }
            Err(problem) if !failing => {
                failing = true;
                tracing::error!(problem.detail, "the record cannot be followed");
            }
            Err(_) => {}
        }
        if matches!(*app.feed.head.borrow(), News::Over) {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = app.feed.look.notified() => {}
        }
    }
}

/// Server-sent events: `head` whenever the record or the clock moved, its id the position; `notice`
/// when somebody broke the glass to look at a person, for those who are to be told.
#[utoipa::path(
    get,
    path = "/api/v1/feed",
    tag = "feed",
    params(
        ("Last-Event-ID" = Option<u64>, Header, description = "Position of the last event seen")
    ),
    responses(
        (status = 200, body = Head, content_type = "text/event-stream"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_feed(
    State(app): State<App>,
    sight: Sight,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let mut news = app.feed.head.subscribe();
    // A position seen before is not sent again; the next change is.
    let known = matches!(&*news.borrow(), News::Head(head) if Some(head.position) == seen);
    if !known {
        news.mark_changed();
    }
    let told = seen.unwrap_or_else(|| app.node.position());
    let listener = Listener { app, sight, news, told, waiting: VecDeque::new() };
    let events = futures_util::stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// One open feed.
struct Listener {
    app: App,
    sight: Sight,
    news: watch::Receiver<News>,
    /// The position up to which notices were sent.
    told: u64,
    waiting: VecDeque<Event>,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            self.news.changed().await.ok()?;
            let head = match &*self.news.borrow_and_update() {
                News::NotYet => continue,
                News::Head(head) => head.clone(),
                News::Over => return None,
            };
            if head.position > self.told {
                let notices = notices(&self.app, &self.sight, self.told, head.position).await.ok();
                // What could not be read now is looked for again with the next head.
                if let Some(notices) = notices {
                    self.told = head.position;
                    let event = |n| Event::default().event("notice").json_data(n).ok();
                    self.waiting.extend(notices.iter().filter_map(event));
                }
            }
            let id = head.position.to_string();
            return Event::default().event("head").id(id).json_data(&*head).ok();
        }
    }
}
