CREATE VIEW reviewer.history WITH (security_barrier = true) AS
SELECT position, time, type, service, subject,
       coalesce(model, data ->> 'model', data #>> '{route,model}') AS model,
       version,
       actor, id, cause, correlation, data
FROM ledger.fact;
ALTER VIEW reviewer.history OWNER TO ledger_owner;
GRANT SELECT ON reviewer.history TO reviewer;
COMMENT ON VIEW reviewer.history IS 'One row per fact, in the ledger''s order: position. time is its writer''s clock.';
COMMENT ON COLUMN reviewer.history.cause IS 'The id of the fact that caused this one; join it to id to ask why.';
