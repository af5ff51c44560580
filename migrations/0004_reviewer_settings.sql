-- Courtesy and read audit; the grants are what holds.
DO $$
DECLARE
    here text := quote_ident(current_database());
    setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY['default_transaction_read_only = on', 'statement_timeout = ''30s''',
                                   'idle_in_transaction_session_timeout = ''60s''', 'search_path = reviewer',
                                   'timezone = ''UTC''', 'log_statement = ''all'''] LOOP
        EXECUTE format('ALTER ROLE reviewer IN DATABASE %s SET %s', here, setting);
    END LOOP;
END $$;
