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

/// Name of the `n`th vehicle (from 1) that starts at a depot: `<depot>-<type>-<nn>`.
pub(crate) fn vehicle_name(depot: &str, kind: &str, n: i64) -> String {
    format!("{}-{}-{n:02}", slug(depot), slug(kind))
}

/// Name of the `n`th escort team (from 1) of a depot: `<depot>-team-<nn>`.
pub(crate) fn team_name(depot: &str, n: i64) -> String {
    format!("{}-team-{n:02}", slug(depot))
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
