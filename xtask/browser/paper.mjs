// PDFs: of one page with one line on it, changed after signing, signed by somebody unknown.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The bytes of a page with this line. */
export function page(line) {
  return bytes(body(line));
}

/** The same file with one letter of its line changed. */
export function changed(file, line) {
  const at = file.indexOf(`(${line})`);
  if (at < 0) throw new Error('the line does not stand in the file as it is');
  const other = Buffer.from(file);
  other.write('X', at + 1, 'latin1');
  return other;
}

/** A page that is signed with a certificate that OpenSSL made for itself a moment ago. */
export function signedByNobodyKnown(line) {
  const room = 16_000;
  const range = '/ByteRange [0000000000 0000000000 0000000000 0000000000]';
  const signature = `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ` +
    `${range} /Contents <${'0'.repeat(room)}> >>`;
  const field = '<< /Type /Annot /Subtype /Widget /FT /Sig /T (S) /V 6 0 R /F 132 ' +
    '/Rect [0 0 0 0] /P 3 0 R >>';
  const objects = body(line, '/AcroForm << /Fields [7 0 R] /SigFlags 3 >>', '/Annots [7 0 R]');
  const file = bytes([...objects, signature, field]);
  const begins = file.indexOf('/Contents <') + '/Contents '.length;
  const ends = begins + room + 2;
  const numbers = [0, begins, ends, file.length - ends];
  const said = numbers.map((number) => String(number).padStart(10, '0')).join(' ');
  file.write(`/ByteRange [${said}]`, file.indexOf('/ByteRange ['), 'latin1');
  const cms = signedByOpenssl(Buffer.concat([file.subarray(0, begins), file.subarray(ends)]));
  file.write(cms.toString('hex'), begins + 1, 'latin1');
  return file;
}

function signedByOpenssl(covered) {
  const folder = mkdtempSync(join(tmpdir(), 'sakta-paper-'));
  const at = (name) => join(folder, name);
  const stdio = ['ignore', 'ignore', 'pipe'];
  const openssl = (...words) => execFileSync('openssl', words, { stdio });
  try {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
      '-subj', '/CN=Jānis Nezināmais', '-utf8', '-days', '30', '-addext',
      'keyUsage=critical,nonRepudiation', '-keyout', at('key'), '-out', at('certificate'));
    writeFileSync(at('covered'), covered);
    openssl('cms', '-sign', '-cades', '-binary', '-outform', 'DER', '-md', 'sha256',
      '-signer', at('certificate'), '-inkey', at('key'), '-in', at('covered'), '-out', at('cms'));
    return readFileSync(at('cms'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The objects of a page, from 1 on. */
function body(line, catalogue = '', sheet = '') {
  const text = `BT /F1 24 Tf 72 740 Td (${line.replace(/[()\\]/g, '')}) Tj ET`;
  return [
    `<< /Type /Catalog /Pages 2 0 R ${catalogue} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ${sheet} ` +
      '/Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
}

/** The file of these objects. */
function bytes(objects) {
  const count = objects.length + 1;
  let file = '%PDF-1.7\n';
  let table = `xref\n0 ${count}\n0000000000 65535 f \n`;
  objects.forEach((object, place) => {
    table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${place + 1} 0 obj\n${object}\nendobj\n`;
  });
  file += `${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}
