//! Files made of nothing but what a test needs.

/// A file of one page, longer by about so many bytes.
pub(crate) fn blank(longer: usize) -> Vec<u8> {
    pdf::trial::page(&"filling  ".repeat(longer.div_ceil(9)))
}

/// One that says it is encrypted.
pub(crate) fn encrypted() -> Vec<u8> {
    let objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"];
    pdf::trial::file(&objects, "/Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -4>>")
}
