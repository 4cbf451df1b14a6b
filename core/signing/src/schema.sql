-- Documents, each in chunks. `owner` is the person's id; empty: brought to be checked by nobody
-- in particular, found only by its id. `ends_at`: when it is swept away.
CREATE TABLE signing_document (
    id BYTEA PRIMARY KEY,
    owner BYTEA NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    begun_at BIGINT NOT NULL,
    ends_at BIGINT,
    finished BIGINT NOT NULL
);
CREATE INDEX signing_document_owner ON signing_document (owner, begun_at, id);
CREATE INDEX signing_document_ends ON signing_document (ends_at) WHERE ends_at IS NOT NULL;

-- Never changed once they stand.
CREATE TABLE signing_chunk (
    document BYTEA NOT NULL,
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (document, number)
);

-- Addresses of the files host, by the SHA-256 of their 16 bytes.
CREATE TABLE signing_address (
    address BYTEA PRIMARY KEY,
    document BYTEA NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX signing_address_until ON signing_address (until);

-- What one approval on the phone signs. `life` moves by compare-and-set on `revision`; `fixed`
-- never changes. `evidence`: the person's login evidence, kept only while the phone is asked.
CREATE TABLE signing_activation (
    id BYTEA PRIMARY KEY,
    owner BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    life TEXT NOT NULL,
    fixed BYTEA NOT NULL,
    asked BYTEA NOT NULL,
    evidence TEXT,
    status BYTEA,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX signing_activation_owner ON signing_activation (owner, at, id);

CREATE TABLE signing_item (
    activation BYTEA NOT NULL,
    number BIGINT NOT NULL,
    label TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    signed BYTEA NOT NULL,
    signature BYTEA,
    token BYTEA,
    PRIMARY KEY (activation, number)
);

-- A document of ours that an activation signs, and the update prepared for it.
CREATE TABLE signing_session (
    activation BYTEA PRIMARY KEY,
    document BYTEA NOT NULL,
    prepared BYTEA NOT NULL
);
CREATE INDEX signing_session_document ON signing_session (document);
