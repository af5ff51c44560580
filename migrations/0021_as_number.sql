CREATE FUNCTION reviewer.as_number(text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN $1 ~ '^-?[0-9]{1,18}(\.[0-9]{1,32})?([eE][+-]?[0-9]{1,3})?$' THEN $1::numeric END
$$;
ALTER FUNCTION reviewer.as_number(text) OWNER TO ledger_owner;
