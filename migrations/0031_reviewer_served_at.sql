CREATE FUNCTION reviewer.served_at(moment timestamptz)
RETURNS TABLE (endpoint text, model text, version bigint, artifact_digest text, arm text, weight_percent numeric,
               since timestamptz, until timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT endpoint, model, version, artifact_digest, arm, weight_percent, since, until
    FROM reviewer.routes
    WHERE since <= moment AND (until IS NULL OR until > moment)
    ORDER BY endpoint, weight_percent DESC
$$;
ALTER FUNCTION reviewer.served_at(timestamptz) OWNER TO ledger_owner;
COMMENT ON FUNCTION reviewer.served_at(timestamptz) IS
    'What each endpoint served at that moment: SELECT * FROM reviewer.served_at(''2026-01-31 12:34Z'').';
