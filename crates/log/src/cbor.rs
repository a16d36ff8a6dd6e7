//! As much of CBOR (RFC 8949) as the envelope needs, in its deterministic form (section 4.2.1).
//!
//! The reader refuses every other way of writing the same value, so that one fact has one encoding
//! and a hash names it.

use std::borrow::Cow;

/// What is wrong, and at which byte of the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub offset: usize,
    /// The field being read, as `people` or `occurred_at`.
    pub field: &'static str,
    pub what: Cow<'static, str>,
}

const UINT: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// Appends values in their shortest form. Keys of a map are written in ascending order by the
/// caller.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
    fn head(&mut self, major: u8, n: u64) {
        let major = major << 5;
        match n {
            0..=23 => self.0.push(major | n as u8),
            24..=0xff => self.0.extend([major | 24, n as u8]),
            0x100..=0xffff => {
                self.0.push(major | 25);
                self.0.extend((n as u16).to_be_bytes());
            }
            0x1_0000..=0xffff_ffff => {
                self.0.push(major | 26);
                self.0.extend((n as u32).to_be_bytes());
            }
            _ => {
                self.0.push(major | 27);
                self.0.extend(n.to_be_bytes());
            }
        }
    }
    pub fn uint(&mut self, n: u64) {
        self.head(UINT, n);
    }
    pub fn int(&mut self, n: i64) {
        match u64::try_from(n) {
            Ok(n) => self.head(UINT, n),
            Err(_) => self.head(NEGATIVE, !(n as u64)),
        }
    }
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.head(BYTES, bytes.len() as u64);
        self.0.extend(bytes);
    }
    pub fn text(&mut self, text: &str) {
        self.head(TEXT, text.len() as u64);
        self.0.extend(text.as_bytes());
    }
    pub fn array(&mut self, len: usize) {
        self.head(ARRAY, len as u64);
    }
    pub fn map(&mut self, len: usize) {
        self.head(MAP, len as u64);
    }
    pub fn bool(&mut self, value: bool) {
        self.0.push(if value { 0xf5 } else { 0xf4 });
    }
    /// Tags below 24, as COSE_Sign1's 18.
    pub fn small_tag(&mut self, tag: u8) {
        debug_assert!(tag < 24);
        self.0.push(6 << 5 | tag);
    }
}

