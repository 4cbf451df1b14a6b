//! One suite, both engines.
#![cfg(test)]

use store::trial::{on_each_engine, trial_on_each_engine};
use store::{Insert, Schema, StoreError, Tx, row, values};

const BOX: Schema = Schema {
    system: "box",
    steps: &[
        "CREATE TABLE box_item (
            id BYTEA PRIMARY KEY,
            name TEXT NOT NULL,
            weight BIGINT NOT NULL CHECK (weight >= 0),
            note TEXT
        );
        CREATE INDEX box_item_name ON box_item (name);",
        "CREATE TABLE box_label (
            item BYTEA NOT NULL REFERENCES box_item (id),
            text TEXT NOT NULL
        );",
    ],
};

const ITEM: Insert = Insert { table: "box_item", columns: &["id", "name", "weight", "note"] };

#[derive(Debug, PartialEq)]
struct Item {
    id: [u8; 2],
    name: String,
    weight: u32,
    note: Option<String>,
}
row!(Item { id, name, weight, note });

#[derive(Debug, PartialEq)]
enum BoxError {
    Full,
    Store(StoreError),
}

impl From<StoreError> for BoxError {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

type Step<T> = fn(&mut Tx) -> Result<T, StoreError>;

fn put(tx: &mut Tx, id: u16, name: &str, weight: i64) -> Result<(), StoreError> {
    // The values stand in another order than they appear.
    tx.insert(
        "INSERT INTO box_item (note, weight, name, id) VALUES ($4, $3, $2, $1)",
        values![id.to_be_bytes(), name, weight, None::<String>],
    )
}

fn items(tx: &mut Tx) -> Result<Vec<Item>, StoreError> {
    tx.all("SELECT id, name, weight, note FROM box_item ORDER BY id", values![])
}

fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    Ok(tx.first::<(i64,)>("SELECT COUNT(*) FROM box_item", values![])?.map_or(0, |row| row.0))
}

#[test]
fn what_is_written_is_read_also_after_a_restart() {
    trial_on_each_engine(&[BOX], |trial| async move {
        trial.store.write("box.put", |tx| put(tx, 7, "ābols", 3)).await.unwrap();
        let trial = trial.reopened(&[BOX]).unwrap();
        let found = trial.store.read("box.items", items).await.unwrap();
        let item = Item { id: [0, 7], name: "ābols".into(), weight: 3, note: None };
        assert_eq!(found, [item]);
        let figures = trial.store.statistics();
        assert_eq!((figures["box.items"].count, figures["box.items"].retries), (1, 0));
    });
}

#[test]
fn a_closure_that_refuses_leaves_nothing_and_its_answer_is_its_own() {
    on_each_engine(&[BOX], |store| async move {
        let refused = store.write("box.put", |tx| {
            put(tx, 1, "a", 1)?;
            Err::<(), _>(BoxError::Full)
        });
        assert_eq!(refused.await, Err(BoxError::Full));
        assert_eq!(store.read("box.count", count).await, Ok(0));
    });
}

#[test]
fn a_refusal_of_the_schema_undoes_all_whatever_the_closure_makes_of_it() {
    on_each_engine(&[BOX], |store| async move {
        store.write("box.put", |tx| put(tx, 1, "a", 1)).await.unwrap();
        let faults: [Step<()>; 3] = [
            |tx| put(tx, 1, "again", 1),
            |tx| put(tx, 2, "light", -1),
            |tx| tx.insert("INSERT INTO box_label (item, text) VALUES ($1, $2)", values![[9], "x"]),
        ];
        for fault in faults {
            let answer = store.write("box.swallow", move |tx| {
                put(tx, 3, "b", 1)?;
                let _ = fault(tx);
                Ok::<_, StoreError>(())
            });
            let answer = answer.await;
            assert!(matches!(answer, Err(StoreError::Refused(_))), "{answer:?}");
        }
        assert_eq!(store.read("box.count", count).await, Ok(1));
    });
}

#[test]
fn existence_is_told_by_the_number_of_changed_rows() {
    on_each_engine(&[BOX], |store| async move {
        let add = |store: store::Store| async move {
            let add = |tx: &mut Tx| {
                tx.update(
                    "INSERT INTO box_item (id, name, weight) VALUES ($1, $2, $3)
                     ON CONFLICT DO NOTHING",
                    values![[1], "a", 1],
                )
            };
            store.write("box.add", add).await
        };
        assert_eq!(add(store.clone()).await, Ok(1));
        assert_eq!(add(store.clone()).await, Ok(0));
    });
}

