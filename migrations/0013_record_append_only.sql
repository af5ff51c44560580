-- For each statement, because only so TRUNCATE is caught; always, because session_replication_role would skip them.
CREATE TRIGGER record_no_change BEFORE UPDATE OR DELETE ON ledger.record
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_rewrite();
CREATE TRIGGER record_no_truncate BEFORE TRUNCATE ON ledger.record
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_rewrite();
ALTER TABLE ledger.record ENABLE ALWAYS TRIGGER record_no_change;
ALTER TABLE ledger.record ENABLE ALWAYS TRIGGER record_no_truncate;
