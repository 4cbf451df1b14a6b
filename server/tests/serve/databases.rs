//! A schema for each part on the server that `cargo xtask pg` started.

use std::io::Write;

use tokio_postgres::NoTls;

use crate::house::House;

/// The parts that keep a store.
const PARTS: [&str; 7] = ["persons", "pki", "identity", "signing", "portal", "ca-signer", "sam"];

/// The schemas of one test.
pub(crate) struct Databases {
    server: String,
    prefix: String,
}

impl Databases {
    /// New ones; none, and a word about it, where there is no server.
    pub(crate) async fn new() -> Option<Self> {
        let said = |name: &str| std::env::var(name).unwrap_or_default();
        let server = said("SAKTA_TEST_PG");
        if server.is_empty() {
            assert_ne!(said("SAKTA_REQUIRE_PG"), "1", "SAKTA_TEST_PG is not set");
            let line =
                b"SKIPPED on PostgreSQL: SAKTA_TEST_PG is not set (cargo xtask pg sets it)\n";
            drop(std::io::stderr().write_all(line));
            return None;
        }
        let new = Self { server, prefix: format!("sakta_serve_{}", std::process::id()) };
        new.drop().await;
        new.run("CREATE SCHEMA").await;
        Some(new)
    }

    fn schema(&self, part: &str) -> String {
        format!("{}_{}", self.prefix, part.replace('-', "_"))
    }

    async fn run(&self, verb: &str) {
        let (client, connection) = tokio_postgres::connect(&self.server, NoTls).await.unwrap();
        tokio::spawn(connection);
        for part in PARTS {
            client.batch_execute(&format!("{verb} {}", self.schema(part))).await.unwrap();
        }
    }

    /// Removes them with all that is in them.
    pub(crate) async fn drop(&self) {
        let (client, connection) = tokio_postgres::connect(&self.server, NoTls).await.unwrap();
        tokio::spawn(connection);
        for part in PARTS {
            let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.schema(part));
            client.batch_execute(&drop).await.unwrap();
        }
    }

    /// The connection string of a part.
    fn string(&self, part: &str) -> String {
        format!("{} options='-c search_path={}'", self.server, self.schema(part))
    }

    /// The installation with every store here.
    pub(crate) fn keeping(&self, house: House) -> House {
        let named = |part: &str| {
            house.write(&format!("{part}.pg"), &self.string(part), 0o600);
            format!("{part} = \"{part}.pg\"\n")
        };
        let table = format!("\n[postgres_file]\n{}", PARTS.map(named).concat());
        house.with(&table)
    }

    /// Every store of the installation is here and none beside it.
    pub(crate) async fn keep_all(&self, house: &House) {
        let (client, connection) = tokio_postgres::connect(&self.server, NoTls).await.unwrap();
        tokio::spawn(connection);
        for part in PARTS {
            let owner = format!("SELECT part FROM {}.store_part", self.schema(part));
            let row = client.query_one(&owner, &[]).await.unwrap();
            assert_eq!(row.get::<_, String>(0), part);
            for process in ["web", "ca-signer", "sam"] {
                let file = house.file("sakta-data").join(process).join(part).join("store.db");
                assert!(!file.exists(), "{}", file.display());
            }
        }
    }

    /// What is wrong with a database is said, and nothing starts on it.
    pub(crate) fn refused(&self, house: &House) {
        let fails = |words: &[&str], says: &str| {
            let said = house.run(words);
            assert!(!said.done, "{said:?}");
            assert!(format!("{}{}", said.out, said.err).contains(says), "{said:?}");
        };
        let own = self.string("sam");
        house.write("sam.pg", &own, 0o644);
        fails(&["role", "sam"], "others may read it: mode 644, must be 600");
        fails(&["doctor"], "others may read it");
        house.write("sam.pg", &self.string("ca-signer"), 0o600);
        fails(&["role", "sam"], "it is the store of ca-signer");
        house.write("sam.pg", "host=127.0.0.1 port=1 user=nobody", 0o600);
        fails(&["role", "sam"], "the database cannot be reached");
        fails(&["doctor"], "WRONG  the database of sam");
        house.write("sam.pg", "host=db.example user=nobody", 0o600);
        fails(&["doctor"], "sslmode=verify-full");
        house.write("sam.pg", &own, 0o600);
    }
}
