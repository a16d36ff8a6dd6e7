//! The digits that two people compare, so that the key which is enrolled is the key that was made.

use domain::PublicKey;

/// How many digits: 66 bits, so that nobody finds a second key with the same ones.
const DIGITS: usize = 20;

/// What a device shows and its keyholder types: twenty digits in groups of four, the first sixteen
/// bytes of SHA-256 of `amana/comparison/v1`, a line feed and the key, as a number, modulo 10^20.
pub fn comparison_code(key: &PublicKey) -> String {
    let hash = log::hash_of(&[b"amana/comparison/v1\n", &key.0[..]].concat());
    let mut first = [0; 16];
    first.copy_from_slice(&hash.0[..16]);
    let number = u128::from_be_bytes(first) % 10u128.pow(DIGITS as u32);
    let digits = format!("{number:0DIGITS$}");
    let groups: Vec<_> = (0..DIGITS).step_by(4).map(|at| &digits[at..at + 4]).collect();
    groups.join(" ")
}

/// Whether somebody typed those digits, in whatever groups and in Western or Eastern Arabic numerals.
pub fn same_code(typed: &str, code: &str) -> bool {
    let digits = |text: &str| text.chars().filter_map(digit).collect::<Vec<_>>();
    digits(typed) == digits(code) && digits(code).len() == DIGITS
}

fn digit(c: char) -> Option<u32> {
    // U+0660 is the Arabic zero, U+06F0 the one of Persian and Kurdish keyboards.
    c.to_digit(10).or_else(|| match u32::from(c) {
        n @ 0x0660..=0x0669 => Some(n - 0x0660),
        n @ 0x06f0..=0x06f9 => Some(n - 0x06f0),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same key and digits are in `web/test/order.test.ts`.
    #[test]
    fn the_phone_and_the_command_line_make_the_same_digits() {
        let code = comparison_code(&PublicKey([7; 32]));
        assert_eq!(code, "4380 6337 3704 1783 3854");
        assert!(same_code(&code.replace(' ', "-"), &code));
        assert!(!same_code(&code[..19], &code));
    }

    #[test]
    fn digits_of_either_script_are_the_same_number() {
        let code = "0123 4567 8901 2345 6789";
        assert!(same_code("٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٩", code));
        assert!(same_code("۰۱۲۳ ۴۵۶۷ ۸۹۰۱ ۲۳۴۵ ۶۷۸۹", code));
        assert!(!same_code("٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨٨", code));
    }
}
