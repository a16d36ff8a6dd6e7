//! Pages as bytes.

use exchange::{PAGE_ENTRIES, Page};
use proptest::prelude::*;

fn page() -> impl Strategy<Value = Page> {
    let entry = prop::collection::vec(any::<u8>(), 0..300);
    (any::<u64>(), prop::collection::vec(entry, 0..PAGE_ENTRIES as usize))
        .prop_map(|(from, entries)| Page { from, entries })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(page in page()) {
        prop_assert_eq!(Page::from_bytes(&page.to_bytes()), Ok(page));
    }

    #[test]
    fn any_bytes_are_a_page_that_writes_them_again_or_an_error(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        if let Ok(page) = Page::from_bytes(&bytes) {
            prop_assert_eq!(page.to_bytes(), bytes);
        }
    }
}

#[test]
fn what_is_cut_or_too_long_is_an_error() {
    let page = Page { from: 7, entries: vec![vec![1, 2, 3]; 4] };
    let bytes = page.to_bytes();
    assert!(Page::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Page::from_bytes(&bytes[..7]).is_err());
    let long = Page { from: 0, entries: vec![Vec::new(); PAGE_ENTRIES as usize + 1] };
    assert!(Page::from_bytes(&long.to_bytes()).is_err());
}
