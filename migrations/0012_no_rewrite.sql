CREATE FUNCTION ledger.no_rewrite() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on %.% refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = '42501', HINT = 'The ledger is corrected by a later fact, never by changing an earlier one.';
END $$;
ALTER FUNCTION ledger.no_rewrite() OWNER TO ledger_owner;
