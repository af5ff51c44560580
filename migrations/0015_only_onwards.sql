CREATE FUNCTION ledger.only_onwards() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.topic = OLD.topic AND NEW.next > OLD.next THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'append-only: the mirror''s position % cannot become %', OLD.next, NEW.next USING ERRCODE = '42501';
END $$;
ALTER FUNCTION ledger.only_onwards() OWNER TO ledger_owner;