/// Reads one value after another from `bytes`; `base` is where those begin in the whole entry.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    base: usize,
    /// Names the field in a flaw; whoever reads a field sets it.
    pub field: &'static str,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, at: 0, base, field: "entry" }
    }
    /// Offset in the entry of the next byte.
    pub fn offset(&self) -> usize {
        self.base + self.at
    }
    pub fn flaw(&self, what: impl Into<Cow<'static, str>>) -> Flaw {
        Flaw { offset: self.offset(), field: self.field, what: what.into() }
    }
    fn take(&mut self, n: u64) -> Result<&'a [u8], Flaw> {
        let left = &self.bytes[self.at..];
        let n = usize::try_from(n).ok().filter(|n| *n <= left.len());
        let n = n.ok_or_else(|| self.flaw("the bytes end in the middle of a value"))?;
        self.at += n;
        Ok(&left[..n])
    }
    fn head(&mut self) -> Result<(u8, u64), Flaw> {
        let start = self.at;
        let first = self.take(1)?[0];
        let (major, short) = (first >> 5, first & 31);
        let (n, least) = match short {
            0..=23 => return Ok((major, short.into())),
            24..=27 => {
                let len = 1 << (short - 24);
                let n = self.take(len)?.iter().fold(0, |n, b| n << 8 | u64::from(*b));
                (n, [24, 0x100, 0x1_0000, 0x1_0000_0000][usize::from(short - 24)])
            }
            31 => {
                self.at = start;
                return Err(self.flaw("indefinite lengths are refused"));
            }
            _ => {
                self.at = start;
                return Err(self.flaw("not CBOR: reserved additional information"));
            }
        };
        if major < 7 && n < least {
            self.at = start;
            return Err(self.flaw(format!("{n} is written longer than it needs to be")));
        }
        Ok((major, n))
    }
    fn expect(&mut self, major: u8, what: &'static str) -> Result<u64, Flaw> {
        let start = self.at;
        match self.head()? {
            (found, n) if found == major => Ok(n),
            _ => {
                self.at = start;
                Err(self.flaw(format!("expected {what}")))
            }
        }
    }
    pub fn uint(&mut self) -> Result<u64, Flaw> {
        self.expect(UINT, "an unsigned number")
    }
    pub fn u32(&mut self) -> Result<u32, Flaw> {
        let start = self.at;
        let n = self.uint()?;
        u32::try_from(n).map_err(|_| {
            self.at = start;
            self.flaw(format!("{n} is above {}", u32::MAX))
        })
    }
    pub fn int(&mut self) -> Result<i64, Flaw> {
        let start = self.at;
        let n = match self.head()? {
            (UINT, n) => i64::try_from(n).ok(),
            (NEGATIVE, n) => i64::try_from(n).ok().map(|n| -1 - n),
            _ => None,
        };
        n.ok_or_else(|| {
            self.at = start;
            self.flaw("expected a number of at most 63 bits")
        })
    }
    pub fn bytes(&mut self) -> Result<&'a [u8], Flaw> {
        let n = self.expect(BYTES, "a byte string")?;
        self.take(n)
    }
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Flaw> {
        let start = self.at;
        let bytes = self.bytes()?;
        bytes.try_into().map_err(|_| {
            self.at = start;
            self.flaw(format!("expected {N} bytes, found {}", bytes.len()))
        })
    }
    pub fn text(&mut self) -> Result<&'a str, Flaw> {
        let n = self.expect(TEXT, "a text")?;
        let bytes = self.take(n)?;
        std::str::from_utf8(bytes).map_err(|_| self.flaw("text is not UTF-8"))
    }
    pub fn bool(&mut self) -> Result<bool, Flaw> {
        match self.bytes.get(self.at) {
            Some(0xf4) => self.at += 1,
            Some(0xf5) => {
                self.at += 1;
                return Ok(true);
            }
            _ => return Err(self.flaw("expected true or false")),
        }
        Ok(false)
    }
    pub fn small_tag(&mut self, tag: u8) -> Result<(), Flaw> {
        let n = self.expect(6, "a tag")?;
        if n == tag.into() { Ok(()) } else { Err(self.flaw(format!("expected tag {tag}"))) }
    }
    /// An array of exactly `len` items.
    pub fn array_of(&mut self, len: usize) -> Result<(), Flaw> {
        let start = self.at;
        let n = self.array()?;
        if n == len {
            return Ok(());
        }
        self.at = start;
        Err(self.flaw(format!("expected {len} items, found {n}")))
    }
    /// The number of items, which is no more than the bytes left could hold.
    pub fn array(&mut self) -> Result<usize, Flaw> {
        let n = self.expect(ARRAY, "an array")?;
        let left = (self.bytes.len() - self.at) as u64;
        if n > left { Err(self.flaw("the array is longer than the entry")) } else { Ok(n as usize) }
    }
    pub fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Flaw>,
    ) -> Result<Vec<T>, Flaw> {
        let n = self.array()?;
        // Lists are kept as long as the record is: without the room that they grew into.
        let list: Vec<T> = (0..n).map(|_| item(self)).collect::<Result<_, _>>()?;
        Ok(list.into_boxed_slice().into_vec())
    }
    pub fn map(&mut self) -> Result<Fields, Flaw> {
        let left = self.expect(MAP, "a map")?;
        Ok(Fields { left, last: None })
    }
    pub fn end(&self) -> Result<(), Flaw> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.flaw("bytes follow the value")) }
    }
}

/// The fields of a map with small unsigned keys, asked for in ascending order.
pub struct Fields {
    left: u64,
    last: Option<u64>,
}

impl Fields {
    /// Goes to the value of `key`, which must be there.
    pub fn required(&mut self, r: &mut Reader, key: u64, field: &'static str) -> Result<(), Flaw> {
        if self.optional(r, key, field)? {
            return Ok(());
        }
        Err(r.flaw(format!("key {key} is missing")))
    }
    /// Goes to the value of `key` if the map holds it.
    pub fn optional(
        &mut self,
        r: &mut Reader,
        key: u64,
        field: &'static str,
    ) -> Result<bool, Flaw> {
        r.field = field;
        if self.left == 0 {
            return Ok(false);
        }
        let start = r.at;
        let found = r.uint()?;
        if self.last.is_some_and(|last| found <= last) {
            r.at = start;
            return Err(r.flaw(format!("key {found} is out of order or there twice")));
        }
        if found != key {
            r.at = start;
            return Ok(false);
        }
        self.left -= 1;
        self.last = Some(found);
        Ok(true)
    }
    pub fn end(&self, r: &mut Reader) -> Result<(), Flaw> {
        if self.left == 0 {
            return Ok(());
        }
        let start = r.at;
        let flaw = match (r.uint(), self.last) {
            (Ok(key), Some(last)) if key <= last => {
                format!("key {key} is out of order or there twice")
            }
            (Ok(key), _) => format!("key {key} is unknown"),
            (Err(flaw), _) => return Err(flaw),
        };
        r.at = start;
        Err(r.flaw(flaw))
    }
}
