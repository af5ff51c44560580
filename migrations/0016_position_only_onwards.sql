CREATE TRIGGER position_only_onwards BEFORE UPDATE ON ledger.mirror_position
    FOR EACH ROW EXECUTE FUNCTION ledger.only_onwards();
CREATE TRIGGER position_no_delete BEFORE DELETE ON ledger.mirror_position
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_rewrite();
CREATE TRIGGER position_no_truncate BEFORE TRUNCATE ON ledger.mirror_position
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_rewrite();
ALTER TABLE ledger.mirror_position ENABLE ALWAYS TRIGGER position_only_onwards;
ALTER TABLE ledger.mirror_position ENABLE ALWAYS TRIGGER position_no_delete;
ALTER TABLE ledger.mirror_position ENABLE ALWAYS TRIGGER position_no_truncate;
