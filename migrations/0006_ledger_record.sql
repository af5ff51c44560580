CREATE TABLE ledger.record (
    position    bigint      PRIMARY KEY CHECK (position >= 0),
    appended_at timestamptz NOT NULL,
    value       bytea       NOT NULL
);
ALTER TABLE ledger.record OWNER TO ledger_owner;
GRANT SELECT, INSERT ON ledger.record TO mirror_writer;
COMMENT ON TABLE ledger.record IS 'Every record of the ledger, byte for byte: echoes and foreign records too.';
COMMENT ON COLUMN ledger.record.position IS 'The Kafka offset. There are no holes.';
COMMENT ON COLUMN ledger.record.appended_at IS 'The broker''s clock. Nothing is decided by it.';
