//! The names of things. Each is a newtype, made at the rim by a checking constructor. Names are kept in
//! place up to 23 bytes: a record holds millions of them.

use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use std::fmt;

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error(
        "{what} '{text}' may only hold a-z, 0-9 and '-', start with a letter, and be 1 to 48 long"
    )]
    Slug { what: &'static str, text: String },
    #[error("unit '{0}' must be written site/unit")]
    Unit(String),
    #[error("movement '{0}' must be written YYYY-MM-DD/NN, as 2026-01-21/03")]
    Movement(String),
    #[error("person number '{0}' must be written A-000000-0: a letter, six digits, a check digit")]
    PersonShape(String),
    #[error(
        "person number '{text}' has check digit {found}, it should be {expected}: read it again"
    )]
    PersonCheck { text: String, found: u8, expected: u8 },
    #[error("'{0}' must be {1} bytes as lower-case hexadecimal")]
    Hex(String, usize),
    #[error("definition '{0}' must be written name@version, as nationality/verified@1")]
    Definition(String),
}

fn is_slug(text: &str) -> bool {
    text.len() <= 48
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(SmolStr);

        impl $name {
            /// Checks the characters: a-z, 0-9 and '-', a letter first, at most 48.
            pub fn new(text: &str) -> Result<Self, IdError> {
                if is_slug(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(IdError::Slug { what: $what, text: text.to_owned() })
                }
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug_id!(
    /// One operation: a mandate, its cohort and its record.
    OperationId, "operation"
);
slug_id!(
    /// A ministry, force, court or monitor that takes part. Its officers act, it answers.
    AuthorityId, "authority"
);
slug_id!(
    /// A prison, camp, staging base, airfield, crossing or court.
    SiteId, "site"
);
slug_id!(
    /// One bus, van, ambulance or aircraft of the fleet, as `hasakah-bus-03`.
    VehicleId, "vehicle"
);
slug_id!(
    /// A place on a road where a convoy reports itself.
    WaypointId, "waypoint"
);
slug_id!(
    /// A policy about who may see what, by the name it has in its text.
    PolicyId, "policy"
);

/// A wing of a site with its rating, written `site/unit`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId {
    site: SiteId,
    unit: SmolStr,
}

impl UnitId {
    pub fn new(site: SiteId, unit: &str) -> Result<Self, IdError> {
        if is_slug(unit) {
            Ok(Self { site, unit: unit.into() })
        } else {
            Err(IdError::Slug { what: "unit", text: unit.to_owned() })
        }
    }
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (site, unit) = text.split_once('/').ok_or_else(|| IdError::Unit(text.to_owned()))?;
        Self::new(SiteId::new(site)?, unit)
    }
    pub fn site(&self) -> &SiteId {
        &self.site
    }
    /// The part after the slash, unique within its site.
    pub fn unit(&self) -> &str {
        &self.unit
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.site, self.unit)
    }
}

impl fmt::Debug for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A definition of a figure by its full name: slugs, a slash between two of them, and the version,
/// as `nationality/verified@1`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionId(String);

impl DefinitionId {
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let shape = || {
            let (name, version) = text.split_once('@')?;
            let number = version.parse::<u16>().ok().filter(|n| n.to_string() == version)?;
            (number > 0 && name.split('/').count() <= 2 && name.split('/').all(is_slug))
                .then_some(())
        };
        match shape() {
            Some(()) => Ok(Self(text.to_owned())),
            None => Err(IdError::Definition(text.to_owned())),
        }
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DefinitionId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DefinitionId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The evening's date of a night, which runs 18:00 to 06:00 local time.
pub type Night = jiff::civil::Date;

/// A convoy or a flight: the night it leaves in and its number in that night, `2026-01-21/03`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MovementId {
    pub night: Night,
    /// 1 to 99.
    pub number: u8,
}

impl MovementId {
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::Movement(text.to_owned());
        let (night, number) = text.split_once('/').ok_or_else(bad)?;
        let night = night.parse().map_err(|_| bad())?;
        if number.len() != 2 {
            return Err(bad());
        }
        let number = number.parse().ok().filter(|n| (1..=99).contains(n)).ok_or_else(bad)?;
        let id = Self { night, number };
        if id.to_string() == text { Ok(id) } else { Err(bad()) }
    }
}

impl fmt::Display for MovementId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{:02}", self.night, self.number)
    }
}

impl fmt::Debug for MovementId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The number issued to a person at registration, on the wristband: `A-004711-3`.
///
/// A series letter, six digits and a Damm check digit over the digits, which finds every single
/// wrong digit and every swap of two neighbours. It says nothing about the person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId {
    series: u8,
    number: u32,
}

