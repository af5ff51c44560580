-- Who may come in, and what nobody may do here: PUBLIC is every role, the reviewer among them.
DO $$
DECLARE here text := quote_ident(current_database());
BEGIN
    EXECUTE 'REVOKE ALL ON DATABASE ' || here || ' FROM PUBLIC';
    EXECUTE 'GRANT CONNECT ON DATABASE ' || here || ' TO mirror_writer, reviewer';
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC;
