-- Who is in the register. The revision rises by one with every change of the entry.
CREATE TABLE persons_person (
    person BYTEA PRIMARY KEY,
    owner TEXT NOT NULL,
    revision BIGINT NOT NULL,
    protection BIGINT NOT NULL
);

-- Assertions and retractions, never updated. A fact stands unless a row names it in `supersedes`.
CREATE TABLE persons_fact (
    person BYTEA NOT NULL,
    fact BYTEA NOT NULL,
    act TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    other BYTEA,
    valid_from TEXT,
    valid_to TEXT,
    writer TEXT NOT NULL,
    basis TEXT NOT NULL,
    source TEXT NOT NULL,
    confidence TEXT NOT NULL,
    disputed BIGINT NOT NULL,
    supersedes BYTEA,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (person, fact)
);
CREATE INDEX persons_fact_other ON persons_fact (other) WHERE other IS NOT NULL;
CREATE UNIQUE INDEX persons_fact_supersedes ON persons_fact (supersedes)
    WHERE supersedes IS NOT NULL;

-- Codes and links, each given once. `found` is 0 for those that find nobody (adoption, retraction).
CREATE TABLE persons_code (
    code TEXT PRIMARY KEY,
    person BYTEA NOT NULL,
    fact BYTEA NOT NULL,
    kind TEXT NOT NULL,
    found BIGINT NOT NULL,
    held BIGINT NOT NULL
);
CREATE INDEX persons_code_person ON persons_code (person);

-- Names folded, by which they are searched.
CREATE TABLE persons_name (
    fold TEXT NOT NULL,
    version BIGINT NOT NULL,
    person BYTEA NOT NULL,
    fact BYTEA NOT NULL,
    PRIMARY KEY (fold, version, person, fact)
);

-- Who may ask what, until the catalogue of permissions stands.
CREATE TABLE persons_permission (
    number TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    organisation TEXT NOT NULL,
    operations TEXT NOT NULL,
    purposes TEXT NOT NULL,
    data_groups TEXT NOT NULL,
    writer TEXT,
    beyond TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT
);
CREATE INDEX persons_permission_system ON persons_permission (system);

-- Where two writers disagree: nobody wins, somebody decides.
CREATE TABLE persons_case (
    case_id BYTEA PRIMARY KEY,
    person BYTEA NOT NULL,
    against BYTEA NOT NULL,
    assertion TEXT NOT NULL,
    writer TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX persons_case_person ON persons_case (person);