impl PersonId {
    /// `series` is A to Z, `number` below 1,000,000; anything else is our own mistake and panics.
    pub fn issue(series: char, number: u32) -> Self {
        assert!(
            series.is_ascii_uppercase() && number < 1_000_000,
            "series {series} number {number}"
        );
        Self { series: series as u8, number }
    }
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let bad = || IdError::PersonShape(text.to_owned());
        let b = text.as_bytes();
        let shape = b.len() == 10
            && b[0].is_ascii_uppercase()
            && b[1] == b'-'
            && b[8] == b'-'
            && b[2..8].iter().chain(&b[9..]).all(u8::is_ascii_digit);
        if !shape {
            return Err(bad());
        }
        let number = text[2..8].parse().map_err(|_| bad())?;
        let (found, expected) = (b[9] - b'0', damm(&b[2..8]));
        if found != expected {
            return Err(IdError::PersonCheck { text: text.to_owned(), found, expected });
        }
        Ok(Self { series: b[0], number })
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let digits = format!("{:06}", self.number);
        write!(f, "{}-{digits}-{}", self.series as char, damm(digits.as_bytes()))
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Check digit of decimal `digits` by the quasigroup of order 10 in H. M. Damm, *Total
/// anti-symmetrische Quasigruppen* (Marburg, 2004).
fn damm(digits: &[u8]) -> u8 {
    const TABLE: [[u8; 10]; 10] = [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ];
    digits.iter().fold(0, |row, d| TABLE[row as usize][(d - b'0') as usize])
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let bad = || IdError::Hex(text.to_owned(), $len);
                let canonical = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                if text.len() != 2 * $len || !canonical {
                    return Err(bad());
                }
                let mut bytes = [0; $len];
                for (i, byte) in bytes.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| bad())?;
                }
                Ok(Self(bytes))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                self.0[..4].iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }
    };
}

byte_id!(
    /// UUIDv7 (RFC 9562) made on the device before a fact is first sent, so that a repeat is known.
    FactId, 16
);
byte_id!(
    /// SHA-256 of a fact's signed bytes: what `after` links and device chains name.
    FactHash, 32
);
byte_id!(
    /// SHA-256 of a device's public key.
    DeviceId, 32
);
impl DeviceId {
    /// The name of the device that signs with this key.
    pub fn of(key: &PublicKey) -> Self {
        Self(Sha256::digest(key.0).into())
    }
}

byte_id!(
    /// An Ed25519 public key.
    PublicKey, 32
);
byte_id!(
    /// An Ed25519 signature by which a new key accepts to follow an old one.
    KeyProof, 64
);
byte_id!(
    /// Salted commitment to particulars that are kept apart in the register.
    Commitment, 32
);
byte_id!(
    /// SHA-256 of a plan document.
    PlanHash, 32
);
byte_id!(
    /// SHA-256 of a set of policies, schema and all (docs/formats/envelope-v1.md).
    PolicySetHash, 32
);
byte_id!(
    /// SHA-256 of a document that a fact names, as a statement.
    DocumentHash, 32
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_checked() {
        assert!(SiteId::new("kharab-al-jir").is_ok());
        for bad in ["", "Karkh", "a b", "-a", "1a", &"x".repeat(49)] {
            assert!(SiteId::new(bad).is_err(), "{bad}");
        }
        assert_eq!(UnitId::parse("karkh/w1").unwrap().to_string(), "karkh/w1");
        assert!(UnitId::parse("karkh").is_err());
        assert_eq!(MovementId::parse("2026-01-21/03").unwrap().number, 3);
        for bad in ["2026-01-21", "2026-1-21/03", "2026-01-21/3", "2026-01-21/00", "2026-02-30/01"]
        {
            assert!(MovementId::parse(bad).is_err(), "{bad}");
        }
        assert!(FactHash::parse(&"0A".repeat(32)).is_err());
        assert!(DefinitionId::parse("nationality/verified@1").is_ok());
        for bad in ["admitted", "admitted@0", "admitted@01", "a/b/c@1", "Admitted@1", "@1"] {
            assert!(DefinitionId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn damm_agrees_with_the_published_example() {
        assert_eq!(damm(b"572"), 4);
    }

    proptest! {
        #[test]
        fn a_person_number_reads_back(n in 0u32..1_000_000) {
            let id = PersonId::issue('A', n);
            prop_assert_eq!(PersonId::parse(&id.to_string()), Ok(id));
        }

        /// What a tired hand does to a wristband number: one digit wrong, or two swapped.
        #[test]
        fn a_slip_of_the_hand_is_found(n in 0u32..1_000_000, at in 2usize..8, digit in b'0'..=b'9') {
            let good = PersonId::issue('A', n).to_string();
            let mut wrong = good.clone().into_bytes();
            wrong[at] = digit;
            let mut swapped = good.clone().into_bytes();
            if at < 7 { swapped.swap(at, at + 1) }
            for slip in [wrong, swapped] {
                let slip = String::from_utf8(slip).unwrap();
                prop_assert!(slip == good || PersonId::parse(&slip).is_err());
            }
        }
    }
}
