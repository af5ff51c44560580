CREATE SCHEMA ledger AUTHORIZATION ledger_owner;
COMMENT ON SCHEMA ledger IS 'The Postgres copy of the topic sluice.ledger, written by the mirror alone.';
GRANT USAGE ON SCHEMA ledger TO mirror_writer;
