//! A peer that lies, or was put back, and a bundle made to do harm.

use crate::world::{Device, World, at, set, submit};
use domain::FactHash;
use exchange::{
    DocumentName, Head, Page, Peer, PeerError, REFUSALS_TOLD, Taken, head, read_bundle, sync, take,
    write_bundle,
};
use store::{Document, Node};

/// A peer that does as it should, but for what is put in here.
struct Liar<'n> {
    node: &'n Node,
    address: &'static str,
    vkey: Option<String>,
    documents: Vec<Document>,
    says: Option<Taken>,
    pushed: usize,
}

impl<'n> Liar<'n> {
    fn honest(node: &'n Node) -> Self {
        let (vkey, documents, says) = (None, Vec::new(), None);
        Self { node, address: "https://hub.test", vkey, documents, says, pushed: 0 }
    }
}

impl Peer for Liar<'_> {
    fn address(&self) -> &str {
        self.address
    }
    fn head(&mut self) -> Result<Head, PeerError> {
        let head = head(self.node).unwrap();
        Ok(Head { vkey: self.vkey.clone().unwrap_or_else(|| head.vkey.clone()), ..head })
    }
    fn entries(&mut self, from: u64) -> Result<Page, PeerError> {
        Ok(Page::of(self.node, from).unwrap())
    }
    fn documents(&mut self) -> Result<Vec<DocumentName>, PeerError> {
        let name =
            |d: &Document| DocumentName { name: d.name.clone(), media_type: d.media_type.clone() };
        Ok(self.documents.iter().map(name).collect())
    }
    fn document(&mut self, name: &str) -> Result<Document, PeerError> {
        Ok(self.documents.iter().find(|d| d.name == name).unwrap().clone())
    }
    fn offer(&mut self, page: &Page) -> Result<Taken, PeerError> {
        self.pushed += page.entries.len();
        match &self.says {
            Some(says) => Ok(says.clone()),
            None => Ok(take(self.node, page, at(2)).unwrap()),
        }
    }
}

fn exchanged(node: &Node, peer: &mut Liar) -> exchange::Exchanged {
    sync(node, peer, at(2), &mut |_| {}).unwrap()
}

/// Its length alone tells nothing: by the next exchange others have told it more than it had lost.
#[test]
fn a_peer_put_back_from_a_backup_that_grew_since_is_noticed() {
    let world = World::new();
    let (site, hub) = (world.node(1), world.node(2));
    let enrolments = world.enrolments(&[11, 12]);
    submit(&site, &enrolments);
    let (mut phone, mut desk) = (Device::new(11), Device::new(12));
    submit(&site, &[phone.count(), phone.count()]);
    exchanged(&site, &mut Liar::honest(&hub));
    exchanged(&site, &mut Liar::honest(&hub));

    let other = World::new();
    let restored = other.node(2);
    submit(&restored, &enrolments);
    submit(&restored, &(0..9).map(|_| desk.count()).collect::<Vec<_>>());
    let done = exchanged(&site, &mut Liar::honest(&restored));
    assert!(done.peer_went_back);
    assert_eq!(set(&restored), set(&site));
    assert!(!exchanged(&site, &mut Liar::honest(&restored)).peer_went_back);
}

/// Else what the hub never got would be taken for something that it has.
#[test]
fn a_peer_that_goes_by_anothers_key_moves_no_mark_of_the_other() {
    let world = World::new();
    let (site, hub, elsewhere) = (world.node(1), world.node(2), world.node(3));
    submit(&site, &world.enrolments(&[11]));
    let mut liar = Liar::honest(&elsewhere);
    liar.address = "https://elsewhere.test";
    liar.vkey = Some(hub.vkey().unwrap());
    liar.says = Some(Taken { known: 2, ..Taken::default() });
    exchanged(&site, &mut liar);
    assert_eq!(liar.pushed, 2);

    exchanged(&site, &mut Liar::honest(&hub));
    assert_eq!(set(&hub), set(&site));
}

#[test]
fn a_document_that_is_not_what_its_name_says_is_not_kept() {
    let world = World::new();
    let (site, hub) = (world.node(1), world.node(2));
    let name = |text: &str| format!("plan/{}.json", log::hash_of(text.as_bytes()));
    let kept = |name: String, text: &str| Document {
        name,
        media_type: "application/json".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let mut peer = Liar::honest(&hub);
    let (good, forged) = (kept(name("good"), "good"), kept(name("adopted"), "forged"));
    let beside = kept(name("adopted").replace(".json", ".prices.json"), "[]");
    peer.documents = vec![good, forged, beside];
    let done = exchanged(&site, &mut peer);
    assert_eq!((done.documents, done.forged), (2, 1));
    assert!(site.document(&name("adopted")).unwrap().is_none());

    // An honest peer brings it later.
    peer.documents = vec![kept(name("adopted"), "adopted")];
    assert_eq!(exchanged(&site, &mut peer).documents, 1);
}

/// Two bytes of a bundle make a refusal of two hundred: what is told of them stays bounded.
#[test]
fn refusals_are_told_so_far_and_counted_beyond() {
    let world = World::new();
    let (site, hub) = (world.node(1), world.node(2));
    let mut bundle = Vec::new();
    write_bundle(&site, 0, &mut bundle).unwrap();
    let lines = bundle.iter().enumerate().filter(|(_, b)| **b == b'\n');
    let second = lines.map(|(at, _)| at).nth(1).unwrap();
    let header = String::from_utf8(bundle[..=second].to_vec()).unwrap();
    let mut hostile = header.replace("\"to\":1", "\"to\":3000").into_bytes();
    hostile.extend((0..3000u16).flat_map(|n| [0, 2].into_iter().chain(n.to_be_bytes())));
    let sum = log::hash_of(&hostile);
    hostile.extend(sum.0);
    let taken = read_bundle(&hub, &mut &hostile[..], at(2)).unwrap().taken;
    assert_eq!(taken.refused.len(), REFUSALS_TOLD);
    assert_eq!(taken.refused_more, 3000 - REFUSALS_TOLD as u64);

    // What a peer says of our facts is shown on a screen.
    let mut peer = Liar::honest(&hub);
    let refusal = exchange::Refusal {
        hash: FactHash([1; 32]).to_string(),
        code: "\u{1b}[2Jbad-encoding".to_owned(),
        detail: "x\r".repeat(10_000),
    };
    peer.says = Some(Taken { refused: vec![refusal; 500], ..Taken::default() });
    let told = exchanged(&site, &mut peer).there;
    assert_eq!((told.refused.len(), told.refused_more), (REFUSALS_TOLD, 400));
    assert_eq!(told.refused[0].code, "[2Jbad-encoding");
    assert!(
        told.refused[0].detail.chars().all(|c| c == 'x') && told.refused[0].detail.len() == 200
    );
}
