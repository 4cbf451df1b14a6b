//! Files made of nothing but what a test needs.

/// A file of one empty page, longer by so many bytes.
pub(crate) fn blank(longer: usize) -> Vec<u8> {
    with_trailer(longer, "")
}

/// One that says it is encrypted.
pub(crate) fn encrypted() -> Vec<u8> {
    with_trailer(0, "/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4 >>")
}

fn with_trailer(longer: usize, more: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ];
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    file.extend(b"% filling\n".iter().cycle().take(longer / 10 * 10));
    let mut table = "xref\n0 4\n0000000000 65535 f \n".to_owned();
    for (place, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", place + 1).bytes());
    }
    let start = file.len();
    let end =
        format!("{table}trailer\n<< /Size 4 /Root 1 0 R {more} >>\nstartxref\n{start}\n%%EOF\n");
    file.extend(end.bytes());
    file
}
