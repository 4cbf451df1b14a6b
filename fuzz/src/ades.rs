//! Checking a signed file for somebody who trusts nobody.

use ades::{Algorithms, Evidence, TS_119_312_V2_1_1, Trust, check_pdf};

/// Every file gets a report or a refusal.
pub fn pdf(data: &[u8]) {
    let trust = Trust { anchors: &[], algorithms: Algorithms(&[]), rules: TS_119_312_V2_1_1 };
    let _ = check_pdf(data, &Evidence::default(), &trust, 1_800_000_000);
}
