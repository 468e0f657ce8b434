//! Whether a JPEG file is whole. Decoders fill what is missing with grey rather than say so.

/// Walks the file's segments; `false` where it ends before its picture does.
pub(super) fn is_whole(file: &[u8]) -> bool {
    let mut at = 2;
    loop {
        // Any number of fill bytes may stand before a marker.
        let Some(skipped) = file.get(at..).and_then(|rest| rest.iter().position(|byte| *byte != 0xff)) else {
            return false;
        };
        let Some(marker) = file.get(at + skipped).copied().filter(|_| skipped > 0) else { return false };
        at += skipped + 1;
        match marker {
            // End of image.
            0xd9 => return true,
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => {}
            _ => {
                let Some(&[high, low]) = file.get(at..at + 2) else { return false };
                at += usize::from(u16::from_be_bytes([high, low]));
                // Start of scan: coded data follows, up to a marker that is neither a stuffed byte nor a restart.
                if marker == 0xda {
                    let Some(data) = file.get(at..) else { return false };
                    let end = data.windows(2).position(
                        |pair| matches!(pair, [0xff, marker] if !matches!(marker, 0x00 | 0xff | 0xd0..=0xd7)),
                    );
                    let Some(end) = end else { return false };
                    at += end;
                }
            }
        }
    }
}
