CREATE SCHEMA reviewer AUTHORIZATION ledger_owner;
COMMENT ON SCHEMA reviewer IS
    'What reviewers ask of the ledger. The names of views and columns are stable: later migrations only add to them.';
GRANT USAGE ON SCHEMA reviewer TO reviewer;
