//! Names that fit in a file name, a URL and a radio message: `a-z`, `0-9` and `-`.

/// Lower-case letters, digits and single hyphens of `name`; `x` when nothing is left.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let end = out.trim_end_matches('-').len();
    out.truncate(end);
    if out.is_empty() { "x".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn only_letters_digits_and_hyphens_are_left() {
        assert_eq!(slug("Al-Hasakah (north)"), "al-hasakah-north");
        assert_eq!(slug("p0"), "p0");
        assert_eq!(slug("…"), "x");
    }
}
