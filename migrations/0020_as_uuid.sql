-- A cast that gives nothing where it cannot: one odd record may not break a view for every row.
CREATE FUNCTION reviewer.as_uuid(text) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN $1 ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN $1::uuid END
$$;
ALTER FUNCTION reviewer.as_uuid(text) OWNER TO ledger_owner;
