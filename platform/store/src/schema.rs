//! Tables, declared once, rendered for each engine.

use crate::StoreError;

/// The tables of a system: every step it ever took, oldest first, never changed once released.
///
/// A step is DDL in the words of PostgreSQL with columns TEXT, BIGINT and BYTEA, statements ended
/// by `;`. Names of tables and indexes begin with the system's name and `_`.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Lower-case letters, digits and `_`.
    pub system: &'static str,
    /// The steps.
    pub steps: &'static [&'static str],
}

/// Which engine a text is rendered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Schema {
    /// `step` for the engine.
    ///
    /// # Errors
    /// [`StoreError::Setup`] for a name that does not begin with the system's, or an unended
    /// statement, quotation or comment.
    pub(crate) fn render(&self, step: &str, dialect: Dialect) -> Result<String, StoreError> {
        let tokens = tokens(step).ok_or_else(|| self.wrong("an unended quotation or comment"))?;
        let mut text = String::with_capacity(step.len() + 64);
        for statement in tokens.split_inclusive(|token| *token == ";") {
            let words: Vec<&str> = statement.iter().copied().filter(is_word).collect();
            if words.is_empty() {
                continue;
            }
            if statement.last() != Some(&";") {
                return Err(self.wrong("a statement without `;`"));
            }
            self.check_name(&words)?;
            let table = words.iter().take(2).map(|word| word.to_ascii_uppercase());
            let strict = table.eq(["CREATE", "TABLE"]);
            for token in statement {
                text.push_str(match (dialect, *token) {
                    (Dialect::Sqlite, "BIGINT") => "INTEGER",
                    (Dialect::Sqlite, "BYTEA") => "BLOB",
                    (Dialect::Sqlite, ";") if strict => " STRICT;",
                    (_, token) => token,
                });
            }
        }
        Ok(text)
    }

    /// The thing created, altered or filled must be the system's own.
    fn check_name(&self, words: &[&str]) -> Result<(), StoreError> {
        const VERBS: [&str; 6] = ["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"];
        const BETWEEN: [&str; 8] =
            ["UNIQUE", "TABLE", "INDEX", "IF", "NOT", "EXISTS", "INTO", "FROM"];
        let is = |list: &[&str], word: &str| list.contains(&word.to_ascii_uppercase().as_str());
        let verb = words.first().copied().unwrap_or_default();
        if !is(&VERBS, verb) {
            return Err(self.wrong(&format!("a statement that begins with {verb}")));
        }
        let name = words.iter().skip(1).find(|word| !is(&BETWEEN, word)).copied();
        let name = name.unwrap_or_default();
        let own = name.strip_prefix(self.system).is_some_and(|rest| rest.starts_with('_'));
        if own { Ok(()) } else { Err(self.wrong(&format!("{name} is not a name of its own"))) }
    }

    pub(crate) fn wrong(&self, why: &str) -> StoreError {
        StoreError::Setup(format!("schema {}: {why}", self.system))
    }
}

fn is_word(token: &&str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// Words, quotations, comments and every other character, in order, nothing left out; none when
/// a quotation or comment does not end.
fn tokens(sql: &str) -> Option<Vec<&str>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '\'' | '"' => 1 + rest.get(1..)?.find(first)? + 1,
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/")? + 2,
            _ if is_word(&rest) => rest.find(|c: char| !wordy(c)).unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(len)?;
        tokens.push(token);
        rest = after;
    }
    Some(tokens)
}

fn wordy(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: Schema = Schema { system: "mail", steps: &[] };

    #[test]
    fn only_two_words_and_the_end_of_a_table_differ() {
        let step = "CREATE TABLE mail_box (id BYTEA PRIMARY KEY, -- a BYTEA; really\n \
                    at BIGINT NOT NULL CHECK (at <> 'BIGINT;'));\n\
                    CREATE INDEX mail_box_at ON mail_box (at);\n";
        let sqlite = "CREATE TABLE mail_box (id BLOB PRIMARY KEY, -- a BYTEA; really\n \
                      at INTEGER NOT NULL CHECK (at <> 'BIGINT;')) STRICT;\n\
                      CREATE INDEX mail_box_at ON mail_box (at);";
        assert_eq!(MAIL.render(step, Dialect::Sqlite).unwrap(), sqlite);
    }

    #[test]
    fn what_is_not_the_systems_own_is_refused() {
        for step in [
            "CREATE TABLE box (id BYTEA);",
            "CREATE TABLE mailbox (id BYTEA);",
            "CREATE UNIQUE INDEX box_at ON mail_box (at);",
            "DROP TABLE IF EXISTS persons_name;",
            "DELETE FROM persons_name;",
            "PRAGMA foreign_keys = OFF;",
            "CREATE TABLE mail_box (id BYTEA)",
            "CREATE TABLE mail_box (id TEXT DEFAULT 'x);",
            "/* CREATE TABLE mail_box (id BYTEA);",
        ] {
            assert!(MAIL.render(step, Dialect::Sqlite).is_err(), "{step}");
        }
        assert_eq!(MAIL.render(" -- nothing\n", Dialect::Sqlite).unwrap(), "");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart_without_loss(sql in ".{0,200}") {
            if let Some(parts) = tokens(&sql) {
                proptest::prop_assert_eq!(parts.concat(), sql);
            }
        }
    }
}
