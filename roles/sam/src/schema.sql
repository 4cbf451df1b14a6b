-- sam's own keys, wrapped.
CREATE TABLE sam_key (
    name TEXT NOT NULL PRIMARY KEY,
    wrapped BYTEA NOT NULL
);

-- One row: the epoch of challenges, and the count that the mark outside the store is held against.
CREATE TABLE sam_head (
    id BIGINT NOT NULL PRIMARY KEY,
    epoch BYTEA NOT NULL,
    counter BIGINT NOT NULL
);

-- Officers' keys, a row per role, each until a date (R49).
CREATE TABLE sam_officer (
    kid TEXT NOT NULL,
    role TEXT NOT NULL,
    officer TEXT NOT NULL,
    jwk TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (kid, role)
);

-- Officers' and bound devices' offers, and the phone that answered each.
CREATE TABLE sam_offer (
    id TEXT NOT NULL PRIMARY KEY,
    person BYTEA NOT NULL,
    means TEXT NOT NULL,
    proof TEXT NOT NULL,
    code BYTEA NOT NULL UNIQUE,
    freeze_code BYTEA NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    by_whom TEXT NOT NULL,
    signed TEXT NOT NULL,
    expected BYTEA,
    state TEXT NOT NULL,
    enrolment TEXT,
    binding TEXT
);

-- Whether a person's means are frozen. A person stands here from the first binding on.
CREATE TABLE sam_person (
    person BYTEA NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    since BIGINT NOT NULL
);

CREATE TABLE sam_device (
    id BYTEA NOT NULL PRIMARY KEY,
    person BYTEA NOT NULL,
    device_key BYTEA NOT NULL,
    label TEXT NOT NULL,
    proof TEXT NOT NULL,
    freeze_code BYTEA NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sam_device_person ON sam_device (person);

CREATE TABLE sam_pin (
    device BYTEA NOT NULL,
    pin TEXT NOT NULL,
    pin_key BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (device, pin)
);

-- Persons' keys. `held` is what the signing device needs to use the key; none once destroyed.
CREATE TABLE sam_credential (
    id BYTEA NOT NULL PRIMARY KEY,
    person BYTEA NOT NULL,
    approval TEXT NOT NULL UNIQUE,
    hand TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    held BYTEA,
    spki BYTEA NOT NULL,
    spki_digest BYTEA NOT NULL UNIQUE,
    state TEXT NOT NULL,
    issuer BYTEA,
    serial TEXT,
    certificate BYTEA,
    from_at BIGINT,
    until_at BIGINT,
    made_at BIGINT NOT NULL
);
CREATE INDEX sam_credential_person ON sam_credential (person);
CREATE UNIQUE INDEX sam_credential_serial ON sam_credential (issuer, serial);

-- Spent challenges: what each was spent by, sealed, and what came of it. Never deleted: the
-- record of what the signer was shown (R26).
CREATE TABLE sam_activation (
    challenge BYTEA NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    device BYTEA NOT NULL,
    words BYTEA NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT,
    ending BIGINT,
    spent_at BIGINT NOT NULL
);
CREATE INDEX sam_activation_state ON sam_activation (state);

-- What may not come back with a restored backup, until it lies in the archive.
CREATE TABLE sam_ending (
    number BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    archived BIGINT NOT NULL
);
CREATE INDEX sam_ending_archived ON sam_ending (archived, number);

-- Officers' words that were acted on.
CREATE TABLE sam_proof (
    id TEXT NOT NULL PRIMARY KEY,
    digest BYTEA NOT NULL,
    ending BIGINT,
    spent_at BIGINT NOT NULL
);
