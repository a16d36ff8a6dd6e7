//! Over a link that drops, repeats, delays and reorders.

use crate::world::{Device, World, at, set, submit};
use exchange::{DocumentName, Head, Page, Peer, PeerError, SyncError, Taken, head, sync, take};
use proptest::prelude::*;
use store::{Document, Node};

/// What the link does with the next call.
#[derive(Debug, Clone, Copy)]
enum Weather {
    Fair,
    /// The question is lost.
    Lost,
    /// The question arrives, the answer does not.
    Unheard,
    /// What is sent arrives twice.
    Twice,
    /// What was sent earlier arrives again, now.
    Late,
    /// The answer to an earlier question comes instead.
    Stale,
}

/// A peer in this process behind a bad link.
struct Link<'n> {
    node: &'n Node,
    weather: Vec<Weather>,
    sent: Vec<Page>,
    answered: Vec<Page>,
}

impl<'n> Link<'n> {
    fn new(node: &'n Node, weather: Vec<Weather>) -> Self {
        Self { node, weather, sent: Vec::new(), answered: Vec::new() }
    }

    fn fair(node: &'n Node) -> Self {
        Self::new(node, Vec::new())
    }

    fn next(&mut self) -> Weather {
        self.weather.pop().unwrap_or(Weather::Fair)
    }
}

fn lost<T>() -> Result<T, PeerError> {
    Err(PeerError("no answer".to_owned()))
}

impl Peer for Link<'_> {
    fn address(&self) -> &str {
        "https://hub.test"
    }

    fn head(&mut self) -> Result<Head, PeerError> {
        match self.next() {
            Weather::Lost | Weather::Unheard => lost(),
            _ => Ok(head(self.node).unwrap()),
        }
    }

    fn entries(&mut self, from: u64) -> Result<Page, PeerError> {
        let page = Page::of(self.node, from).unwrap();
        self.answered.push(page.clone());
        match self.next() {
            Weather::Lost | Weather::Unheard => lost(),
            Weather::Stale => Ok(self.answered[0].clone()),
            _ => Ok(page),
        }
    }

    fn documents(&mut self) -> Result<Vec<DocumentName>, PeerError> {
        Ok(exchange::documents(self.node).unwrap())
    }

    fn document(&mut self, name: &str) -> Result<Document, PeerError> {
        Ok(self.node.document(name).unwrap().unwrap())
    }

    fn offer(&mut self, page: &Page) -> Result<Taken, PeerError> {
        let weather = self.next();
        if let Weather::Lost = weather {
            return lost();
        }
        let page = Page::from_bytes(&page.to_bytes()).unwrap();
        if let Weather::Late = weather {
            for earlier in self.sent.iter().rev() {
                take(self.node, earlier, at(2)).unwrap();
            }
        }
        let taken = take(self.node, &page, at(2)).unwrap();
        if let Weather::Twice = weather {
            take(self.node, &page, at(2)).unwrap();
        }
        self.sent.push(page);
        if let Weather::Unheard = weather { lost() } else { Ok(taken) }
    }
}

fn weather() -> impl Strategy<Value = Weather> {
    use Weather::*;
    prop_oneof![
        4 => Just(Fair), 2 => Just(Lost), 2 => Just(Unheard),
        1 => Just(Twice), 1 => Just(Late), 1 => Just(Stale),
    ]
}

