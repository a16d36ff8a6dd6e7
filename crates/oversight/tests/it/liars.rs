//! A peer on a socket that answers whatever a test has it answer.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// What a liar says to the method, path and body of a request: status, content type, body.
pub type Script = dyn Fn(&str, &str) -> (u16, &'static str, String) + Send + Sync;

/// It stops when this is dropped.
pub struct Liar {
    pub url: String,
    pub asked: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Liar {
    pub fn start(
        script: impl Fn(&str, &str) -> (u16, &'static str, String) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (ended, count) = (over.clone(), asked.clone());
        let script: Arc<Script> = Arc::new(script);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                count.fetch_add(1, Ordering::SeqCst);
                let (script, ended) = (script.clone(), ended.clone());
                std::thread::spawn(move || answer(stream.unwrap(), &*script, &ended));
            }
        });
        Self { url, asked, over, thread: Some(thread) }
    }
}

/// A body that begins with this drips a byte at a time, without end.
pub const DRIP: &str = "drip";

fn answer(mut stream: TcpStream, script: &Script, over: &AtomicBool) {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    let (head, length) = loop {
        let n = stream.read(&mut chunk).unwrap_or(0);
        if n == 0 {
            return;
        }
        read.extend(&chunk[..n]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some(end) = text.find("\r\n\r\n") else { continue };
        let lower = text[..end].to_lowercase();
        let length = lower.split("content-length: ").nth(1).and_then(|l| l.split("\r\n").next());
        let length = length.map_or(0, |l| l.trim().parse::<usize>().unwrap());
        if read.len() >= end + 4 + length {
            break (text[..end].to_owned(), length);
        }
    };
    let body = String::from_utf8_lossy(&read[read.len() - length..]).into_owned();
    let request = head.lines().next().unwrap_or_default();
    let (status, kind, answer) = script(request, &body);
    let head = |length: usize| {
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        )
    };
    if answer == DRIP {
        let _ = stream.write_all(head(1 << 20).as_bytes());
        while !over.load(Ordering::SeqCst) && stream.write_all(b".").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
        return;
    }
    let _ = stream.write_all(head(answer.len()).as_bytes());
    let _ = stream.write_all(answer.as_bytes());
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
