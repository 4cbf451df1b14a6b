-- Whose approvals count. Two accounts of one holder never count as two (R48).
CREATE TABLE ca_signer_officer (
    key TEXT PRIMARY KEY,          -- RFC 7638 thumbprint
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    spki BYTEA NOT NULL
);

-- Every grant ends on a date (R49).
CREATE TABLE ca_signer_role (
    key TEXT NOT NULL,
    role TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (key, role)
);

-- The keys by which sam's statements are checked.
CREATE TABLE ca_signer_sam (
    key TEXT PRIMARY KEY,
    spki BYTEA NOT NULL
);

CREATE TABLE ca_signer_authority (
    issuer BYTEA PRIMARY KEY,      -- SHA-256 of its SPKI
    parent BYTEA NOT NULL,         -- its own for a root
    certificate BYTEA NOT NULL,
    key BYTEA                      -- wrapped; NULL: the key is not here
);

CREATE TABLE ca_signer_profile (
    hash BYTEA PRIMARY KEY,
    issuer BYTEA NOT NULL,
    data TEXT NOT NULL
);

-- Approvals spent, each once; a standing one is spent by its certificates.
CREATE TABLE ca_signer_approval (
    id TEXT PRIMARY KEY,
    digest BYTEA NOT NULL,         -- SHA-256 of what was signed
    text TEXT NOT NULL,
    officer TEXT NOT NULL,
    outcome TEXT NOT NULL,         -- the serial number, or the status that it led to
    spent_at BIGINT NOT NULL
);

CREATE TABLE ca_signer_standing (
    id TEXT PRIMARY KEY,
    digest BYTEA NOT NULL,
    data TEXT NOT NULL,
    officers TEXT NOT NULL,
    used BIGINT NOT NULL
);

-- All certificates of all authorities of the provider, imported ones too (R8, R10).
CREATE TABLE ca_signer_certificate (
    serial TEXT PRIMARY KEY,       -- hexadecimal, no leading zeros
    issuer BYTEA NOT NULL,
    spki BYTEA UNIQUE,             -- SHA-256; NULL where the lint refused
    approval TEXT NOT NULL,
    profile BYTEA NOT NULL,
    person BYTEA,
    register_version BIGINT,
    state TEXT NOT NULL,
    tbs BYTEA NOT NULL,
    certificate BYTEA,
    drawn_at BIGINT NOT NULL
);
CREATE INDEX ca_signer_certificate_approval ON ca_signer_certificate (approval);

-- The status of what was signed; kept for ever (R30).
CREATE TABLE ca_signer_status (
    serial TEXT PRIMARY KEY,
    issuer BYTEA NOT NULL,
    status TEXT NOT NULL,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    number BIGINT NOT NULL,        -- of issuing or of the last change, for the responders
    changed BIGINT NOT NULL        -- of the last change, 0 where there was none, for the lists
);
CREATE INDEX ca_signer_status_number ON ca_signer_status (number);

CREATE TABLE ca_signer_list (
    issuer BYTEA NOT NULL,
    number BIGINT NOT NULL,
    covers BIGINT NOT NULL,        -- the highest change in it
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    list BYTEA,                    -- NULL until it is signed
    PRIMARY KEY (issuer, number)
);

CREATE TABLE ca_signer_counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO ca_signer_counter (name, value) VALUES ('change', 0);
INSERT INTO ca_signer_counter (name, value) VALUES ('ending', 0);

-- What must lie in the archive before it is acknowledged.
CREATE TABLE ca_signer_ending (
    number BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    archived BIGINT NOT NULL
);