#[test]
fn appended_rows_come_in_together_or_not_at_all() {
    on_each_engine(&[BOX], |store| async move {
        let item = |id: u8| ITEM.row(values![[id], "a", 1, Some("note")]);
        store.append(vec![item(1), item(2)]).await.unwrap();
        let again = store.append(vec![item(3), item(2)]).await;
        assert!(matches!(again, Err(StoreError::Refused(_))), "{again:?}");
        assert_eq!(store.read("box.count", count).await, Ok(2));
        let short = store.append(vec![ITEM.row(values![[4], "a"])]).await;
        assert!(matches!(short, Err(StoreError::Column(_))), "{short:?}");
    });
}

#[test]
fn a_panicking_closure_is_undone_and_the_others_go_on() {
    on_each_engine(&[BOX], |store| async move {
        let panics = store.write("box.panic", |tx| {
            put(tx, 1, "a", 1)?;
            // Whether the other has come in or not.
            if count(tx)? > 0 {
                panic!("as the test wants");
            }
            Ok::<_, StoreError>(())
        });
        let goes_on = store.write("box.put", |tx| put(tx, 2, "b", 1));
        let (panicked, went_on) = tokio::join!(panics, goes_on);
        assert_eq!(panicked, Err(StoreError::Panicked("box.panic")));
        assert_eq!(went_on, Ok(()));
        assert_eq!(store.read("box.count", count).await, Ok(1));
    });
}

#[test]
fn text_with_a_nul_is_refused_before_an_engine_sees_it() {
    on_each_engine(&[BOX], |store| async move {
        let put = store.write("box.put", |tx| put(tx, 1, "a\0b", 1)).await;
        assert_eq!(put, Err(StoreError::Nul));
        let append = store.append(vec![ITEM.row(values![[1], "a\0b", 1, None::<String>])]).await;
        assert_eq!(append, Err(StoreError::Nul));
    });
}

#[test]
fn a_read_cannot_write() {
    on_each_engine(&[BOX], |store| async move {
        let put = store.read("box.put", |tx| put(tx, 1, "a", 1)).await;
        assert!(matches!(put, Err(StoreError::Engine(_))), "{put:?}");
        assert_eq!(store.read("box.count", count).await, Ok(0));
    });
}

#[test]
fn columns_must_be_what_the_reader_asks() {
    on_each_engine(&[BOX], |store| async move {
        store.write("box.put", |tx| put(tx, 1, "a", 300)).await.unwrap();
        let reads: [Step<bool>; 6] = [
            |tx| Ok(tx.first::<(i64,)>("SELECT name FROM box_item", values![])?.is_some()),
            |tx| Ok(tx.first::<(String,)>("SELECT note FROM box_item", values![])?.is_some()),
            |tx| Ok(tx.first::<(u8,)>("SELECT weight FROM box_item", values![])?.is_some()),
            |tx| Ok(tx.first::<(String,)>("SELECT name, id FROM box_item", values![])?.is_some()),
            |tx| Ok(tx.first::<(String, i64)>("SELECT name FROM box_item", values![])?.is_some()),
            |tx| Ok(tx.first::<(Any,)>("SELECT 0.5 * weight FROM box_item", values![])?.is_some()),
        ];
        for read in reads {
            let answer = store.read("box.read", read).await;
            assert!(matches!(answer, Err(StoreError::Column(_))), "{answer:?}");
        }
    });
}

/// Takes whatever comes, so that only the store can refuse.
type Any = store::Value;

#[test]
fn another_or_newer_history_is_refused() {
    const OLDER: Schema = Schema { steps: &[BOX.steps[0]], ..BOX };
    const OTHER: Schema = Schema { steps: &[BOX.steps[0], "-- nothing\n"], ..BOX };
    for (schema, word) in [(OLDER, "newer"), (OTHER, "another")] {
        trial_on_each_engine(&[BOX], |trial| async move {
            let refused = trial.reopened(&[schema]).unwrap_err();
            assert!(refused.to_string().contains(word), "{refused}");
        });
    }
    trial_on_each_engine(&[OLDER], |trial| async move {
        let trial = trial.reopened(&[BOX]).unwrap();
        assert_eq!(trial.store.read("box.count", count).await, Ok(0));
    });
}

/// Table, column, type and whether it may be NULL, from each engine's own catalogue.
async fn catalogue(trial: &store::trial::Trial) -> Vec<(String, String, String, bool)> {
    let sqlite = "SELECT t.name, c.name,
            CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea' ELSE 'text' END,
            c.\"notnull\" = 0
        FROM sqlite_schema t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, 2";
    let postgres = "SELECT table_name::TEXT, column_name::TEXT, data_type::TEXT,
            is_nullable = 'YES'
        FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2";
    let sql = match trial.place {
        store::Place::Sqlite(_) => sqlite,
        store::Place::Postgres { .. } => postgres,
    };
    trial.store.read("box.catalogue", move |tx| tx.all(sql, values![])).await.unwrap()
}

