-- Who may call as an officer; approvals themselves are checked by the roles (PROTOCOLS §2).
CREATE TABLE pki_officer (
    key TEXT PRIMARY KEY,          -- RFC 7638 thumbprint
    name TEXT NOT NULL,
    spki BYTEA NOT NULL,
    until BIGINT NOT NULL
);

-- What is published: each authority by the name in its address.
CREATE TABLE pki_authority (
    name TEXT PRIMARY KEY,
    issuer BYTEA NOT NULL,         -- SHA-256 of its SPKI
    certificate BYTEA NOT NULL
);

CREATE TABLE pki_profile (
    name TEXT PRIMARY KEY,
    hash BYTEA NOT NULL,
    data TEXT NOT NULL
);

CREATE TABLE pki_application (
    id TEXT PRIMARY KEY,
    person BYTEA,
    applicant TEXT NOT NULL,       -- who applied: a person, or an officer's id
    body TEXT NOT NULL,            -- what was applied for, JSON
    profile BYTEA NOT NULL,        -- hash of the profile that will be used
    applied_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    approval TEXT NOT NULL,        -- compact; empty until there is one
    statement TEXT NOT NULL,       -- sam's key statement; empty where there is none
    spki BYTEA,
    serial TEXT NOT NULL,
    why TEXT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX pki_application_state ON pki_application (state, applied_at);
CREATE INDEX pki_application_person ON pki_application (person, applied_at);

-- A certificate and the exact versions it was made from (R9).
CREATE TABLE pki_certificate (
    serial TEXT PRIMARY KEY,
    issuer BYTEA NOT NULL,
    spki BYTEA NOT NULL UNIQUE,
    person BYTEA,
    register_version BIGINT NOT NULL,
    application TEXT NOT NULL,
    profile TEXT NOT NULL,
    profile_hash BYTEA NOT NULL,
    terms BYTEA NOT NULL,
    officer TEXT NOT NULL,         -- thumbprint of the key that approved
    approval TEXT NOT NULL,        -- its id
    credential BYTEA,
    certificate BYTEA NOT NULL,
    chain TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_at BIGINT NOT NULL
);
CREATE INDEX pki_certificate_person ON pki_certificate (person);

-- A demand, its proof, and who has answered it.
CREATE TABLE pki_demand (
    id BYTEA PRIMARY KEY,          -- SHA-256 of certificate, change and proof
    issuer BYTEA NOT NULL,
    serial TEXT NOT NULL,
    change TEXT NOT NULL,
    proof TEXT NOT NULL,
    demanded_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    refusal TEXT NOT NULL
);
CREATE INDEX pki_demand_serial ON pki_demand (serial, state);
CREATE TABLE pki_answer (
    demand BYTEA NOT NULL,
    who TEXT NOT NULL,             -- ca-signer, sam
    at BIGINT NOT NULL,
    PRIMARY KEY (demand, who)
);
