CREATE EVENT TRIGGER ledger_no_schema_change ON ddl_command_start EXECUTE FUNCTION ledger.no_schema_change();
ALTER EVENT TRIGGER ledger_no_schema_change ENABLE ALWAYS;