#[test]
fn both_catalogues_say_the_same() {
    use store::trial::{Trial, run};
    let Some(postgres) = Trial::on_postgres(&[BOX]).unwrap() else { return };
    let sqlite = Trial::on_sqlite(&[BOX]).unwrap();
    run(async move {
        let (one, other) = (catalogue(&sqlite).await, catalogue(&postgres).await);
        assert_eq!(one, other);
        assert!(one.iter().any(|row| row.0 == "box_item" && row.1 == "note" && row.3));
    });
}

#[test]
fn text_is_ordered_by_its_bytes() {
    on_each_engine(&[BOX], |store| async move {
        for (number, name) in (0..).zip(["b", "a", "B", "ā", "a-", "ab", "~"]) {
            store.write("box.put", move |tx| put(tx, number, name, 1)).await.unwrap();
        }
        let names =
            |tx: &mut Tx| tx.all::<(String,)>("SELECT name FROM box_item ORDER BY name", values![]);
        let names: Vec<_> = store.read("box.names", names).await.unwrap();
        let names: Vec<_> = names.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(names, ["B", "a", "a-", "ab", "b", "~", "ā"]);
    });
}

#[test]
fn statements_are_prepared_on_each_engine() {
    store::trial::prepared_on_each_engine(
        &[BOX],
        &["SELECT id FROM box_item WHERE name = $1 AND weight > $2 LIMIT $3"],
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_said_to_be_so_and_no_password_is_shown() {
    let trial = store::trial::Trial::on_sqlite(&[]).unwrap();
    let place = store::Place::Postgres {
        url: "host=127.0.0.1 port=1 user=nobody password=hidden".to_owned(),
        tls: None,
        connections: 3,
    };
    let (clock, chance) = (trial.clock.clone(), trial.chance.clone());
    let opened =
        store::Store::open(&place, std::sync::Arc::new(clock), std::sync::Arc::new(chance), &[]);
    let refused = opened.unwrap_err();
    assert!(matches!(refused, StoreError::Unreached(_)), "{refused}");
    assert!(!format!("{refused} {refused:?} {place:?}").contains("hidden"));
}

#[test]
fn a_place_is_the_store_of_one_part() {
    store::trial::trial_on_each_engine(&[], |trial| async move {
        let place = match &trial.place {
            store::Place::Sqlite(file) => store::Place::Sqlite(file.with_extension("claimed")),
            postgres @ store::Place::Postgres { .. } => postgres.clone(),
        };
        let open = |part: &str, schemas: &[store::Schema]| {
            let (clock, chance) = (trial.clock.clone(), trial.chance.clone());
            let (clock, chance) = (std::sync::Arc::new(clock), std::sync::Arc::new(chance));
            store::Store::open_for(part, &place, clock, chance, schemas).map(drop)
        };
        open("box", &[]).unwrap();
        open("box", &[]).unwrap();
        let refused = open("chest", &[BOX]).unwrap_err().to_string();
        assert!(refused.contains("it is the store of box"), "{refused}");
        // The other's tables were not made in it.
        let put = store::Store::open(
            &place,
            std::sync::Arc::new(trial.clock.clone()),
            std::sync::Arc::new(trial.chance.clone()),
            &[],
        );
        let count = |tx: &mut Tx| tx.first::<(i64,)>("SELECT COUNT(*) FROM box_item", values![]);
        assert!(put.unwrap().read::<_, StoreError>("box.count", count).await.is_err());
    });
}

#[test]
fn a_place_is_looked_at_and_nothing_is_made_in_it() {
    let sqlite = store::trial::Trial::on_sqlite(&[]).unwrap();
    sqlite.place.check().unwrap();
    assert!(store::Place::Sqlite("/nowhere/store.db".into()).check().is_err());
    let Some(trial) = store::trial::Trial::on_postgres(&[]).unwrap() else { return };
    trial.place.check().unwrap();
    let store::Place::Postgres { url, .. } = &trial.place else { unreachable!() };
    let nowhere = url.replace("search_path=", "search_path=not_");
    let nowhere = store::Place::of_postgres(&nowhere, 3).unwrap().check().unwrap_err();
    assert!(nowhere.to_string().contains("the schema is missing"), "{nowhere}");
}
