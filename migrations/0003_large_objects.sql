-- Large objects need no schema to be written into, and Postgres 15 lets even a read-only transaction make them.
DO $$
DECLARE maker regprocedure;
BEGIN
    FOR maker IN SELECT oid FROM pg_proc
                 WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname LIKE 'lo\_%' OR proname = 'lowrite') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', maker);
    END LOOP;
END $$;
