-- Triggers and rules are as good as the rows that they guard: the owner may not change them either. A superuser can, in
-- the open, by a migration; what a superuser hides only a copy elsewhere shows.
CREATE FUNCTION ledger.no_schema_change() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
    RAISE EXCEPTION 'append-only: % refused', TG_TAG
        USING ERRCODE = '42501', HINT = 'A schema change is a migration, applied by a superuser.';
END $$;
