CREATE VIEW reviewer.routes WITH (security_barrier = true) AS
WITH route AS (
    SELECT position, time, data -> 'route' AS route, data #>> '{route,endpoint}' AS endpoint,
           reviewer.as_number(data #>> '{route,revision}')::bigint AS revision,
           coalesce(reviewer.as_number(data #>> '{route,canary_weight_bp}'), 0) / 100 AS canary_percent
    FROM ledger.fact WHERE type = 'RouteChanged'
), span AS (
    SELECT *, lead(time) OVER (PARTITION BY endpoint ORDER BY position) AS until FROM route
)
SELECT span.endpoint, span.revision, span.route ->> 'model' AS model,
       reviewer.as_number(target.it ->> 'version')::bigint AS version,
       target.arm, trim_scale(target.percent) AS weight_percent,
       target.it ->> 'artifact' AS artifact_digest,
       span.time AS since, span.until, applied.time AS applied_at, span.position
FROM span
CROSS JOIN LATERAL (VALUES ('stable', span.route -> 'stable', 100 - span.canary_percent),
                           ('canary', span.route -> 'canary', span.canary_percent)) AS target (arm, it, percent)
LEFT JOIN LATERAL (
    SELECT time FROM ledger.fact
    WHERE type = 'RouteApplied' AND subject = 'endpoints/' || span.endpoint
      AND reviewer.as_number(data ->> 'revision')::bigint = span.revision
    ORDER BY position LIMIT 1
) applied ON true
WHERE jsonb_typeof(target.it) = 'object' AND target.percent > 0;
ALTER VIEW reviewer.routes OWNER TO ledger_owner;
GRANT SELECT ON reviewer.routes TO reviewer;
COMMENT ON VIEW reviewer.routes IS
    'One row per version in each route that an endpoint ever had, from the moment of its decision until the next route''s.';
COMMENT ON COLUMN reviewer.routes.applied_at IS 'When every live serving node did what the route says; absent if that was never seen.';
