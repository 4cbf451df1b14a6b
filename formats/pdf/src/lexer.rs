//! Bytes to tokens, with the place of each. Spec: ISO 32000-2 §7.2, §7.3.

use crate::refusal::{OBJECT, Outcome, Refusal};

/// The longest string or name, in bytes.
const LONGEST: usize = 8 << 20;

/// One token. Strings are decoded; numbers that are not plain integers keep their text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// An integer.
    Int(i64),
    /// Any other number, as written.
    Real(&'a [u8]),
    /// `/Name`, decoded, without the slash.
    Name(Vec<u8>),
    /// `(…)` or `<…>`, decoded.
    Text(Vec<u8>),
    /// `[`.
    ArrayOpen,
    /// `]`.
    ArrayClose,
    /// `<<`.
    DictOpen,
    /// `>>`.
    DictClose,
    /// `obj`, `R`, `true`, …
    Word(&'a [u8]),
    /// No more bytes.
    End,
}

/// Reads tokens from `bytes`, beginning at `at`.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Whether this byte is white space.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

/// The value of a hexadecimal digit.
pub(crate) fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

impl<'a> Lexer<'a> {
    /// A lexer that begins at `at`.
    pub(crate) fn at(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the next byte is read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Skips white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'%' {
                self.skip_comment();
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next token.
    pub(crate) fn token(&mut self) -> Outcome<Token<'a>> {
        self.skip_space();
        let Some(byte) = self.peek(0) else { return Ok(Token::End) };
        match (byte, self.peek(1)) {
            (b'<', Some(b'<')) => Ok(self.skipping(2, Token::DictOpen)),
            (b'>', Some(b'>')) => Ok(self.skipping(2, Token::DictClose)),
            (b'<', _) => self.hex(),
            (b'(', _) => self.literal(),
            (b'/', _) => self.name(),
            (b'[', _) => Ok(self.skipping(1, Token::ArrayOpen)),
            (b']', _) => Ok(self.skipping(1, Token::ArrayClose)),
            _ if is_regular(byte) => Ok(self.regular()),
            _ => Err(OBJECT),
        }
    }

    /// The next token, which must be an integer that fits.
    pub(crate) fn int<T: TryFrom<i64>>(&mut self) -> Outcome<T> {
        match self.token()? {
            Token::Int(value) => T::try_from(value).map_err(|_| OBJECT),
            _ => Err(OBJECT),
        }
    }

    /// Reads the next token when it is this word.
    pub(crate) fn word(&mut self, word: &[u8]) -> bool {
        let before = self.at;
        let found = matches!(self.token(), Ok(Token::Word(found)) if found == word);
        if !found {
            self.at = before;
        }
        found
    }

    /// Skips the line end that follows the keyword `stream`.
    pub(crate) fn skip_line_end(&mut self) {
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        match (self.peek(0), self.peek(1)) {
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            (Some(b'\r' | b'\n'), _) => self.at += 1,
            _ => {}
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.checked_add(ahead)?).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek(0)?;
        self.at += 1;
        Some(byte)
    }

    fn skipping(&mut self, count: usize, token: Token<'a>) -> Token<'a> {
        self.at += count;
        token
    }

    fn skip_comment(&mut self) {
        while self.next().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {}
    }

    fn run(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek(0).is_some_and(is_regular) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn regular(&mut self) -> Token<'a> {
        let run = self.run();
        let numeric = run.iter().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.'))
            && run.iter().any(u8::is_ascii_digit);
        if !numeric {
            return Token::Word(run);
        }
        let int = std::str::from_utf8(run).ok().and_then(|text| text.parse().ok());
        int.map_or(Token::Real(run), Token::Int)
    }

    fn name(&mut self) -> Outcome<Token<'a>> {
        self.at += 1;
        let run = self.run();
        if run.len() > LONGEST {
            return Err(Refusal::TooComplex);
        }
        let mut name = Vec::with_capacity(run.len());
        let mut rest = run;
        while let [first, tail @ ..] = rest {
            let escaped = match (first, tail) {
                (b'#', [high, low, ..]) => nibble(*high).zip(nibble(*low)),
                _ => None,
            };
            name.push(escaped.map_or(*first, |(high, low)| high << 4 | low));
            rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
        }
        Ok(Token::Name(name))
    }

    fn hex(&mut self) -> Outcome<Token<'a>> {
        self.at += 1;
        let mut text = Vec::new();
        let mut high = None;
        loop {
            let byte = self.next().ok_or(OBJECT)?;
            if byte == b'>' {
                break;
            }
            if is_space(byte) {
                continue;
            }
            let low = nibble(byte).ok_or(OBJECT)?;
            match high.take() {
                None => high = Some(low),
                Some(high) => push(&mut text, high << 4 | low)?,
            }
        }
        if let Some(high) = high {
            push(&mut text, high << 4)?;
        }
        Ok(Token::Text(text))
    }

    fn literal(&mut self) -> Outcome<Token<'a>> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1_u32;
        loop {
            match self.next().ok_or(OBJECT)? {
                b'(' => {
                    open = open.saturating_add(1);
                    push(&mut text, b'(')?;
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Token::Text(text));
                    }
                    push(&mut text, b')')?;
                }
                b'\\' => self.escape(&mut text)?,
                b'\r' => {
                    self.skip_newline();
                    push(&mut text, b'\n')?;
                }
                byte => push(&mut text, byte)?,
            }
        }
    }

    fn skip_newline(&mut self) {
        if self.peek(0) == Some(b'\n') {
            self.at += 1;
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Outcome<()> {
        let byte = match self.next().ok_or(OBJECT)? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\r' => {
                self.skip_newline();
                return Ok(());
            }
            b'\n' => return Ok(()),
            digit @ b'0'..=b'7' => self.octal(digit),
            other => other,
        };
        push(text, byte)
    }

    fn octal(&mut self, first: u8) -> u8 {
        let mut value = first - b'0';
        for _ in 0..2 {
            match self.peek(0) {
                Some(digit @ b'0'..=b'7') => {
                    value = value.wrapping_mul(8).wrapping_add(digit - b'0');
                    self.at += 1;
                }
                _ => break,
            }
        }
        value
    }
}

fn push(text: &mut Vec<u8>, byte: u8) -> Outcome<()> {
    if text.len() >= LONGEST {
        return Err(Refusal::TooComplex);
    }
    text.push(byte);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &[u8]) -> Vec<Token<'_>> {
        let mut lexer = Lexer::at(text, 0);
        let mut found = Vec::new();
        while let Ok(token) = lexer.token() {
            if token == Token::End {
                break;
            }
            found.push(token);
        }
        found
    }

    #[test]
    fn strings_names_and_numbers_are_decoded() {
        let text = b"(a\\(b\\)(c)\\101\\\r\nd\re)<48 6>/A#42 -5 +7 .5 4.- % c\n true";
        let expected = vec![
            Token::Text(b"a(b)(c)Ad\ne".to_vec()),
            Token::Text(vec![0x48, 0x60]),
            Token::Name(b"AB".to_vec()),
            Token::Int(-5),
            Token::Int(7),
            Token::Real(b".5"),
            Token::Real(b"4.-"),
            Token::Word(b"true"),
        ];
        assert_eq!(tokens(text), expected);
    }

    #[test]
    fn an_unfinished_string_is_an_error() {
        for text in [&b"(abc"[..], b"<41", b"<4x>", b")", b"(a\\"] {
            assert!(Lexer::at(text, 0).token().is_err());
        }
    }
}
