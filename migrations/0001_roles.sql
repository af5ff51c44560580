-- Roles belong to the cluster, not to the database: another database may have made them already, even at this moment.
-- ledger_owner owns and never logs in; mirror_writer adds rows; reviewer reads views and nothing else.
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['ledger_owner NOLOGIN', 'mirror_writer LOGIN', 'reviewer LOGIN'] LOOP
        BEGIN
            EXECUTE 'CREATE ROLE ' || wanted || ' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END $$;
