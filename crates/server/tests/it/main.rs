//! The server over a real SQLite file, driven by a real HTTP client.

mod openapi;
