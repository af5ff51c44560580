-- For people: six decimals at most. A verdict rests on the numbers in gates.
CREATE FUNCTION reviewer.rounded(text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT trim_scale(round(reviewer.as_number($1), 6))
$$;
ALTER FUNCTION reviewer.rounded(text) OWNER TO ledger_owner;