/// Exchanges until a run goes through; what fails on the way is the link's doing.
fn until_done(node: &Node, link: &mut Link) {
    for _ in 0..200 {
        match sync(node, link, at(2), &mut |_| {}) {
            Ok(_) => return,
            Err(SyncError::Peer(_) | SyncError::WrongPage { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the link never let a whole run through");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn both_end_with_the_union_whatever_the_link_does(
        here in 0..700_usize,
        there in 0..700_usize,
        weather in prop::collection::vec(weather(), 0..40),
        on_postgres in prop::bool::weighted(0.4),
    ) {
        let world = World::new();
        let (site, hub) = (world.node(1), if on_postgres { world.hub() } else { world.node(2) });
        let enrolments = world.enrolments(&[11, 12]);
        submit(&hub, &enrolments);
        submit(&site, &enrolments[..1]);
        let (mut phone, mut desk) = (Device::new(11), Device::new(12));
        let said: Vec<_> = (0..here).map(|_| phone.count()).collect();
        submit(&site, &said);
        let said: Vec<_> = (0..there).map(|_| desk.count()).collect();
        submit(&hub, &said);
        let union: std::collections::BTreeSet<_> = set(&site).union(&set(&hub)).copied().collect();

        until_done(&site, &mut Link::new(&hub, weather));
        prop_assert_eq!(&set(&site), &union);
        prop_assert_eq!(&set(&hub), &union);

        // Again, and nothing is new anywhere; what was marked is not sent again.
        let again = sync(&site, &mut Link::fair(&hub), at(3), &mut |_| {}).unwrap();
        prop_assert_eq!((again.here.new, again.there.new), (0, 0));
        prop_assert!(again.here.refused.is_empty() && again.there.refused.is_empty());
    }
}

#[test]
fn a_peer_put_back_from_an_old_backup_is_given_everything_again() {
    let world = World::new();
    let (site, hub) = (world.node(1), world.node(2));
    submit(&site, &world.enrolments(&[11]));
    let mut phone = Device::new(11);
    let said: Vec<_> = (0..300).map(|_| phone.count()).collect();
    submit(&site, &said);
    sync(&site, &mut Link::fair(&hub), at(2), &mut |_| {}).unwrap();
    submit(&hub, &world.enrolments(&[11]));
    sync(&site, &mut Link::fair(&hub), at(2), &mut |_| {}).unwrap();
    drop(hub);

    // Same log key, nothing but the opening.
    let other = World::new();
    let restored = other.node(2);
    let done = sync(&site, &mut Link::fair(&restored), at(3), &mut |_| {}).unwrap();
    assert!(done.peer_went_back);
    assert_eq!(set(&restored), set(&site));
}

#[test]
fn another_operation_and_the_node_itself_are_refused() {
    let world = World::new();
    let node = world.node(1);
    let itself = sync(&node, &mut Link::fair(&node), at(2), &mut |_| {});
    assert!(matches!(itself, Err(SyncError::Itself)));
    struct Elsewhere<'n>(Link<'n>);
    impl Peer for Elsewhere<'_> {
        fn address(&self) -> &str {
            self.0.address()
        }
        fn head(&mut self) -> Result<Head, PeerError> {
            Ok(Head { operation: "other".to_owned(), ..self.0.head()? })
        }
        fn entries(&mut self, from: u64) -> Result<Page, PeerError> {
            self.0.entries(from)
        }
        fn documents(&mut self) -> Result<Vec<DocumentName>, PeerError> {
            self.0.documents()
        }
        fn document(&mut self, name: &str) -> Result<Document, PeerError> {
            self.0.document(name)
        }
        fn offer(&mut self, page: &Page) -> Result<Taken, PeerError> {
            self.0.offer(page)
        }
    }
    let hub = world.node(2);
    let other = sync(&node, &mut Elsewhere(Link::fair(&hub)), at(2), &mut |_| {});
    assert!(matches!(other, Err(SyncError::OtherOperation { .. })));
}

/// Both nodes hold the same facts in another order: two logs, each with a name of its own, so that
/// whoever sees both heads does not take them for a fork.
#[test]
fn a_site_and_the_hub_keep_two_logs_of_one_operation() {
    let world = World::new();
    let (site, hub) = (world.node(1), world.hub());
    let enrolments = world.enrolments(&[11, 12]);
    submit(&site, &enrolments);
    submit(&hub, &enrolments);
    let (mut phone, mut desk) = (Device::new(11), Device::new(12));
    submit(&site, &[phone.count()]);
    submit(&hub, &[desk.count()]);
    sync(&site, &mut Link::fair(&hub), at(2), &mut |_| {}).unwrap();
    assert_eq!(set(&site), set(&hub));
    let head = |node: &Node| {
        let note = node.checkpoint().unwrap();
        log::Checkpoint::open(&note, &node.verifier().unwrap()).unwrap()
    };
    let (a, b) = (head(&site), head(&hub));
    assert_eq!(a.size, b.size);
    assert_ne!(a.root, b.root, "each took the other's fact in after its own");
    assert_eq!(b.origin, crate::world::ORIGIN);
    assert_eq!(a.origin, format!("{}/node/site-1", crate::world::ORIGIN));
    for node in [&site, &hub] {
        let report = store::verify(node.url(), &mut |_| {}).unwrap();
        assert!(report.holds(), "{:?}", report.findings);
    }
}
