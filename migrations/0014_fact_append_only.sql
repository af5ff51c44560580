CREATE TRIGGER fact_no_change BEFORE UPDATE OR DELETE ON ledger.fact
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_rewrite();
CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON ledger.fact
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_rewrite();
ALTER TABLE ledger.fact ENABLE ALWAYS TRIGGER fact_no_change;
ALTER TABLE ledger.fact ENABLE ALWAYS TRIGGER fact_no_truncate;
