-- Revisions are dense, so a version that holds on from one to the next keeps the difference between revision and rank.
CREATE VIEW reviewer.serving_now WITH (security_barrier = true) AS
WITH held AS (
    SELECT *, revision - dense_rank() OVER (PARTITION BY endpoint, model, version ORDER BY revision) AS stretch
    FROM reviewer.routes
), holding AS (
    SELECT *, min(since) OVER (PARTITION BY endpoint, model, version, stretch) AS since_without_a_break FROM held
)
SELECT endpoint, model, version, artifact_digest, arm, weight_percent, since_without_a_break AS since,
       revision, since AS route_since, applied_at
FROM holding
WHERE until IS NULL;
ALTER VIEW reviewer.serving_now OWNER TO ledger_owner;
GRANT SELECT ON reviewer.serving_now TO reviewer;
COMMENT ON VIEW reviewer.serving_now IS
    'One row per endpoint and version that takes traffic now, with its share; since: without a break.';
