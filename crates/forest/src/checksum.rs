//! The checksum of a packed forest.

/// CRC-32 as in IEEE 802.3 (polynomial 0xEDB88320, reflected), the one of zip and PNG.
///
/// Computed a bit at a time: a model is some hundred kilobytes and read once, so a table is not worth its code.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut register = u32::MAX;
    for &byte in bytes {
        register ^= u32::from(byte);
        for _ in 0..8 {
            let low_bit = register & 1;
            register = (register >> 1) ^ (0xEDB8_8320 * low_bit);
        }
    }
    !register
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_published_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
