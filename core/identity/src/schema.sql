CREATE TABLE identity_key (
    kid TEXT PRIMARY KEY,
    wrapped BYTEA NOT NULL,
    jwk TEXT NOT NULL,
    signs_from BIGINT NOT NULL,
    shown_until BIGINT NOT NULL
);
CREATE TABLE identity_secret (
    purpose TEXT PRIMARY KEY,
    wrapped BYTEA NOT NULL
);
CREATE TABLE identity_client (
    client TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE TABLE identity_legacy_subject (
    client TEXT NOT NULL,
    person BYTEA NOT NULL,
    legacy_sub TEXT NOT NULL,
    PRIMARY KEY (client, person)
);
CREATE UNIQUE INDEX identity_legacy_subject_sub ON identity_legacy_subject (client, legacy_sub);
CREATE TABLE identity_person (
    person BYTEA PRIMARY KEY,
    number TEXT NOT NULL,
    frozen BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_person_number ON identity_person (number);
CREATE TABLE identity_device (
    device BYTEA PRIMARY KEY,
    person BYTEA NOT NULL,
    key BYTEA NOT NULL,
    label TEXT NOT NULL,
    proof TEXT NOT NULL,
    since BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX identity_device_person ON identity_device (person, device);
CREATE TABLE identity_browser (
    id BYTEA PRIMARY KEY,
    token BYTEA NOT NULL,
    person BYTEA NOT NULL,
    label TEXT NOT NULL,
    logins BIGINT NOT NULL,
    remembered BIGINT NOT NULL,
    refusals BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_browser_token ON identity_browser (token, person);
CREATE INDEX identity_browser_person ON identity_browser (person, id);
CREATE TABLE identity_pending (
    browser BYTEA PRIMARY KEY,
    ask TEXT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE TABLE identity_ask (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    client TEXT NOT NULL,
    request BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    qr TEXT,
    link TEXT,
    person BYTEA,
    device BYTEA,
    browser BYTEA,
    number BIGINT,
    choices TEXT NOT NULL,
    state TEXT NOT NULL,
    answer TEXT,
    back BYTEA,
    made_at BIGINT NOT NULL,
    claim_until BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_ask_qr ON identity_ask (qr);
CREATE UNIQUE INDEX identity_ask_link ON identity_ask (link);
CREATE UNIQUE INDEX identity_ask_digest ON identity_ask (digest);
CREATE INDEX identity_ask_person ON identity_ask (person, until_at);
CREATE INDEX identity_ask_until ON identity_ask (until_at, id);
CREATE TABLE identity_login (
    id BYTEA PRIMARY KEY,
    visitor BYTEA NOT NULL,
    client TEXT NOT NULL,
    body TEXT NOT NULL,
    ask TEXT,
    state TEXT NOT NULL,
    finished_at BIGINT,
    until_at BIGINT NOT NULL
);
CREATE INDEX identity_login_ask ON identity_login (ask);
CREATE INDEX identity_login_until ON identity_login (until_at, id);
CREATE TABLE identity_grant (
    code BYTEA PRIMARY KEY,
    client TEXT NOT NULL,
    body TEXT NOT NULL,
    ask TEXT NOT NULL,
    polled_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX identity_grant_ask ON identity_grant (ask);
CREATE INDEX identity_grant_until ON identity_grant (until_at, code);
CREATE TABLE identity_pushed (
    id BYTEA PRIMARY KEY,
    client TEXT NOT NULL,
    body TEXT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX identity_pushed_until ON identity_pushed (until_at, id);
CREATE TABLE identity_code (
    code BYTEA PRIMARY KEY,
    login BYTEA NOT NULL,
    client TEXT NOT NULL,
    person BYTEA NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT,
    body TEXT NOT NULL,
    used_at BIGINT,
    until_at BIGINT NOT NULL
);
CREATE INDEX identity_code_login ON identity_code (login, code);
CREATE INDEX identity_code_person ON identity_code (person, code);
CREATE INDEX identity_code_until ON identity_code (until_at, code);
CREATE TABLE identity_token (
    token BYTEA PRIMARY KEY,
    code BYTEA NOT NULL,
    client TEXT NOT NULL,
    person BYTEA NOT NULL,
    sitting TEXT NOT NULL,
    body TEXT NOT NULL,
    until_at BIGINT NOT NULL
);
CREATE INDEX identity_token_code ON identity_token (code, token);
CREATE INDEX identity_token_person ON identity_token (person, token);
CREATE INDEX identity_token_sitting ON identity_token (sitting, token);
CREATE INDEX identity_token_until ON identity_token (until_at, token);
CREATE TABLE identity_spent (
    id BYTEA PRIMARY KEY,
    until_at BIGINT NOT NULL
);
CREATE INDEX identity_spent_until ON identity_spent (until_at, id);
CREATE TABLE identity_notice (
    id BYTEA PRIMARY KEY,
    person BYTEA NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    told_at BIGINT NOT NULL
);
CREATE INDEX identity_notice_person ON identity_notice (person, told_at);
CREATE INDEX identity_notice_told ON identity_notice (told_at, id);
