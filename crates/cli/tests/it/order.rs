//! An order: written by a page, signed where the authority's key is, handed in by anybody.

use crate::amana::{amana, hasakah, store};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::{AuthorityId, DeviceId, Role};
use log::SigningKey;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::Node;

/// A record, and the keyholder's key in a file, as at a ministry.
struct Desk {
    dir: tempfile::TempDir,
    store: String,
    own: DeviceId,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
        let justice = AuthorityId::new("justice").unwrap();
        let who = simulator::Signatory::of(&justice, Role::Keyholder, None);
        let key = log::LogKey::new("justice", simulator::exercise_key(1, &who)).unwrap();
        let own = log::device_id(&log::public_key(key.signing_key()));
        std::fs::write(dir.path().join("justice.key"), key.to_secret_text()).unwrap();
        Self { dir, store, own }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What the page would write, with the chain as the record has it.
    fn order(&self, enrol: Value, revoke: Value) -> Value {
        let node = Node::open(&self.store).unwrap();
        let head = node.read(|s| s.record.device(&self.own).and_then(|d| d.head()));
        json!({
            "amana": "amana-order/v1",
            "operation": node.operation().to_string(),
            "origin": node.origin(),
            "authority": "justice",
            "officer": 7,
            "at": "2026-01-21T09:00:00Z",
            "heads": [{
                "device": self.own.to_string(),
                "next": head.as_ref().map_or(0, |h| h.sequence + 1),
                "last": head.map(|h| h.first().to_string()),
            }],
            "enrol": enrol,
            "revoke": revoke,
        })
    }

    /// Signs with what the keyholder types; the entries, or what was said instead.
    fn sign(&self, order: &Value, typed: &str) -> Result<Vec<String>, String> {
        std::fs::write(self.path("order.json"), order.to_string()).unwrap();
        let mut running = Command::new(env!("CARGO_BIN_EXE_amana"))
            .args(["device", "sign", path(&self.path("order.json"))])
            .args(["--key", path(&self.path("justice.key")), "--out", path(&self.path("signed"))])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may refuse before it reads any of this.
        running.stdin.take().unwrap().write_all(typed.as_bytes()).ok();
        let done = running.wait_with_output().unwrap();
        if !done.status.success() {
            return Err(String::from_utf8(done.stderr).unwrap());
        }
        let signed = std::fs::read_to_string(self.path("signed")).unwrap();
        let signed: Value = serde_json::from_str(&signed).unwrap();
        assert_eq!(signed["amana"], "amana-signed/v1");
        let entries = signed["entries"].as_array().unwrap();
        Ok(entries.iter().map(|e| e.as_str().unwrap().to_owned()).collect())
    }

    fn hand_in(&self, entries: &[String]) {
        let node = Node::open(&self.store).unwrap();
        let at = "2026-01-21T09:30:00Z".parse().unwrap();
        for entry in entries {
            node.submit(&BASE64.decode(entry).unwrap(), at).unwrap();
        }
    }

    fn listed(&self, device: DeviceId) -> String {
        let list = amana(&["device", "list", "--store", &self.store]).ok();
        let of_it = list.lines().find(|l| l.starts_with(&device.to_string()));
        of_it.unwrap_or_default().to_owned()
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn phone(seed: u8) -> (domain::PublicKey, DeviceId) {
    let key = log::public_key(&SigningKey::from_bytes(&[seed; 32]));
    (key, log::device_id(&key))
}

fn enrolment(key: domain::PublicKey) -> Value {
    json!({ "key": key.to_string(), "role": "reception", "site": "karkh", "unit": null,
            "days": 30, "silence_hours": 6, "replaces": null })
}

#[test]
fn an_order_enrols_and_revokes_with_no_store_at_hand() {
    let desk = Desk::new();
    let ((first, device), (second, other)) = (phone(42), phone(43));
    let order = desk.order(json!([enrolment(first), enrolment(second)]), json!([]));
    let typed = [first, second].map(|key| signin::comparison_code(&key)).join("\n");
    let entries = desk.sign(&order, &typed).unwrap();
    assert_eq!(entries.len(), 2);
    // Carried back, lost on the way, signed again: the same bytes.
    assert_eq!(desk.sign(&order, &typed).unwrap(), entries);
    desk.hand_in(&entries);
    let listed = desk.listed(device);
    assert!(listed.contains("justice reception karkh  0 facts, until 2026-02-20"), "{listed}");

    let gone = json!([{ "device": other.to_string(), "last": null, "why": "lost" }]);
    let order = desk.order(json!([]), gone);
    let wrong = desk.sign(&order, &device.to_string()).unwrap_err();
    assert!(wrong.contains("not the device that the order names"), "{wrong}");
    desk.hand_in(&desk.sign(&order, &other.to_string()[..8]).unwrap());
    assert!(desk.listed(other).contains("revoked: lost"));
    let verdict = amana(&["verify", "--store", &desk.store]).ok();
    assert!(verdict.contains("all holds"), "{verdict}");
}

#[test]
fn a_key_put_in_the_place_of_the_phones_is_not_signed() {
    let desk = Desk::new();
    let ((shown, _), (planted, device)) = (phone(42), phone(66));
    let order = desk.order(json!([enrolment(planted)]), json!([]));
    let said = desk.sign(&order, &signin::comparison_code(&shown)).unwrap_err();
    assert!(said.contains("Nothing was signed"), "{said}");
    assert!(!desk.path("signed").exists());
    assert_eq!(desk.listed(device), "");
}

#[test]
fn an_order_cannot_have_a_key_sign_one_sequence_twice() {
    let desk = Desk::new();
    let ((first, _), (second, _)) = (phone(42), phone(43));
    let typed = |key| signin::comparison_code(&key);
    let order = desk.order(json!([enrolment(first)]), json!([]));
    desk.sign(&order, &typed(first)).unwrap();
    // Not handed in: whoever writes the next order still believes the chain to be where it was.
    let again = desk.order(json!([enrolment(second)]), json!([]));
    let said = desk.sign(&again, &typed(second)).unwrap_err();
    assert!(said.contains("hand in what was signed before"), "{said}");
    let mut elsewhere = again;
    elsewhere["origin"] = "amana.invalid/another".into();
    let said = desk.sign(&elsewhere, &typed(second)).unwrap_err();
    assert!(said.contains("the order is for amana.invalid/another"), "{said}");
}

#[test]
fn an_order_makes_no_keyholder_and_holds_nothing_unknown() {
    let desk = Desk::new();
    let (key, _) = phone(42);
    let mut keyholder = enrolment(key);
    keyholder["role"] = "keyholder".into();
    let said = desk.sign(&desk.order(json!([keyholder]), json!([])), "").unwrap_err();
    assert!(said.contains("nobody is enrolled as 'keyholder'"), "{said}");
    let mut more = desk.order(json!([enrolment(key)]), json!([]));
    more["also"] = json!([]);
    assert!(desk.sign(&more, "").unwrap_err().contains("unknown field `also`"));
}
