//! The address that a request comes from: of the connection, or of the first hop that is no proxy of ours.

use actix_web::HttpRequest;
use std::net::IpAddr;
use std::str::FromStr;

/// A network of addresses, `10.0.0.0/8`, or a single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("\"{text}\" is not an address or a network such as 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits <= most { Ok(Network { address, bits }) } else { Err(wrong()) }
    }
}

impl Network {
    /// Whether an address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let mask = u32::MAX.checked_shl(32 - self.bits).unwrap_or(0);
                ours.to_bits() & mask == theirs.to_bits() & mask
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let mask = u128::MAX.checked_shl(128 - self.bits).unwrap_or(0);
                ours.to_bits() & mask == theirs.to_bits() & mask
            }
            _ => false,
        }
    }
}

/// Whom attempts are counted for. `X-Forwarded-For` is believed only of a proxy that is trusted, and read from its end:
/// what stands before the last stranger, that stranger may have written. Of IPv6 the network counts, since everybody has
/// a whole one.
pub(super) fn of(request: &HttpRequest, proxies: &[Network]) -> String {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.contains(address));
    let Some(peer) = request.peer_addr().map(|peer| peer.ip()) else { return String::new() };
    let headers: Vec<&str> =
        request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    let hops = headers.iter().flat_map(|value| value.split(',')).rev();
    let mut last = peer;
    for hop in hops {
        match hop.trim().parse() {
            Ok(address) if trusted(last) => last = address,
            _ => break,
        }
    }
    match last.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}/64", address.to_bits() >> 64),
    }
}
