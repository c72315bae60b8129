//! Numbers that look like chance and are the same every time.

/// A small generator of numbers; the same seed gives the same numbers.
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }

    /// One of the items; none when there are none.
    pub fn one_of<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        if items.is_empty() { None } else { items.get(self.below(items.len())) }
    }
}

/// The seeds that a test of random things plays: its own, or those of `KAMFLOW_SEEDS`, one (`17`) or many (`1000..9000`).
pub fn seeds(own: std::ops::Range<u64>) -> std::ops::Range<u64> {
    let Ok(given) = std::env::var("KAMFLOW_SEEDS") else { return own };
    let number = |text: &str| text.parse::<u64>().unwrap_or_else(|_| panic!("KAMFLOW_SEEDS is \"{given}\""));
    match given.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => number(&given)..number(&given) + 1,
    }
}
