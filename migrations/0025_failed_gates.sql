-- gates that did not pass, as a person would say them: not worse than the champion: auc 0.71, needed 0.83 (champion 0.88)
CREATE FUNCTION reviewer.failed_gates(gates jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg(concat(gate ->> 'name', ': ', gate ->> 'metric', ' ', reviewer.rounded(gate ->> 'number'),
                             ', needed ', reviewer.rounded(gate ->> 'threshold'),
                             ' (champion ' || reviewer.rounded(gate ->> 'champion') || ')'), '; ' ORDER BY place)
    FROM jsonb_array_elements(CASE WHEN jsonb_typeof(gates) = 'array' THEN gates ELSE '[]' END)
             WITH ORDINALITY AS each (gate, place)
    WHERE gate ->> 'passed' = 'false'
$$;
ALTER FUNCTION reviewer.failed_gates(jsonb) OWNER TO ledger_owner;
